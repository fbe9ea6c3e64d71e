/*
 * dry_run_rule(): past events judged by the rules of now, and by these with one rule in the place of its
 * older versions; those that come to something else are told. Nothing is written. Events are those that are
 * stored, not the archived ones; a rule at steps is tried on the steps of these events. See rule_store.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/field.h"
#include "core/spi.h"
#include "rule/rule_rows.h"
#include "rule/rule_store.h"

/* Columns of a step after those of the case. */
enum
{
	STEP_TIME = RULE_SUBJECT_TASK_NUM + 1,
	STEP_ACTION,
	STEP_RESULT,
	STEP_FROM,
	STEP_TO,
	STEP_STATE
};

/* clang-format off */
/* $1 <= time of receipt < $2, the newest $3 */
static SpiQuery events_query = {
	"SELECT " RULE_SUBJECT_COLUMNS " FROM citybigdata.event e WHERE e.receive_time >= $1 AND e.receive_time < $2"
	" ORDER BY e.receive_time DESC, e.rec_id DESC LIMIT $3",
	3, {TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID}, NULL};
static SpiQuery steps_query = {
	"SELECT " RULE_SUBJECT_COLUMNS ", s.step_time, s.action, s.result, s.from_stage, s.to_stage, s.to_state"
	" FROM citybigdata.event e JOIN citybigdata.event_step s ON s.rec_id = e.rec_id"
	" WHERE e.receive_time >= $1 AND e.receive_time < $2 AND s.action = ANY ($4)"
	" ORDER BY s.step_time DESC, s.rec_id DESC, s.step_no DESC LIMIT $3",
	4, {TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID, TEXTARRAYOID}, NULL};
/* clang-format on */

/* The rows that the rule is tried on. */
static uint64
ReadSubjects(const Rule *rule, TimestampTz from, TimestampTz to)
{
	const RuleValues *steps = &rule->terms.lists[TERM_STEPS];
	Datum values[4] = {TimestampTzGetDatum(from), TimestampTzGetDatum(to),
					   Int32GetDatum(RULE_DRY_RUN_EVENTS + 1)};

	if (steps->count == 0)
		return SpiRead(&events_query, values, NULL, 0);
	values[3] = TextArrayDatum(steps->values, steps->count);
	return SpiRead(&steps_query, values, NULL, 0);
}

/* The subject of a row. */
static void
SubjectOf(const Rule *rule, uint64 row, RuleSubject *subject)
{
	RuleSubjectOfRow(row, subject);
	if (rule->terms.lists[TERM_STEPS].count == 0)
		return;
	subject->now = SpiInt64(row, STEP_TIME);
	subject->step = SpiText(row, STEP_ACTION);
	subject->result = SpiText(row, STEP_RESULT);
	subject->from_stage = SpiText(row, STEP_FROM);
	subject->stage = SpiText(row, STEP_TO);
	subject->state = SpiInt32(row, STEP_STATE);
}

/* Judges one; true: the outcome would change. */
static bool
TryOne(Rule *rule, RuleSubject *subject, RuleChange *change)
{
	RuleVerdict before, after;

	RuleJudge(subject, NULL, &before);
	RuleOutcomeOf(&before, &change->before);
	RuleJudge(subject, rule, &after);
	RuleOutcomeOf(&after, &change->after);
	return strcmp(change->before.done, change->after.done) != 0;
}

/* A change in the caller's memory. */
static void
Keep(RuleDryRun *run, const RuleChange *change, uint64 row, MemoryContext caller)
{
	MemoryContext one = MemoryContextSwitchTo(caller);

	run->changes[run->count++] = (RuleChange){pstrdup(SpiText(row, RULE_SUBJECT_TASK_NUM)),
											  change->time,
											  {pstrdup(change->before.done), pstrdup(change->before.rules)},
											  {pstrdup(change->after.done), pstrdup(change->after.rules)}};
	MemoryContextSwitchTo(one);
}

void
RuleTry(Rule *rule, TimestampTz from, TimestampTz to, RuleDryRun *run)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext one = AllocSetContextCreate(caller, "dry run", ALLOCSET_DEFAULT_SIZES);
	uint64 count;

	memset(run, 0, sizeof(*run));
	SpiBegin();
	count = ReadSubjects(rule, from, to);
	run->more = count > RULE_DRY_RUN_EVENTS;
	run->judged = (int) Min(count, RULE_DRY_RUN_EVENTS);
	run->changes = MemoryContextAlloc(caller, sizeof(RuleChange) * Max(run->judged, 1));
	for (int i = 0; i < run->judged; i++)
	{
		RuleSubject subject;
		RuleChange change;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(one);
		SubjectOf(rule, i, &subject);
		change.time = subject.now;
		if (TryOne(rule, &subject, &change))
			Keep(run, &change, i, caller);
		MemoryContextReset(one);
	}
	SpiEnd();
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(one);
}
