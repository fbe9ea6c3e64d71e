/* Names of terms, texts that a rule keeps, durations; see rule.h. */
#include "postgres.h"

#include "rule/rule.h"
#include "utils/timestamp.h"

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

/* ISO 8601: PnD, PTnH, PTnM. 0: it is none. */
static int64
Duration(const JsonNode *node)
{
	const char *text = node->text;
	bool time = strncmp(text, "PT", 2) == 0;
	size_t digits;
	int64 amount;

	if (node->kind != JSON_STRING || text[0] != 'P')
		return 0;
	text += time ? 2 : 1;
	digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 6 || text[digits] == '\0' || text[digits + 1] != '\0')
		return 0;
	amount = strtoll(text, NULL, 10);
	if (!time)
		return text[digits] == 'D' ? amount * USECS_PER_DAY : 0;
	return text[digits] == 'H'   ? amount * USECS_PER_HOUR
		   : text[digits] == 'M' ? amount * USECS_PER_MINUTE
								 : 0;
}

int64
RuleReadDuration(const JsonNode *node, int days, ErrorList *errors)
{
	int64 time = Duration(node);

	if (time > 0 && time <= days * USECS_PER_DAY)
		return time;
	ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
			   "a duration of up to %d{limit} days as PnD, PTnH or PTnM, for example PT24H", days);
	return 0;
}
