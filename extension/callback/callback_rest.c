/*
 * Endpoints of call-backs, for applications with the grant `callbacks`: /callbacks and what is below. Each
 * sees its own alone; another's is 404, as one that does not exist. See callback.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "access/admin.h"
#include "admin/admin_page.h"
#include "callback/callback.h"
#include "core/digest.h"
#include "core/spi.h"

#define OVERLAP_DEFAULT (24 * 3600) /* seconds that an old secret signs too */
#define OVERLAP_MAX     (7 * 24 * 3600)

/* clang-format off */
#define CALLBACK_MEMBERS \
	"'callbackId', c.callback_id, 'url', c.url, 'events', c.events, 'senderCodes', c.sender_codes," \
	" 'signatures', c.signatures, 'state', c.state, 'reason', c.reason, 'consent', c.consent, 'note', citybigdata.say(c.note)," \
	" 'createTime', " SHOWN_TIME("c.created_at") ", 'failures', d.failures, 'failingSince', " SHOWN_TIME("d.failing_since") "," \
	" 'notBefore', " SHOWN_TIME("nullif(greatest(d.not_before, now()), now())") ", 'lastError', citybigdata.say(d.last_error)," \
	" 'previousSecretUntil', " SHOWN_TIME("CASE WHEN c.previous_until > now() THEN c.previous_until END")

/* $1 application, $2 call-back, null: all of them. */
static SpiQuery list = {
	"SELECT coalesce(json_agg(json_build_object(" CALLBACK_MEMBERS ") ORDER BY c.callback_id), '[]')::text"
	" FROM citybigdata.callback c JOIN citybigdata.outbox_destination d ON d.destination_id = c.destination_id"
	" WHERE c.app_id = $1",
	1, {INT4OID}, NULL, true};

static SpiQuery one = {
	"SELECT json_build_object(" CALLBACK_MEMBERS ","
	" 'waiting', (SELECT count(*) FROM citybigdata.outbox_queue q WHERE q.destination_id = c.destination_id),"
	" 'dead', (SELECT count(*) FROM citybigdata.outbox_result r WHERE r.destination_id = c.destination_id AND r.state = 'dead'))::text"
	" FROM citybigdata.callback c JOIN citybigdata.outbox_destination d ON d.destination_id = c.destination_id"
	" WHERE c.callback_id = $1",
	1, {INT8OID}, NULL, true};

/* $1 destination, $2 state, null: any; $3 after this number, $4 rows */
static SpiQuery deliveries = {
	PAGE_OF("'deliveryId', p.message_id, 'webhookId', 'msg_' || p.message_id, 'type', p.kind, 'taskNum', p.subject,"
			" 'state', p.state, 'attempts', p.attempts, 'httpStatus', p.http_status, 'error', citybigdata.say(p.error),"
			" 'createTime', " SHOWN_TIME("p.created_at") ", 'nextAttempt', " SHOWN_TIME("p.due_at")
			", 'finishTime', " SHOWN_TIME("p.finished_at"), "message_id", "4")
	"(SELECT m.message_id, m.kind, m.subject, m.created_at, coalesce(r.state, 'pending') AS state,"
	"  coalesce(r.attempts, q.attempts) AS attempts, coalesce(r.http_status, q.http_status) AS http_status,"
	"  coalesce(r.error, q.error) AS error, q.due_at, r.finished_at"
	" FROM citybigdata.outbox_message m"
	" LEFT JOIN citybigdata.outbox_queue q ON q.destination_id = $1 AND q.message_id = m.message_id"
	" LEFT JOIN citybigdata.outbox_result r ON r.message_id = m.message_id"
	" WHERE m.destination_id = $1 AND m.message_id > $3 AND ($2 IS NULL OR coalesce(r.state, 'pending') = $2)"
	" ORDER BY m.message_id LIMIT $4) p",
	4, {INT8OID, TEXTOID, INT8OID, INT4OID}, NULL, true};
/* clang-format on */

/* Who calls: an application, not a person at the console. */
static CbdStatus
AuthoriseOwner(Call *call)
{
	CbdStatus status = CallAuthorise(call, CALLBACK_RESOURCE);

	if (status != CBD_OK)
		return status;
	return call->caller.app_id == 0 || call->caller.operator_ ? CBD_FORBIDDEN : CBD_OK;
}

