/* Statements of their own for functions whose record must stay; see own_statement.h. */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "executor/execdesc.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/own_statement.h"
#include "core/say.h"

/* The statement that is hidden, by its start; 0: none. */
static TimestampTz hidden_since;
static emit_log_hook_type next_log_hook;

/* Functions that take a secret or a person: a statement that names one may fail before it runs, in its
 * planning or in a cast. */
static const char *const secret_functions[] = {"register_account",   "change_password", "issue_auth_code",
											   "exchange_auth_code", "check_token",     "revoke_token",
											   "open_url",           "enrol_totp",      "totp_code",
											   "sign_request",       "sign_artemis",    "erase_person"};

static bool
NamesSecretFunction(const char *text)
{
	for (int i = 0; text != NULL && i < lengthof(secret_functions); i++)
		if (strstr(text, secret_functions[i]) != NULL)
			return true;
	return false;
}

/* emit_log_hook: a statement that holds a secret is logged without its text and context. */
static void
HideInLog(ErrorData *error)
{
	if ((hidden_since != 0 && hidden_since == GetCurrentStatementStartTimestamp()) ||
		(error->elevel >= ERROR && NamesSecretFunction(debug_query_string)))
	{
		error->hide_stmt = true;
		error->hide_ctx = true;
	}
	if (next_log_hook != NULL)
		next_log_hook(error);
}

void
InstallStatementHiding(void)
{
	next_log_hook = emit_log_hook;
	emit_log_hook = HideInLog;
}

void
HideStatement(void)
{
	hidden_since = GetCurrentStatementStartTimestamp();
}

void
TellServerLog(const char *action, const char *object)
{
	ereport(LOG_SERVER_ONLY,
			(errmsg("citybigdata: %s by role \"%s\"%s%s", action, GetUserNameFromId(GetSessionUserId(), true),
					object != NULL ? ": " : "", object != NULL ? object : ""),
			 errhidestmt(true), errhidecontext(true)));
}

/* Functions of procedural languages and SPI between the client's statement and this call: each leaves
 * something on this stack. */
static int
CallDepth(void)
{
	int depth = 0;

	for (ErrorContextCallback *entry = error_context_stack; entry != NULL; entry = entry->previous)
		depth++;
	return depth;
}

/*
 * Entries of that stack that are the server's own: the extended protocol puts one there, which tells the
 * parameters in the log. Its portals are visible, those of the simple protocol are not; a cursor outside a
 * transaction block is held.
 */
static int
ServerDepth(void)
{
	return ActivePortal != NULL && ActivePortal->visible && !(ActivePortal->cursorOptions & CURSOR_OPT_HOLD)
			   ? 1
			   : 0;
}

/* Tree walker: does it call the function? */
static bool
CallsWalker(Node *node, Oid *function)
{
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr) && castNode(FuncExpr, node)->funcid == *function)
		return true;
	return expression_tree_walker(node, CallsWalker, function);
}

/* f(...), which is not inside its own arguments. */
static bool
IsCall(Node *node, Oid function)
{
	return node != NULL && IsA(node, FuncExpr) && castNode(FuncExpr, node)->funcid == function &&
		   !CallsWalker((Node *) castNode(FuncExpr, node)->args, &function);
}

/* A column of `SELECT f(...)`: the call, a field of its row, or what has nothing to do with it. */
static bool
IsPlainColumn(Node *node, Oid function)
{
	while (node != NULL && IsA(node, FieldSelect))
		node = (Node *) castNode(FieldSelect, node)->arg;
	return IsCall(node, function) || !CallsWalker(node, &function);
}

/* Does every target of the list pass IsPlainColumn()? */
static bool
OnlyPlainColumns(List *targets, Oid function)
{
	ListCell *cell;

	foreach (cell, targets)
		if (!IsPlainColumn((Node *) lfirst_node(TargetEntry, cell)->expr, function))
			return false;
	return true;
}

