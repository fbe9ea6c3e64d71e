/*
 * Rules (clause 4, 规则引擎): what the platform does with a report or a case by itself, as data.
 *
 *   JSON --rule_parse.c--> Rule + errors; terms: rule_terms.c, rule_path.c; actions: rule_action.h
 *          save_rule(): rule_store.c writes one row of table rule, never changed again
 *   report  --rule_hook.c--> RuleSubject --RuleJudge()--> RuleVerdict: those that match, in order, until
 * `stop` step    --rule_hook.c-->                 rule_index.c  candidates by equality, before any predicate
 * runs rule_judge.c  the terms of each candidate
 *           --rule_act.c---> their actions, each rule in a subtransaction: one that fails is listed and
 * skipped explain_rules(): rule_explain.c; dry_run_rule(): rule_dry_run.c
 *
 * Words. A rule has terms (`when`), all of which must hold, and actions (`then`). The subject is the report
 * or the case that is judged; a rule judges reports, or, with the term `steps`, cases after those steps. A
 * type or a division stands for all below it. Rules are judged on the subject as it was before any of them
 * acted, in ascending order; where two set the same, the later one stays. A version is good from valid_from
 * until valid_to, the next version's valid_from, or the end of the rule.
 *
 * A rule set belongs to the backend and is renewed when table rule changes (rule_cache.c); what RuleJudge()
 * hands out is good until the next call. Nothing here raises an error for what a report says.
 */
#ifndef CBD_RULE_H
#define CBD_RULE_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "core/error_list.h"
#include "core/json_tree.h"
#include "event/event.h"
#include "place/shape.h"

/* Limits of one rule: values of a list, actions, characters of a code, range of `order`. */
#define RULE_VALUES  200
#define RULE_ACTIONS 10
#define RULE_CODE    63
#define RULE_ORDER   1000000

/* ---- terms ---- */

/* The terms in the order in which they are looked at: cheap ones first. */
typedef enum RuleTerm
{
	TERM_STEPS,
	TERM_TYPES,
	TERM_LEVELS,
	TERM_SOURCES,
	TERM_DIVISIONS,
	TERM_SENDERS,
	TERM_TIME,
	TERM_WITHIN,
	TERM_PATH,
	TERM_COUNT,
	TERM_NONE /* all hold */
} RuleTerm;
#define RULE_LISTS (TERM_SENDERS + 1) /* terms that are lists of values, and found by the index */

/* One list of values; count 0: any value. */
typedef struct RuleValues
{
	char **values;
	int count;
} RuleValues;

/* Minutes of the day, from <= t < to; from > to: over midnight. */
typedef struct RuleHours
{
	int from, to;
} RuleHours;

/* What `count` counts. */
typedef enum RuleCounted
{
	COUNT_ANY,
	COUNT_TYPE,
	COUNT_MAIN_TYPE,
	COUNT_SUB_TYPE,
	COUNT_SENDER
} RuleCounted;

typedef struct RuleTerms
{
	RuleValues lists[RULE_LISTS];
	bool has_time;
	int days; /* bit 0 Monday; 0: any */
	RuleHours *hours;
	int hour_count;
	bool working_hours; /* hours of the calendar */
	int workday;        /* 1, 0; -1: any */
	bool has_within;
	double metres;
	const JsonNode *geometry; /* of `within`, while it is being saved */
	const char *resource;
	bool has_count;
	RuleCounted counted;
	int64 count_within; /* microseconds */
	double count_metres;
	int at_least;
	Datum path; /* jsonpath; 0: none */
	bool path_is_predicate;
} RuleTerms;

/* ---- rules ---- */

struct RuleActionKind;

/* One action of a rule. */
typedef struct RuleAction
{
	const struct RuleActionKind *kind;
	const void *what; /* of the kind */
	const char *text; /* canonical JSON: for comparing and telling */
} RuleAction;

typedef struct Rule
{
	int64 no; /* of its row: grows with every save */
	char *code;
	int version;
	int order;
	TimestampTz from, to; /* in force: from <= t < to */
	RuleTerms terms;
	RuleAction *actions;
	int action_count;
	bool stop;
	bool ended;              /* no rule: the end of those before */
	ShapeBox box;            /* of `within`, widened by its metres */
	Shape *shape;            /* NULL: not read yet */
	const char *title;       /* NULL */
	TimestampTz given_from;  /* validFrom; DT_NOBEGIN: when it is saved */
	TimestampTz given_until; /* validTo; DT_NOEND */
	uint32 seen;             /* by the last search that came upon it */
	struct Rule *older;      /* the version saved before; NULL */
} Rule;

/* Reading a rule: `check`: codes must be known now, as for saving; without, what was saved is read again.
 * What the rule keeps is in `keep`. */
typedef struct RuleReading
{
	ErrorList *errors;
	bool check;
	MemoryContext keep;
	Rule *rule;
} RuleReading;

/* A rule out of its JSON form. Errors are added; what is wrong is left out. NULL: it is no object. */
extern Rule *RuleRead(const JsonNode *root, RuleReading *reading);

