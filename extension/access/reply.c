/* The replies of the access chapter's endpoints. */
#include "postgres.h"

#include "audit/audit.h"
#include "access/lockout.h"
#include "access/reply.h"

void
CallBegin(FunctionCallInfo fcinfo, Call *call, const char *action)
{
	memset(call, 0, sizeof(*call));
	ReadCallContext(fcinfo, &call->context);
	ErrorsBegin(&call->errors);
	call->action = action;
}

Datum
Answer(Call *call, CbdStatus status, const char *data)
{
	/* only a log-in can have reserved anything */
	if (call->log_in || strcmp(call->context.scheme, "basic") == 0)
		ReleaseReservation(&call->context);
	AuditWrite(&call->context, &call->caller, call->action, call->object, status, call->detail);
	return ReplyFrame(status, call->retry_after, NULL, data);
}

Datum
AnswerErrors(Call *call)
{
	if (call->detail == NULL)
		call->detail = call->errors.detail.data;
	return Answer(call, ErrorsStatus(&call->errors), ErrorsData(&call->errors));
}

CbdStatus
AuthoriseAdministrator(Call *call, int roles)
{
	/* Authorise refuses Basic: a password alone makes nobody an administrator, that takes the log-in with its
	 * second factor */
	CbdStatus status = Authorise(&call->context, NULL, &call->caller, &call->retry_after);

	if (status != CBD_OK)
		return status;
	if (!call->caller.administrator)
		return CBD_NOT_ADMINISTRATOR;
	return call->caller.admin_role & roles ? CBD_OK : CBD_WRONG_ROLE;
}
