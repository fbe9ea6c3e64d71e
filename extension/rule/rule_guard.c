/* Work in a subtransaction; see rule_guard.h. */
#include "postgres.h"

#include "core/guarded.h"
#include "rule/rule_guard.h"

/* Work under way. */
typedef struct Guard
{
	RuleWork work;
	void *state;
	char **message;
	CbdStatus status;
} Guard;

/* GuardedWork */
static bool
Work(void *state)
{
	Guard *guard = state;

	guard->status = guard->work(guard->state, guard->message);
	return guard->status == CBD_OK;
}

CbdStatus
RuleGuarded(RuleWork work, void *state, char **message)
{
	Guard guard = {work, state, message, CBD_OK};
	ErrorData *error;

	*message = NULL;
	if (RunGuarded(Work, &guard, EndsStatement, &error) != GUARDED_FAILED)
		return guard.status;
	*message = error->message;
	return CBD_RULE_ERROR;
}
