/* What steps do with the links of duplicates to their main case; see step.h and duplicate/duplicate.h. */
#include "postgres.h"

#include "duplicate/duplicate.h"
#include "process/step.h"

/* A step with the effect of a duplicate, beside a step of its main case; nothing when it is its duplicate no
 * longer. False: its process has no such step. */
static bool
TakeBeside(int32 rec_id, int32 main_rec_id, uint64 effect, const Actor *actor, const OperatorPost *post,
		   StepRequest *request, StepTaker take)
{
	const ProcessAction *action;
	StepMove move = {0};
	Case c;

	/* whoever undid the merge meanwhile went before */
	if (!CaseLockById(rec_id, &c) || c.main_rec_id != main_rec_id)
		return true;
	action = CaseProcess(&c) ? CaseActionWith(&c, effect) : NULL;
	if (action == NULL)
		return false;
	request->action = pstrdup(action->name);
	if (!StepMoveOf(&c, actor, request, action, &move))
		return false;
	move.post = post;
	return take(&c, &move) == CBD_OK;
}

/* The duplicates of a case that is merged itself go to its new main case. */
static void
MergeDuplicates(const Case *before, const StepMove *move, TimestampTz now, StepTaker take)
{
	const StepRequest *request = move->request;
	int32 *numbers;
	int count = CaseDuplicates(before->rec_id, &numbers);

	for (int i = 0; i < count; i++)
	{
		StepRequest beside = {.reason = request->reason,
							  .main_rec_id = request->main_rec_id,
							  .main_state = request->main_state};

		if (!TakeBeside(numbers[i], before->rec_id, EFFECT_MERGE, move->actor, move->post, &beside, take))
			CaseLinkStore(numbers[i], request->main_rec_id, now);
	}
}

void
LinksTake(const Case *before, const StepMove *move, TimestampTz now, StepTaker take)
{
	if ((move->effects & EFFECT_MERGE) != 0)
	{
		MergeDuplicates(before, move, now, take);
		CaseLinkStore(before->rec_id, move->request->main_rec_id, now);
	}
	else if ((move->effects & EFFECT_UNMERGE) != 0)
		CaseLinkEnd(before->rec_id);
}

/* The duplicates of a case that has become void are reports of somebody else: on their own again. */
static void
ReleaseDuplicates(int32 main_rec_id, StepTaker take)
{
	Actor platform = {ACTOR_ROLE, "platform"};
	int32 *numbers;
	int count = CaseDuplicates(main_rec_id, &numbers);

	for (int i = 0; i < count; i++)
	{
		StepRequest beside = {.reason = "the main case is void"};

		(void) TakeBeside(numbers[i], main_rec_id, EFFECT_UNMERGE, &platform, NULL, &beside, take);
	}
}

void
LinksFollow(const Case *c, const StepMove *move, TimestampTz now, StepTaker take)
{
	if (move->keeps_version || c->main_rec_id != 0 || (move->effects & EFFECT_UNMERGE) != 0)
		return;
	if (move->moves && c->base_state == STATE_VOID)
		ReleaseDuplicates(c->rec_id, take);
	/* those, too, that could not be released */
	CaseDuplicatesFollow(c->rec_id, c->state, now);
}