/* The call-back that argument 0 names; false: *refusal is the answer. */
static bool
BeginCallback(Call *call, bool lock, Callback *callback, Datum *refusal)
{
	CbdStatus status;
	int64 number;

	call->object = CallText(call, 0);
	status = AuthoriseOwner(call);
	number = status == CBD_OK && call->object != NULL ? PathNumber(call->object) : 0;
	if (status == CBD_OK && (number == 0 || !FindCallback(call->caller.app_id, number, lock, callback)))
		status = CBD_NO_SUCH_CALLBACK;
	if (status != CBD_OK)
		*refusal = Answer(call, status, NULL);
	return status == CBD_OK;
}

/* {callbackId, state} and the secret, which is shown this once (NULL: not). */
static Datum
AnswerCallback(Call *call, const Callback *callback, char *secret)
{
	StringInfoData data;
	Datum reply;

	initStringInfo(&data);
	appendStringInfo(&data, "{\"callbackId\":" INT64_FORMAT, callback->callback_id);
	if (secret != NULL)
		JsonField(&data, "secret", secret);
	JsonField(&data, "state", callback->state);
	appendStringInfoChar(&data, '}');
	reply = Answer(call, CBD_OK, data.data);
	explicit_bzero(data.data, (size_t) data.len);
	if (secret != NULL)
		ForgetText(secret);
	return reply;
}

/* rest_callback_save(..., url, events, sender_codes, secret, signatures): {callbackId, secret, state} */
static Datum
CallbackSave(Call *call)
{
	ARGUMENTS(ARG_URL, ARG_EVENTS, ARG_SENDER_CODES, ARG_SECRET, ARG_SIGNATURES);
	CbdStatus status = AuthoriseOwner(call);
	CallbackForm form = {CallText(call, ARG_URL)};
	Callback callback;
	char *secret;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	form.events = CallTexts(call, ARG_EVENTS, &form.event_count);
	form.sender_codes = CallTexts(call, ARG_SENDER_CODES, &form.sender_count);
	form.signatures = CallTexts(call, ARG_SIGNATURES, &form.signature_count);
	form.secret = CallText(call, ARG_SECRET);
	CheckCallback(&call->errors, call->caller.app_id, &form);
	if (call->errors.count > 0)
	{
		ForgetText(form.secret);
		return AnswerErrors(call);
	}
	status = SaveCallback(call->caller.app_id, &form, &callback, &secret);
	ForgetText(form.secret);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	call->object = psprintf(INT64_FORMAT, callback.callback_id);
	call->detail = secret == NULL ? "changed" : "registered";
	return AnswerCallback(call, &callback, secret);
}

ENDPOINT(cbd_rest_callback_save, "callback.save", CallbackSave);

/* rest_callbacks(...): {items} */
static Datum
Callbacks(Call *call)
{
	CbdStatus status = AuthoriseOwner(call);
	Datum values[1];
	char *items;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	values[0] = Int32GetDatum(call->caller.app_id);
	SpiBegin();
	SpiRead(&list, values, NULL, 1);
	items = SpiText(0, 1);
	SpiEnd();
	return AnswerRead(call, psprintf("{\"items\":%s}", JsonCompact(items)));
}

ENDPOINT(cbd_rest_callbacks, "callback.list", Callbacks);

/* rest_callback(..., id) */
static Datum
CallbackGet(Call *call)
{
	Callback callback;
	Datum values[1];
	Datum refusal;
	char *data;

	if (!BeginCallback(call, false, &callback, &refusal))
		return refusal;
	values[0] = Int64GetDatum(callback.callback_id);
	SpiBegin();
	SpiRead(&one, values, NULL, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return AnswerRead(call, JsonCompact(data));
}

ENDPOINT(cbd_rest_callback, "callback.get", CallbackGet);

/* rest_callback_deliveries(..., id, state, cursor, page_size): {items, nextCursor} */
static Datum
CallbackDeliveries(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const states[] = {"pending", "delivered", "dead", NULL};
	Callback callback;
	Datum values[4];
	bool nulls[4] = {false};
	Datum refusal;

	if (!BeginCallback(call, false, &callback, &refusal))
		return refusal;
	values[0] = Int64GetDatum(callback.destination_id);
	values[1] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[1]);
	values[2] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &deliveries, values, nulls);
}

