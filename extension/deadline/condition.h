/*
 * Filing conditions 立案条件 (clause 4; CJ/T 315): under which condition a problem of a type is filed, and
 * how long its handling may take. The limit hangs on the condition, and a type has several.
 *
 *   condition_load.c  load_conditions(), save_condition(): rows of table filing_condition
 *   step "file"  --FindCondition()--> FilingCondition --ConditionLimit()--> ClockLimit --ClockStart()-->
 * clocks
 *
 * Words. A limit is an amount of a unit (calendar.h): 2 working hours, 4 running hours. The warning share is
 * the part of the limit after which the light is yellow. Nothing here raises an error for what a caller asks.
 */
#ifndef CBD_CONDITION_H
#define CBD_CONDITION_H

#include "postgres.h"
#include "utils/numeric.h"

#include "core/status.h"
#include "deadline/clock.h"

/* Bytes of a condition's code, at most. */
#define CONDITION_CODE_MAX 64

/* One condition, in the caller's memory. */
typedef struct FilingCondition
{
	char *code;
	char *event_type_code;
	char *text;
	char *closing_condition; /* 结案条件; NULL */
	char *unit_code;         /* who handles it; NULL: by responsibility */
	char *calendar;
	Numeric limit_amount;
	int limit_unit;
	double warning_share;
	bool active;
} FilingCondition;

/* The condition of that code. CBD_UNKNOWN_CONDITION: there is none, or it is not in use any more. */
extern CbdStatus FindCondition(const char *code, FilingCondition *condition);

/*
 * May the case be filed by the condition: is it of its minor class, its major class, its type, or of one
 * above them? Above are the parents in code table event-type, and types whose code theirs begins with (60201
 * is below 602). A condition of the type '' fits every case. The same as case_conditions() in SQL.
 */
extern bool ConditionFits(const FilingCondition *condition, int32 rec_id);

/* The condition's limit; good as long as the condition. */
extern ClockLimit ConditionLimit(const FilingCondition *condition);

#endif
