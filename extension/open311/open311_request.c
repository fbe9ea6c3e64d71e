/*
 * Endpoints: GET requests, requests/{id}, tokens/{id}: cases as service requests; see open311.h.
 *
 * Which: those of the caller's own senders, or all with the grant cases; archived ones as well. Newest first.
 * Without a time, those of the last 90 days, as the specification has it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "event/case_media.h"
#include "event/event.h"
#include "event/event_case.h"
#include "open311/open311.h"
#include "text/param_parse.h"

#define PAGE_DEFAULT 50
#define PAGE_LIMIT   200
#define SKIP_LIMIT   10000 /* requests before a page: what is further back is asked for by time */
#define DEFAULT_DAYS 90

/* The values of a list: $1 application, $2 recIDs, $3 service codes, $4 closed (1), open (0) or both (-1),
 * $5, $6 requested, $7, $8 updated, $9 rows, $10 rows before, $11 to $18 fields shown of own and of other
 * cases: description, address, long, lat. */
#define LIST_VALUES 18

/* What is asked for. */
typedef struct RequestList
{
	Datum values[LIST_VALUES];
} RequestList;

/* clang-format off */
#define UTC(column) "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
#define SHOWN(own, other, value) \
	"CASE WHEN CASE WHEN o.own THEN $" own " ELSE $" other " END THEN " value " END"
#define SERVICE(e) "coalesce(" e ".sub_type_code, " e ".main_type_code, " e ".event_type_code)"
#define FILTERS \
	"(cardinality($2) = 0 OR r.rec_id = ANY ($2)) AND (cardinality($3) = 0 OR " SERVICE("r") " = ANY ($3))" \
	" AND ($4 < 0 OR (r.state IN (6, 7))::int = $4) AND r.create_time >= $5 AND r.create_time <= $6" \
	" AND r.update_time >= $7 AND r.update_time <= $8" \
	" ORDER BY r.create_time DESC, r.rec_id DESC LIMIT $9 + $10"

/* A request without its closing brace, and what its picture is. What a duplicate's main case is is told to
 * whoever may see this one: it stands for it. */
#define REQUEST \
	"SELECT rtrim(json_build_object('service_request_id', e.task_num," \
	" 'status', CASE WHEN e.state IN (6, 7) THEN 'closed' ELSE 'open' END," \
	" 'status_notes', concat_ws('; ', concat_ws(' ', n.name, n.name_en), 'stage ' || e.stage," \
	" 'merged into ' || (SELECT m.task_num FROM citybigdata.case_link l" \
	" JOIN citybigdata.event m ON m.rec_id = l.main_rec_id" \
	" WHERE l.rec_id = e.rec_id)), 'service_name', t.name, 'service_code', " SERVICE("e") "," \
	" 'description', " SHOWN("11", "12", "e.event_desc") "," \
	" 'agency_responsible', (SELECT u.name FROM citybigdata.unit u WHERE u.unit_code = e.unit_code)," \
	" 'service_notice', NULL, 'requested_datetime', " UTC("e.create_time") "," \
	" 'updated_datetime', " UTC("e.update_time") "," \
	" 'expected_datetime', (SELECT " UTC("c.deadline") " FROM citybigdata.case_clock c" \
	" WHERE c.rec_id = e.rec_id AND c.kind = 'chain' AND c.stopped_at IS NULL)," \
	" 'address', " SHOWN("13", "14", "e.address") ", 'address_id', NULL, 'zipcode', NULL," \
	" 'lat', " SHOWN("17", "18", "round(@postgis@.st_y(e.geom)::numeric, 7)") "," \
	" 'long', " SHOWN("15", "16", "round(@postgis@.st_x(e.geom)::numeric, 7)") ")::text, '}')," \
	" e.rec_id, p.media_no, p.media_url FROM "
#define BESIDE \
	" CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM citybigdata.sender s WHERE s.sender_code = e.sender_code" \
	" AND s.app_id = $1) AS own) o LEFT JOIN citybigdata.code_table_row n ON n.table_name = 'event-state'" \
	" AND n.code = e.state::text LEFT JOIN citybigdata.code_table_row t ON t.table_name = 'event-type'" \
	" AND t.code = " SERVICE("e") " LEFT JOIN LATERAL (SELECT m.media_no, m.media_url FROM " ALL_MEDIA " m" \
	" WHERE m.rec_id = e.rec_id AND m.media_type = 'IMAGE' ORDER BY m.media_no LIMIT 1) p" \
	" ON e.media_count > 0 ORDER BY e.create_time DESC, e.rec_id DESC LIMIT $9 OFFSET $10"

