/*
 * What a step does to the facts of a case: one function, used by the step itself and by the recount, so that
 * both have the same opinion of what a step means. No database.
 */
#ifndef CBD_FACT_FOLD_H
#define CBD_FACT_FOLD_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "indicator/case_fact.h"

/*
 * The counters in the order of their numbers from 1: X(name, number). Columns of case_fact have these names;
 * public_report is not a matter of steps.
 */
#define FACT_COUNTERS(X)                                                                                     \
	X(report, 1)                                                                                             \
	X(valid_report, 2)                                                                                       \
	X(operate, 3)                                                                                            \
	X(inst, 4)                                                                                               \
	X(intime_inst, 5)                                                                                        \
	X(accur_inst, 6)                                                                                         \
	X(not_inst, 7)                                                                                           \
	X(need_dispatch, 8)                                                                                      \
	X(dispatch, 9)                                                                                           \
	X(intime_dispatch, 10)                                                                                   \
	X(accur_dispatch, 11)                                                                                    \
	X(wrong_dispatch, 12)                                                                                    \
	X(need_dispose, 13)                                                                                      \
	X(dispose, 14)                                                                                           \
	X(intime_dispose, 15)                                                                                    \
	X(overtime_dispose, 16)                                                                                  \
	X(need_verify, 17)                                                                                       \
	X(verify, 18)                                                                                            \
	X(intime_verify, 19)                                                                                     \
	X(need_check, 20)                                                                                        \
	X(check, 21)                                                                                             \
	X(intime_check, 22)                                                                                      \
	X(archive, 23)                                                                                           \
	X(intime_archive, 24)                                                                                    \
	X(overtime_archive, 25)                                                                                  \
	X(rework, 26)                                                                                            \
	X(multi_rework, 27)                                                                                      \
	X(back, 28)                                                                                              \
	X(hang, 29)                                                                                              \
	X(his_hang, 30)                                                                                          \
	X(postpone, 31)                                                                                          \
	X(exempt, 32)                                                                                            \
	X(cancel, 33)                                                                                            \
	X(visit, 34)                                                                                             \
	X(satisfied, 35)                                                                                         \
	X(neutral, 36)                                                                                           \
	X(unsatisfied, 37)                                                                                       \
	X(merged, 38)

/* Who did it last, and when. */
#define FACT_PERSONS(X)                                                                                      \
	X(reporter, 1)                                                                                           \
	X(verifier, 2)                                                                                           \
	X(filer, 3)                                                                                              \
	X(dispatcher, 4)                                                                                         \
	X(disposer, 5)                                                                                           \
	X(checker, 6)                                                                                            \
	X(closer, 7)
#define FACT_TIMES(X)                                                                                        \
	X(bundle_begin, 1)                                                                                       \
	X(bundle_end, 2)                                                                                         \
	X(dispose_begin, 3)                                                                                      \
	X(dispose_end, 4)

#define FACT_COUNTER_COUNT 38
#define FACT_PERSON_COUNT  7
#define FACT_TIME_COUNT    4

/* No instant. */
#define FACT_NEVER DT_NOEND

#define FACT_MEMBER_COUNTER(name, number) int16 name;
#define FACT_MEMBER_PERSON(name, number)  int64 name;
#define FACT_MEMBER_TIME(name, number)    TimestampTz name;

/* The row of a case in memory; three arrays of members that are named. */
typedef struct CaseFacts
{
	union
	{
		int16 counter[FACT_COUNTER_COUNT];
		struct
		{
			FACT_COUNTERS(FACT_MEMBER_COUNTER)
		};
	};
	union
	{
		int64 person[FACT_PERSON_COUNT]; /* account; 0: nobody */
		struct
		{
			FACT_PERSONS(FACT_MEMBER_PERSON)
		};
	};
	union
	{
		TimestampTz time[FACT_TIME_COUNT];
		struct
		{
			FACT_TIMES(FACT_MEMBER_TIME)
		};
	};
} CaseFacts;

/* A case of which nothing happened but its report. */
extern void FactsBegin(CaseFacts *facts);

/* Takes in what the state of a case without a process says and no step does: that it was filed, handled,
 * closed (code table event-state). Nothing says that it was late. */
extern void FactsComplete(CaseFacts *facts, int state);

/* Takes in a step. False: it counts nothing. */
extern bool FactsApply(CaseFacts *facts, const FactStep *step);

#endif
