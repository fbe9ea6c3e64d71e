/* Work in a subtransaction; see guarded.h. */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "core/guarded.h"

/* Ends the subtransaction, and goes back to where it began. */
static void
End(bool keep, MemoryContext context, ResourceOwner owner)
{
	if (keep)
		ReleaseCurrentSubTransaction();
	else
		RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
}

bool
EndsStatement(const ErrorData *error, void *unused)
{
	int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return category == ERRCODE_OPERATOR_INTERVENTION || category == ERRCODE_INSUFFICIENT_RESOURCES ||
		   error->sqlerrcode == ERRCODE_T_R_SERIALIZATION_FAILURE;
}

GuardedEnd
RunGuarded(GuardedWork work, void *state, GuardedPasses passes, ErrorData **error)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile GuardedEnd end = GUARDED_KEPT;

	*error = NULL;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		if (!work(state))
			end = GUARDED_UNDONE;
		End(end == GUARDED_KEPT, context, owner);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		*error = CopyErrorData();
		FlushErrorState();
		End(false, context, owner);
		if (passes(*error, state))
			ReThrowError(*error);
		end = GUARDED_FAILED;
	}
	PG_END_TRY();
	return end;
}