/* Each sender's cases come from an index in their order. */
static const char own_requests[] =
	REQUEST "(SELECT r.* FROM (SELECT s.sender_code FROM citybigdata.sender s WHERE s.app_id = $1) s CROSS "
			"JOIN LATERAL (SELECT r.* FROM " ALL_EVENTS " r WHERE r.sender_code = s.sender_code AND " FILTERS
			") r) e" BESIDE;
static const char all_requests[] = REQUEST "(SELECT r.* FROM " ALL_EVENTS " r WHERE " FILTERS ") e" BESIDE;
/* clang-format on */
static const Oid list_types[LIST_VALUES] = {
	INT4OID,        INT4ARRAYOID,   TEXTARRAYOID, INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID,
	TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID,      INT4OID, BOOLOID,        BOOLOID,
	BOOLOID,        BOOLOID,        BOOLOID,      BOOLOID, BOOLOID,        BOOLOID};

/* ,"media_url":... of row `at`, and the closing brace. */
static void
WriteMediaUrl(StringInfo out, uint64 at, MediaSealer *sealer)
{
	char *url = SpiText(at, 4);

	if (url == NULL && !SpiIsNull(at, 3))
		url = EventMediaUrl(sealer, SpiInt32(at, 2), SpiInt32(at, 3));
	JsonField(out, "media_url", url);
	appendStringInfoChar(out, '}');
}

/* [{...}] of what was asked for. */
static char *
ListText(Call *call, RequestList *list)
{
	MediaSealer sealer = {0};
	StringInfoData out;
	uint64 rows;

	initStringInfo(&out);
	MediaSealerBegin(&sealer, &call->context, &call->caller);
	SpiBegin();
	rows = SpiReadOnce(call->caller.all_cases ? all_requests : own_requests, LIST_VALUES, list_types,
					   list->values, 0);
	appendStringInfoChar(&out, '[');
	for (uint64 i = 0; i < rows; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		appendStringInfoString(&out, SpiText(i, 1));
		WriteMediaUrl(&out, i, &sealer);
	}
	appendStringInfoChar(&out, ']');
	SpiEnd();
	MediaSealerEnd(&sealer);
	return out.data;
}

/* A list of everything, to be narrowed. */
static void
BeginList(const Call *call, RequestList *list)
{
	static const char *const fields[] = {"eventDesc", "address", "longitude", "latitude"};

	memset(list, 0, sizeof(*list));
	list->values[0] = Int32GetDatum(call->caller.app_id);
	list->values[1] = PointerGetDatum(construct_empty_array(INT4OID));
	list->values[2] = PointerGetDatum(construct_empty_array(TEXTOID));
	list->values[3] = Int32GetDatum(-1);
	list->values[4] = list->values[6] = TimestampTzGetDatum(DT_NOBEGIN);
	list->values[5] = list->values[7] = TimestampTzGetDatum(DT_NOEND);
	list->values[8] = Int32GetDatum(PAGE_LIMIT);
	list->values[9] = Int32GetDatum(0);
	for (int i = 0; i < lengthof(fields); i++)
		Open311Shown(call, fields[i], &list->values[10 + 2 * i], &list->values[11 + 2 * i]);
}

/* The arguments of a list. */
ARGUMENTS(ARG_API_KEY, ARG_IDS, ARG_CODES, ARG_START, ARG_END, ARG_STATUS, ARG_UPDATED_AFTER,
		  ARG_UPDATED_BEFORE, ARG_PAGE, ARG_PAGE_SIZE);

/* A whole number from 1; `otherwise` when it is absent. */
static int
ReadWhole(Call *call, int argument, const char *name, int otherwise, int most)
{
	char *text = CallText(call, argument);
	int64 value;

	if (text == NULL || text[0] == '\0')
		return otherwise;
	if (integer_parse(text, strlen(text), &value) && value >= 1 && value <= most)
		return (int) value;
	ErrorPrint(&call->errors, false, psprintf("/%s", name), CBD_INVALID_PARAMETER,
			   "a whole number from 1 to %d{limit}", most);
	return otherwise;
}

/* open, closed, or both. */
static void
ReadStatus(Call *call, RequestList *list)
{
	char *status = CallText(call, ARG_STATUS);

	if (status == NULL || status[0] == '\0' || strcmp(status, "open,closed") == 0 ||
		strcmp(status, "closed,open") == 0)
		return;
	list->values[3] = Int32GetDatum(strcmp(status, "closed") == 0 ? 1 : 0);
	if (strcmp(status, "closed") != 0 && strcmp(status, "open") != 0)
		ErrorPrint(&call->errors, false, "/status", CBD_INVALID_PARAMETER,
				   "open or closed, not \"%s{value}\"; the stage is in status_notes",
				   ShortText(status, strlen(status)));
}

