/* Work in a subtransaction; see rule_guard.h. */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "rule/rule_guard.h"

/* Back to where the subtransaction began. */
static void
Return(MemoryContext context, ResourceOwner owner)
{
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
}

/* Does the error end the statement, whoever caught it? */
static bool
EndsStatement(const ErrorData *error)
{
	int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return category == ERRCODE_OPERATOR_INTERVENTION || category == ERRCODE_INSUFFICIENT_RESOURCES ||
		   error->sqlerrcode == ERRCODE_T_R_SERIALIZATION_FAILURE;
}

CbdStatus
RuleGuarded(RuleWork work, void *state, char **message)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile CbdStatus status = CBD_OK;

	*message = NULL;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		status = work(state, message);
		if (status == CBD_OK)
			ReleaseCurrentSubTransaction();
		else
			RollbackAndReleaseCurrentSubTransaction();
		Return(context, owner);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		Return(context, owner);
		if (EndsStatement(error))
			ReThrowError(error);
		status = CBD_RULE_ERROR;
		*message = error->message;
	}
	PG_END_TRY();
	return status;
}
