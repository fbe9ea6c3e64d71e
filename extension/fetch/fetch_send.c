/*
 * Fetches as the outbox sends them: the request, and what an answer means; see fetch.h.
 *
 * The address is read when it is sent: what was erased, archived or purged meanwhile counts. The medium
 * itself comes by rest_media_fetched() (fetch_store.c), which records through the same judge.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/say.h"
#include "core/spi.h"
#include "fetch/fetch.h"

/* Seconds before the second attempt and so on, as for call-backs; then it is failed. */
static const int delays[] = {5, 30, 300, 1800, 7200, 18000, 36000, 36000};

/* The reported address of a medium that is to be fetched, palloc'd; NULL: it is gone. */
static char *
ReportedUrl(const FetchKey *key)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT m.media_url FROM citybigdata.media_fetch f JOIN"
		" (SELECT rec_id, media_no, media_url FROM citybigdata.event_media UNION ALL"
		"  SELECT rec_id, media_no, media_url FROM citybigdata.event_media_archive) m"
		" ON m.rec_id = f.rec_id AND m.media_no = f.media_no WHERE f.rec_id = $1 AND f.media_no = $2",
		2, {INT4OID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(key->rec_id), Int32GetDatum(key->media_no)};
	char *url;

	SpiBegin();
	url = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0 ? SpiText(0, 1) : NULL;
	SpiEnd();
	return url;
}

bool
NoteFetch(const FetchKey *key, const char *state, CbdStatus status, int http)
{
	static SpiQuery query = {
		"UPDATE citybigdata.media_fetch SET state = $3, status_code = $4, http_status = $5, changed_at ="
		" pg_catalog.clock_timestamp(), digest = NULL, distance = NULL WHERE rec_id = $1 AND media_no = $2",
		5,
		{INT4OID, INT4OID, TEXTOID, INT4OID, INT4OID},
		NULL,
		true};
	Datum values[] = {Int32GetDatum(key->rec_id), Int32GetDatum(key->media_no), CStringGetTextDatum(state),
					  Int32GetDatum(status), Int32GetDatum(http)};
	bool nulls[5] = {[4] = http == 0};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0) > 0;
	SpiEnd();
	return found;
}

/* OutboxPurpose.prepare */
static bool
PrepareFetch(const OutboxAttempt *attempt, OutboxRequest *request, const char **why)
{
	FetchKey key;
	char *reported;

	*why = MESSAGE("the medium is gone");
	if (!FetchKeyOf(attempt->payload, &key) || (reported = ReportedUrl(&key)) == NULL)
		return false;
	request->method = "GET";
	request->url = FetchUrl(reported);
	request->plain = request->url != NULL && strncmp(request->url, "http://", strlen("http://")) == 0;
	request->limit = (int64) guc_media_limit * 1024;
	*why = request->plain ? MESSAGE("http:// addresses are switched off")
						  : MESSAGE("refused: no address that may be called");
	if (request->url != NULL && (!request->plain || guc_outbound_http))
		return true;
	(void) NoteFetch(&key, "refused", CBD_MEDIA_ADDRESS, 0);
	return false;
}

const char *
FetchError(CbdStatus status)
{
	switch (status)
	{
		case CBD_MEDIA_TYPE_MISMATCH:
			return MESSAGE("refused: the content is not of the given media type");
		case CBD_MEDIA_TOO_LARGE:
			return MESSAGE("refused: the medium is too large");
		case CBD_MEDIA_UNREADABLE:
			return MESSAGE("refused: the picture cannot be read, or would be too large unpacked");
		default:
			return MESSAGE("the picture could not be looked at; the log of the bridge says why");
	}
}

/* The bridge's word for more bytes than the limit (bridge/outbound/media.c). */
static bool
TooLarge(const OutboxReply *reply)
{
	return reply->error != NULL && strncmp(reply->error, "large:", strlen("large:")) == 0;
}

/* OutboxPurpose.judge */
static OutboxVerdict
JudgeFetch(const OutboxAttempt *attempt, const OutboxReply *reply, const char **error)
{
	bool last = attempt->attempts >= lengthof(delays) || reply->http == 410;
	CbdStatus status = CBD_MEDIA_NOT_FETCHED;
	OutboxVerdict verdict = last ? OUTBOX_DEAD : OUTBOX_FAILED;
	FetchKey key;

	*error = MESSAGE("the medium is gone");
	if (!FetchKeyOf(attempt->payload, &key))
		return OUTBOX_DEAD;
	*error = NULL;
	if (fetched_medium != NULL)
	{
		verdict = KeepFetched(fetched_medium, reply->http, &status);
		if (verdict == OUTBOX_DELIVERED)
			return verdict;
		*error = FetchError(status);
		if (verdict == OUTBOX_FAILED && last)
			verdict = OUTBOX_DEAD;
	}
	else if (reply->refused || TooLarge(reply))
	{
		status = reply->refused ? CBD_MEDIA_ADDRESS : CBD_MEDIA_TOO_LARGE;
		verdict = OUTBOX_DEAD;
	}
	else if (reply->error == NULL && reply->http / 100 == 2)
		*error = MESSAGE("the answer has no medium");
	if (!NoteFetch(&key,
				   verdict == OUTBOX_FAILED          ? "waiting"
				   : status == CBD_MEDIA_NOT_FETCHED ? "failed"
													 : "refused",
				   status, reply->http))
	{
		*error = MESSAGE("the medium is gone");
		return OUTBOX_DEAD;
	}
	return verdict;
}

static const OutboxPurpose fetch_purpose = {.name = FETCH_PURPOSE,
											.delays = delays,
											.delay_count = lengthof(delays),
											.prepare = PrepareFetch,
											.judge = JudgeFetch,
											.pause = 5,
											.shared = true};

void
FetchInstall(void)
{
	OutboxRegister(&fetch_purpose);
}