/* The filters. With service_request_id the others do not count, as the specification has it. */
static void
ReadFilters(Call *call, RequestList *list)
{
	bool updated = CallGiven(call, ARG_UPDATED_AFTER) || CallGiven(call, ARG_UPDATED_BEFORE);
	bool timed = updated || CallGiven(call, ARG_START) || CallGiven(call, ARG_END);
	int page, page_size;

	if (Open311Numbers(call, ARG_IDS, &list->values[1]))
		return;
	(void) Open311List(call, ARG_CODES, "service_code", &list->values[2]);
	ReadStatus(call, list);
	list->values[4] = TimestampTzGetDatum(
		Open311Time(call, ARG_START, "start_date",
					timed ? DT_NOBEGIN : GetCurrentTimestamp() - DEFAULT_DAYS * USECS_PER_DAY));
	list->values[5] = TimestampTzGetDatum(Open311Time(call, ARG_END, "end_date", DT_NOEND));
	list->values[6] = TimestampTzGetDatum(Open311Time(call, ARG_UPDATED_AFTER, "updated_after", DT_NOBEGIN));
	list->values[7] = TimestampTzGetDatum(Open311Time(call, ARG_UPDATED_BEFORE, "updated_before", DT_NOEND));
	page_size = ReadWhole(call, ARG_PAGE_SIZE, "page_size", PAGE_DEFAULT, PAGE_LIMIT);
	page = ReadWhole(call, ARG_PAGE, "page", 1, SKIP_LIMIT / page_size + 1);
	list->values[8] = Int32GetDatum(page_size);
	list->values[9] = Int32GetDatum((page - 1) * page_size);
}

/* rest_open311_requests(context, ARG_...) */
static Datum
Requests(Call *call)
{
	RequestList list;
	Datum reply;

	if (!Open311Begin(call, ARG_API_KEY, &reply))
		return reply;
	BeginList(call, &list);
	ReadFilters(call, &list);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	return AnswerRead(call, ListText(call, &list));
}

ENDPOINT(cbd_rest_open311_requests, "open311.requests", Requests);

/* One request: [{...}]; NULL: there is none that the caller may see. */
static char *
OneRequest(Call *call, const char *task_num)
{
	int32 rec_id = task_num == NULL ? 0 : TaskNumRecId(task_num);
	RequestList list;
	Datum number = Int32GetDatum(rec_id);
	char *text;

	if (rec_id == 0)
		return NULL;
	BeginList(call, &list);
	list.values[1] = PointerGetDatum(construct_array(&number, 1, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	text = ListText(call, &list);
	return strcmp(text, "[]") == 0 ? NULL : text;
}

/* There is no such request, or none that the caller may see. */
static Datum
NotFound(Call *call, const char *pointer)
{
	ErrorAdd(&call->errors, pointer, CBD_NO_SUCH_EVENT, "there is no such service request");
	return Answer(call, CBD_NO_SUCH_EVENT, ErrorsData(&call->errors));
}

/* rest_open311_request(context, service_request_id, api_key) */
static Datum
OneOfThem(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_KEY);
	char *task_num = CallText(call, ARG_ID);
	Datum reply;
	char *text;

	call->object = task_num == NULL ? NULL : ShortText(task_num, strlen(task_num));
	if (!Open311Begin(call, ARG_KEY, &reply))
		return reply;
	text = OneRequest(call, task_num);
	return text == NULL ? NotFound(call, "/service_request_id") : AnswerRead(call, text);
}

ENDPOINT(cbd_rest_open311_request, "open311.request", OneOfThem);

/* rest_open311_token(context, token, api_key): requests have their number at once, which is their token */
static Datum
Token(Call *call)
{
	ARGUMENTS(ARG_TOKEN, ARG_KEY);
	char *token = CallText(call, ARG_TOKEN);
	StringInfoData out;
	Datum reply;

	call->object = token == NULL ? NULL : ShortText(token, strlen(token));
	if (!Open311Begin(call, ARG_KEY, &reply))
		return reply;
	if (OneRequest(call, token) == NULL)
		return NotFound(call, "/token");
	initStringInfo(&out);
	appendStringInfoString(&out, "[{\"service_request_id\":");
	JsonString(&out, token);
	JsonField(&out, "token", token);
	appendStringInfoString(&out, "}]");
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_open311_token, "open311.token", Token);
