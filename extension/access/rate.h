/*
 * Rate limit and daily quota of an application on a resource.
 *
 * A grant without limits costs nothing. For one with a limit, a token bucket in the database (table
 * rate_bucket) is asked by one conditional UPDATE, so that any number of bridges count together. The row
 * stays locked until the request's transaction ends: requests of one limited grant that come at the same time
 * are counted one after another, and one that fails with an error (not: that is refused) is not counted.
 */
#ifndef CBD_RATE_H
#define CBD_RATE_H

#include "postgres.h"
#include "core/status.h"

typedef struct RateLimit
{
	double per_second; /* requests; 0 = no rate limit */
	int32 burst;       /* size of the bucket, requests */
	int32 daily_quota; /* requests per day of the platform's zone; 0 = no quota */
} RateLimit;

/*
 * Takes one request from the bucket: CBD_OK; CBD_TOO_MANY_REQUESTS or CBD_QUOTA_EXCEEDED with *retry_after in
 * seconds. Nothing is counted for a refusal, nor on a server that cannot write. The state goes into the reply
 * frame (FrameRate()).
 */
extern CbdStatus SpendRate(int32 app_id, const char *resource, const RateLimit *limit, int *retry_after);

#endif
