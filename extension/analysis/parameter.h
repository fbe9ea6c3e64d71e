/* Names and pointers of parameters; reading them is algorithm.h. */
#ifndef CBD_ANALYSIS_PARAMETER_H
#define CBD_ANALYSIS_PARAMETER_H

#include "postgres.h"

/* The JSON pointer of a parameter; room for POINTER_PART_SIZE(POINTER_NAME_MAX). */
extern void ParameterPointer(const char *name, char *pointer);

/* Is it a name that every request may have (algorithm_reserved() of SQL)? */
extern bool IsReserved(const char *name);

#endif
