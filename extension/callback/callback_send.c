/*
 * Call-backs as the outbox sends them: the signed request, and what an answer means. See callback.h.
 *
 *   consent     OPTIONS with WebHook-Request-Origin; WebHook-Allowed-Origin in the answer is the consent,
 * else a challenge follows challenge   a signed delivery; the receiver's reply holds the challenge: that is
 * the consent the others  a signed delivery; 2xx: delivered, 410: it wants no more, anything else: later
 * again
 *
 * Signatures are Standard Webhooks 1.0: HMAC over "id.timestamp.body", one for each secret that counts and
 * each kind that was asked for. The secret is decrypted here and goes nowhere else.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "callback/callback.h"
#include "core/digest.h"
#include "core/guc.h"
#include "core/interval.h"
#include "core/say.h"
#include "core/secret.h"
#include "core/spi.h"
#include "text/base64.h"
#include "text/crypto.h"
#include "text/web_address.h"

#define TIMEOUT          30                    /* seconds of one delivery */
#define URL_SIZE         2049                  /* bytes of an address, with its NUL */
#define CHALLENGE_LENGTH 43                    /* characters (RandomToken()) */
#define NAMELESS         "citybigdata.invalid" /* where citybigdata.public_url is not set */

/* Seconds before the second attempt and so on; then it is dead. */
static const int delays[] = {5, 30, 300, 1800, 7200, 18000, 36000, 36000};

/* The row of a call-back, for sending. */
typedef struct Receiver
{
	int64 callback_id;
	int32 app_id;
	int64 destination_id;
	char *url;
	bool counts; /* its application may still be called back */
	bool sm3;
	Datum secrets[2]; /* encrypted; 0: none */
} Receiver;

static bool
FindReceiver(const char *key, Receiver *receiver)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT c.callback_id, c.app_id, c.url, " CALLBACK_COUNTS("c.app_id") ", 'v1sm3' = ANY (c.signatures),"
		" c.secret, CASE WHEN c.previous_until > clock_timestamp() THEN c.previous_secret END, c.destination_id"
		" FROM citybigdata.callback c WHERE c.callback_id = $1::bigint",
		1, {TEXTOID}, NULL, true};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(key)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		*receiver = (Receiver){SpiInt64(0, 1), SpiInt32(0, 2), SpiInt64(0, 8),
							   SpiText(0, 3),  SpiBool(0, 4),  SpiBool(0, 5)};
		for (int i = 0; i < 2; i++)
		{
			bool isnull;
			Datum secret = SpiDatum(0, 6 + i, &isnull);

			receiver->secrets[i] = isnull ? (Datum) 0 : secret;
		}
	}
	SpiEnd();
	return found;
}

/* ---- the request ---- */

/* The host of the platform's address, as what asks for consent. */
static char *
PublicHost(void)
{
	WebAddress address;

	if (guc_public_url[0] == '\0' || !WebAddressRead(guc_public_url, &address))
		return NAMELESS;
	return pnstrdup(address.host.text, address.host.length);
}

/* One header. */
static void
Header(OutboxRequest *request, const char *name, const char *value)
{
	if (request->headers.len > 0)
		appendStringInfoChar(&request->headers, ',');
	JsonString(&request->headers, psprintf("%s: %s", name, value));
}

/* What is kept of the receiver of the last message, while one claim is prepared: many are for the same one.
 */
static struct
{
	char key[32];    /* of the destination; empty: nothing is kept */
	TimestampTz now; /* of the claim */
	Receiver receiver;
	unsigned char secrets[2][CALLBACK_SECRET_MAX];
	size_t lengths[2]; /* 0: there is none */
	char url[URL_SIZE];
} kept;

/* OutboxPurpose.prepared */
static void
ForgetReceiver(void)
{
	explicit_bzero(&kept, sizeof(kept));
}

/* Keeps the receiver of the attempt, with its secrets as bytes; false: there is none. */
static bool
KeepReceiver(const OutboxAttempt *attempt)
{
	if (strcmp(kept.key, attempt->key) == 0 && kept.now == attempt->now)
		return true;
	ForgetReceiver();
	if (!FindReceiver(attempt->key, &kept.receiver))
		return false;
	for (int i = 0; i < 2; i++)
	{
		char *secret;

		if (kept.receiver.secrets[i] == (Datum) 0)
			continue;
		secret = DecryptSecret(CallbackSecretPurpose(kept.receiver.callback_id), kept.receiver.secrets[i],
							   &kept.lengths[i]);
		if (kept.lengths[i] > CALLBACK_SECRET_MAX)
			elog(ERROR, "a secret of a call-back is too long");
		memcpy(kept.secrets[i], secret, kept.lengths[i]);
		explicit_bzero(secret, kept.lengths[i]);
		pfree(secret);
	}
	strlcpy(kept.url, kept.receiver.url, sizeof(kept.url));
	kept.receiver.url = kept.url;
	strlcpy(kept.key, attempt->key, sizeof(kept.key));
	kept.now = attempt->now;
	return true;
}

