/* Serving a resource to a caller; see served.h. */
#include "postgres.h"

#include "utils/memutils.h"

#include "access/operator.h"
#include "core/guarded.h"
#include "core/say.h"
#include "data/served.h"

/* Work of a request that is being done. */
typedef struct QueryWork
{
	DataQuery *query;
	bool (*work)(DataQuery *query, void *state);
	void *state;
	bool done;
} QueryWork;

/* GuardedWork */
static bool
DoWork(void *state)
{
	QueryWork *work = state;

	work->done = work->work(work->query, work->state);
	return true;
}

/* GuardedPasses: an error that is no answer. */
static bool
WorkPasses(const ErrorData *error, void *state)
{
	QueryWork *work = state;

	if (StatusOfSqlstate(error->sqlerrcode) != CBD_OK)
		return false;
	ResourceRelease(work->query->resource);
	return true;
}

CbdStatus
RunQueryGuarded(DataQuery *query, bool (*work)(DataQuery *query, void *state), void *state, ErrorList *errors)
{
	QueryWork run = {query, work, state, true};
	ErrorData *error;
	CbdStatus status;

	if (RunGuarded(DoWork, &run, WorkPasses, &error) != GUARDED_FAILED)
	{
		if (run.done)
			return CBD_OK;
		*errors = query->errors;
		return ErrorsParameterStatus(&query->errors);
	}
	status = StatusOfSqlstate(error->sqlerrcode);
	if (status >= CBD_INTERNAL_ERROR || error->detail_log != NULL)
		ereport(LOG, (errmsg("%s", error->message),
					  error->detail_log != NULL ? errdetail_log("%s", error->detail_log) : 0));
	/* the relation's own words are for the server's log; the detail is ours */
	if (status == CBD_RESOURCE_BROKEN)
		ErrorSay(errors, "", status, error->detail != NULL ? error->detail : SaidStatus(status));
	else
		ErrorSay(errors, "", status,
				 error->hint == NULL ? error->message
									 : Said("%s{message}. %s{hint}", error->message, error->hint));
	return status;
}

Resource *
FindServed(Call *call, const char *code, CbdStatus *status)
{
	MemoryContext context = CurrentMemoryContext;
	char *reason;
	Resource *resource = ResourceFind(code, false, status, &reason);

	MemoryContextSwitchTo(context);
	if (resource == NULL)
	{
		if (*status != CBD_NO_SUCH_RESOURCE)
			ereport(LOG, (errmsg("resource \"%s\" cannot be read: %s", code, SaidOf(false, reason))));
		if (*status == CBD_UNAVAILABLE)
			call->retry_after = 1;
		return NULL;
	}
	if (!PastSunset(resource) && resource->level <= call->caller.level)
		return resource;
	*status = resource->level > call->caller.level ? CBD_LEVEL_TOO_LOW : CBD_NO_SUCH_RESOURCE;
	ResourceRelease(resource);
	return NULL;
}

bool
ReadsWhole(const Caller *caller, const char *code)
{
	bool of_cases =
		strcmp(code, "cases") == 0 || strcmp(code, "case-steps") == 0 || strcmp(code, "case-facts") == 0;

	return !caller->operator_ || !of_cases || PostsReachAll(caller->posts, caller->post_count);
}

CbdStatus
AuthoriseReading(Call *call, const char *code)
{
	CbdStatus status = CallAuthorise(call, code);

	return status == CBD_OK && !ReadsWhole(&call->caller, code) ? CBD_FORBIDDEN : status;
}
