/*
 * Judging a subject: the terms of the rules that the index gives, in their order, until one stops. See
 * rule.h.
 *
 * What reads tables or runs an expression (within, path, count) may fail in ways that nobody foresees. All
 * rules are judged in one subtransaction first; if it fails, each is judged in its own, so that the one that
 * failed is known and the others count.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "core/guc.h"
#include "core/time_budget.h"
#include "rule/rule.h"
#include "rule/rule_guard.h"

/* ---- time ---- */

/* The weekday and minute of the subject's time in the platform's zone. */
static void
NeedTime(RuleSubject *subject)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (subject->time_known)
		return;
	if (timestamp2tm(subject->now, &offset, &tm, &fsec, NULL, PlatformZone()) != 0)
		elog(ERROR, "the time of a report is out of range");
	subject->weekday = (j2day(date2j(tm.tm_year, tm.tm_mon, tm.tm_mday)) + 6) % 7;
	subject->minute = tm.tm_hour * 60 + tm.tm_min;
	subject->time_known = true;
}

/* Is there working time between the two, by the default calendar? */
static int
HasWork(TimestampTz from, TimestampTz to)
{
	Calendar *calendar = CalendarFind(CALENDAR_DEFAULT, strlen(CALENDAR_DEFAULT));
	int64 work = 0;

	if (calendar == NULL || CalendarWorkBetween(calendar, from, to, &work) != CBD_OK)
		elog(ERROR, "the default calendar does not reach the time of a report");
	return work > 0;
}

/* Is the minute in one of the times of the day? */
static bool
InHours(const RuleTerms *terms, int minute)
{
	for (int i = 0; i < terms->hour_count; i++)
	{
		const RuleHours *hours = &terms->hours[i];

		if (hours->from < hours->to ? minute >= hours->from && minute < hours->to
									: minute >= hours->from || minute < hours->to)
			return true;
	}
	return terms->hour_count == 0;
}

static bool
TimeHolds(const RuleTerms *terms, RuleSubject *subject)
{
	NeedTime(subject);
	if ((terms->days != 0 && (terms->days >> subject->weekday & 1) == 0) || !InHours(terms, subject->minute))
		return false;
	if (terms->workday >= 0)
	{
		TimestampTz day = subject->now - subject->minute * USECS_PER_MINUTE;

		if (subject->workday < 0)
			subject->workday = HasWork(day, day + USECS_PER_DAY - USECS_PER_MINUTE);
		if (subject->workday != terms->workday)
			return false;
	}
	if (terms->working_hours && subject->working_now < 0)
		subject->working_now = HasWork(subject->now, subject->now + USECS_PER_SEC);
	return !terms->working_hours || subject->working_now == 1;
}

/* ---- place, path ---- */

static bool
WithinHolds(Rule *rule, const RuleSubject *subject)
{
	Shape *shape;
	double metres;

	if (!BoxHas(&rule->box, subject->place))
		return false;
	shape = RuleShape(rule);
	if (shape == NULL)
		elog(ERROR, "the place of the rule cannot be used: %s", ShapeMessage());
	metres = ShapeDistance(shape, subject->place);
	if (metres < 0)
		elog(ERROR, "the distance cannot be measured: %s", ShapeMessage());
	return metres <= rule->terms.metres;
}

/* True as jsonb_path_match() or jsonb_path_exists() says; what is unknown, as an error in lax mode is, is not
 * true. */
static bool
PathHolds(const RuleTerms *terms, RuleSubject *subject)
{
	LOCAL_FCINFO(fcinfo, 4);
	Datum holds;

	InitFunctionCallInfoData(*fcinfo, NULL, 4, InvalidOid, NULL, NULL);
	fcinfo->args[0] = (NullableDatum){RuleDocument(subject), false};
	fcinfo->args[1] = (NullableDatum){terms->path, false};
	fcinfo->args[2] = (NullableDatum){DirectFunctionCall1(jsonb_in, CStringGetDatum("{}")), false};
	fcinfo->args[3] = (NullableDatum){BoolGetDatum(true), false};
	holds = terms->path_is_predicate ? jsonb_path_match(fcinfo) : jsonb_path_exists(fcinfo);
	return !fcinfo->isnull && DatumGetBool(holds);
}

/* ---- terms ---- */

/* Is the text, or the number, one of the values? */
static bool
OneOf(const RuleValues *values, const char *text)
{
	for (int i = 0; i < values->count && text != NULL; i++)
		if (strcmp(values->values[i], text) == 0)
			return true;
	return values->count == 0;
}

static bool
OneOfNumbers(const RuleValues *values, bool present, int32 number)
{
	char text[12];

	pg_ltoa(number, text);
	return OneOf(values, present ? text : NULL);
}

/* The first list that the subject is not in; TERM_NONE: it is in all. */
static RuleTerm
FailingList(const RuleTerms *terms, const RuleSubject *subject)
{
	const RuleValues *lists = terms->lists;

	/* a rule without steps judges reports */
	if (lists[TERM_STEPS].count == 0 ? subject->step != NULL : !OneOf(&lists[TERM_STEPS], subject->step))
		return TERM_STEPS;
	if (lists[TERM_STEPS].count > 0 && subject->step == NULL)
		return TERM_STEPS;
	if (lists[TERM_TYPES].count > 0 && !RuleTypeFits(&lists[TERM_TYPES], subject))
		return TERM_TYPES;
	if (!OneOfNumbers(&lists[TERM_LEVELS], subject->has_level, subject->level))
		return TERM_LEVELS;
	if (!OneOfNumbers(&lists[TERM_SOURCES], true, subject->source))
		return TERM_SOURCES;
	if (lists[TERM_DIVISIONS].count > 0 && !RuleDivisionFits(&lists[TERM_DIVISIONS], subject))
		return TERM_DIVISIONS;
	return OneOf(&lists[TERM_SENDERS], subject->sender) ? TERM_NONE : TERM_SENDERS;
}