/* One signature: its kind and the code in base64. */
static void
AppendSignature(StringInfo out, const char *name, DigestKind kind, int number, const StringInfo content)
{
	unsigned char code[DIGEST_MAX];
	char text[BASE64_SIZE(DIGEST_MAX)];

	if (!HmacBytes(kind, kept.secrets[number], kept.lengths[number], content->data, (size_t) content->len,
				   code))
		elog(ERROR, "HMAC failed");
	Base64Text(code, DigestSize(kind), BASE64, text);
	appendStringInfo(out, "%s%s,%s", out->len > 0 ? " " : "", name, text);
}

/* webhook-id, webhook-timestamp, webhook-signature, by what is kept. */
static void
Sign(const OutboxAttempt *attempt, OutboxRequest *request)
{
	char *id = psprintf("msg_" INT64_FORMAT, attempt->message_id);
	char *timestamp = psprintf(INT64_FORMAT, UnixSeconds(attempt->now));
	StringInfoData content;
	StringInfoData signatures;

	initStringInfo(&content);
	initStringInfo(&signatures);
	appendStringInfo(&content, "%s.%s.", id, timestamp);
	appendBinaryStringInfo(&content, request->body, request->body_length);
	for (int i = 0; i < 2; i++)
	{
		if (kept.lengths[i] == 0)
			continue;
		AppendSignature(&signatures, "v1", DIGEST_SHA256, i, &content);
		if (kept.receiver.sm3)
			AppendSignature(&signatures, "v1sm3", DIGEST_SM3, i, &content);
	}
	Header(request, "webhook-id", id);
	Header(request, "webhook-timestamp", timestamp);
	Header(request, "webhook-signature", signatures.data);
}

/* OutboxPurpose.prepare */
static bool
PrepareCallback(const OutboxAttempt *attempt, OutboxRequest *request, const char **why)
{
	*why = MESSAGE("the call-back is gone");
	if (!KeepReceiver(attempt))
		return false;
	*why = MESSAGE("the application may not be called back any more");
	if (!kept.receiver.counts)
		return false;
	request->url = kept.url;
	request->plain = strncmp(kept.url, "http://", strlen("http://")) == 0;
	*why = MESSAGE("http:// addresses are switched off");
	if (request->plain && !guc_outbound_http)
		return false;
	request->timeout = TIMEOUT;
	if (strcmp(attempt->kind, CALLBACK_CONSENT) == 0)
	{
		request->method = "OPTIONS";
		Header(request, "WebHook-Request-Origin", PublicHost());
		return true;
	}
	request->body = attempt->payload;
	request->body_length = strlen(attempt->payload);
	Header(request, "Content-Type", "application/cloudevents+json; charset=utf-8");
	Sign(attempt, request);
	return true;
}

/* ---- answers ---- */

/* A header of the reply, as text; NULL: it has none. */
static char *
ReplyHeader(const OutboxReply *reply, const char *name)
{
	static SpiQuery query = {"SELECT $1::jsonb ->> $2", 2, {TEXTOID, TEXTOID}, NULL};
	Datum values[2];
	char *value;

	if (reply->headers == NULL)
		return NULL;
	values[0] = CStringGetTextDatum(reply->headers);
	values[1] = CStringGetTextDatum(name);
	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_SELECT, 1);
	value = SpiText(0, 1);
	SpiEnd();
	return value;
}

/* Messages a minute that the receiver allows (CloudEvents: WebHook-Allowed-Rate); 0: any. */
static int
AllowedRate(const OutboxReply *reply)
{
	const char *rate = ReplyHeader(reply, "webhook-allowed-rate");
	long number = rate == NULL ? 0 : strtol(rate, NULL, 10);

	return number > 0 && number <= 1000000 ? (int) number : 0;
}

