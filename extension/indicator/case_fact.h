/*
 * Facts of cases (clause 4, 统计指标): for each case a row of counters that are 0 or 1, so that every rate is
 * a quotient of sums (case_indicators()).
 *
 *   step --FactCount(), in its transaction--> table case_fact --view case_facts: what depends on now--> rates
 *   history and clocks --recount_case_facts(), case_fact_differences()--> the same row, worked out again
 *
 * A counter depends on the action of a step, who took it and whether it was in time, never on names of
 * stages, so that it counts for every process. FactCount() opens SPI by itself and runs as the extension's
 * owner.
 */
#ifndef CBD_CASE_FACT_H
#define CBD_CASE_FACT_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* One step, as the history has it. */
typedef struct FactStep
{
	int32 rec_id;
	const char *action; /* code table case-action; "report": the case's first step, which makes its row;
						   "start": it enters a process later */
	const char *result; /* pass, fail; NULL */
	const char *from_stage;
	const char *to_stage;
	const char *by_role; /* NULL: a sender or the clock */
	int64 by_account;    /* 0: nobody's */
	int evaluation;      /* 1 to 5, of a visit; 0 */
	bool stage_late;     /* ClockStop() of the stage clock, at this step, was late */
	bool chain_late;     /* the same of the chain clock */
	bool request_late;   /* verify, check: the answer came after case_request.due */
	TimestampTz time;    /* step_time; that of ClockStop() too */
	int from_state;      /* of "start": the state that the case had without a process */
	bool moves;          /* it led to another stage, and may have started clocks */
} FactStep;

/* What the row of a new report says of it. Texts may be NULL. */
typedef struct FactReport
{
	int32 rec_id;
	TimestampTz report_time;
	const char *district_code;
	const char *street_code;
	const char *community_code;
	int event_src_id;
	const char *event_type_code; /* not NULL */
	const char *main_type_code;
	const char *sub_type_code;
	int64 reporter; /* account; 0: an application reported */
} FactReport;

/* Counts the step. */
extern void FactCount(const FactStep *step);

/* Counts the report of a case that is new: what FactCount() of its first step does, without looking for what
 * cannot be there. False: nothing is done, FactCount() must do it. */
extern bool FactCountNew(const FactReport *report);

/* A clock of the case was started, or is about to be in this transaction: the case is no longer folded into
 * case_rollup (sql/code/79-rollup.sql), which holds only what no clock changes. Its row of case_fact is
 * locked till the end, so that it is not folded by what its clocks said before. Steps need not call it. */
extern void FactUnfold(int32 rec_id);

/* Has FactUnfold() called for clocks that are started in SQL. Once per backend. */
extern void FactsInstall(void);

#endif
