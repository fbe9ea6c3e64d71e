/*
 * Operators: the posts of an account, and who may read cases; see operator.h.
 *
 * One statement by index reads the posts with what their roles show. Time is the start of the statement, as
 * in all that one request is judged by.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/access.h"
#include "access/judge.h"
#include "access/operator.h"
#include "core/spi.h"

/* What may be granted about cases: reading all; reporting, and reading one's own. */
#define ALL_CASES "cases"
#define OWN_CASES "events"

#define NOW       "pg_catalog.statement_timestamp()"
#define DELEGATED "p.delegate_id IS NOT NULL AND p.delegate_from <= " NOW " AND p.delegate_until > " NOW
#define POST      "p.post_id, p.role, p.unit_code, p.division_code, p.valid_from, p.valid_until"

/* $1 account */
static SpiQuery posts_in_force = {
	"SELECT p.post_id, p.role, p.unit_code, p.division_code, coalesce(l.level, 1)"
	" FROM (SELECT " POST " FROM citybigdata.post p WHERE p.account_id = $1 AND NOT (" DELEGATED ")"
	" UNION ALL SELECT " POST " FROM citybigdata.post p WHERE p.delegate_id = $1 AND " DELEGATED ") p"
	" LEFT JOIN citybigdata.role_level l ON l.role = p.role"
	" WHERE p.valid_from <= " NOW " AND (p.valid_until IS NULL OR p.valid_until > " NOW ")"
	" AND EXISTS (SELECT FROM citybigdata.account a WHERE a.account_id = $1 AND a.state = 'active'"
	"  AND a.admin_role IS NULL AND (a.valid_until IS NULL OR a.valid_until > " NOW "))"
	" ORDER BY p.post_id",
	1,
	{INT8OID},
	NULL,
	true};

int
OperatorPosts(int64 account_id, OperatorPost **posts)
{
	Datum value = Int64GetDatum(account_id);
	uint64 count;

	SpiBegin();
	/* what this transaction has done so far counts too */
	count = SpiRun(&posts_in_force, &value, NULL, SPI_OK_SELECT, 0);
	*posts = SPI_palloc((count + 1) * sizeof(OperatorPost));
	for (uint64 i = 0; i < count; i++)
	{
		OperatorPost *post = *posts + i;

		post->post_id = SpiInt64(i, 1);
		post->role = SpiText(i, 2);
		post->unit_code = SpiText(i, 3);
		post->division_code = SpiText(i, 4);
		post->level = SpiInt32(i, 5);
	}
	SpiEnd();
	return (int) count;
}

int
OperatorLevel(const OperatorPost *posts, int count)
{
	int level = 0;

	for (int i = 0; i < count; i++)
		level = Max(level, posts[i].level);
	return level;
}

/* Refused all cases, may it be an application with cases of its own? */
static bool
MayHaveOwn(CbdStatus status, const Caller *caller)
{
	return (status == CBD_FORBIDDEN || status == CBD_INSUFFICIENT_SCOPE) && caller->known &&
		   caller->app_id != 0 && !caller->operator_;
}

/* What an application has reported it may read as long as it is let in at all. */
static CbdStatus
OwnAnyway(CbdStatus status, const Caller *caller)
{
	return status == CBD_FORBIDDEN && caller->known && caller->app_id != 0 ? CBD_OK : status;
}

CbdStatus
AuthoriseCasesOf(const RestContext *context, int32 app_id, const Origin *origin, Caller *caller)
{
	CbdStatus status = AuthoriseApplication(context, app_id, origin, ALL_CASES, caller);

	caller->all_cases = status == CBD_OK;
	if (!MayHaveOwn(status, caller))
		return status;
	return OwnAnyway(AuthoriseApplication(context, app_id, origin, OWN_CASES, caller), caller);
}

CbdStatus
AuthoriseCases(Call *call)
{
	const RestContext *context = &call->context;
	Caller *caller = &call->caller;
	CbdStatus status = CallAuthorise(call, ALL_CASES);
	Origin origin = caller->origin;

	caller->all_cases = status == CBD_OK;
	if (!MayHaveOwn(status, caller))
		return status;
	switch (context->scheme)
	{
		case SCHEME_SEALED: /* stands for its own resource and nothing else */
			return CallAuthorise(call, OWN_CASES);
		case SCHEME_CODE:
		case SCHEME_SIGNATURE:
		case SCHEME_ARTEMIS:
			/* code or nonce are used up by now: judged by what it proved itself with */
			status = AuthoriseApplication(context, caller->app_id, &origin, OWN_CASES, caller);
			return OwnAnyway(WithinLimit(status, caller, &call->retry_after), caller);
		default:
			return OwnAnyway(CallAuthorise(call, OWN_CASES), caller);
	}
}
