/* The settings of the algorithm service; see guc_analysis.h. */
#include "postgres.h"

#include "utils/guc.h"

#include "core/guc_analysis.h"

int guc_analysis_wait;
int guc_analysis_rows;
int guc_analysis_size;
int guc_analysis_memory;
int guc_analysis_temp_size;
int guc_analysis_tries;
int guc_analysis_jobs_open;

void
DefineAnalysisSettings(void)
{
	DefineCustomIntVariable(
		"citybigdata.analysis_wait",
		"How long a request waits for the result of a quick algorithm before it becomes a job.",
		"Below the slow_timeout of the bridge.", &guc_analysis_wait, 1000, 10, 60000, PGC_SUSET, GUC_UNIT_MS,
		NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.analysis_rows", "Rows that the result of an algorithm may have.",
							NULL, &guc_analysis_rows, 100000, 1, 10000000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.analysis_size",
							"How large the result of an algorithm may be, as JSON.", NULL, &guc_analysis_size,
							16 * 1024, 1, 256 * 1024, PGC_SUSET, GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.analysis_memory",
							"Memory that a run of an algorithm may take beyond what its session has; one "
							"that takes more is stopped.",
							NULL, &guc_analysis_memory, 512, 16, 1024 * 1024, PGC_SUSET, GUC_UNIT_MB, NULL,
							NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.analysis_temp_size",
		"Temporary files that a run of an algorithm may write; one that writes more is stopped.", NULL,
		&guc_analysis_temp_size, 1024 * 1024, 0, PG_INT32_MAX, PGC_SUSET, GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.analysis_tries",
							"How often a job is begun whose server or runner ends before it is done.", NULL,
							&guc_analysis_tries, 3, 1, 100, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.analysis_jobs_open",
							"Jobs of one caller that may wait or run at a time; further ones are refused.",
							NULL, &guc_analysis_jobs_open, 10, 1, 100000, PGC_SUSET, 0, NULL, NULL, NULL);
}
