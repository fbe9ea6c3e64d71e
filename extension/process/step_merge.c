/*
 * Merging a case into another one, and undoing that; see step.h and duplicate/duplicate.h.
 *
 *   merge    the case's own duplicates are merged into the new main case too, each by a step; then the link,
 *            the step, the case: its clocks stand, nobody has it, its state is that of the main case
 *   a step of a main case   its duplicates get its state; when it becomes void, they are on their own again
 *   unmerge  the link ends, the clocks go on, the case is in the pool of its stage
 *
 * Locks. Merges come one after the other (OwnLock). Rows are locked in the order of main cases, each before
 * its duplicates, so that no two transactions wait for each other in a circle; a report that a rule links is
 * not seen by others yet.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/own_lock.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "duplicate/duplicate.h"
#include "process/step.h"

/* The number of the case if the actor sees it, else 0. */
static int32
Seen(const Actor *actor, const char *task_num)
{
	Case c = {0};

	return task_num != NULL && CaseRead(task_num, actor, &c) ? c.rec_id : 0;
}

void
CasesLock(const Actor *actor, const StepRequest *requests, const bool *seen, int count)
{
	/* $1 cases: themselves, their main cases, their duplicates */
	static SpiQuery query = {
		"SELECT 1 FROM citybigdata.event e LEFT JOIN citybigdata.case_link l ON l.rec_id "
		"OPERATOR(pg_catalog.=) e.rec_id WHERE e.rec_id IN (SELECT pg_catalog.unnest($1) UNION SELECT "
		"k.main_rec_id FROM citybigdata.case_link k WHERE k.rec_id OPERATOR(pg_catalog.=) ANY ($1) UNION "
		"SELECT k.rec_id FROM citybigdata.case_link k WHERE k.main_rec_id OPERATOR(pg_catalog.=) ANY ($1)) "
		"ORDER BY coalesce(l.main_rec_id, e.rec_id), l.main_rec_id IS NOT NULL, e.rec_id "
		"FOR NO KEY UPDATE OF e",
		1,
		{INT4ARRAYOID},
		NULL,
		true};
	Datum *numbers = palloc(sizeof(Datum) * 2 * Max(count, 1));
	int given = 0;
	bool merges = false;

	for (int i = 0; i < count; i++)
	{
		const StepRequest *request = &requests[i];

		int32 main = 0;

		if (seen == NULL)
			numbers[given++] = Int32GetDatum(Seen(actor, request->task_num));
		else if (seen[i])
			numbers[given++] = Int32GetDatum(TaskNumRecId(request->task_num));
		if (request->main_task_num != NULL)
			main = Seen(actor, request->main_task_num);
		if (main != 0)
			numbers[given++] = Int32GetDatum(main);
		merges = merges || main != 0;
	}
	if (merges)
		OwnLock(OwnLockKey("citybigdata.case_link"));
	SpiBegin();
	SpiRun(&query,
		   (Datum[]){
			   PointerGetDatum(construct_array(numbers, given, INT4OID, sizeof(int32), true, TYPALIGN_INT))},
		   NULL, SPI_OK_SELECT, 0);
	SpiEnd();
}

/* The case that the actor means, or the main case of that; false: there is none that he sees. */
static bool
FindMain(const char *task_num, const Actor *actor, const Case *c, Case *main)
{
	if (CaseLock(task_num, actor, main) != CBD_OK)
		return false;
	if (main->main_rec_id == 0 || main->main_rec_id == c->rec_id)
		return true;
	return CaseLockById(main->main_rec_id, main) && ActorSees(actor, main);
}

