/*
 * Fields of administration requests (accounts, access requests, log-ins): each is checked, every error is
 * kept with its JSON pointer, and all are reported at once.
 */
#ifndef CBD_FIELD_H
#define CBD_FIELD_H

#include "postgres.h"
#include "core/error_list.h"

/* How a text field is checked: length in characters, required or not. Control characters are always an error.
 */
typedef struct TextRule
{
	const char *pointer;
	int min;
	int max;
	bool required;
	bool ascii; /* printable ASCII only */
} TextRule;

/*
 * Checks a text (NULL = absent; "" and blanks count as absent) and returns it, NULL when absent or
 * errory. Blanks at either end are an error of none: they are kept.
 */
extern const char *CheckText(ErrorList *errors, const TextRule *rule, const char *text);

/* Is `text` one of the choices (NULL-terminated)? */
extern bool IsOneOf(const char *text, const char *const *choices);

/* Elements of a text[] argument as C strings; *count 0 and NULL when null or empty. A null element is "". */
extern char **TextArray(Datum array, bool isnull, int *count);

/* A text[] datum of C strings. */
extern Datum TextArrayDatum(char *const *texts, int count);

/* Letters A-Z made small, whatever the locale; palloc'd. */
extern char *FoldAscii(const char *text);

#endif
