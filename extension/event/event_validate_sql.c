/*
 * Checking reports from SQL: validate_event(), one row for each error and warning; and the arguments that the
 * chapter's SQL functions share. Nothing is stored.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/say.h"
#include "core/text_check.h"
#include "event/event.h"
#include "event/event_sql.h"

bool
ProfileArgument(FunctionCallInfo fcinfo, int n, bool otherwise)
{
	char *name;

	if (PG_NARGS() <= n || PG_ARGISNULL(n))
		return otherwise;
	name = text_to_cstring(PG_GETARG_TEXT_PP(n));
	if (strcmp(name, "strict") == 0)
		return false;
	if (strcmp(name, "egova") == 0)
		return true;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					saymsg("unknown profile: \"%s{name}\"", ShortText(name, strlen(name))),
					sayhint("Valid profiles are strict and egova.")));
}

/* One row of validate_event: pointer, status_code, message, severity. */
static Datum
ErrorRow(FuncCallContext *context, const ErrorEntry *error)
{
	Datum values[4];
	bool nulls[4] = {false, false, false, false};

	values[0] = CStringGetTextDatum(error->pointer);
	values[1] = Int32GetDatum((int32) error->status);
	values[2] = CStringGetTextDatum(error->said);
	values[3] = CStringGetTextDatum(error->warning ? "warning" : "error");
	return HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, values, nulls));
}

/* The rows of validate_event for a text, one a call. */
static Datum
ValidateRows(FunctionCallInfo fcinfo, bool is_jsonb)
{
	FuncCallContext *context;
	ErrorList *errors;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext caller;
		EventReport *report;

		context = SRF_FIRSTCALL_INIT();
		caller = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		report = palloc0(sizeof(EventReport));
		if (PG_ARGISNULL(0))
			ErrorPrint(&report->errors, false, "", CBD_FIELD_REQUIRED, "data is null");
		else
		{
			EventText data = EventArgument(PG_GETARG_DATUM(0), is_jsonb);

			ValidateEvent(data.text, data.length, ProfileArgument(fcinfo, 1, false), report);
		}
		/* a valid report, the usual case, needs no row type */
		if (report->errors.kept > 0 &&
			get_call_result_type(fcinfo, NULL, &context->tuple_desc) == TYPEFUNC_COMPOSITE)
			context->tuple_desc = BlessTupleDesc(context->tuple_desc);
		context->user_fctx = &report->errors;
		MemoryContextSwitchTo(caller);
	}
	context = SRF_PERCALL_SETUP();
	errors = context->user_fctx;
	if (context->call_cntr < errors->kept)
	{
		/* the macro counts before it evaluates its argument */
		Datum row = ErrorRow(context, &errors->entries[context->call_cntr]);

		SRF_RETURN_NEXT(context, row);
	}
	SRF_RETURN_DONE(context);
}

EventText
EventArgument(Datum value, bool is_jsonb)
{
	EventText out;

	if (is_jsonb)
	{
		Jsonb *jsonb = DatumGetJsonbP(value);

		out.text = JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
		out.length = strlen(out.text);
	}
	else
	{
		text *data = DatumGetTextPP(value);

		out.text = VARDATA_ANY(data);
		out.length = VARSIZE_ANY_EXHDR(data);
	}
	return out;
}

PG_FUNCTION_INFO_V1(cbd_validate_event);
/* validate_event(json or text, profile) */
Datum
cbd_validate_event(PG_FUNCTION_ARGS)
{
	return ValidateRows(fcinfo, false);
}

PG_FUNCTION_INFO_V1(cbd_validate_event_jsonb);
/* validate_event(jsonb, profile) */
Datum
cbd_validate_event_jsonb(PG_FUNCTION_ARGS)
{
	return ValidateRows(fcinfo, true);
}
