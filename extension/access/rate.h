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
#include "core/caller.h"
#include "core/status.h"

/*
 * Takes one request from the bucket of the caller's grant on the resource (caller->limit): CBD_OK;
 * CBD_TOO_MANY_REQUESTS or CBD_QUOTA_EXCEEDED with *retry_after in seconds. Nothing is counted for a refusal.
 * CBD_UNAVAILABLE in a transaction that cannot write the count. What is left is in caller->rate_policy and
 * rate_state.
 */
extern CbdStatus SpendRate(Caller *caller, const char *resource, int *retry_after);

#endif
