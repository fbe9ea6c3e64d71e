/*
 * Filing conditions over REST, for the system administrator (docs/deadlines.md): GET /admin/conditions lists
 * them, POST /admin/conditions saves some of them, as JSON or as CSV. All that is wrong is told at once, and
 * then nothing is saved.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "core/csv_check.h"
#include "core/json_tree.h"
#include "deadline/condition.h"

#define FILTER_CHARACTERS 64

/* clang-format off */
/* $1 type and what is below it, $2 active, $3 text that is part of the condition, each null: any; $4 after
 * this one, $5 rows */
static SpiQuery conditions_page = {
	PAGE_OF("'code', p.condition_code, 'type', p.event_type_code, 'typeName', (SELECT r.name"
			"  FROM citybigdata.code_table_row r WHERE r.table_name = 'event-type'"
			"  AND r.code = p.event_type_code), 'condition', p.condition_text, 'limit', p.limit_amount,"
			" 'limitUnit', p.limit_unit, 'limitUnitName', citybigdata.code_name('limit-unit',"
			"  p.limit_unit::text), 'closing', p.closing_condition, 'unit', p.unit_code,"
			" 'calendar', p.calendar, 'warningShare', p.warning_share, 'active', p.active,"
			" 'updatedAt', " SHOWN_TIME("p.updated_at"), "condition_code COLLATE \"C\"", "5")
	"(SELECT f.* FROM citybigdata.filing_condition f WHERE ($1 IS NULL OR starts_with(f.event_type_code, $1))"
	"  AND ($2 IS NULL OR f.active = $2) AND ($3 IS NULL OR strpos(f.condition_text, $3) > 0)"
	"  AND f.condition_code COLLATE \"C\" > $4 ORDER BY f.condition_code COLLATE \"C\" LIMIT $5) p",
	5, {TEXTOID, BOOLOID, TEXTOID, TEXTOID, INT4OID}, NULL};

/* $1 JSON array, $2 CSV; one of them is null. Errors are in order of their place. */
static SpiQuery save = {
	"SELECT s.status_code, s.message, s.n, s.line, s.member, s.heading, s.added, s.changed,"
	" json_build_object('added', s.added, 'changed', s.changed, 'codes', s.codes)::text, cardinality(s.codes),"
	" s.codes[1] FROM citybigdata.condition_save($1::jsonb, $2) s",
	2, {TEXTOID, TEXTOID}, NULL};
/* clang-format on */

/* rest_admin_conditions(..., type, active, q, cursor, page_size) */
static Datum
AdminConditions(Call *call)
{
	ARGUMENTS(ARG_TYPE, ARG_ACTIVE, ARG_Q, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"type", "active", "q", "cursor", "pageSize", NULL};
	static const char *const choices[] = {"true", "false", NULL};
	static const TextRule type_rule = {"/type", 1, FILTER_CHARACTERS, false, false};
	static const TextRule text_rule = {"/q", 1, FILTER_CHARACTERS, false, false};
	const char *active;
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckText(&call->errors, &type_rule, CallText(call, ARG_TYPE)), &nulls[0]);
	active = CheckChoice(call, "/active", CallText(call, ARG_ACTIVE), choices, false, "true, false");
	nulls[1] = active == NULL;
	values[1] = BoolGetDatum(active != NULL && strcmp(active, "true") == 0);
	values[2] = TextOrNull(CheckText(&call->errors, &text_rule, CallText(call, ARG_Q)), &nulls[2]);
	values[3] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), CONDITION_CODE_MAX));
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &conditions_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_conditions, "condition.list", AdminConditions);

static void
AddDuplicate(void *state, const JsonNode *member)
{
	Call *call = state;

	ErrorAdd(&call->errors, psprintf("/conditions%s", JsonPointer(member)), CBD_DUPLICATE_KEY, NULL);
}

/* One error of condition_save(): of an item of the JSON array, or of a line of the CSV. */
static void
AddProblem(Call *call, uint64 i)
{
	const char *member = SpiText(i, 5);
	const char *heading = SpiText(i, 6);
	const char *message = SpiText(i, 2);

	if (!SpiIsNull(i, 4))
		ErrorSay(&call->errors, "/csv", SpiInt32(i, 1),
				 heading != NULL && heading[0] != '\0'
					 ? Said("line %d{line}, %s{heading}: %s{message}", SpiInt32(i, 4), heading, message)
					 : Said("line %d{line}: %s{message}", SpiInt32(i, 4), message));
	else if (SpiIsNull(i, 3))
		ErrorSay(&call->errors, CallGiven(call, 1) ? "/csv" : "/conditions", SpiInt32(i, 1), message);
	else
		ErrorSay(&call->errors,
				 psprintf("/conditions/%d%s%s", SpiInt32(i, 3) - 1,
						  member != NULL && member[0] != '\0' ? "/" : "", member != NULL ? member : ""),
				 SpiInt32(i, 1), message);
}

/* What condition_save() answered: the errors, or the data of the reply. */
static char *
TakeSaved(Call *call, uint64 rows)
{
	if (SpiInt32(0, 1) != CBD_OK)
	{
		for (uint64 i = 0; i < rows; i++)
			AddProblem(call, i);
		return NULL;
	}
	if (SpiInt32(0, 10) == 1)
		call->object = SpiText(0, 11);
	call->detail = SpiKeep(
		psprintf("%d conditions, %d new, %d changed", SpiInt32(0, 10), SpiInt32(0, 7), SpiInt32(0, 8)));
	return JsonCompact(SpiText(0, 9));
}

/* rest_condition_save(..., conditions, csv): {added, changed, codes} */
static Datum
ConditionSaveCall(Call *call)
{
	ARGUMENTS(ARG_CONDITIONS, ARG_CSV);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	char *conditions = CallText(call, ARG_CONDITIONS);
	char *csv = CallText(call, ARG_CSV);
	Datum values[2];
	bool nulls[2];
	char *data;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	if ((conditions == NULL) == (csv == NULL))
		ErrorAdd(&call->errors, "/conditions", CBD_FIELD_REQUIRED,
				 "conditions or csv, one of them, is expected");
	else if (conditions != NULL)
	{
		JsonRefusal refusal;
		JsonNode *node = JsonParse(conditions, strlen(conditions), &refusal);

		if (node == NULL)
			ErrorAdd(&call->errors, "/conditions", CBD_FIELD_TYPE, refusal.message);
		else
			(void) JsonDuplicates(node, AddDuplicate, call);
	}
	else
		CheckCsvSize(&call->errors, csv);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = TextOrNull(conditions, &nulls[0]);
	values[1] = TextOrNull(csv, &nulls[1]);
	SpiBegin();
	data = TakeSaved(call, SpiRun(&save, values, nulls, SPI_OK_SELECT, 0));
	SpiEnd();
	return call->errors.count > 0 ? AnswerErrors(call) : Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_condition_save, "condition.save", ConditionSaveCall);
