/*
 * Rate limit and daily quota; see rate.h.
 *
 * A token bucket: it fills with per_second tokens a second up to the burst, a request takes one. Bucket and
 * quota are one row and one conditional UPSERT; what one of them refuses the other does not count. Times are
 * those of the database, so that any number of bridges agree.
 */
#include "postgres.h"

#include <math.h>

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "access/rate.h"
#include "core/spi.h"

/* $1 application, $2 resource, $3 per second (0: no rate), $4 burst, $5 quota (0: none), $6 now, $7 day */
#define RATE_ARGS 7
#define RATE_TYPES                                                                                           \
	{                                                                                                        \
		INT4OID, TEXTOID, FLOAT8OID, FLOAT8OID, INT4OID, TIMESTAMPTZOID, DATEOID                             \
	}

/* What the bucket holds by now; the clock of one who had to wait may be behind the row's. */
#define FILLED     "least($4, b.tokens + $3 * greatest(extract(epoch FROM $6 - b.refilled_at)::float8, 0))"
#define USED_TODAY "CASE WHEN b.quota_day >= $7 THEN b.quota_used ELSE 0 END"

/* Takes one request, filling the bucket first; no row: there is none to take. What is left comes back. */
static SpiQuery spend = {
	"INSERT INTO citybigdata.rate_bucket AS b (app_id, resource, tokens, refilled_at, quota_day, quota_used)"
	" VALUES ($1, $2, greatest($4 - 1, 0), $6, $7, 1)"
	" ON CONFLICT ON CONSTRAINT rate_bucket_pkey DO UPDATE SET"
	"  tokens = CASE WHEN $3 > 0 THEN " FILLED " - 1 ELSE 0 END, refilled_at = greatest(b.refilled_at, $6),"
	"  quota_day = greatest(b.quota_day, $7), quota_used = " USED_TODAY " + 1"
	" WHERE ($3 = 0 OR " FILLED " >= 1) AND ($5 = 0 OR " USED_TODAY " < $5)"
	" RETURNING b.tokens, b.quota_used",
	RATE_ARGS,
	RATE_TYPES,
	NULL,
	true,
	.lazy = true};

/* The same figures without taking one, for the refusal. */
static SpiQuery look = {"SELECT " FILLED ", " USED_TODAY
						" FROM citybigdata.rate_bucket b WHERE b.app_id = $1 AND b.resource = $2",
						RATE_ARGS, RATE_TYPES, NULL, true};

/* The day in the platform's zone, and the seconds that are left of it. */
static DateADT
Today(TimestampTz now, int *seconds_left)
{
	pg_time_t time = timestamptz_to_time_t(now);
	struct pg_tm *tm = pg_localtime(&time, PlatformZone());

	*seconds_left = Max(SECS_PER_DAY - ((tm->tm_hour * 60 + tm->tm_min) * 60 + tm->tm_sec), 1);
	return date2j(tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday) - POSTGRES_EPOCH_JDATE;
}

/* Seconds in which the bucket gains `requests`; at least 1. */
static int
SecondsFor(double requests, const RateLimit *limit)
{
	double seconds = ceil(requests / limit->per_second);

	return seconds < 1 ? 1 : seconds > SECS_PER_DAY ? SECS_PER_DAY : (int) seconds;
}

/* RateLimit-Policy and RateLimit of the reply (draft-ietf-httpapi-ratelimit-headers). */
static void
TellState(Caller *caller, double tokens, int32 used, int day_left)
{
	const RateLimit *limit = &caller->limit;
	StringInfoData policy;
	StringInfoData state;

	initStringInfo(&policy);
	initStringInfo(&state);
	if (limit->per_second > 0)
	{
		appendStringInfo(&policy, "\"rate\";q=%d;w=%d", limit->burst, SecondsFor(limit->burst, limit));
		appendStringInfo(&state, "\"rate\";r=%d;t=%d", (int) Max(tokens, 0),
						 SecondsFor(limit->burst - tokens, limit));
	}
	if (limit->daily_quota > 0)
	{
		const char *separator = limit->per_second > 0 ? ", " : "";

		appendStringInfo(&policy, "%s\"day\";q=%d;w=%d", separator, limit->daily_quota, SECS_PER_DAY);
		appendStringInfo(&state, "%s\"day\";r=%d;t=%d", separator, Max(limit->daily_quota - used, 0),
						 day_left);
	}
	caller->rate_policy = policy.data;
	caller->rate_state = state.data;
}

CbdStatus
SpendRate(Caller *caller, const char *resource, int *retry_after)
{
	const RateLimit *limit = &caller->limit;
	TimestampTz now = GetCurrentTimestamp();
	int day_left;
	Datum values[RATE_ARGS] = {Int32GetDatum(caller->app_id),         CStringGetTextDatum(resource),
							   Float8GetDatum(limit->per_second),     Float8GetDatum(limit->burst),
							   Int32GetDatum(limit->daily_quota),     TimestampTzGetDatum(now),
							   DateADTGetDatum(Today(now, &day_left))};
	double tokens = 0;
	int32 used = 0;
	bool spent;

	/* what cannot be counted is not given: a limit that READ ONLY switches off is none */
	if (XactReadOnly || RecoveryInProgress())
		return CBD_UNAVAILABLE;
	SpiBegin();
	spent = SpiRun(&spend, values, NULL, SPI_OK_INSERT_RETURNING, 0) == 1;
	if (spent || SpiRun(&look, values, NULL, SPI_OK_SELECT, 1) == 1)
	{
		tokens = SpiDouble(0, 1);
		used = SpiInt32(0, 2);
	}
	SpiEnd();
	TellState(caller, tokens, used, day_left);
	if (spent)
		return CBD_OK;
	if (limit->daily_quota > 0 && used >= limit->daily_quota)
	{
		*retry_after = day_left;
		return CBD_QUOTA_EXCEEDED;
	}
	*retry_after = limit->per_second > 0 ? SecondsFor(1 - tokens, limit) : 1;
	return CBD_TOO_MANY_REQUESTS;
}
