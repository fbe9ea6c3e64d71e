/* The settings of the algorithm service, citybigdata.analysis_...; guc_analysis.c tells purpose, unit and
 * range. */
#ifndef CBD_GUC_ANALYSIS_H
#define CBD_GUC_ANALYSIS_H

extern int guc_analysis_wait;      /* milliseconds that a request waits for a result */
extern int guc_analysis_rows;      /* of one result */
extern int guc_analysis_size;      /* kB of one result */
extern int guc_analysis_memory;    /* MB of one run */
extern int guc_analysis_temp_size; /* kB of temporary files of one run */
extern int guc_analysis_tries;     /* of one job */
extern int guc_analysis_jobs_open; /* of one caller */

/* Defines them; for DefineSettings() of guc.c. */
extern void DefineAnalysisSettings(void);

#endif
