/* Saving rules: what is looked at, and what is written. See rule.h. */
#ifndef CBD_RULE_STORE_H
#define CBD_RULE_STORE_H

#include "postgres.h"

#include "rule/rule.h"

/* A rule that may be saved. */
typedef struct RuleDraft
{
	Rule *rule;
	char *text;   /* its JSON form */
	bytea *place; /* EWKB of `within`; NULL: none */
} RuleDraft;

typedef struct SavedRule
{
	char *code;
	int version;
	bool same; /* as the newest version was: nothing is written */
} SavedRule;

/* Reads and checks a definition, its place too; what is wrong is added to the errors. draft->rule is NULL
 * when it is no object. */
extern void RuleExamine(const JsonNode *root, ErrorList *errors, RuleDraft *draft);

/* Gives a draft without errors the shape that judging needs, and its time: from now unless it says so. */
extern void RulePrepare(RuleDraft *draft);

/* Writes it as a version; versions that overlap, or nothing to end, are errors. */
extern SavedRule RuleSave(RuleDraft *draft, const char *saved_by, ErrorList *errors);

/* The geometry of `within` as EWKB: GeoJSON, or the rows of a resource (rule_place.c). */
extern bytea *RuleReadPlace(const Rule *rule, ErrorList *errors);

/* What the rules that matched come to: for telling and comparing (rule_outcome.c). */
typedef struct RuleOutcome
{
	char *done;  /* JSON without the names of rules */
	char *rules; /* JSON array of code/version */
} RuleOutcome;

extern void RuleOutcomeOf(const RuleVerdict *verdict, RuleOutcome *outcome);

/* ---- explaining (rule_explain.c) ---- */

/* What a rule does about a subject. */
typedef struct RuleExplained
{
	const Rule *rule;
	RuleTerm term;    /* that does not hold; TERM_NONE */
	bool acts;        /* matches, and no rule before it stops */
	CbdStatus status; /* it cannot be judged */
	char *message;
} RuleExplained;

/* The rules in force, in their order; the candidates alone, or all. */
extern RuleExplained *RuleExplain(RuleSubject *subject, bool all, int *count);

/* The subject that a JSON text names: an event of table A.4, {senderCode, data}, or {taskNum, step}. */
extern CbdStatus RuleSubjectOfText(const char *text, size_t length, RuleSubject *subject, ErrorList *errors);

/* ---- trying (rule_dry_run.c) ---- */

/* Past events that are judged by one call, the newest ones. */
#define RULE_DRY_RUN_EVENTS 10000

/* An event whose outcome would change. */
typedef struct RuleChange
{
	char *task_num;
	TimestampTz time;
	RuleOutcome before, after;
} RuleChange;

typedef struct RuleDryRun
{
	int judged;
	bool more; /* there are older ones */
	RuleChange *changes;
	int count;
} RuleDryRun;

/* In current memory. from <= time of receipt < to. */
extern void RuleTry(Rule *rule, TimestampTz from, TimestampTz to, RuleDryRun *run);

#endif
