/*
 * Endpoints: GET and POST servicerequestupdates, as FixMyStreet and its adapters speak them: steps of cases
 * as updates, and updates of clients as comments. See open311.h.
 *
 * A client closes nothing: what it says of the status stands in front of its comment, for those who decide.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "event/event.h"
#include "event/event_case.h"
#include "event/idempotency.h"
#include "open311/open311.h"
#include "process/step_reply.h"
#include "text/utf8.h"

#define DEFAULT_HOURS 24
#define MOST_DAYS     31

/* $1 application, $2 all cases, $3 cases (empty: those of the time), $4, $5 time, $6, $7 is a note shown of
 * own, of other cases? At most 1000, oldest first: who has so many asks again from the last one. */
static const char updates[] =
	"SELECT coalesce(json_agg(json_build_object('update_id', x.task_num || '-' || x.step_no, "
	"'service_request_id', x.task_num, 'status', x.status, 'updated_datetime', to_char(x.step_time AT TIME "
	"ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'description', coalesce(x.note, ''), 'media_url', NULL) "
	"ORDER BY x.step_time, x.rec_id, x.step_no), '[]')::text FROM (SELECT s.step_no, s.step_time, e.rec_id, "
	"e.task_num, CASE WHEN CASE WHEN o.own THEN $6 ELSE $7 END THEN s.note END AS note, "
	"CASE WHEN s.action = 'reopen' THEN 'REOPEN' WHEN s.action = 'merge' THEN 'DUPLICATE' WHEN s.to_state = "
	"6 "
	"THEN 'FIXED' WHEN s.to_state = 7 THEN 'CLOSED' WHEN s.to_state = 1 THEN 'OPEN' WHEN s.to_state IN (3, "
	"8) "
	"THEN 'ACTION_SCHEDULED' WHEN s.to_state = 5 THEN 'INVESTIGATING' ELSE 'IN_PROGRESS' END AS status "
	"FROM " ALL_STEPS " s JOIN " ALL_EVENTS " e ON e.rec_id = s.rec_id CROSS JOIN LATERAL (SELECT EXISTS "
	"(SELECT FROM citybigdata.sender n WHERE n.sender_code = e.sender_code AND n.app_id = $1) AS own) o "
	"WHERE (cardinality($3) = 0 OR s.rec_id = ANY ($3)) AND s.step_time >= $4 AND s.step_time <= $5 "
	"AND ($2 OR o.own) ORDER BY s.step_time, s.rec_id, s.step_no LIMIT 1000) x";
static const Oid update_types[] = {INT4OID,        BOOLOID, INT4ARRAYOID, TIMESTAMPTZOID,
								   TIMESTAMPTZOID, BOOLOID, BOOLOID};

/* The time of the list: the last day, or what was asked for, a month at most unless it is of named cases. */
static void
ReadTimes(Call *call, int start, int end, bool named, Datum *values)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz until = Open311Time(call, end, "end_date", named ? DT_NOEND : now);
	TimestampTz from = Open311Time(call, start, "start_date",
								   named         ? DT_NOBEGIN
								   : until > now ? now - DEFAULT_HOURS * USECS_PER_HOUR
												 : until - DEFAULT_HOURS * USECS_PER_HOUR);

	if (call->errors.count == 0 && !named && until - from > MOST_DAYS * USECS_PER_DAY)
		ErrorPrint(&call->errors, false, "/start_date", CBD_INVALID_INTERVAL,
				   "from start_date to end_date are at most %d{limit} days", MOST_DAYS);
	values[0] = TimestampTzGetDatum(from);
	values[1] = TimestampTzGetDatum(until);
}

