/*
 * The main case of a merge: locking, and judging whether a case can be merged into it; see step.h and
 * duplicate/duplicate.h.
 *
 * Locks. Merges come one after the other (OwnLock). Rows are locked in the order of main cases, each before
 * its duplicates, so that no two transactions wait for each other in a circle; a report that a rule links is
 * not seen by others yet.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

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

const ProcessAction *
CaseActionWith(const Case *c, uint64 effect)
{
	for (int i = 0; i < c->process->action_count; i++)
	{
		const ProcessAction *action = &c->process->actions[i];

		if ((action->effects & effect) != 0 && (action->from >> c->stage->order & 1) != 0)
			return action;
	}
	return NULL;
}
