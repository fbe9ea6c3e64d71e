/*
 * What judging a report costs: bench_judge(subjects, calls) judges so many made-up reports, which differ in
 * type, district and level as the rules of bench_rules() do, and returns microseconds of processor time of
 * one. For make bench alone: bench.sh puts this file beside the extension's own.
 */
#include "postgres.h"
#include "fmgr.h"

#include <time.h>

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "rule/rule.h"

/* Of Beijing, as bench_rules() has them. */
static const char *const districts[] = {"110101", "110102", "110105", "110106", "110107", "110108",
										"110109", "110111", "110112", "110113", "110114", "110115",
										"110116", "110117", "110118", "110119"};
#define DISTRICTS 16
#define TYPES     1000

PG_FUNCTION_INFO_V1(cbd_bench_judge);
extern Datum cbd_bench_judge(PG_FUNCTION_ARGS);

static double
ProcessorTime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

Datum
cbd_bench_judge(PG_FUNCTION_ARGS)
{
	int32 subjects = PG_GETARG_INT32(0);
	int32 calls = PG_GETARG_INT32(1);
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "judge", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = CurrentMemoryContext;
	TimestampTz now = GetCurrentTimestamp();
	int64 matched = 0;
	double begin = 0;

	for (int32 call = -1; call < calls; call++)
	{
		int n = (call + subjects) % subjects + 1;
		RuleSubject subject = {.now = now,
							   .as_of = now,
							   .source = 1,
							   .rec_type = 1,
							   .create_time = now,
							   .has_level = true,
							   .workday = -1,
							   .working_now = -1,
							   .place = {116.4, 39.9},
							   .sender = "bench",
							   .desc = "路灯不亮",
							   .address = "东城区王府井大街1号",
							   .other_task_num = "x"};
		RuleVerdict verdict;

		MemoryContextSwitchTo(one);
		subject.type = psprintf("B%d01", n % TYPES + 1000);
		subject.district = districts[n % DISTRICTS];
		subject.level = n % 3 + 1;
		RuleJudge(&subject, NULL, &verdict);
		matched += verdict.count;
		MemoryContextSwitchTo(caller);
		MemoryContextReset(one);
		/* the first one reads the rules */
		if (call < 0)
			begin = ProcessorTime();
	}
	elog(NOTICE, "%.2f rules of a report match", (double) matched / calls);
	PG_RETURN_FLOAT8((ProcessorTime() - begin) / calls);
}
