/* DuplicateLinkBest(): a rule merges a new report into the case that it repeats; see step.h. */
#include "postgres.h"

#include "access/xact.h"
#include "utils/snapmgr.h"

#include "duplicate/duplicate.h"
#include "process/step.h"

/* Merges the case into the candidate; 0: that is not possible. */
static int32
LinkTo(int32 rec_id, const Duplicate *candidate, const char *note)
{
	Actor platform = {ACTOR_ROLE, "platform"};
	StepRequest request = {.note = (char *) note, .main_task_num = candidate->task_num, .has_version = true};
	const ProcessAction *action;
	StepMove move;
	Case c;

	if (!CaseLockById(rec_id, &c) || !CaseProcess(&c))
		return 0;
	action = CaseActionWith(&c, EFFECT_MERGE);
	if (action == NULL)
		return 0;
	request.action = pstrdup(action->name);
	request.version = c.version;
	if (StepCheck(&c, &platform, &request, &move) != CBD_OK || StepTake(&c, &move) != CBD_OK)
		return 0;
	return request.main_rec_id;
}

int32
DuplicateLinkBest(int32 rec_id, const DuplicateLinkOptions *options)
{
	double least = options->min_score > 0 ? options->min_score : DUPLICATE_LINK_SCORE;
	DuplicateSubject subject;
	Duplicate *found = NULL;
	int count = 0;
	int32 main_rec_id = 0;

	/* what the transaction itself has written shows */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	if (DuplicateSubjectOf(rec_id, &subject))
	{
		subject.reach = options->metres;
		subject.minutes = options->minutes;
		count = DuplicatesFind(&subject, &found);
	}
	PopActiveSnapshot();
	for (int i = 0; i < count && main_rec_id == 0 && found[i].score >= least; i++)
	{
		const Duplicate *candidate = &found[i];

		if (candidate->state != STATE_CLOSED &&
			(options->metres == 0 || candidate->distance <= options->metres) &&
			(options->minutes == 0 || candidate->minutes <= options->minutes))
			main_rec_id = LinkTo(rec_id, candidate, options->note);
	}
	return main_rec_id;
}
