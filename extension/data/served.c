/* Who is served which resource; see served.h. */
#include "postgres.h"

#include "access/operator.h"
#include "core/guarded.h"
#include "data/served.h"

/* The status of an error of class UD; CBD_OK: of another class. */
static CbdStatus
StatusOfError(int sqlerrcode)
{
	const char *state = unpack_sql_state(sqlerrcode);
	int number = 0;

	if (state[0] != 'U' || state[1] != 'D')
		return CBD_OK;
	for (int i = 2; i < 5; i++)
		number = number * 36 + (state[i] >= 'A' ? state[i] - 'A' + 10 : state[i] - '0');
	return (CbdStatus) (40000 + number);
}

/* Work that is being done. */
typedef struct Served
{
	DataQuery *query;
	ServedWork work;
	void *argument;
	bool done;
} Served;

/* GuardedWork */
static bool
DoWork(void *state)
{
	Served *served = state;

	served->done = served->work(served->query, served->argument);
	return true;
}

/* GuardedPasses: an error that is no answer. */
static bool
ErrorPasses(const ErrorData *error, void *state)
{
	Served *served = state;

	if (StatusOfError(error->sqlerrcode) != CBD_OK)
		return false;
	ResourceRelease(served->query->resource);
	return true;
}

CbdStatus
RunServed(DataQuery *query, ServedWork work, void *argument, ErrorList *errors)
{
	Served served = {query, work, argument, true};
	ErrorData *error;
	CbdStatus status;

	if (RunGuarded(DoWork, &served, ErrorPasses, &error) != GUARDED_FAILED)
	{
		if (served.done)
			return CBD_OK;
		*errors = query->errors;
		return ErrorsParameterStatus(&query->errors);
	}
	status = StatusOfError(error->sqlerrcode);
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
