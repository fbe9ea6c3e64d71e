/*
 * Fields of administration requests (accounts, access requests, log-ins): each is checked, every fault is
 * kept with its JSON pointer, and all are reported at once.
 */
#ifndef CBD_FIELD_H
#define CBD_FIELD_H

#include "postgres.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "core/status.h"

typedef struct FaultList
{
	int			count;
	CbdStatus	status;			/* of the first fault */
	StringInfoData errors;		/* [{pointer, statusCode, message}, ... without the end */
	StringInfoData detail;		/* the same for people: one fault a line */
} FaultList;

extern void FaultsBegin(FaultList *faults);

/* Adds a fault; `message` NULL: that of the status table. */
extern void FaultAdd(FaultList *faults, const char *pointer, CbdStatus status, const char *message);

/* CBD_OK without faults; the fault's own status when there is one that is not a validation fault; else CBD_VALIDATION_FAILED. */
extern CbdStatus FaultsStatus(const FaultList *faults);

/* {"errors":[...]}, palloc'd; NULL without faults. */
extern char *FaultsData(const FaultList *faults);

/* For SQL callers: raises the faults (SQLSTATE class UD) with the faults as detail; returns when there is none. */
extern void FaultsRaise(const FaultList *faults, const char *hint);

/* How a text field is checked: length in characters, required or not. Control characters are always a fault. */
typedef struct TextRule
{
	const char *pointer;
	int			min;
	int			max;
	bool		required;
	bool		ascii;			/* printable ASCII only */
} TextRule;

/*
 * Checks a text (NULL = absent; "" and blanks count as absent) and returns it, NULL when absent or
 * faulty. Blanks at either end are a fault of none: they are kept.
 */
extern const char *CheckText(FaultList *faults, const TextRule *rule, const char *text);

/* Is `text` one of the choices (NULL-terminated)? */
extern bool IsOneOf(const char *text, const char *const *choices);

/* Elements of a text[] argument as C strings; *count 0 and NULL when null or empty. A null element is "". */
extern char **TextArray(Datum array, bool isnull, int *count);

/* A text[] datum of C strings. */
extern Datum TextArrayDatum(char *const *texts, int count);

/* Letters A-Z made small, whatever the locale; palloc'd. */
extern char *FoldAscii(const char *text);

#endif