void
CheckMain(const Case *c, const Actor *actor, StepRequest *request)
{
	Case main = {0};

	request->main_status = CBD_OK;
	if (!FindMain(request->main_task_num, actor, c, &main))
	{
		ErrorPrint(&request->errors, false, "/mainTaskNum", CBD_NO_SUCH_MAIN,
				   "there is no case \"%s{case}\" that this one could be merged into",
				   ShortText(request->main_task_num, strlen(request->main_task_num)));
		return;
	}
	if (main.rec_id == c->rec_id)
	{
		ErrorAdd(&request->errors, "/mainTaskNum", CBD_MAIN_IS_SELF, NULL);
		return;
	}
	request->main_rec_id = main.rec_id;
	request->main_state = main.state;
	if (main.main_rec_id != 0)
		request->main_status = CBD_MERGE_CHAIN;
	else if (main.process_code == NULL)
		request->main_status = CBD_NO_PROCESS;
	/* what was reported after the main case was closed has come back: that is a case of its own */
	else if (main.base_state == STATE_VOID || ReportedAfterClosing(c->rec_id, main.rec_id))
		request->main_status = CBD_MAIN_ENDED;
}

/* The action with the effect from where the case is; NULL: its process has none. */
static const ProcessAction *
ActionWith(const Case *c, uint64 effect)
{
	for (int i = 0; i < c->process->action_count; i++)
	{
		const ProcessAction *action = &c->process->actions[i];

		if ((action->effects & effect) != 0 && (action->from >> c->stage->order & 1) != 0)
			return action;
	}
	return NULL;
}

/* A step with the effect of a duplicate, beside a step of its main case; nothing when it is its duplicate no
 * longer. False: its process has no such step. */
static bool
TakeBeside(int32 rec_id, int32 main_rec_id, uint64 effect, const Actor *actor, const OperatorPost *post,
		   StepRequest *request)
{
	const ProcessAction *action;
	StepMove move = {0};
	Case c;

	/* whoever undid the merge meanwhile went before */
	if (!CaseLockById(rec_id, &c) || c.main_rec_id != main_rec_id)
		return true;
	action = CaseProcess(&c) ? ActionWith(&c, effect) : NULL;
	if (action == NULL)
		return false;
	request->action = pstrdup(action->name);
	if (!StepMoveOf(&c, actor, request, action, &move))
		return false;
	move.post = post;
	return StepTake(&c, &move) == CBD_OK;
}

/* The duplicates of a case that is merged itself go to its new main case. */
static void
MergeDuplicates(const Case *before, const StepMove *move, TimestampTz now)
{
	const StepRequest *request = move->request;
	int32 *numbers;
	int count = CaseDuplicates(before->rec_id, &numbers);

	for (int i = 0; i < count; i++)
	{
		StepRequest beside = {.reason = request->reason,
							  .main_rec_id = request->main_rec_id,
							  .main_state = request->main_state};

		if (!TakeBeside(numbers[i], before->rec_id, EFFECT_MERGE, move->actor, move->post, &beside))
			CaseLinkStore(numbers[i], request->main_rec_id, now);
	}
}

void
LinksTake(const Case *before, const StepMove *move, TimestampTz now)
{
	if ((move->effects & EFFECT_MERGE) != 0)
	{
		MergeDuplicates(before, move, now);
		CaseLinkStore(before->rec_id, move->request->main_rec_id, now);
	}
	else if ((move->effects & EFFECT_UNMERGE) != 0)
		CaseLinkEnd(before->rec_id);
}

/* The duplicates of a case that has become void are reports of somebody else: on their own again. */
static void
ReleaseDuplicates(int32 main_rec_id)
{
	Actor platform = {ACTOR_ROLE, "platform"};
	int32 *numbers;
	int count = CaseDuplicates(main_rec_id, &numbers);

	for (int i = 0; i < count; i++)
	{
		StepRequest beside = {.reason = "the main case is void"};

		(void) TakeBeside(numbers[i], main_rec_id, EFFECT_UNMERGE, &platform, NULL, &beside);
	}
}

void
LinksFollow(const Case *c, const StepMove *move, TimestampTz now)
{
	if (move->keeps_version || c->main_rec_id != 0 || (move->effects & EFFECT_UNMERGE) != 0)
		return;
	if (move->moves && c->base_state == STATE_VOID)
		ReleaseDuplicates(c->rec_id);
	/* those, too, that could not be released */
	CaseDuplicatesFollow(c->rec_id, c->state, now);
}

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
	action = ActionWith(&c, EFFECT_MERGE);
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
		count = DuplicatesFind(&subject, &found);
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