ENDPOINT(cbd_rest_callback_deliveries, "callback.deliveries", CallbackDeliveries);

/* rest_callback_test(..., id): {deliveryId, state} */
static Datum
CallbackTest(Call *call)
{
	Callback callback;
	Datum refusal;
	int64 delivery;

	if (!BeginCallback(call, true, &callback, &refusal))
		return refusal;
	if (strcmp(callback.state, "disabled") == 0)
		return Answer(call, CBD_CALLBACK_DISABLED, NULL);
	delivery = TestCallback(&callback);
	return Answer(call, CBD_OK,
				  psprintf("{\"deliveryId\":" INT64_FORMAT ",\"state\":\"pending\"}", delivery));
}

ENDPOINT(cbd_rest_callback_test, "callback.test", CallbackTest);

/* rest_callback_rotate(..., id, secret, overlap): {callbackId, secret, state} */
static Datum
CallbackRotate(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_SECRET, ARG_OVERLAP);
	unsigned char bytes[CALLBACK_SECRET_MAX];
	double overlap = OVERLAP_DEFAULT;
	Callback callback;
	Datum refusal;
	char *given;
	char *secret;

	if (!BeginCallback(call, true, &callback, &refusal))
		return refusal;
	given = CallText(call, ARG_SECRET);
	if (given != NULL && CallbackSecretBytes(given, bytes) == 0)
		ErrorAdd(&call->errors, "/secret", CBD_CALLBACK_SECRET, NULL);
	explicit_bzero(bytes, sizeof(bytes));
	if (CallText(call, ARG_OVERLAP) != NULL)
		(void) CheckNumber(call, "/overlap", CallText(call, ARG_OVERLAP), 0, OVERLAP_MAX, true, &overlap);
	if (call->errors.count > 0)
	{
		ForgetText(given);
		return AnswerErrors(call);
	}
	secret = RotateCallback(&callback, given, (int) overlap);
	ForgetText(given);
	return AnswerCallback(call, &callback, secret);
}

ENDPOINT(cbd_rest_callback_rotate, "callback.rotate", CallbackRotate);

/* rest_callback_disable(..., id): {callbackId, state} */
static Datum
CallbackDisable(Call *call)
{
	Callback callback;
	Datum refusal;

	if (!BeginCallback(call, true, &callback, &refusal))
		return refusal;
	if (strcmp(callback.state, "disabled") != 0)
		DisableCallback(&callback, "owner");
	callback.state = "disabled";
	return AnswerCallback(call, &callback, NULL);
}

ENDPOINT(cbd_rest_callback_disable, "callback.disable", CallbackDisable);

/* rest_callback_enable(..., id): {callbackId, state} */
static Datum
CallbackEnable(Call *call)
{
	Callback callback;
	Datum refusal;

	if (!BeginCallback(call, true, &callback, &refusal))
		return refusal;
	if (strcmp(callback.state, "disabled") == 0)
		EnableCallback(&callback);
	return AnswerCallback(call, &callback, NULL);
}

ENDPOINT(cbd_rest_callback_enable, "callback.enable", CallbackEnable);

/* rest_callback_replay(..., id, delivery_id): {deliveryId, state} */
static Datum
CallbackReplay(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_DELIVERY);
	Callback callback;
	Datum refusal;
	int64 delivery;

	if (!BeginCallback(call, true, &callback, &refusal))
		return refusal;
	call->detail = CallText(call, ARG_DELIVERY);
	delivery = call->detail == NULL ? 0 : PathNumber(call->detail);
	if (delivery == 0 || !OutboxRetry(delivery, callback.destination_id))
		return Answer(call, CBD_NO_SUCH_DELIVERY, NULL);
	return Answer(call, CBD_OK,
				  psprintf("{\"deliveryId\":" INT64_FORMAT ",\"state\":\"pending\"}", delivery));
}

ENDPOINT(cbd_rest_callback_replay, "callback.replay", CallbackReplay);
