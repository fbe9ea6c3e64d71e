/* Call-backs as their owners see them: registering, secrets, on and off; see callback.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "callback/callback.h"
#include "core/digest.h"
#include "core/field.h"
#include "core/guc.h"
#include "core/secret.h"
#include "core/spi.h"
#include "text/base64.h"
#include "text/web_address.h"

#define SECRET_PREFIX "whsec_"
#define SECRET_SIZE   32 /* bytes of one that is made here */
#define URL_MAX       2048
#define LIST_MAX      100 /* senderCodes */

const char *const callback_events[] = {"case.step", "case.closed", "case.overdue", CASE_NOTICE, "sms.report",
									   "sms.reply", NULL};

/* ---- secrets ---- */

size_t
CallbackSecretBytes(const char *text, unsigned char *out)
{
	const char *code = text + strlen(SECRET_PREFIX);
	unsigned char bytes[BASE64_BYTES(128)];
	ptrdiff_t length;

	if (strncmp(text, SECRET_PREFIX, strlen(SECRET_PREFIX)) != 0 || strlen(code) > 128)
		return 0;
	length = Base64Bytes(code, strlen(code), BASE64, bytes, NULL);
	if (length < CALLBACK_SECRET_MIN || length > CALLBACK_SECRET_MAX)
		length = 0;
	memcpy(out, bytes, (size_t) length);
	explicit_bzero(bytes, sizeof(bytes));
	return (size_t) length;
}

char *
CallbackSecretPurpose(int64 callback_id)
{
	return psprintf("callback-secret " INT64_FORMAT, callback_id);
}

/* The text of a random secret. */
static char *
RandomSecret(void)
{
	unsigned char bytes[SECRET_SIZE];
	char *text = palloc(strlen(SECRET_PREFIX) + BASE64_SIZE(SECRET_SIZE));

	if (!pg_strong_random(bytes, sizeof(bytes)))
		elog(ERROR, "no random numbers");
	strcpy(text, SECRET_PREFIX);
	Base64Text(bytes, sizeof(bytes), BASE64, text + strlen(SECRET_PREFIX));
	explicit_bzero(bytes, sizeof(bytes));
	return text;
}

/* The encrypted form of a secret's text, which is right. */
static Datum
SecretDatum(int64 callback_id, const char *text)
{
	unsigned char bytes[CALLBACK_SECRET_MAX];
	size_t length = CallbackSecretBytes(text, bytes);
	Datum encrypted = EncryptSecret(CallbackSecretPurpose(callback_id), bytes, length);

	explicit_bzero(bytes, sizeof(bytes));
	return encrypted;
}

/* ---- the form ---- */

/* Each of the texts must be one of the choices. */
static void
CheckChoices(ErrorList *errors, const char *name, char **texts, int count, const char *const *choices,
			 const char *wanted)
{
	for (int i = 0; i < count; i++)
		if (!IsOneOf(texts[i], choices))
			ErrorAdd(errors, psprintf("/%s/%d", name, i), CBD_FIELD_OUT_OF_RANGE, wanted);
}

/* An address of the web, https unless the site has said otherwise. That it is a public one is seen when it is
 * called: names change. */
static void
CheckUrl(ErrorList *errors, const char *url)
{
	WebAddress address;

	if (url == NULL || url[0] == '\0')
		ErrorAdd(errors, "/url", CBD_FIELD_REQUIRED, NULL);
	else if (strlen(url) > URL_MAX)
		ErrorPrint(errors, false, "/url", CBD_FIELD_TOO_LONG, "at most %d{limit} characters", URL_MAX);
	else if (!WebAddressRead(url, &address))
		ErrorAdd(errors, "/url", CBD_CALLBACK_URL,
				 "an address such as https://receiver.example/callbacks, without user name and fragment, the "
				 "host a name or an address in full");
	else if (!address.secure && !guc_outbound_http)
		ErrorAdd(errors, "/url", CBD_CALLBACK_URL, "an address that begins with https://");
}

void
CheckCallback(ErrorList *errors, int32 app_id, const CallbackForm *form)
{
	static const char *const signatures[] = {"v1", "v1sm3", NULL};
	unsigned char bytes[CALLBACK_SECRET_MAX];

	CheckUrl(errors, form->url);
	if (form->event_count == 0)
		ErrorAdd(errors, "/events", CBD_FIELD_REQUIRED, "for example [\"case.step\"]");
	CheckChoices(errors, "events", form->events, form->event_count, callback_events,
				 MESSAGE("one of case.step, case.closed, case.overdue, case.notice, sms.report, sms.reply"));
	CheckChoices(errors, "signatures", form->signatures, form->signature_count, signatures,
				 MESSAGE("one of v1, v1sm3"));
	if (form->sender_count > LIST_MAX)
		ErrorPrint(errors, false, "/senderCodes", CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} elements",
				   LIST_MAX);
	else
		for (int i = 0; i < form->sender_count; i++)
			if (!SenderBelongsTo(form->sender_codes[i], app_id))
				ErrorAdd(errors, psprintf("/senderCodes/%d", i), CBD_SENDER_NOT_OWNED, NULL);
	if (form->secret != NULL && CallbackSecretBytes(form->secret, bytes) == 0)
		ErrorAdd(errors, "/secret", CBD_CALLBACK_SECRET, NULL);
	explicit_bzero(bytes, sizeof(bytes));
}

