/*
 * Endpoints of administration over proposals: GET and POST /admin/proposals, /admin/proposals/{id}/confirm,
 * refuse. What needs a second administrator, and who may be it: access/proposal.h, docs/access.md.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access_request.h"
#include "access/account.h"
#include "access/admin.h"
#include "access/proposal.h"
#include "core/digest.h"

static SpiQuery find_account = {
	"SELECT state, admin_role IS NOT NULL, password_held FROM citybigdata.account WHERE account_id = $1",
	1,
	{INT8OID},
	NULL,
	true};

/* The account may be what an action is about: CBD_OK, CBD_NO_SUCH_ACCOUNT, CBD_CONFLICT. */
static CbdStatus
CheckSubject(const char *action, int64 account_id)
{
	Datum number = Int64GetDatum(account_id);
	CbdStatus status = CBD_NO_SUCH_ACCOUNT;
	const char *state;
	bool fits = true;

	SpiBegin();
	if (SpiRun(&find_account, &number, NULL, SPI_OK_SELECT, 1) == 1)
	{
		state = SpiText(0, 1);
		if (strcmp(action, "account") == 0)
			fits = strcmp(state, "pending") == 0;
		else if (strcmp(action, "password") == 0)
			fits = SpiBool(0, 3);
		else
			fits = strcmp(state, "active") == 0;
		status = fits ? CBD_OK : CBD_CONFLICT;
	}
	SpiEnd();
	return status;
}

/* The access request of a proposal, and its account. */
static CbdStatus
CheckRequest(Proposal *proposal)
{
	AccessState state;

	if (proposal->access_request_id == 0 || !FindAccessRequest(proposal->access_request_id, &state))
		return CBD_NO_SUCH_ACCESS_REQUEST;
	proposal->account_id = state.account_id;
	return strcmp(state.state, "pending") == 0 ? CBD_OK : CBD_ALREADY_REVIEWED;
}

/* rest_proposal_add(..., action, account_id, role, access_request_id): {action, proposalId, state} */
static Datum
ProposalAdd(Call *call)
{
	ARGUMENTS(ARG_ACTION, ARG_ACCOUNT_ID, ARG_ROLE, ARG_ACCESS_REQUEST_ID);
	static const char *const actions[] = {"role", "second-factor", "account", "access", "password", NULL};
	static const char *const roles[] = {"sysadmin", "secadmin", "auditor", NULL};
	Proposal proposal = {0};
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM | ADMIN_SECURITY);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	proposal.action = CheckChoice(call, "/action", CallText(call, ARG_ACTION), actions, true,
								  "role, second-factor, account, access, password");
	if (proposal.action != NULL && strcmp(proposal.action, "role") == 0)
		proposal.role =
			CheckChoice(call, "/role", CallText(call, ARG_ROLE), roles, true, "sysadmin, secadmin, auditor");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (strcmp(proposal.action, "access") == 0)
	{
		proposal.access_request_id = PathNumber(CallText(call, ARG_ACCESS_REQUEST_ID));
		status = CheckRequest(&proposal);
	}
	else
	{
		proposal.account_id = PathNumber(CallText(call, ARG_ACCOUNT_ID));
		status = CheckSubject(proposal.action, proposal.account_id);
	}
	call->object = psprintf(INT64_FORMAT, proposal.account_id);
	if (status == CBD_OK && strcmp(proposal.action, "account") != 0 && strcmp(proposal.action, "access") != 0)
		status = NotOwn(call, proposal.account_id);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return AnswerProposed(
		call, &proposal,
		psprintf("{\"action\":\"%s\",\"accountId\":" INT64_FORMAT "}", proposal.action, proposal.account_id));
}

ENDPOINT(cbd_rest_proposal_add, "proposal.add", ProposalAdd);

/* {proposalId, state, address, appCode}: the last two as far as there are any. */
static Datum
AnswerDecided(Call *call, CbdStatus status, const char *state, Decided *decided)
{
	StringInfoData data;
	Datum reply;

	if (call->errors.count > 0)
		return Answer(call, status, ErrorsData(&call->errors));
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (decided->proposal.account_id == 0)
		call->detail = psprintf("%s of resource %s", decided->proposal.action, decided->proposal.resource);
	else
		call->detail = psprintf("%s of account " INT64_FORMAT "%s%s", decided->proposal.action,
								decided->proposal.account_id, decided->proposal.role != NULL ? ": " : "",
								decided->proposal.role != NULL ? decided->proposal.role : "");
	initStringInfo(&data);
	appendStringInfo(&data, "{\"proposalId\":" INT64_FORMAT, decided->proposal.proposal_id);
	JsonField(&data, "state", state);
	if (decided->address != NULL)
		JsonField(&data, "address", decided->address);
	if (decided->app_code != NULL)
		JsonField(&data, "appCode", decided->app_code);
	appendStringInfoChar(&data, '}');
	ForgetText(decided->address);
	reply = Answer(call, CBD_OK, data.data);
	ForgetText(data.data);
	return reply;
}

/* rest_proposal_confirm(..., id); for security administrators */
static Datum
ProposalConfirm(Call *call)
{
	ARGUMENTS(ARG_ID);
	Decided decided;
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SECURITY);

	call->object = CallText(call, ARG_ID);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	status = DecideProposal(&call->caller, PathNumber(call->object), true, NULL, &decided, &call->errors);
	return AnswerDecided(call, status, "confirmed", &decided);
}

ENDPOINT(cbd_rest_proposal_confirm, "proposal.confirm", ProposalConfirm);

/* rest_proposal_refuse(..., id, reason); a system administrator takes back what is proposed, too */
static Datum
ProposalRefuse(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_REASON);
	Decided decided;
	const char *reason;
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM | ADMIN_SECURITY);

	call->object = CallText(call, ARG_ID);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	reason = CheckReason(call, CallText(call, ARG_REASON));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	status = DecideProposal(&call->caller, PathNumber(call->object), false, reason, &decided, &call->errors);
	return AnswerDecided(call, status, "refused", &decided);
}

ENDPOINT(cbd_rest_proposal_refuse, "proposal.refuse", ProposalRefuse);
