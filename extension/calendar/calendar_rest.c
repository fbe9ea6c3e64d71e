/*
 * Working calendars over REST, for the system administrator (docs/calendar.md): GET /admin/calendars lists
 * them, POST /admin/calendars makes or changes one as load_calendar() does, from a document or a list of days
 * as CSV. All that is wrong is told at once, and then nothing is loaded.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "core/json_tree.h"

#define CODE_CHARACTERS 63

/* clang-format off */
/* $1 calendar, null: any; $2 year whose days are shown, null: none; $3 after this one, $4 rows */
static SpiQuery calendars_page = {
	PAGE_OF("'calendar', p.code, 'title', p.title, 'titleZh', p.title_zh, 'dayMinutes', p.day_minutes,"
			" 'holidays', p.holidays, 'shipped', p.shipped,"
			" 'unknownFrom', citybigdata.calendar_unknown_from(p.code),"
			" 'version', citybigdata.calendar_version(p.code)::text,"
			" 'years', ARRAY(SELECT y.year FROM citybigdata.calendar_year y WHERE y.calendar = p.code"
			"  ORDER BY 1), 'hours', (SELECT coalesce(json_agg(json_build_object('validFrom',"
			"  nullif(h.valid_from, '-infinity'), 'weekday', h.weekday, 'hours', h.hours)"
			"  ORDER BY h.valid_from, h.weekday), '[]'::json) FROM citybigdata.calendar_hours h"
			"  WHERE h.calendar = p.code), 'days', CASE WHEN $2 IS NOT NULL THEN"
			"  (SELECT coalesce(json_agg(json_build_object('date', d.day, 'kind', d.kind, 'name', d.name,"
			"   'nameEn', d.name_en, 'hours', d.hours) ORDER BY d.day), '[]'::json)"
			"   FROM citybigdata.calendar_day d WHERE d.calendar = p.code AND extract(year FROM d.day) = $2) END",
			"code COLLATE \"C\"", "4")
	"(SELECT c.* FROM citybigdata.calendar c WHERE ($1 IS NULL OR c.code = $1)"
	"  AND c.code COLLATE \"C\" > $3 ORDER BY c.code COLLATE \"C\" LIMIT $4) p",
	4, {TEXTOID, INT8OID, TEXTOID, INT4OID}, NULL};

/* $1 to $10 members of the document, null: absent; $11 CSV */
static SpiQuery save = {
	"SELECT s.pointer, s.status_code, s.message, s.code, s.changed, array_to_string(s.years, ','),"
	" json_build_object('calendar', s.code, 'changed', s.changed, 'unknownFrom', s.unknown_from,"
	"  'version', s.version::text)::text"
	" FROM citybigdata.calendar_save((SELECT coalesce(jsonb_object_agg(m.name, m.value), '{}') FROM (VALUES"
	"  ('calendar', to_jsonb($1)), ('title', to_jsonb($2)), ('titleZh', to_jsonb($3)),"
	"  ('holidays', to_jsonb($4)), ('hours', $5::jsonb), ('hoursFrom', to_jsonb($6)),"
	"  ('dayMinutes', to_jsonb($7)), ('years', $8::jsonb), ('days', $9::jsonb), ('source', to_jsonb($10)))"
	"  m(name, value) WHERE m.value IS NOT NULL), $11) s",
	11, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	NULL};
/* clang-format on */

/* rest_admin_calendars(..., calendar, year, cursor, page_size) */
static Datum
AdminCalendars(Call *call)
{
	ARGUMENTS(ARG_CALENDAR, ARG_YEAR, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"calendar", "year", "cursor", "pageSize", NULL};
	static const TextRule calendar_rule = {"/calendar", 1, CODE_CHARACTERS, false, false};
	Datum values[4];
	bool nulls[4] = {false};
	double year = 0;
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckText(&call->errors, &calendar_rule, CallText(call, ARG_CALENDAR)), &nulls[0]);
	nulls[1] = !CheckNumber(call, "/year", CallText(call, ARG_YEAR), 1900, 2199, true, &year);
	values[1] = Int64GetDatum((int64) year);
	values[2] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), CODE_CHARACTERS));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &calendars_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_calendars, "calendar.list", AdminCalendars);

static void
AddDuplicate(void *state, const JsonNode *member)
{
	Call *call = state;

	ErrorAdd(&call->errors, JsonPointer(member), CBD_DUPLICATE_KEY, NULL);
}

/* A member that is JSON, null when absent. One that jsonb would take otherwise than it is written is an
 * error. */
static Datum
JsonMember(Call *call, int argument, const char *pointer, bool *isnull)
{
	char *text = CallText(call, argument);
	JsonRefusal refusal;
	JsonNode *node;

	if (text != NULL)
	{
		node = JsonParse(text, strlen(text), &refusal);
		if (node == NULL)
			ErrorAdd(&call->errors, pointer, CBD_FIELD_TYPE, refusal.message);
		else
			(void) JsonDuplicates(node, AddDuplicate, call);
	}
	return TextOrNull(text, isnull);
}

/* What calendar_save() answered: the errors, or the data of the reply. */
static char *
TakeSaved(Call *call, uint64 rows)
{
	char *data;

	if (SpiInt32(0, 2) != CBD_OK)
	{
		for (uint64 i = 0; i < rows; i++)
			ErrorSay(&call->errors, SpiText(i, 1), SpiInt32(i, 2), SpiText(i, 3));
		return NULL;
	}
	call->object = SpiText(0, 4);
	data = SpiText(0, 6);
	call->detail = SpiKeep(psprintf(INT64_FORMAT " changes, years %s", SpiInt64(0, 5),
									data != NULL && data[0] != '\0' ? data : "none"));
	return JsonCompact(SpiText(0, 7));
}

/* rest_calendar_save(..., calendar, title, title_zh, holidays, hours, hours_from, day_minutes, years, days,
 * source, csv) */
static Datum
CalendarSaveCall(Call *call)
{
	ARGUMENTS(ARG_CALENDAR, ARG_TITLE, ARG_TITLE_ZH, ARG_HOLIDAYS, ARG_HOURS, ARG_HOURS_FROM, ARG_DAY_MINUTES,
			  ARG_YEARS, ARG_DAYS, ARG_SOURCE, ARG_CSV, ARG_COUNT);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	Datum values[ARG_COUNT];
	bool nulls[ARG_COUNT];
	char *data;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	for (int i = 0; i < ARG_COUNT; i++)
		values[i] = TextOrNull(CallText(call, i), &nulls[i]);
	values[ARG_HOURS] = JsonMember(call, ARG_HOURS, "/hours", &nulls[ARG_HOURS]);
	values[ARG_YEARS] = JsonMember(call, ARG_YEARS, "/years", &nulls[ARG_YEARS]);
	values[ARG_DAYS] = JsonMember(call, ARG_DAYS, "/days", &nulls[ARG_DAYS]);
	if (!nulls[ARG_DAYS] && !nulls[ARG_CSV])
		ErrorAdd(&call->errors, "/csv", CBD_FIELD_OUT_OF_RANGE, "the days are given twice: days or csv");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	SpiBegin();
	data = TakeSaved(call, SpiRun(&save, values, nulls, SPI_OK_SELECT, 0));
	SpiEnd();
	return call->errors.count > 0 ? AnswerErrors(call) : Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_calendar_save, "calendar.save", CalendarSaveCall);