/* The terms (rule_terms.c), a path (rule_path.c), the actions (rule_action.c). */
extern void RuleReadTerms(const JsonNode *node, RuleReading *reading);
extern void RuleReadPath(const JsonNode *node, RuleReading *reading);
extern void RuleReadActions(const JsonNode *list, RuleReading *reading);

/* A copy that the rule keeps; NULL stays NULL. */
extern char *RuleKeep(const RuleReading *reading, const char *text);

/* Microseconds of a duration of ISO 8601 (PnD, PTnH, PTnM) of up to so many days; 0: wrong, with an error. */
extern int64 RuleReadDuration(const JsonNode *node, int days, ErrorList *errors);

/* The name of a term as `when` has it. */
extern const char *RuleTermName(RuleTerm term);

/* ---- what is judged ---- */

/* A report, or a case after a step. Texts are NULL where there is nothing. */
typedef struct RuleSubject
{
	TimestampTz now;   /* of receipt, or of the step */
	TimestampTz as_of; /* rules in force then: `now`, unless past events are judged */
	int32 rec_id;      /* 0: not stored yet */
	const char *step;  /* the action; NULL: a report */
	const char *type, *main_type, *sub_type;
	bool has_level;
	int32 level;
	int32 source;
	const char *sender;
	const char *district, *street, *community;
	LonLat place;
	/* for paths */
	const char *desc, *address, *other_task_num, *ext;
	int32 rec_type, media_count;
	TimestampTz create_time;
	const char *result, *from_stage, *stage, *unit, *condition;
	int32 state, rework_count;
	bool supervised;
	/* kept while it is judged */
	void *document; /* Jsonb: see RuleDocument() */
	bool time_known;
	int weekday, minute;
	int workday, working_now; /* -1: not asked yet */
} RuleSubject;

/* The subject of a report that is about to be stored; of a stored case, archived ones too, as it is now
 * (false: there is none). rule_subject.c */
extern void RuleSubjectOfReport(const EventReport *report, const char *sender, RuleSubject *subject);
extern bool RuleSubjectOfCase(int32 rec_id, RuleSubject *subject);

/* The most special division of the subject; NULL. */
extern const char *RuleDivision(const RuleSubject *subject);

/* The document that paths look at: the fields of table A.4 without what is personal. */
extern Datum RuleDocument(RuleSubject *subject);

/* ---- the set (rule_cache.c, rule_index.c) ---- */

typedef struct RuleIndex RuleIndex;

typedef struct RuleSet
{
	Rule **rules;
	int count;
	RuleIndex *index;
} RuleSet;

/* The rules of this moment; never NULL. */
extern const RuleSet *RuleSetNow(void);

/* An index of rules, in the current memory context; and one more rule. */
extern RuleIndex *RuleIndexMake(void);
extern void RuleIndexAdd(RuleIndex *index, Rule *rule);

/* The rules that the subject's type, level, source, division, sender and step allow, unordered, valid or not;
 * good until the next call. */
extern Rule **RuleCandidates(RuleIndex *index, const RuleSubject *subject, int *count);

/* Has some rule the step? */
extern bool RuleIndexHasStep(RuleIndex *index, const char *step);

/* Is one of the subject's types (divisions) one of the values, or below one? rule_index.c */
extern bool RuleTypeFits(const RuleValues *types, const RuleSubject *subject);
extern bool RuleDivisionFits(const RuleValues *divisions, const RuleSubject *subject);

/* The parent of a type in code table event-type, where its code does not say so; NULL (rule_types.c). As of
 * the last RuleTypesRenew(). */
extern const char *RuleTypeParent(const char *code);
extern void RuleTypesRenew(void);

/* Reads the shape of a rule's `within` when it was not yet. */
extern Shape *RuleShape(Rule *rule);

/* ---- judging (rule_judge.c) ---- */

/* A rule that could not be judged. */
typedef struct RuleTrouble
{
	Rule *rule;
	CbdStatus status;
	char *message;
} RuleTrouble;

/* What judging comes to. */
typedef struct RuleVerdict
{
	Rule **matched; /* in the order in which they act */
	int count;
	RuleTrouble *troubles;
	int trouble_count;
} RuleVerdict;

/* In current memory. `instead`: a rule that is tried: it takes the place of all of its code; NULL: none. */
extern void RuleJudge(RuleSubject *subject, Rule *instead, RuleVerdict *verdict);

/* The first term that does not hold; TERM_NONE: the rule matches. SPI may be connected or not. */
extern RuleTerm RuleFailingTerm(Rule *rule, RuleSubject *subject);

/* Does the term `count` hold? rule_count.c */
extern bool RuleCountHolds(const RuleTerms *terms, const RuleSubject *subject);

/* Is it in force at that time? */
static inline bool
RuleInForce(const Rule *rule, TimestampTz at)
{
	return !rule->ended && rule->from <= at && at < rule->to;
}

/* In the order in which they act. */
extern int RuleCompare(const void *a, const void *b);

/* Installs the hooks of the chapter. */
extern void RulesInstall(void);

#endif