/* ---- rows ---- */

#define CALLBACK_COLUMNS "callback_id, destination_id, state, reason"

/* Takes row 0 of the last result. */
static void
TakeCallback(Callback *callback)
{
	*callback = (Callback){SpiInt64(0, 1), SpiInt64(0, 2), SpiText(0, 3), SpiText(0, 4)};
}

bool
FindCallback(int32 app_id, int64 callback_id, bool lock, Callback *callback)
{
	static SpiQuery read = {"SELECT " CALLBACK_COLUMNS
							" FROM citybigdata.callback WHERE callback_id = $1 AND app_id = $2",
							2,
							{INT8OID, INT4OID},
							NULL,
							true};
	/* its destination before it, as the outbox does */
	static SpiQuery destination = {
		"SELECT FROM citybigdata.outbox_destination d WHERE d.destination_id = (SELECT c.destination_id FROM"
		" citybigdata.callback c WHERE c.callback_id = $1 AND c.app_id = $2) FOR NO KEY UPDATE",
		2,
		{INT8OID, INT4OID},
		NULL,
		true};
	static SpiQuery locked = {"SELECT " CALLBACK_COLUMNS
							  " FROM citybigdata.callback WHERE callback_id = $1 AND app_id = $2"
							  " FOR NO KEY UPDATE",
							  2,
							  {INT8OID, INT4OID},
							  NULL,
							  true};
	Datum values[] = {Int64GetDatum(callback_id), Int32GetDatum(app_id)};
	bool found;

	SpiBegin();
	if (lock)
		SpiRun(&destination, values, NULL, SPI_OK_SELECT, 1);
	found = SpiRun(lock ? &locked : &read, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
		TakeCallback(callback);
	SpiEnd();
	return found;
}

/* A text[]; null without elements. */
static Datum
ListOrNull(char **texts, int count, bool *isnull)
{
	*isnull = count == 0;
	return count == 0 ? (Datum) 0 : TextArrayDatum(texts, count);
}

/* What the call-back of that address wants from now on; false: there is none. SPI is connected. */
static bool
ChangeCallback(int32 app_id, const CallbackForm *form, Callback *callback)
{
	static SpiQuery query = {
		"UPDATE citybigdata.callback SET events = $3, sender_codes = $4, signatures = coalesce($5,"
		" signatures), changed_at = now() WHERE app_id = $1 AND url = $2 RETURNING " CALLBACK_COLUMNS,
		5,
		{INT4OID, TEXTOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID},
		NULL,
		true};
	Datum values[5] = {Int32GetDatum(app_id), CStringGetTextDatum(form->url),
					   TextArrayDatum(form->events, form->event_count)};
	bool nulls[5] = {false};

	values[3] = ListOrNull(form->sender_codes, form->sender_count, &nulls[3]);
	values[4] = ListOrNull(form->signatures, form->signature_count, &nulls[4]);
	if (SpiRun(&query, values, nulls, SPI_OK_UPDATE_RETURNING, 0) == 0)
		return false;
	TakeCallback(callback);
	return true;
}

/* Its number, while the application may have one more; 0: it may not. The lock is on the application's row,
 * so that two requests do not both count what was there before. SPI is connected. */
static int64
NextCallback(int32 app_id)
{
	static SpiQuery lock = {
		"SELECT FROM citybigdata.application WHERE app_id = $1 FOR NO KEY UPDATE", 1, {INT4OID}, NULL, true};
	static SpiQuery count = {
		"SELECT CASE WHEN count(*) < $2 THEN nextval('citybigdata.callback_id_seq'::regclass) ELSE 0 END"
		" FROM citybigdata.callback WHERE app_id = $1",
		2,
		{INT4OID, INT4OID},
		NULL,
		true};
	Datum values[] = {Int32GetDatum(app_id), Int32GetDatum(CALLBACKS_MAX)};

	SpiRun(&lock, values, NULL, SPI_OK_SELECT, 1);
	SpiRun(&count, values, NULL, SPI_OK_SELECT, 1);
	return SpiInt64(0, 1);
}

/* The row of a new one; SPI is connected. */
static void
InsertCallback(int32 app_id, int64 number, const CallbackForm *form, const char *secret, Callback *callback)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.callback (callback_id, app_id, destination_id, url, events, sender_codes,"
		" signatures, secret) VALUES ($1, $2, $3, $4, $5, $6, (SELECT array_agg(DISTINCT s) FROM"
		" unnest(coalesce($7, '{}') || ARRAY['v1']) s), $8) RETURNING " CALLBACK_COLUMNS,
		8,
		{INT8OID, INT4OID, INT8OID, TEXTOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAOID},
		NULL};
	Datum values[8] = {Int64GetDatum(number), Int32GetDatum(app_id)};
	bool nulls[8] = {false};

	values[2] = Int64GetDatum(OutboxDestination(CALLBACK_PURPOSE, psprintf(INT64_FORMAT, number)));
	values[3] = CStringGetTextDatum(form->url);
	values[4] = TextArrayDatum(form->events, form->event_count);
	values[5] = ListOrNull(form->sender_codes, form->sender_count, &nulls[5]);
	values[6] = ListOrNull(form->signatures, form->signature_count, &nulls[6]);
	values[7] = SecretDatum(number, secret);
	SpiRun(&query, values, nulls, SPI_OK_INSERT_RETURNING, 0);
	TakeCallback(callback);
}

