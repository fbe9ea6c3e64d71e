/*
 * A report from text to verdict: the tree, the fields, the code tables, then what needs several fields. Every
 * check runs, whatever those before found, so that a sender corrects all at once.
 */
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

/* Codes that the message about a wrong one names. */
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
	return SaidBoth("; allowed are %s{codes}", codes);
}

/* A code against its table; an empty or missing table accepts every value. */
static void
CheckCodeTable(EventReport *report, const char *field, const char *table, const char *code)
{
	bool empty = false;

	if (code == NULL || CodeTableHas(table, code, &empty) || empty)
		return;
	ErrorPrint(&report->errors, report->egova, psprintf("/%s", field), CBD_CODE_NOT_IN_TABLE,
			   "%s{code} is not in code table %s{table}%s{allowed*}", ShortText(code, strlen(code)), table,
			   AllowedCodes(table));
}

/* The code of a whole number, as code tables have it. */
static char *
IntCode(const EventInt *value, char *out)
{
	if (!value->present)
		return NULL;
	pg_ltoa(value->value, out);
	return out;
}

/* The coded fields of table A.4 against their code tables. */
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

/* A member that stands twice: which one counts would be a guess. */
static void
ErrorDuplicate(void *state, const JsonNode *member)
{
	ErrorPrint(state, false, JsonPointer(member), CBD_DUPLICATE_KEY, "\"%s{name}\" occurs more than once",
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
		ErrorAdd(&report->errors, "", refusal.status, refusal.message);
		return NULL;
	}
	if (root->kind != JSON_OBJECT)
	{
		ErrorPrint(&report->errors, false, "", CBD_FIELD_TYPE, "data must be a JSON object, not %s{found*}",
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
	ValidateEventAt(text, length, egova, GetCurrentTimestamp(), report);
}

void
ValidateEventAt(const char *text, size_t length, bool egova, TimestampTz now, EventReport *report)
{
	JsonNode *root;

	memset(report, 0, sizeof(*report));
	report->egova = egova;
	report->now = now;
	root = ReadTree(text, length, report);
	if (root == NULL)
		return;
	ReadEventFields(root, report);
	CheckCodes(report);
	DefaultLevel(report);
	if (report->cellphone != NULL && !mobile_number_valid(report->cellphone, strlen(report->cellphone)))
		ErrorPrint(&report->errors, false, "/cellphone", CBD_INVALID_PHONE,
				   "\"%s{value}\" is not a mobile number of 11 digits",
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