RuleTerm
RuleFailingTerm(Rule *rule, RuleSubject *subject)
{
	const RuleTerms *terms = &rule->terms;
	RuleTerm list = FailingList(terms, subject);

	if (list != TERM_NONE)
		return list;
	if (terms->has_time && !TimeHolds(terms, subject))
		return TERM_TIME;
	if (terms->has_within && !WithinHolds(rule, subject))
		return TERM_WITHIN;
	if (terms->path != 0 && !PathHolds(terms, subject))
		return TERM_PATH;
	return terms->has_count && !RuleCountHolds(terms, subject) ? TERM_COUNT : TERM_NONE;
}

/* ---- judging ---- */

/* Rules in their order, being judged. */
typedef struct Judging
{
	RuleSubject *subject;
	Rule **rules;
	int count;
	int place; /* of the one that is judged */
	RuleVerdict *verdict;
} Judging;

int
RuleCompare(const void *a, const void *b)
{
	const Rule *left = *(Rule *const *) a;
	const Rule *right = *(Rule *const *) b;

	return left->order != right->order ? (left->order < right->order ? -1 : 1)
									   : strcmp(left->code, right->code);
}

static void
AddTrouble(RuleVerdict *verdict, Rule *rule, CbdStatus status, char *message)
{
	verdict->troubles[verdict->trouble_count++] = (RuleTrouble){rule, status, message};
}

/* Judges the rule at judging->place; true: the ones after it are not looked at. */
static bool
JudgeOne(Judging *judging)
{
	Rule *rule = judging->rules[judging->place];

	if (RuleFailingTerm(rule, judging->subject) != TERM_NONE)
		return false;
	judging->verdict->matched[judging->verdict->count++] = rule;
	return rule->stop;
}

/* RuleWork: all of them. */
static CbdStatus
JudgeAll(void *state, char **message)
{
	Judging *judging = state;

	for (judging->place = 0; judging->place < judging->count; judging->place++)
	{
		if (JudgeOne(judging))
			break;
		CHECK_FOR_INTERRUPTS();
	}
	return CBD_OK;
}

/* RuleWork: one of them; *state says whether it stops. */
static CbdStatus
JudgeNext(void *state, char **message)
{
	Judging *judging = state;

	CHECK_FOR_INTERRUPTS();
	if (JudgeOne(judging))
		judging->count = judging->place + 1;
	return CBD_OK;
}

/* All of them in one subtransaction; false: not all could be judged. */
static bool
JudgeTogether(Judging *judging)
{
	char *message;

	return RuleGuarded(JudgeAll, judging, &message) == CBD_OK;
}

/* One by one, those that fail or are not reached in time being listed. */
static bool
JudgeSingly(Judging *judging)
{
	RuleVerdict *verdict = judging->verdict;

	verdict->count = 0;
	for (judging->place = 0; judging->place < judging->count; judging->place++)
	{
		char *message;
		int matched = verdict->count;
		CbdStatus status = RuleGuarded(JudgeNext, judging, &message);

		if (status == CBD_OK)
			continue;
		verdict->count = matched;
		AddTrouble(verdict, judging->rules[judging->place], status, status == CBD_RULE_TIME ? NULL : message);
		/* those after it are not looked at either: one row says so */
		if (status == CBD_RULE_TIME)
			break;
	}
	return true;
}

/* Judges within citybigdata.rule_budget: what takes longer is interrupted, be it a single predicate. */
static bool
InTime(bool (*judge)(Judging *judging), Judging *judging)
{
	volatile bool good = false;

	TimeBudgetBegin(guc_rule_budget);
	PG_TRY();
	{
		good = judge(judging);
	}
	PG_FINALLY();
	{
		TimeBudgetEnd();
	}
	PG_END_TRY();
	return good;
}

/* The candidates that are in force, in their order. */
static void
Collect(RuleSubject *subject, Rule *instead, Judging *judging, bool *guarded)
{
	const RuleSet *set = RuleSetNow();
	int count;
	Rule **candidates = RuleCandidates(set->index, subject, &count);

	judging->rules = palloc(sizeof(Rule *) * (count + 1));
	for (int i = 0; i < count; i++)
	{
		Rule *rule = candidates[i];

		if (!RuleInForce(rule, subject->as_of) || (instead != NULL && strcmp(rule->code, instead->code) == 0))
			continue;
		judging->rules[judging->count++] = rule;
	}
	if (instead != NULL && !instead->ended)
		judging->rules[judging->count++] = instead;
	for (int i = 0; i < judging->count; i++)
	{
		const RuleTerms *terms = &judging->rules[i]->terms;

		*guarded = *guarded || terms->has_time || terms->has_within || terms->path != 0 || terms->has_count;
	}
	if (judging->count > 1)
		qsort(judging->rules, judging->count, sizeof(Rule *), RuleCompare);
}

void
RuleJudge(RuleSubject *subject, Rule *instead, RuleVerdict *verdict)
{
	Judging judging = {.subject = subject, .verdict = verdict};
	bool guarded = false;
	char *message;

	*verdict = (RuleVerdict){0};
	Collect(subject, instead, &judging, &guarded);
	if (judging.count == 0)
		return;
	verdict->matched = palloc(sizeof(Rule *) * judging.count);
	if (!guarded)
	{
		(void) JudgeAll(&judging, &message);
		return;
	}
	verdict->troubles = palloc(sizeof(RuleTrouble) * judging.count);
	if (!InTime(JudgeTogether, &judging))
		(void) InTime(JudgeSingly, &judging);
}
