/* Who may read cases; see operator.h. */
#include "postgres.h"

#include "access/judge.h"
#include "access/operator.h"

/* What may be granted about cases: reading all; reporting, and reading one's own. */
#define ALL_CASES "cases"
#define OWN_CASES "events"

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

/* A sealed address of reports shows what its application may read now, up to the level that it was sealed at.
 */
static CbdStatus
AuthoriseSealedCases(Call *call)
{
	Caller *caller = &call->caller;
	CbdStatus status = CallAuthorise(call, OWN_CASES);
	Origin origin = caller->origin;
	Caller all;

	if (status != CBD_OK ||
		AuthoriseApplication(&call->context, caller->app_id, &origin, ALL_CASES, &all) != CBD_OK)
		return status;
	caller->all_cases = true;
	caller->level = caller->token_level > 0 ? Min(all.level, caller->token_level) : all.level;
	return CBD_OK;
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
		case SCHEME_SEALED:
			return AuthoriseSealedCases(call);
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
