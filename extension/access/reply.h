/* The replies of the access chapter's endpoints: audit row in the same transaction, then the frame. */
#ifndef CBD_REPLY_H
#define CBD_REPLY_H

#include "postgres.h"
#include "access/access.h"
#include "core/field.h"

/* What an endpoint function knows of its call; filled as it goes. */
typedef struct Call
{
	CallContext context;
	Caller caller;
	const char *action; /* for the audit row: chapter.verb */
	const char *object; /* what it is about; NULL = nothing */
	const char *detail; /* for the auditor; NULL */
	bool log_in;        /* a user name and a password are among its fields */
	int retry_after;    /* seconds */
	ErrorList errors;
} Call;

extern void CallBegin(FunctionCallInfo fcinfo, Call *call, const char *action);

/* Writes the audit row and returns the reply frame; `data` NULL = null. Gives back a log-in reservation that
 * was not used. */
extern Datum Answer(Call *call, CbdStatus status, const char *data);

/* The same for a refusal because of the call's errors, with all of them as data. */
extern Datum AnswerErrors(Call *call);

/* Is the caller an administrator of one of the roles (ADMIN_...)? CBD_OK, CBD_UNAUTHORIZED ...,
 * CBD_NOT_ADMINISTRATOR, CBD_WRONG_ROLE. */
extern CbdStatus AuthoriseAdministrator(Call *call, int roles);

#endif
