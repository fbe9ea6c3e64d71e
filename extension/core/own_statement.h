/*
 * Functions whose record must stay: they check or make credentials, seal, or read the audit log. A ROLLBACK
 * would take back the audit row and the count of failures while the caller keeps what he learnt.
 *
 * Called from SQL they run in a SELECT of their own, which commits by itself. Each call is told to the
 * server's log as well, which nothing takes back. Endpoint functions (rest_*) do not come here: the bridge
 * commits each of its statements.
 */
#ifndef CBD_OWN_STATEMENT_H
#define CBD_OWN_STATEMENT_H

#include "postgres.h"
#include "fmgr.h"

/*
 * First thing in such a function, before it reads a secret: hides the statement (below); errors 25001 and
 * 25006 when what it writes could be undone or not be written; a line in the server's log with function and
 * role.
 */
extern void RequireOwnStatement(FunctionCallInfo fcinfo, const char *name);

/* The same, where what is done with the result tells nothing that a repetition would not: the statement may
 * count, filter and join. */
extern void RequireOwnTransaction(FunctionCallInfo fcinfo, const char *name);

/* From here on errors of the running statement do not show its text and context in the server's log: its
 * text has a secret in it. */
extern void HideStatement(void);

/* Makes HideStatement() work; once, when the library is loaded. */
extern void InstallStatementHiding(void);

/* A line in the server's log, which no ROLLBACK takes back: the session's role, the action, its object. */
extern void TellServerLog(const char *action, const char *object);

#endif
