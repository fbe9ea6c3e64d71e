/* Names of terms, and texts that a rule keeps; see rule.h. */
#include "postgres.h"

#include "rule/rule.h"

static const char *const term_names[] = {"steps",   "types", "levels", "sources", "divisions",
										 "senders", "time",  "within", "path",    "count"};

const char *
RuleTermName(RuleTerm term)
{
	return term_names[term];
}

char *
RuleKeep(const RuleReading *reading, const char *text)
{
	return text == NULL ? NULL : MemoryContextStrdup(reading->keep, text);
}
