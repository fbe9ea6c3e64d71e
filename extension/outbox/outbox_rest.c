/* GET, POST /admin/outbox: what leaves the platform, for the system administrator; see outbox.h. Neither
 * payloads nor addresses are shown. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "core/field.h"
#include "outbox/outbox_inner.h"

/* Characters of purpose and destination; messages of one request. */
#define NAME_CHARACTERS 255
#define MESSAGES_MAX    1000

/* clang-format off */
/* $1 purpose, $2 destination, each null: any; $3 state, null: waiting and dead; $4 after this number, $5 rows */
static SpiQuery page = {
	PAGE_OF("'messageId', p.message_id, 'purpose', p.purpose, 'destination', p.key, 'kind', p.kind, 'subject', p.subject,"
			" 'state', p.state, 'attempts', p.attempts, 'httpStatus', p.http_status, 'error', citybigdata.say(p.error),"
			" 'createdAt', " SHOWN_TIME("p.created_at") ", 'nextAttempt', " SHOWN_TIME("p.due_at")
			", 'finishedAt', " SHOWN_TIME("p.finished_at"), "message_id", "5")
	"(SELECT x.*, d.purpose, d.key, m.kind, m.subject, m.created_at FROM"
	"  (SELECT q.message_id, q.destination_id, CASE WHEN q.lease_until > clock_timestamp() THEN 'sending' ELSE 'waiting' END AS state,"
	"    q.attempts, q.http_status, q.error, q.due_at, NULL::timestamptz AS finished_at"
	"   FROM citybigdata.outbox_queue q WHERE $3 IS NULL OR $3 = 'waiting'"
	"   UNION ALL SELECT r.message_id, r.destination_id, r.state, r.attempts, r.http_status, r.error, NULL, r.finished_at"
	"   FROM citybigdata.outbox_result r WHERE r.state = coalesce($3, 'dead')) x"
	" JOIN citybigdata.outbox_destination d ON d.destination_id = x.destination_id"
	" JOIN citybigdata.outbox_message m ON m.message_id = x.message_id"
	" WHERE x.message_id > $4 AND ($1 IS NULL OR d.purpose = $1) AND ($2 IS NULL OR d.key = $2)"
	" ORDER BY x.message_id LIMIT $5) p",
	5, {TEXTOID, TEXTOID, TEXTOID, INT8OID, INT4OID}, NULL};

static SpiQuery change = {
	"SELECT citybigdata.outbox_change($1, $2, $3, $4)", 4, {TEXTOID, INT8ARRAYOID, TEXTOID, TEXTOID}, NULL};
/* clang-format on */

static const TextRule purpose_rule = {"/purpose", 1, NAME_CHARACTERS, false, true};
static const TextRule destination_rule = {"/destination", 1, NAME_CHARACTERS, false, true};

/* rest_admin_outbox(..., purpose, destination, state, cursor, page_size) */
static Datum
AdminOutbox(Call *call)
{
	ARGUMENTS(ARG_PURPOSE, ARG_DESTINATION, ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"purpose", "destination", "state", "cursor", "pageSize", NULL};
	static const char *const states[] = {"waiting", "dead", "delivered", NULL};
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckText(&call->errors, &purpose_rule, CallText(call, ARG_PURPOSE)), &nulls[0]);
	values[1] =
		TextOrNull(CheckText(&call->errors, &destination_rule, CallText(call, ARG_DESTINATION)), &nulls[1]);
	values[2] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[2]);
	values[3] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &page, values, nulls);
}

ENDPOINT(cbd_rest_admin_outbox, "outbox.list", AdminOutbox);

/* Numbers of messages; null: none given. */
static Datum
CheckMessages(Call *call, char **texts, int count, bool *isnull)
{
	int64 *numbers = palloc(sizeof(int64) * Max(count, 1));

	*isnull = count == 0;
	if (count > MESSAGES_MAX)
	{
		ErrorPrint(&call->errors, false, "/messageIds", CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} elements",
				   MESSAGES_MAX);
		return (Datum) 0;
	}
	for (int i = 0; i < count; i++)
	{
		numbers[i] = PathNumber(texts[i]);
		if (numbers[i] == 0)
			ErrorAdd(&call->errors, psprintf("/messageIds/%d", i), CBD_FIELD_TYPE,
					 "the number of a message is expected");
	}
	return *isnull ? (Datum) 0 : NumbersDatum(numbers, count);
}

/* rest_outbox_change(..., action, messages, purpose, destination): {changed} */
static Datum
OutboxChangeCall(Call *call)
{
	ARGUMENTS(ARG_ACTION, ARG_MESSAGES, ARG_PURPOSE, ARG_DESTINATION);
	static const char *const actions[] = {"retry", "discard", NULL};
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	const char *action;
	const char *purpose;
	const char *destination;
	Datum values[4];
	bool nulls[4] = {false};
	char **texts;
	int count;
	int changed;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	action = CheckChoice(call, "/action", CallText(call, ARG_ACTION), actions, true, "retry, discard");
	texts = CallTexts(call, ARG_MESSAGES, &count);
	values[1] = CheckMessages(call, texts, count, &nulls[1]);
	purpose = CheckText(&call->errors, &purpose_rule, CallText(call, ARG_PURPOSE));
	destination = CheckText(&call->errors, &destination_rule, CallText(call, ARG_DESTINATION));
	if (count == 0 && (purpose == NULL || destination == NULL))
		ErrorAdd(&call->errors, "/messageIds", CBD_FIELD_REQUIRED,
				 "messageIds, or purpose and destination, are expected");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = CStringGetTextDatum(action);
	values[2] = TextOrNull(purpose, &nulls[2]);
	values[3] = TextOrNull(destination, &nulls[3]);
	call->object =
		purpose == NULL ? texts[0] : psprintf("%s %s", purpose, destination == NULL ? "" : destination);
	SpiBegin();
	SpiRun(&change, values, nulls, SPI_OK_SELECT, 1);
	changed = SpiInt32(0, 1);
	SpiEnd();
	call->detail = psprintf("%s, %d messages", action, changed);
	return Answer(call, CBD_OK, psprintf("{\"changed\":%d}", changed));
}

ENDPOINT(cbd_rest_outbox_change, "outbox.change", OutboxChangeCall);