/* No column computes with columns of what it reads by a function that may fail by their values. */
static bool
NothingLeaks(List *targets)
{
	ListCell *cell;

	foreach (cell, targets)
		if (contain_leaked_vars((Node *) lfirst_node(TargetEntry, cell)->expr))
			return false;
	return true;
}

/*
 * `SELECT f(...)` or `SELECT columns FROM f(...)`: nothing computes with what f returned and can fail by it,
 * which would undo what f wrote and tell its outcome by the failure.
 */
static bool
IsPlainCall(PlannedStmt *statement, Oid function)
{
	Plan *plan = statement->planTree;
	FunctionScan *scan;

	if (statement->commandType != CMD_SELECT || statement->subplans != NIL)
		return false;
	if (IsA(plan, Result) && outerPlan(plan) == NULL)
		return OnlyPlainColumns(plan->targetlist, function);
	if (!IsA(plan, FunctionScan))
		return false;
	scan = (FunctionScan *) plan;
	return list_length(scan->functions) == 1 &&
		   IsCall(linitial_node(RangeTblFunction, scan->functions)->funcexpr, function) &&
		   NothingLeaks(plan->targetlist) && !contain_leaked_vars((Node *) plan->qual);
}

/* Does the statement that the client sent commit by itself, and is it a SELECT that makes this call? `plain`:
 * and does nothing with what comes of it. */
static bool
IsOwnStatement(FunctionCallInfo fcinfo, int depth, bool plain)
{
	if (IsTransactionBlock() || IsSubTransaction() || CallDepth() > depth + ServerDepth())
		return false;
#ifdef XACT_FLAGS_PIPELINING
	if ((MyXactFlags & XACT_FLAGS_PIPELINING) != 0)
		return false;
#endif
	if (ActivePortal == NULL || ActivePortal->commandTag != CMDTAG_SELECT || ActivePortal->queryDesc == NULL)
		return false;
	return !plain || IsPlainCall(ActivePortal->queryDesc->plannedstmt, fcinfo->flinfo->fn_oid);
}

/* `depth`: what the function itself has left on the stack that CallDepth() counts. */
static void
Require(FunctionCallInfo fcinfo, const char *name, int depth, bool plain)
{
	HideStatement();
	if (guc_own_statement && (XactReadOnly || RecoveryInProgress()))
		ereport(ERROR, (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
						saymsg("%s{name}() cannot run in a read-only transaction", name),
						saydetail("What it does is recorded.")));
	if (guc_own_statement && !IsOwnStatement(fcinfo, depth, plain))
		ereport(
			ERROR,
			(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION), saymsg("%s{name}() needs a statement of its own", name),
			 saydetail("What it records must not be undone: it cannot run in a transaction block, "
					   "subtransaction, function, DO block, cursor, pipeline or subquery."),
			 sayhint("With autocommit on: SELECT * FROM citybigdata.%s{name}(...); and nothing around it.",
					 name)));
#ifdef XACT_FLAGS_NEEDIMMEDIATECOMMIT
	/* what a pipeline has after it cannot undo it */
	MyXactFlags |= XACT_FLAGS_NEEDIMMEDIATECOMMIT;
#endif
	TellServerLog(name, NULL);
}

void
RequireOwnStatement(FunctionCallInfo fcinfo, const char *name)
{
	Require(fcinfo, name, 0, true);
}

void
RequireOwnTransaction(FunctionCallInfo fcinfo, const char *name)
{
	Require(fcinfo, name, 0, false);
}

/* The stack of a function in PL/pgSQL at a PERFORM: the function, and SPI. */
#define PLPGSQL_DEPTH 2

/* require_own_transaction(name): the same for a function written in PL/pgSQL, which PERFORMs it first. */
PG_FUNCTION_INFO_V1(cbd_require_own_transaction);
extern Datum cbd_require_own_transaction(PG_FUNCTION_ARGS);

Datum
cbd_require_own_transaction(PG_FUNCTION_ARGS)
{
	Require(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(0)), PLPGSQL_DEPTH, false);
	PG_RETURN_VOID();
}
