/* Processes from SQL: process_problems(), save_process(), and install_process() for the shipped ones. */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "access/account.h"
#include "audit/audit.h"
#include "core/result_row.h"
#include "process/process_store.h"

/* A jsonb argument as text. */
static char *
JsonbText(FunctionCallInfo fcinfo, int n)
{
	Jsonb *document = PG_GETARG_JSONB_P(n);

	return JsonbToCString(NULL, &document->root, VARSIZE(document));
}

/* process_problems(definition): one row for each problem: pointer, status_code, message; none: it may be
 * saved. */
PG_FUNCTION_INFO_V1(cbd_process_problems);
extern Datum cbd_process_problems(PG_FUNCTION_ARGS);

Datum
cbd_process_problems(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	ErrorList *errors;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext caller;
		char *text;

		context = SRF_FIRSTCALL_INIT();
		caller = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		errors = palloc0(sizeof(*errors));
		ErrorsBegin(errors);
		text = JsonbText(fcinfo, 0);
		ProcessExamine(text, strlen(text), errors);
		get_call_result_type(fcinfo, NULL, &context->tuple_desc);
		context->tuple_desc = BlessTupleDesc(context->tuple_desc);
		context->user_fctx = errors;
		MemoryContextSwitchTo(caller);
	}
	context = SRF_PERCALL_SETUP();
	errors = context->user_fctx;
	if (context->call_cntr < errors->kept)
	{
		const ErrorEntry *error = &errors->entries[context->call_cntr];
		Datum values[3] = {CStringGetTextDatum(error->pointer), Int32GetDatum((int32) error->status),
						   CStringGetTextDatum(error->said)};
		bool nulls[3] = {false, false, false};
		Datum row = HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, values, nulls));

		SRF_RETURN_NEXT(context, row);
	}
	SRF_RETURN_DONE(context);
}

/* save_process(definition): (process_code, version). Errors: those of process_problems(), 42200. */
PG_FUNCTION_INFO_V1(cbd_save_process);
extern Datum cbd_save_process(PG_FUNCTION_ARGS);

Datum
cbd_save_process(PG_FUNCTION_ARGS)
{
	char *text = JsonbText(fcinfo, 0);
	ErrorList errors;
	ProcessDefinition *definition;
	SavedProcess saved;
	Datum values[2];
	bool nulls[2] = {false, false};

	ErrorsBegin(&errors);
	definition = ProcessExamine(text, strlen(text), &errors);
	ErrorsRaise(&errors, "SELECT * FROM citybigdata.process_problems(…) lists all of them; "
						 "SELECT definition FROM citybigdata.process shows one that is valid.");
	saved = ProcessSave(definition, text, ReviewerName(NULL));
	AuditWrite(NULL, NULL, "process.save", saved.code, CBD_OK,
			   psprintf("version %d%s", saved.version, saved.same ? ", as it was" : ""));
	values[0] = CStringGetTextDatum(saved.code);
	values[1] = Int32GetDatum(saved.version);
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

/* install_process(definition, version): a shipped one. Errors: those of save_process(), 40931. */
PG_FUNCTION_INFO_V1(cbd_install_process);
extern Datum cbd_install_process(PG_FUNCTION_ARGS);

Datum
cbd_install_process(PG_FUNCTION_ARGS)
{
	char *text = JsonbText(fcinfo, 0);
	ErrorList errors;
	ProcessDefinition *definition;

	ErrorsBegin(&errors);
	definition = ProcessExamine(text, strlen(text), &errors);
	ErrorsRaise(&errors, NULL);
	ProcessInstall(definition, text, PG_GETARG_INT32(1));
	PG_RETURN_VOID();
}
