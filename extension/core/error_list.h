/*
 * What is wrong with a request: a list of errors and warnings, collected so that all are told at once.
 *
 *   Check...(), Read...()  --ErrorAdd-->  ErrorList  --ErrorsStatus-->   the status code of the reply
 *                                                   --ErrorsData-->     its data: {"errors":[...]}
 *                                                   --ErrorsRaise-->    or, for a caller from SQL, an error
 *
 * An error refuses the request; a warning goes with what was accepted. A pointer is a JSON pointer (RFC 6901)
 * into the body, or "/" and the name of a parameter or header. Messages are English sentences without a full
 * stop, and show a valid value where that helps; text/messages.txt has the Chinese of each (core/say.h). An
 * entry has both: the caller is told in its language, and what is stored is English.
 *
 * A list of zeros is an empty list. It lives in the memory context of ErrorsBegin(), else of its first entry:
 * what is added while SPI is connected needs ErrorsBegin() before. Beyond ERRORS_LISTED entries are counted
 * and not kept.
 */
#ifndef CBD_ERROR_LIST_H
#define CBD_ERROR_LIST_H

#include "postgres.h"
#include "core/say.h"
#include "core/status.h"

/* Errors that are kept with their words; further ones are counted only. */
#define ERRORS_LISTED 200

/* One error or warning: where (JSON pointer), which, and its words (NULL: those of the status). */
typedef struct ErrorEntry
{
	char *pointer;
	CbdStatus status;
	char *message; /* English */
	char *said;    /* in the language in force when it was found; may be message itself */
	bool warning;
} ErrorEntry;

/* What was found wrong with a request, in the order in which it was found. */
typedef struct ErrorList
{
	MemoryContext context;
	ErrorEntry *entries;
	int kept;     /* entries */
	int room;     /* for so many */
	int count;    /* errors, kept or not */
	int warnings; /* the same of warnings */
} ErrorList;

extern void ErrorsBegin(ErrorList *errors);

/* Adds an error; `message`: a constant one of the catalogue or SaidBoth(); NULL: that of the status table. */
extern void ErrorAdd(ErrorList *errors, const char *pointer, CbdStatus status, const char *message);

/* The same of a text that is in the language in force already: one that SQL has made with say(). */
extern void ErrorSay(ErrorList *errors, const char *pointer, CbdStatus status, const char *said);

/* An error or warning whose words are there in both languages; copied. */
extern void ErrorEnter(ErrorList *errors, bool warning, const char *pointer, CbdStatus status,
					   const char *message, const char *said);

/* The same of an entry of another list. */
extern void ErrorCopy(ErrorList *errors, const char *pointer, const ErrorEntry *entry);

/* Adds an error or a warning with a format, whose conversions have names: "at most %d{limit}"; see
 * text/message.h. */
extern void ErrorPrint(ErrorList *errors, bool warning, const char *pointer, CbdStatus status,
					   const char *format, ...) pg_attribute_printf(5, 6);

/* Adds all entries of another list; those about the whole (pointer "") are at `whole` here. */
extern void ErrorsAppend(ErrorList *errors, const ErrorList *more, const char *whole);

/* Status of a refused body. CBD_OK without errors; the error's own status when there is one that is not about
 * a field; else CBD_VALIDATION_FAILED. */
extern CbdStatus ErrorsStatus(const ErrorList *errors);

/* Status of refused parameters. CBD_OK without errors; their own when all have the same; else
 * CBD_BAD_REQUEST.
 */
extern CbdStatus ErrorsParameterStatus(const ErrorList *errors);

/* {"errors":[...],"warnings":[...]}, palloc'd, without what there is none of; NULL without errors. */
extern char *ErrorsData(const ErrorList *errors);

/* [{"pointer","statusCode","message"}] of the errors or of the warnings; NULL when there are none. To be
 * told, and to be stored: in English. */
extern char *ErrorsJson(const ErrorList *errors, bool warnings);
extern char *ErrorsStored(const ErrorList *errors, bool warnings);

/* One error a line, "pointer: message", in English: for the audit. */
extern char *ErrorsText(const ErrorList *errors);

/* "2 errors, first 42201 /address": for the audit of long lists. */
extern char *ErrorsSummary(const ErrorList *errors);

/* For SQL callers: raises the errors (SQLSTATE class UD) with all of them as detail; returns when there is
 * none. `hint`: as the message of ErrorAdd(); NULL: none. */
extern void ErrorsRaise(const ErrorList *errors, const char *hint);

#endif
