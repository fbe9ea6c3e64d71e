/*
 * The list of an upstream platform's cameras, taken over page by page; see camera.h.
 *
 *   POST /admin/camera-providers/{provider}/list --> CameraFeedStart(): a message of the outbox, page 1
 *   (bridge)  POST /api/resource/v1/cameras {pageNo, pageSize}      signed when it is sent
 *   judge     citybigdata.camera_take_list(): stored; the next page is the next message; behind the last one
 *             the cameras that were not listed go off line
 *
 * Retries, back-off and dead letters are the outbox's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "camera/camera.h"
#include "core/interval.h"
#include "core/json_tree.h"
#include "core/spi.h"

#define PAGE_SIZE 200
#define PAGES_MAX 5000
#define TIMEOUT   20 /* seconds of one page */
#define FEED_LIST "camera.list"

#define NUMBER_MAX   100 /* characters of a number of a list */
#define EXPONENT_MAX 5   /* of them in an exponent: e-307 */

/* Seconds before the second attempt and so on; then it is dead. */
static const int delays[] = {5, 30, 300, 1800};

/* Puts the message for a page; `started`: Unix seconds, when the first one was asked for. */
static int64
PutPage(const char *provider, int page, int64 started)
{
	OutboxMessage message = {.destination_id = OutboxDestination(CAMERA_PURPOSE, provider),
							 .kind = FEED_LIST,
							 .subject = provider,
							 .judged = true};

	message.payload = psprintf("{\"page\":\"%d\",\"started\":\"" INT64_FORMAT "\"}", page, started);
	return OutboxPut(&message);
}

int64
CameraFeedStart(const char *provider)
{
	return PutPage(provider, 1, UnixSeconds(GetCurrentTimestamp()));
}

/* The number of a member of the payload. */
static int64
PayloadNumber(const char *payload, const char *name)
{
	const char *at = strstr(payload, name);

	return at == NULL ? 0 : strtoll(at + strlen(name), NULL, 10);
}

#define PAGE_OF_PAYLOAD    "\"page\":\""
#define STARTED_OF_PAYLOAD "\"started\":\""

/* OutboxPurpose.prepare */
static bool
PrepareFeed(const OutboxAttempt *attempt, OutboxRequest *request, const char **why)
{
	Upstream upstream;
	char *body = psprintf("{\"pageNo\":%d,\"pageSize\":%d}",
						  (int) PayloadNumber(attempt->payload, PAGE_OF_PAYLOAD), PAGE_SIZE);

	*why = MESSAGE("the provider is gone or disabled");
	if (!FindUpstream(attempt->key, &upstream))
		return false;
	UpstreamRequest(&upstream, "/api/resource/v1/cameras", body, &request->url, &request->headers, why);
	if (*why != NULL)
		return false;
	request->method = "POST";
	request->body = body;
	request->body_length = strlen(body);
	request->timeout = TIMEOUT;
	request->plain = strncmp(request->url, "http://", 7) == 0;
	return true;
}

/* $1 provider, $2 envelope, $3 when it began, $4 rows before this page, $5 rows of a page */
static SpiQuery take_query = {
	"SELECT t.taken, t.refused, t.gone, l.last FROM (SELECT $2::jsonb -> 'data' AS data) d"
	" CROSS JOIN LATERAL (SELECT jsonb_array_length(CASE WHEN jsonb_typeof(d.data -> 'list') = 'array' THEN "
	"d.data -> 'list'"
	"  ELSE '[]' END) < $5 OR coalesce(CASE WHEN d.data ->> 'total' ~ '^[0-9]{1,9}$' THEN (d.data ->> "
	"'total')::integer END,"
	"  2147483647) <= $4 + $5 AS last) l"
	" CROSS JOIN LATERAL citybigdata.camera_take_list($1, d.data -> 'list', $3, l.last) t",
	5,
	{TEXTOID, TEXTOID, TIMESTAMPTZOID, INT4OID, INT4OID},
	NULL};

/* Stores a page, and asks for the next one. */
static void
TakePage(const OutboxAttempt *attempt, const char *envelope)
{
	static const RestContext nobody;
	static const Caller platform;
	int page = (int) PayloadNumber(attempt->payload, PAGE_OF_PAYLOAD);
	int64 started = PayloadNumber(attempt->payload, STARTED_OF_PAYLOAD);
	Datum values[] = {CStringGetTextDatum(attempt->key), CStringGetTextDatum(envelope),
					  TimestampTzGetDatum(time_t_to_timestamptz((pg_time_t) started)),
					  Int32GetDatum((page - 1) * PAGE_SIZE), Int32GetDatum(PAGE_SIZE)};
	char *detail;
	bool last;

	SpiBegin();
	SpiRun(&take_query, values, NULL, SPI_OK_SELECT, 1);
	last = SpiBool(0, 4);
	detail = SpiKeep(psprintf("page %d: %d taken, %d refused, %d off line", page, SpiInt32(0, 1),
							  SpiInt32(0, 2), SpiInt32(0, 3)));
	SpiEnd();
	AuditWrite(&nobody, &platform, "camera-provider.take-list", attempt->key, CBD_OK, detail);
	if (!last && page < PAGES_MAX)
		(void) PutPage(attempt->key, page + 1, started);
}

/* Are its numbers such as jsonb can hold? One that is not would be an error of the statement that records. */
static bool
NumbersFit(const JsonNode *node)
{
	if (node->kind == JSON_NUMBER)
	{
		const char *exponent = strpbrk(node->text, "eE");

		return node->length <= NUMBER_MAX && (exponent == NULL || strlen(exponent) <= EXPONENT_MAX);
	}
	for (const JsonNode *child = node->first; child != NULL; child = child->next)
		if (!NumbersFit(child))
			return false;
	return true;
}

/* OutboxPurpose.judge */
static OutboxVerdict
JudgeFeed(const OutboxAttempt *attempt, const OutboxReply *reply, const char **error)
{
	JsonRefusal refusal;
	const JsonNode *envelope;
	Upstream upstream;

	if (reply->http != 200 || reply->error != NULL || reply->body == NULL)
		return OUTBOX_FAILED;
	if (!FindUpstream(attempt->key, &upstream))
		return OUTBOX_DEAD;
	envelope = JsonParse(reply->body, strlen(reply->body), &refusal);
	*error = MESSAGE("the answer is no list of cameras");
	if (envelope == NULL || envelope->kind != JSON_OBJECT || !NumbersFit(envelope))
		return OUTBOX_FAILED;
	for (const JsonNode *member = envelope->first; member != NULL; member = member->next)
		if (strcmp(member->key, "code") == 0 && member->text != NULL && strcmp(member->text, "0") == 0)
		{
			TakePage(attempt, reply->body);
			*error = NULL;
			return OUTBOX_DELIVERED;
		}
	return OUTBOX_FAILED;
}

const OutboxPurpose camera_purpose = {.name = CAMERA_PURPOSE,
									  .delays = delays,
									  .delay_count = lengthof(delays),
									  .prepare = PrepareFeed,
									  .judge = JudgeFeed};