CbdStatus
SaveCallback(int32 app_id, const CallbackForm *form, Callback *callback, char **secret)
{
	int64 number;

	*secret = NULL;
	SpiBegin();
	number = NextCallback(app_id);
	if (ChangeCallback(app_id, form, callback))
	{
		SpiEnd();
		return CBD_OK;
	}
	SpiEnd();
	if (number == 0)
		return CBD_TOO_MANY_CALLBACKS;
	*secret = form->secret != NULL ? pstrdup(form->secret) : RandomSecret();
	SpiBegin();
	InsertCallback(app_id, number, form, *secret, callback);
	SpiEnd();
	(void) TestCallback(callback);
	return CBD_OK;
}

char *
RotateCallback(const Callback *callback, const char *given, int overlap)
{
	static SpiQuery query = {
		"UPDATE citybigdata.callback SET previous_secret = CASE WHEN $3 > 0 THEN secret END,"
		" previous_until = CASE WHEN $3 > 0 THEN now() + make_interval(secs => $3) END, secret = $2,"
		" changed_at = now() WHERE callback_id = $1",
		3,
		{INT8OID, BYTEAOID, INT4OID},
		NULL,
		true};
	char *text = given != NULL ? pstrdup(given) : RandomSecret();
	Datum values[] = {Int64GetDatum(callback->callback_id), SecretDatum(callback->callback_id, text),
					  Int32GetDatum(overlap)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
	return text;
}

int64
TestCallback(const Callback *callback)
{
	bool asks = strcmp(callback->state, "pending") == 0;

	return CallbackMessage(callback->destination_id, asks ? CALLBACK_CONSENT : CALLBACK_TEST, "{}");
}

/* The state of the row. */
static void
SetState(int64 callback_id, const char *state, const char *reason)
{
	static SpiQuery query = {"UPDATE citybigdata.callback SET state = $2, reason = $3, note = NULL,"
							 " changed_at = now() WHERE callback_id = $1",
							 3,
							 {INT8OID, TEXTOID, TEXTOID},
							 NULL,
							 true};
	Datum values[] = {Int64GetDatum(callback_id), CStringGetTextDatum(state),
					  reason == NULL ? (Datum) 0 : CStringGetTextDatum(reason)};
	bool nulls[] = {false, false, reason == NULL};

	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
	SpiEnd();
}

void
DisableCallback(const Callback *callback, const char *reason)
{
	OutboxDisable(callback->destination_id);
	SetState(callback->callback_id, "disabled", reason);
}

void
EnableCallback(Callback *callback)
{
	bool own = callback->reason != NULL && strcmp(callback->reason, "owner") == 0;

	OutboxEnable(callback->destination_id, -1);
	/* one that has never consented does not become active by being switched off and on */
	if (own)
	{
		static SpiQuery query = {
			"SELECT consented_at IS NOT NULL FROM citybigdata.callback WHERE callback_id = $1",
			1,
			{INT8OID},
			NULL,
			true};
		Datum values[] = {Int64GetDatum(callback->callback_id)};

		SpiBegin();
		own = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0 && SpiBool(0, 1);
		SpiEnd();
	}
	callback->state = own ? "active" : "pending";
	callback->reason = NULL;
	SetState(callback->callback_id, callback->state, NULL);
	if (!own)
		(void) TestCallback(callback);
}
