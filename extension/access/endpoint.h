/*
 * What every endpoint function citybigdata.rest_* does, from the call context to the reply frame.
 *
 *   bridge --(context, arguments)--> Endpoint() --> Work(call)
 *                                                     CallAuthorise()          who calls, and may they?
 *                                                     CallText() ...           the arguments
 *                                                     Check...() --> errors    what is wrong with them
 *                                                     the work itself
 *          <--(reply frame)--------- Answer...()      audit, then the frame
 *
 * Words: an endpoint Answers, once. Answer() writes the audit row in the same transaction, for refusals,
 * writes and whatever must not be lost; AnswerRead() hands the record of a successful read to the bridge,
 * which appends it; AnswerUnaudited() is for the further steps of one request, which was audited.
 *
 * Expected refusals are answers with a status code, never raised errors, so that counters and audit rows
 * commit. Raised are mistakes of our own, and what the database does.
 */
#ifndef CBD_ENDPOINT_H
#define CBD_ENDPOINT_H

#include "postgres.h"
#include "access/access.h"
#include "core/call.h"
#include "core/error_list.h"
#include "core/field.h"
#include "core/json_tree.h"
#include "core/json_write.h"
#include "core/reply.h"
#include "core/spi.h"

/* One call of an endpoint; filled as it goes. */
typedef struct Call
{
	FunctionCallInfo fcinfo;
	RestContext context;
	Caller caller;
	const char *action; /* for the audit row: chapter.verb */
	const char *object; /* what it is about, never a secret; NULL = nothing */
	const char *detail; /* for the auditor; NULL */
	bool log_in;        /* a user name and a password are among its arguments */
	int retry_after;    /* seconds; 0: nothing is said */
	ErrorList errors;
	Frame frame; /* what the reply has beyond status, data and limits */
} Call;

typedef Datum (*EndpointWork)(Call *call);

/* Reads the context and does the work. A scheme that is unknown here is refused. */
extern Datum Endpoint(FunctionCallInfo fcinfo, const char *action, EndpointWork work);

/* Defines the SQL-callable function of an endpoint: the action is its name in the audit log. */
#define ENDPOINT(function, action, work)                                                                     \
	extern Datum function(PG_FUNCTION_ARGS);                                                                 \
	Datum function(PG_FUNCTION_ARGS)                                                                         \
	{                                                                                                        \
		return Endpoint(fcinfo, action, work);                                                               \
	}                                                                                                        \
	PG_FUNCTION_INFO_V1(function)

/* Names the endpoint's own arguments, in their order: ARGUMENTS(ARG_ID, ARG_REASON); */
#define ARGUMENTS(...)                                                                                       \
	enum                                                                                                     \
	{                                                                                                        \
		__VA_ARGS__                                                                                          \
	}

/* The argument of that name. */
extern bool CallGiven(const Call *call, int n); /* not null; false also beyond the last one */
extern char *CallText(const Call *call, int n);
extern bool CallBool(const Call *call, int n);
extern char **CallTexts(const Call *call, int n, int *count);
/* A JSON argument that must be there, as a tree; NULL: it is not, or is no JSON, which is among the errors at
 * `pointer`. */
extern JsonNode *CallTree(Call *call, int n, const char *pointer);
extern Datum CallDatum(const Call *call, int n); /* of one that is given */

/* Authorise() of this call; see access.h. */
extern CbdStatus CallAuthorise(Call *call, const char *resource);

/* The digest of the token of a caller whose token stands for less than the application; null: it is not. For
 * lists of what may be used. */
extern Datum CallerToken(const Caller *caller, bool *isnull);

/* What a statement says of what the caller may use: JSON text, by $1 application, $2 all of it (for an
 * administrator), $3 CallerToken(). SPI is not connected. */
extern char *CallerMayUse(const Caller *caller, SpiQuery *query);

/* Is the caller an administrator of one of the roles (ADMIN_...)? CBD_OK, CBD_UNAUTHORIZED ...,
 * CBD_NOT_ADMINISTRATOR, CBD_WRONG_ROLE. */
extern CbdStatus AuthoriseAdministrator(Call *call, int roles);

/* The audit row and the reply; `data` is JSON, NULL: the body of call->frame, else null. */
extern Datum Answer(Call *call, CbdStatus status, const char *data);

/* The refusal because of the call's errors, with all of them as data. */
extern Datum AnswerErrors(Call *call);

/* A successful read: the reply with the audit record. */
extern Datum AnswerRead(Call *call, const char *data);

/* Success that is no call of its own. */
extern Datum AnswerUnaudited(Call *call, const char *data);

#endif
