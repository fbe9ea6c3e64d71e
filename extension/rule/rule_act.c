/*
 * What the rules that matched do: each in a subtransaction of its own, so that one that fails takes nothing
 * with it. Tables: rule_act, which rules acted on a case; rule_failure, which failed, for administrators.
 * See rule_action.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/commit.h"
#include "core/field.h"
#include "core/row_insert.h"
#include "core/spi.h"
#include "rule/rule_action.h"
#include "rule/rule_guard.h"

/* Bytes of a message that are kept. */
#define MESSAGE_BYTES 1000

void
RuleChoose(const RuleVerdict *verdict, RuleChoice *choice)
{
	memset(choice, 0, sizeof(*choice));
	for (int i = 0; i < verdict->count; i++)
		for (int j = 0; j < verdict->matched[i]->action_count; j++)
		{
			const RuleAction *action = &verdict->matched[i]->actions[j];

			if (action->kind->choose != NULL)
				action->kind->choose(action->what, choice);
		}
}

/* ---- rows ---- */

/* The rules that acted, as code/version. */
static void
WriteActs(const RuleVerdict *verdict, const RuleSubject *subject, int32 rec_id)
{
	static InsertTable table = {.table = "rule_act", .columns = "rec_id, acted_at, step, rules"};
	static SpiQuery query = {
		"INSERT INTO citybigdata.rule_act (rec_id, acted_at, step, rules) VALUES ($1, $2, "
		"$3, $4)",
		4,
		{INT4OID, TIMESTAMPTZOID, TEXTOID, TEXTARRAYOID}};
	char **names = palloc(sizeof(char *) * Max(verdict->count, 1));
	Datum values[4] = {Int32GetDatum(rec_id), TimestampTzGetDatum(subject->now),
					   subject->step == NULL ? (Datum) 0 : CStringGetTextDatum(subject->step)};
	bool nulls[4] = {false, false, subject->step == NULL, false};

	if (verdict->count == 0)
		return;
	for (int i = 0; i < verdict->count; i++)
		names[i] = psprintf("%s/%d", verdict->matched[i]->code, verdict->matched[i]->version);
	values[3] = TextArrayDatum(names, verdict->count);
	if (RowInsert(&table, values, nulls))
		return;
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* A text cut to so many bytes, at a character. */
static Datum
CutText(const char *text, int bytes)
{
	int length = (int) strlen(text);

	return PointerGetDatum(
		cstring_to_text_with_len(text, length <= bytes ? length : pg_mbcliplen(text, length, bytes)));
}

/* The rules that failed. */
static void
WriteTroubles(const RuleVerdict *verdict, const RuleSubject *subject, int32 rec_id)
{
	/* clang-format off */
	static SpiQuery query = {
		"INSERT INTO citybigdata.rule_failure (rule_code, version, rec_id, step, failed_at, status_code, message)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)",
		7, {TEXTOID, INT4OID, INT4OID, TEXTOID, TIMESTAMPTZOID, INT4OID, TEXTOID}};
	/* clang-format on */

	for (int i = 0; i < verdict->trouble_count; i++)
	{
		const RuleTrouble *trouble = &verdict->troubles[i];
		const char *message = trouble->message == NULL ? StatusMessage(trouble->status) : trouble->message;
		Datum values[7] = {CStringGetTextDatum(trouble->rule->code),
						   Int32GetDatum(trouble->rule->version),
						   Int32GetDatum(rec_id),
						   subject->step == NULL ? (Datum) 0 : CStringGetTextDatum(subject->step),
						   TimestampTzGetDatum(subject->now),
						   Int32GetDatum((int32) trouble->status),
						   CutText(message, MESSAGE_BYTES)};
		bool nulls[7] = {[3] = subject->step == NULL};

		SpiBegin();
		SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
		SpiEnd();
	}
}

/* ---- acting ---- */

/* Has the rule something to do with the stored case? */
static bool
Acts(const Rule *rule, bool of_report)
{
	for (int i = 0; i < rule->action_count; i++)
		if (rule->actions[i].kind->act != NULL && (!of_report || rule->actions[i].kind->acts_on_report))
			return true;
	return false;
}

/* A rule at work. */
typedef struct Work
{
	RuleActing acting;
	bool of_report;
} Work;

/* RuleWork: the actions of one rule, in order; a refusal ends it. */
static CbdStatus
ActRule(void *state, char **message)
{
	Work *work = state;
	const Rule *rule = work->acting.rule;

	for (int i = 0; i < rule->action_count; i++)
	{
		const RuleAction *action = &rule->actions[i];
		CbdStatus status;

		if (action->kind->act == NULL || (work->of_report && !action->kind->acts_on_report))
			continue;
		status = action->kind->act(action->what, &work->acting);
		if (status != CBD_OK)
		{
			*message = psprintf("%s: %s", action->kind->name,
								work->acting.message == NULL ? StatusMessage(status) : work->acting.message);
			return status;
		}
	}
	return CBD_OK;
}

/* What rules without the failed ones decide: level, unit and condition that are no longer so are put right.
 * The process stays: the case is in it. */
static void
PutRight(const RuleVerdict *verdict, const RuleChoice *done, const RuleSubject *subject)
{
	/* clang-format off */
	static SpiQuery query = {
		"WITH task AS (UPDATE citybigdata.case_task SET unit_code = $3 WHERE rec_id = $1) "
		"UPDATE citybigdata.event SET event_level_id = $2, unit_code = $3, condition_code = $4, update_time = $5 "
		"WHERE rec_id = $1",
		5, {INT4OID, INT4OID, TEXTOID, TEXTOID, TIMESTAMPTZOID}, NULL, true};
	/* clang-format on */
	RuleChoice right;
	Datum values[5];
	bool nulls[5] = {false};

	RuleChoose(verdict, &right);
	if (right.unit == done->unit && right.condition == done->condition &&
		right.level.present == done->level.present && right.level.value == done->level.value)
		return;
	values[0] = Int32GetDatum(subject->rec_id);
	nulls[1] = !right.level.present && !subject->has_level;
	values[1] = Int32GetDatum(right.level.present ? right.level.value : subject->level);
	nulls[2] = right.unit == NULL;
	values[2] = nulls[2] ? (Datum) 0 : CStringGetTextDatum(right.unit);
	nulls[3] = right.condition == NULL;
	values[3] = nulls[3] ? (Datum) 0 : CStringGetTextDatum(right.condition);
	values[4] = TimestampTzGetDatum(ChangeInstant());
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* Runs one rule; on failure the case is as it was. */
static bool
RunRule(RuleVerdict *verdict, Rule *rule, Work *work)
{
	Case before = *work->acting.c;
	char *message;
	CbdStatus status;

	work->acting.rule = rule;
	work->acting.message = NULL;
	work->acting.remark = CBD_OK;
	work->acting.actor = (Actor){ACTOR_RULE, .name = psprintf("rule %s", rule->code)};
	status = RuleGuarded(ActRule, work, &message);
	if (status == CBD_OK)
	{
		if (work->acting.remark != CBD_OK)
			verdict->troubles[verdict->trouble_count++] = (RuleTrouble){rule, work->acting.remark, NULL};
		return true;
	}
	*work->acting.c = before;
	verdict->troubles[verdict->trouble_count++] = (RuleTrouble){rule, status, message};
	return false;
}

void
RuleAct(const RuleVerdict *judged, RuleSubject *subject, RuleChoice *choice, Case *c, bool of_report)
{
	RuleVerdict verdict = *judged;
	Work work = {{.subject = subject, .choice = choice, .c = c}, of_report};
	bool failed = false;
	Case stored;

	/* the rules that stay, and those that fail, in lists of their own */
	verdict.matched = palloc(sizeof(Rule *) * Max(judged->count, 1));
	verdict.troubles = palloc(sizeof(RuleTrouble) * (judged->count + judged->trouble_count + 1));
	if (judged->trouble_count > 0)
		memcpy(verdict.troubles, judged->troubles, sizeof(RuleTrouble) * judged->trouble_count);
	verdict.count = 0;
	for (int i = 0; i < judged->count; i++)
	{
		Rule *rule = judged->matched[i];
		bool done = true;

		if (Acts(rule, of_report))
		{
			if (work.acting.c == NULL && CaseLockById(subject->rec_id, &stored))
				work.acting.c = &stored;
			done = work.acting.c != NULL && RunRule(&verdict, rule, &work);
		}
		if (done)
			verdict.matched[verdict.count++] = rule;
		failed = failed || !done;
	}
	if (failed && of_report)
		PutRight(&verdict, choice, subject);
	WriteActs(&verdict, subject, subject->rec_id);
	WriteTroubles(&verdict, subject, subject->rec_id);
}
