/* What steps mean to the facts of a case; see fact_fold.h. docs/indicators.md tells the same in words. */
#include "postgres.h"

#include "indicator/fact_fold.h"

typedef void (*FactRule)(CaseFacts *facts, const FactStep *step);

void
FactsBegin(CaseFacts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->report = 1;
	for (int i = 0; i < FACT_TIME_COUNT; i++)
		facts->time[i] = FACT_NEVER;
}

static void
Report(CaseFacts *facts, const FactStep *step)
{
	facts->report = 1;
	facts->reporter = step->by_account;
}

static void
Accept(CaseFacts *facts, const FactStep *step)
{
	facts->operate = 1;
	facts->valid_report = 1;
}

/* What need not be dispatched or handled any more. */
static void
DropNeeds(CaseFacts *facts)
{
	facts->need_dispatch = facts->dispatch;
	facts->need_dispose = facts->dispose;
	facts->hang = 0;
}

/* reject, void, withdraw: no problem that had to be filed; one that was, was not filed rightly. */
static void
Drop(CaseFacts *facts, const FactStep *step)
{
	facts->valid_report = 0;
	facts->accur_inst = 0;
	facts->not_inst = !facts->inst;
	facts->cancel = strcmp(step->action, "reject") != 0;
	DropNeeds(facts);
}

static void
AskVerify(CaseFacts *facts, const FactStep *step)
{
	facts->need_verify = 1;
	facts->verify = facts->intime_verify = 0;
}

static void
Verify(CaseFacts *facts, const FactStep *step)
{
	facts->need_verify = facts->verify = 1;
	facts->intime_verify = !step->request_late;
	facts->verifier = step->by_account;
}

static void
AskCheck(CaseFacts *facts, const FactStep *step)
{
	facts->need_check = 1;
	facts->check = facts->intime_check = 0;
}

static void
Check(CaseFacts *facts, const FactStep *step)
{
	facts->need_check = facts->check = 1;
	facts->intime_check = !step->request_late;
	facts->checker = step->by_account;
}

/* Filing again, after it was sent back, can only be as good as before. */
static void
File(CaseFacts *facts, const FactStep *step)
{
	facts->intime_inst = (!facts->inst || facts->intime_inst) && !step->stage_late;
	facts->accur_inst = !facts->inst || facts->accur_inst;
	facts->operate = facts->valid_report = facts->inst = 1;
	facts->not_inst = facts->cancel = 0;
	facts->need_dispatch = 1;
	facts->filer = step->by_account;
	if (facts->bundle_begin == FACT_NEVER)
		facts->bundle_begin = step->time;
}

static void
Dispatch(CaseFacts *facts, const FactStep *step)
{
	facts->intime_dispatch = (!facts->dispatch || facts->intime_dispatch) && !step->stage_late;
	facts->accur_dispatch = !facts->wrong_dispatch;
	facts->need_dispatch = facts->dispatch = facts->need_dispose = 1;
	facts->dispatcher = step->by_account;
	facts->dispose_begin = step->time;
}

/* A unit that sends it back was the wrong one; a dispatcher who does says that it was not filed rightly. */
static void
Return(CaseFacts *facts, const FactStep *step)
{
	const char *role = step->by_role != NULL ? step->by_role : "";

	facts->back = 1;
	if (strcmp(role, "unit") == 0 || strcmp(role, "handler") == 0)
	{
		facts->wrong_dispatch = 1;
		facts->accur_dispatch = 0;
		facts->need_dispose = facts->dispose;
	}
	else if (strcmp(role, "dispatcher") == 0)
		facts->accur_inst = 0;
}

static void
Handle(CaseFacts *facts, const FactStep *step)
{
	facts->need_dispose = facts->dispose = 1;
	facts->overtime_dispose = step->stage_late;
	facts->intime_dispose = !step->stage_late;
	facts->disposer = step->by_account;
	facts->dispose_end = step->time;
}

/* The inspector has done it: filed and handled at once, without a dispatch. */
static void
Direct(CaseFacts *facts, const FactStep *step)
{
	File(facts, step);
	facts->need_dispatch = facts->dispatch;
	facts->dispose_begin = step->time;
	Handle(facts, step);
}

/* What was handled is not done. */
static void
Undispose(CaseFacts *facts)
{
	facts->dispose = facts->intime_dispose = facts->overtime_dispose = 0;
	facts->dispose_end = FACT_NEVER;
}

static void
Rework(CaseFacts *facts, const FactStep *step)
{
	facts->multi_rework = facts->rework;
	facts->rework = facts->need_dispose = 1;
	Undispose(facts);
}

static void
Close(CaseFacts *facts, const FactStep *step)
{
	facts->archive = 1;
	facts->overtime_archive = step->chain_late;
	facts->intime_archive = !step->chain_late;
	facts->closer = step->by_account;
	facts->bundle_end = step->time;
	DropNeeds(facts);
}