/* rest_open311_updates(context, api_key, start_date, end_date, service_request_id) */
static Datum
Updates(Call *call)
{
	ARGUMENTS(ARG_API_KEY, ARG_START, ARG_END, ARG_IDS);
	Datum values[7];
	Datum reply;
	bool named;
	char *data;

	if (!Open311Begin(call, ARG_API_KEY, &reply))
		return reply;
	values[0] = Int32GetDatum(call->caller.app_id);
	values[1] = BoolGetDatum(call->caller.all_cases);
	named = Open311Numbers(call, ARG_IDS, &values[2]);
	if (!named)
		values[2] = PointerGetDatum(construct_empty_array(INT4OID));
	ReadTimes(call, ARG_START, ARG_END, named, &values[3]);
	Open311Shown(call, "steps.note", &values[5], &values[6]);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	SpiBegin();
	(void) SpiReadOnce(updates, lengthof(update_types), update_types, values, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return AnswerRead(call, data);
}

ENDPOINT(cbd_rest_open311_updates, "open311.updates", Updates);

/* The arguments of an update. */
ARGUMENTS(UPDATE_API_KEY, UPDATE_ID, UPDATE_REQUEST, UPDATE_STATUS, UPDATE_DATETIME, UPDATE_DESCRIPTION,
		  UPDATE_BODY_DIGEST);

/* Is the status one of those that are in use? */
static bool
StatusKnown(const char *status)
{
	static const char *const known[] = {"OPEN",
										"FIXED",
										"IN_PROGRESS",
										"ACTION_SCHEDULED",
										"INVESTIGATING",
										"DUPLICATE",
										"CLOSED",
										"REOPEN",
										"NOT_COUNCILS_RESPONSIBILITY",
										"NO_FURTHER_ACTION",
										"INTERNAL_REFERRAL"};

	for (int i = 0; i < lengthof(known); i++)
		if (strcmp(status, known[i]) == 0)
			return true;
	return false;
}

/* The comment of the update; errors where something is wrong. */
static char *
CommentOf(Call *call)
{
	char *status = CallText(call, UPDATE_STATUS);
	char *description = CallText(call, UPDATE_DESCRIPTION);
	char *note;

	(void) Open311Time(call, UPDATE_DATETIME, "updated_datetime", 0);
	if (status != NULL && status[0] != '\0' && !StatusKnown(status))
		ErrorPrint(&call->errors, false, "/status", CBD_INVALID_PARAMETER,
				   "\"%s{value}\" is not a status of an update, for example OPEN, FIXED or REOPEN",
				   ShortText(status, strlen(status)));
	if (description == NULL || TextBlank(description, strlen(description)))
	{
		ErrorAdd(&call->errors, "/description", CBD_MISSING_PARAMETER, "was not provided");
		return NULL;
	}
	note = status == NULL || status[0] == '\0' || strcmp(status, "OPEN") == 0
			   ? description
			   : psprintf("[%s] %s", status, description);
	if (Utf8Characters(note, strlen(note)) > STEP_TEXT_CHARACTERS)
		ErrorPrint(&call->errors, false, "/description", CBD_FIELD_TOO_LONG,
				   "has more than %d{limit} characters", STEP_TEXT_CHARACTERS);
	return note;
}

/* The key of the update: its update_id, with the case. */
static IdempotencyKey
KeyOf(Call *call, const char *task_num)
{
	char *id = CallText(call, UPDATE_ID);
	IdempotencyKey key = {call->caller.app_id};

	if (id == NULL || id[0] == '\0' || !CallGiven(call, UPDATE_BODY_DIGEST))
		return key;
	if (Utf8Characters(id, strlen(id)) > 100)
		ErrorPrint(&call->errors, false, "/update_id", CBD_FIELD_TOO_LONG,
				   "has more than %d{limit} characters", 100);
	key.key =
		psprintf("open311-update-%s-%s", task_num == NULL ? "" : ShortText(task_num, strlen(task_num)), id);
	key.digest = CallDatum(call, UPDATE_BODY_DIGEST);
	return key;
}

/* Takes the comment; the reply. */
static Datum
TakeComment(Call *call, const char *task_num, char *note, const IdempotencyKey *key)
{
	Actor actor;
	StepRequest request;
	Case c = {0};
	CbdStatus status;
	char *data;

	RequestActor(call, &actor);
	StepReadFields(&(StepFields){.action = "comment", .note = note}, false, &request);
	status = CaseLock(task_num, &actor, &c);
	if (status == CBD_NO_SUCH_EVENT)
	{
		ErrorAdd(&call->errors, "/service_request_id", CBD_NO_SUCH_EVENT, "there is no such service request");
		return Answer(call, CBD_NO_SUCH_EVENT, ErrorsData(&call->errors));
	}
	if (status == CBD_OK)
		status = CaseAdvance(&c, &actor, &request);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&request.errors));
	data = psprintf("[{\"update_id\":\"%s-%d\"}]", c.task_num, c.step_count);
	if (key->key != NULL)
		IdempotencyRemember(key, data);
	return Answer(call, CBD_OK, data);
}

/* rest_open311_update(context, UPDATE_...) */
static Datum
Update(Call *call)
{
	char *task_num = CallText(call, UPDATE_REQUEST);
	IdempotencyKey key;
	char *note;
	char *first = NULL;
	Datum reply;

	call->object = task_num == NULL ? NULL : ShortText(task_num, strlen(task_num));
	if (!Open311Begin(call, UPDATE_API_KEY, &reply))
		return reply;
	if (task_num == NULL || task_num[0] == '\0')
		ErrorAdd(&call->errors, "/service_request_id", CBD_MISSING_PARAMETER, "was not provided");
	note = CommentOf(call);
	key = KeyOf(call, task_num);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (key.key != NULL && IdempotencyFind(&key, &first, &call->errors) != CBD_OK)
		return AnswerErrors(call);
	if (first != NULL)
		return Answer(call, CBD_OK, first);
	return TakeComment(call, task_num, note, &key);
}

ENDPOINT(cbd_rest_open311_update, "open311.update", Update);
