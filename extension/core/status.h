/*
 * Status codes: the unified table of clause 5.4.3.
 *
 * A status code is HTTP status x 100 + nn; 0 is success. status_codes.txt is the only place
 * where one is written down; CbdStatus is made from it.
 */
#ifndef CBD_STATUS_H
#define CBD_STATUS_H

#include "wire/status_codes.h"

/* The English message of a status code; never NULL. In the language in force, for the caller; in both
 * languages (SaidBoth() of say.h), palloc'd. */
extern const char *StatusMessage(CbdStatus status);
extern const char *SaidStatus(CbdStatus status);
extern char *StatusBoth(CbdStatus status);

/* Is there a status code of that number? */
extern bool StatusExists(int number);

/* The packed SQLSTATE (class UD) of a status code, for ereport(ERROR, errcode(...)). */
extern int StatusSqlstate(CbdStatus status);

/* The status code of such a SQLSTATE; CBD_OK: it is of another class. */
extern CbdStatus StatusOfSqlstate(int sqlerrcode);

/* For SQL callers: raises a refusal as an error, with `detail`, a constant message or SaidBoth() (NULL:
 * none); returns for CBD_OK. */
extern void RaiseStatus(CbdStatus status, const char *detail);

#endif