/* From closed or void. */
static void
Reopen(CaseFacts *facts, const FactStep *step)
{
	if (facts->archive)
	{
		facts->need_dispatch = 1;
		facts->need_dispose = 0;
		Undispose(facts);
	}
	else
		facts->need_dispatch = facts->inst;
	facts->archive = facts->intime_archive = facts->overtime_archive = facts->exempt = 0;
	facts->bundle_end = FACT_NEVER;
	facts->cancel = facts->not_inst = 0;
	facts->valid_report = facts->operate;
}

static void
Suspend(CaseFacts *facts, const FactStep *step)
{
	facts->hang = facts->his_hang = 1;
}

static void
Resume(CaseFacts *facts, const FactStep *step)
{
	facts->hang = 0;
}

static void
Postpone(CaseFacts *facts, const FactStep *step)
{
	facts->postpone = 1;
}

/* An appeal that is allowed: the late mark stays a fact, and does not count in the rates. */
static void
DecideAppeal(CaseFacts *facts, const FactStep *step)
{
	if (step->result != NULL && strcmp(step->result, "pass") == 0)
		facts->exempt = 1;
}

/* The last visit counts. */
static void
Visit(CaseFacts *facts, const FactStep *step)
{
	facts->visit = 1;
	facts->satisfied = step->evaluation >= 4;
	facts->neutral = step->evaluation == 3;
	facts->unsatisfied = step->evaluation == 1 || step->evaluation == 2;
}

/* Handled; a case that was handled without a dispatch (direct) stays so. */
static void
CompleteHandled(CaseFacts *facts)
{
	if (facts->dispose)
		return;
	facts->need_dispose = facts->dispose = facts->intime_dispose = 1;
}

/* With whoever handles it. */
static void
CompleteDispatched(CaseFacts *facts)
{
	if (!facts->inst)
		facts->inst = facts->intime_inst = facts->accur_inst = 1;
	facts->not_inst = facts->cancel = 0;
	if (facts->dispatch || facts->dispose)
		return;
	facts->need_dispatch = facts->dispatch = facts->intime_dispatch = facts->need_dispose = 1;
	facts->accur_dispatch = !facts->wrong_dispatch;
}

void
FactsComplete(CaseFacts *facts, int state)
{
	enum
	{
		STATE_FILED = 3,
		STATE_HANDLED = 4,
		STATE_CHECKED = 5,
		STATE_CLOSED = 6,
		STATE_VOID = 7
	};
	static const FactStep nobody = {.action = "void"};

	if (state == STATE_VOID && !facts->cancel && !facts->not_inst)
		Drop(facts, &nobody);
	if (state < STATE_FILED || state == STATE_VOID)
		return;
	facts->operate = facts->valid_report = 1;
	if (state >= STATE_HANDLED && state <= STATE_CLOSED)
		CompleteDispatched(facts);
	if (state >= STATE_CHECKED && state <= STATE_CLOSED)
		CompleteHandled(facts);
	if (state == STATE_CLOSED)
	{
		if (!facts->archive)
			facts->archive = facts->intime_archive = 1;
		DropNeeds(facts);
	}
}

/* A case that was there before its process: history that was loaded. */
static void
Start(CaseFacts *facts, const FactStep *step)
{
	FactsComplete(facts, step->from_state);
}

/* Another case counts in its place as what had to be done (view case_facts); what was done before stays. */
static void
Merge(CaseFacts *facts, const FactStep *step)
{
	facts->merged = 1;
}

static void
Unmerge(CaseFacts *facts, const FactStep *step)
{
	facts->merged = 0;
}

bool
FactsApply(CaseFacts *facts, const FactStep *step)
{
	static const struct
	{
		const char *action;
		FactRule rule;
	} rules[] = {
		{"report", Report},
		{"accept", Accept},
		{"reject", Drop},
		{"void", Drop},
		{"withdraw", Drop},
		{"askVerify", AskVerify},
		{"verify", Verify},
		{"askCheck", AskCheck},
		{"check", Check},
		{"file", File},
		{"dispatch", Dispatch},
		{"return", Return},
		{"handle", Handle},
		{"direct", Direct},
		{"rework", Rework},
		{"close", Close},
		{"reopen", Reopen},
		{"suspend", Suspend},
		{"resume", Resume},
		{"grantExtension", Postpone},
		{"decideAppeal", DecideAppeal},
		{"visit", Visit},
		{"start", Start},
		{"merge", Merge},
		{"unmerge", Unmerge},
	};

	for (int i = 0; i < lengthof(rules); i++)
		if (strcmp(rules[i].action, step->action) == 0)
		{
			rules[i].rule(facts, step);
			return true;
		}
	return false;
}
