/* Checking a report as a whole, and validate_event() (tables A.3, A.4). */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "reference/code_table.h"
#include "event/event_sql.h"
#include "core/text_check.h"
#include "core/guc.h"
#include "media/media_check.h"
#include "core/spi.h"

#define ALLOWED_CODES 10

/* "; allowed are 1, 2": the first codes of a table, for messages. */
static char *
AllowedCodes(const char *table)
{
	static SpiQuery query = {"SELECT pg_catalog.string_agg(r.code, ', ' ORDER BY r.sort, r.code) FROM "
							 "(SELECT c.code, c.sort FROM citybigdata.code_table_row c WHERE c.table_name = "
							 "$1 ORDER BY c.sort, c.code LIMIT $2) r",
							 2,
							 {TEXTOID, INT4OID}};
	Datum values[2] = {CStringGetTextDatum(table), Int32GetDatum(ALLOWED_CODES + 1)};
	char *codes;
	int commas = 0;

	SpiBegin();
	codes = SpiRead(&query, values, NULL, 1) > 0 ? SpiText(0, 1) : NULL;
	SpiEnd();
	if (codes == NULL)
		return pstrdup("");
	for (char *c = codes; *c != '\0'; c++)
		if (*c == ',' && ++commas == ALLOWED_CODES)
			strcpy(c, " …");
	return psprintf("; allowed are %s", codes);
}

/* A code against its table; an empty or missing table accepts every value. */
static void
CheckCodeTable(EventReport *report, const char *field, const char *table, const char *code)
{
	bool empty = false;

	if (code == NULL || CodeTableHas(table, code, &empty) || empty)
		return;
	ErrorPrint(&report->errors, report->egova, psprintf("/%s", field), CBD_CODE_NOT_IN_TABLE,
			   "%s is not in code table %s%s", ShortText(code, strlen(code)), table, AllowedCodes(table));
}

static char *
IntCode(const EventInt *value, char *out)
{
	if (!value->present)
		return NULL;
	pg_ltoa(value->value, out);
	return out;
}

static void
CheckCodes(EventReport *report)
{
	char buffer[12];

	CheckCodeTable(report, "eventSrcID", "event-src", IntCode(&report->event_src_id, buffer));
	CheckCodeTable(report, "recTypeID", "rec-type", IntCode(&report->rec_type_id, buffer));
	CheckCodeTable(report, "eventLevelID", "event-level", IntCode(&report->event_level_id, buffer));
	CheckCodeTable(report, "eventTypeCode", "event-type", report->event_type_code);
	CheckCodeTable(report, "mainTypeCode", "event-type", report->main_type_code);
	CheckCodeTable(report, "subTypeCode", "event-type", report->sub_type_code);
}

/* eventLevelID of a report without one: the site's default (egova). */
static void
DefaultLevel(EventReport *report)
{
	report->has_level = report->event_level_id.present;
	if (!report->has_level && report->egova && guc_default_event_level[0] != '\0')
	{
		report->event_level_id.present = true;
		report->event_level_id.value = atoi(guc_default_event_level);
	}
}

static void
ErrorDuplicate(void *state, const JsonNode *member)
{
	ErrorPrint(state, false, JsonPointer(member), CBD_DUPLICATE_KEY, "\"%s\" occurs more than once",
			   ShortText(member->key, strlen(member->key)));
}

/* The tree of the text; NULL after a refusal. */
static JsonNode *
ReadTree(const char *text, size_t length, EventReport *report)
{
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, length, &refusal);

	if (root == NULL)
	{
		report->refusal = refusal.status;
		ErrorPrint(&report->errors, false, "", refusal.status, "%s", refusal.message);
		return NULL;
	}
	if (root->kind != JSON_OBJECT)
	{
		ErrorPrint(&report->errors, false, "", CBD_FIELD_TYPE, "data must be a JSON object, not %s",
				   JsonKindName(root->kind));
		return NULL;
	}
	if (JsonDuplicates(root, ErrorDuplicate, &report->errors))
	{
		report->refusal = CBD_DUPLICATE_KEY;
		return NULL;
	}
	return root;
}

void
ValidateEvent(const char *text, size_t length, bool egova, EventReport *report)
{
	JsonNode *root;

	memset(report, 0, sizeof(*report));
	report->egova = egova;
	report->now = GetCurrentTimestamp();
	root = ReadTree(text, length, report);
	if (root == NULL)
		return;
	ReadEventFields(root, report);
	CheckCodes(report);
	DefaultLevel(report);
	if (report->cellphone != NULL && !mobile_number_valid(report->cellphone, strlen(report->cellphone)))
		ErrorPrint(&report->errors, false, "/cellphone", CBD_INVALID_PHONE,
				   "\"%s\" is not a mobile number of 11 digits",
				   ShortText(report->cellphone, strlen(report->cellphone)));
	CheckCreateTime(report);
	CheckPlace(report);
	CheckDivisions(report, PlaceKnown(report));
	CheckMedias(report);
}

CbdStatus
ReportStatus(const EventReport *report)
{
	if (report->refusal != CBD_OK)
		return report->refusal;
	return report->errors.count > 0 ? CBD_VALIDATION_FAILED : CBD_OK;
}

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
					errmsg("unknown profile: \"%s\"", ShortText(name, strlen(name))),
					errhint("Valid profiles are strict and egova.")));
}

/* One row of validate_event: pointer, status_code, message, severity. */
static Datum
ErrorRow(FuncCallContext *context, const ErrorEntry *error)
{
	Datum values[4];
	bool nulls[4] = {false, false, false, false};

	values[0] = CStringGetTextDatum(error->pointer);
	values[1] = Int32GetDatum((int32) error->status);
	values[2] = CStringGetTextDatum(error->message);
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
extern Datum cbd_validate_event(PG_FUNCTION_ARGS);

/* validate_event(json or text, profile) */
Datum
cbd_validate_event(PG_FUNCTION_ARGS)
{
	return ValidateRows(fcinfo, false);
}

PG_FUNCTION_INFO_V1(cbd_validate_event_jsonb);
extern Datum cbd_validate_event_jsonb(PG_FUNCTION_ARGS);

/* validate_event(jsonb, profile) */
Datum
cbd_validate_event_jsonb(PG_FUNCTION_ARGS)
{
	return ValidateRows(fcinfo, true);
}