/* Notes how consent stands: given in that way, or (NULL) what is to be said of it. */
static void
NoteConsent(const Receiver *receiver, const char *consent, const char *note)
{
	/* clang-format off */
	static SpiQuery query = {
		"UPDATE citybigdata.callback SET consent = coalesce($2, consent), note = $3, changed_at = now(),"
		" consented_at = CASE WHEN $2 IS NULL THEN consented_at ELSE now() END,"
		" state = CASE WHEN $2 IS NOT NULL AND state = 'pending' THEN 'active' ELSE state END WHERE callback_id = $1",
		3, {INT8OID, TEXTOID, TEXTOID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int64GetDatum(receiver->callback_id),
					  consent == NULL ? (Datum) 0 : CStringGetTextDatum(consent),
					  note == NULL ? (Datum) 0 : CStringGetTextDatum(note)};
	bool nulls[] = {false, consent == NULL, note == NULL};

	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* Is the receiver busy, so that its answer says nothing? */
static bool
Busy(const OutboxReply *reply)
{
	return reply->http == 0 || reply->http == 429 || (reply->http >= 502 && reply->http <= 504);
}

/* The answer to OPTIONS. One that does not know it is asked by a challenge. */
static OutboxVerdict
JudgeConsent(const Receiver *receiver, const OutboxReply *reply, const char **error)
{
	const char *allowed = ReplyHeader(reply, "webhook-allowed-origin");

	if (Busy(reply))
	{
		NoteConsent(receiver, NULL, reply->error != NULL ? reply->error : MESSAGE("the receiver is busy"));
		return reply->refused ? OUTBOX_DEAD : OUTBOX_FAILED;
	}
	if (reply->http / 100 == 2 && allowed != NULL &&
		(strcmp(allowed, "*") == 0 || pg_strcasecmp(allowed, PublicHost()) == 0))
	{
		OutboxEnable(receiver->destination_id, AllowedRate(reply));
		NoteConsent(receiver, "options", NULL);
		return OUTBOX_DELIVERED;
	}
	*error = MESSAGE("no consent in the answer to OPTIONS: a challenge follows");
	(void) CallbackMessage(receiver->destination_id, CALLBACK_CHALLENGE,
						   psprintf("{\"challenge\":\"%s\"}", RandomToken()));
	return OUTBOX_DELIVERED;
}

/* The challenge that a payload holds. */
static const char *
ChallengeOf(const char *payload)
{
	static const char name[] = "\"challenge\":\"";
	const char *at = strstr(payload, name);

	if (at == NULL || strlen(at) < strlen(name) + CHALLENGE_LENGTH)
		return NULL;
	return pnstrdup(at + strlen(name), CHALLENGE_LENGTH);
}

/* The answer to a challenge: as it stands, or inside of something. */
static OutboxVerdict
JudgeChallenge(const Receiver *receiver, const OutboxAttempt *attempt, const OutboxReply *reply,
			   const char **error)
{
	const char *challenge = ChallengeOf(attempt->payload);

	if (reply->http / 100 != 2 || reply->error != NULL)
	{
		NoteConsent(receiver, NULL, reply->error != NULL ? reply->error : MESSAGE("the answer was not 2xx"));
		return OUTBOX_FAILED;
	}
	if (challenge != NULL && reply->body != NULL && strstr(reply->body, challenge) != NULL)
	{
		NoteConsent(receiver, "challenge", NULL);
		return OUTBOX_DELIVERED;
	}
	*error = MESSAGE("the reply does not hold the challenge");
	NoteConsent(receiver, NULL, *error);
	return OUTBOX_DEAD;
}

/* The other call-backs of the application are told that this one is off. */
static void
TellOwner(const Receiver *receiver, const char *reason)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT destination_id FROM citybigdata.callback WHERE app_id = $1 AND state = 'active' AND callback_id <> $2"
		" ORDER BY callback_id",
		2, {INT4OID, INT8OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(receiver->app_id), Int64GetDatum(receiver->callback_id)};
	char *data =
		psprintf("{\"callbackId\":" INT64_FORMAT ",\"reason\":\"%s\"}", receiver->callback_id, reason);
	int64 destinations[CALLBACKS_MAX];
	int count;

	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, CALLBACKS_MAX);
	for (int i = 0; i < count; i++)
		destinations[i] = SpiInt64(i, 1);
	SpiEnd();
	for (int i = 0; i < count; i++)
		(void) CallbackMessage(destinations[i], CALLBACK_DISABLED, data);
}

/* Switches it off, tells its owner, and writes that down. */
static void
SwitchOff(const Receiver *receiver, const char *reason)
{
	static const RestContext nobody;
	static const Caller platform;
	Callback callback = {receiver->callback_id, receiver->destination_id, "active", NULL};

	DisableCallback(&callback, reason);
	TellOwner(receiver, reason);
	AuditWrite(&nobody, &platform, "callback.disable", psprintf(INT64_FORMAT, receiver->callback_id), CBD_OK,
			   reason);
}

/* OutboxPurpose.judge */
static OutboxVerdict
JudgeCallback(const OutboxAttempt *attempt, const OutboxReply *reply, const char **error)
{
	Receiver receiver;

	if (!FindReceiver(attempt->key, &receiver))
		return OUTBOX_DEAD;
	if (reply->http == 410)
	{
		*error = MESSAGE("410: the receiver wants no more");
		SwitchOff(&receiver, "gone");
		return OUTBOX_DEAD;
	}
	if (strcmp(attempt->kind, CALLBACK_CONSENT) == 0)
		return JudgeConsent(&receiver, reply, error);
	if (strcmp(attempt->kind, CALLBACK_CHALLENGE) == 0)
		return JudgeChallenge(&receiver, attempt, reply, error);
	return reply->http / 100 == 2 && reply->error == NULL ? OUTBOX_DELIVERED : OUTBOX_FAILED;
}

/* OutboxPurpose.failing */
static void
CallbackFailing(int64 destination_id, const char *key, TimestampTz since)
{
	Receiver receiver;

	if (FindReceiver(key, &receiver))
		SwitchOff(&receiver, "failing");
}

const OutboxPurpose callback_purpose = {.name = CALLBACK_PURPOSE,
										.delays = delays,
										.delay_count = lengthof(delays),
										.prepare = PrepareCallback,
										.prepared = ForgetReceiver,
										.judge = JudgeCallback,
										.failing = CallbackFailing};
