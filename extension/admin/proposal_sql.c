/* Proposals from SQL: propose_role(), propose_second_factor(), confirm_proposal(), refuse_proposal(). The
 * person is the role that logged in to the database. Mistakes raise errors (SQLSTATE class UD). */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "access/proposal.h"
#include "audit/audit.h"
#include "core/call.h"
#include "core/digest.h"
#include "core/own_statement.h"
#include "core/spi.h"

static SpiQuery active_account = {
	"SELECT account_id FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1"
	" AND state = 'active'",
	1,
	{TEXTOID},
	NULL,
	true};

/* Proposes something about an active account; the number of the proposal. */
static Datum
ProposeFromSql(FunctionCallInfo fcinfo, const char *action, const char *role)
{
	char *user_name = ArgText(fcinfo, 0);
	Datum folded = CStringGetTextDatum(FoldAscii(user_name));
	Proposal proposal = {.action = action, .role = role};
	CbdStatus status;

	SpiBegin();
	if (SpiRun(&active_account, &folded, NULL, SPI_OK_SELECT, 1) == 1)
		proposal.account_id = SpiInt64(0, 1);
	SpiEnd();
	if (proposal.account_id == 0)
		RaiseStatus(CBD_NO_SUCH_ACCOUNT, "There is no active account of that user name.");
	status = Propose(NULL, &proposal);
	RaiseStatus(status, status == CBD_CONFLICT ? "There is an open proposal about the same." : NULL);
	AuditWrite(NULL, NULL, "proposal.add", user_name, CBD_OK,
			   psprintf("proposal " INT64_FORMAT ": %s", proposal.proposal_id, action));
	PG_RETURN_INT64(proposal.proposal_id);
}

PG_FUNCTION_INFO_V1(cbd_propose_role);
Datum
cbd_propose_role(PG_FUNCTION_ARGS)
{
	char *role = ArgText(fcinfo, 1);

	if (strcmp(role, "sysadmin") != 0 && strcmp(role, "secadmin") != 0 && strcmp(role, "auditor") != 0)
		RaiseStatus(CBD_FIELD_OUT_OF_RANGE, "sysadmin, secadmin or auditor.");
	return ProposeFromSql(fcinfo, "role", role);
}

PG_FUNCTION_INFO_V1(cbd_propose_second_factor);
Datum
cbd_propose_second_factor(PG_FUNCTION_ARGS)
{
	return ProposeFromSql(fcinfo, "second-factor", NULL);
}

/* confirm_proposal(proposal_id): what is shown once, or null */
PG_FUNCTION_INFO_V1(cbd_confirm_proposal);
Datum
cbd_confirm_proposal(PG_FUNCTION_ARGS)
{
	int64 number = PG_GETARG_INT64(0);
	char *object = psprintf(INT64_FORMAT, number);
	Decided decided;
	ErrorList errors;
	CbdStatus status;
	text *shown;

	RequireOwnStatement(fcinfo, "confirm_proposal");
	ErrorsBegin(&errors);
	status = DecideProposal(NULL, number, true, NULL, &decided, &errors);
	ErrorsRaise(&errors, NULL);
	RaiseStatus(status, SaidBoth("Proposal " INT64_FORMAT "{number}.", number));
	AuditWrite(NULL, NULL, "proposal.confirm", object, CBD_OK, decided.proposal.action);
	if (decided.address == NULL && decided.app_code == NULL)
		PG_RETURN_NULL();
	shown = cstring_to_text(decided.address != NULL ? decided.address : decided.app_code);
	ForgetText(decided.address);
	PG_RETURN_TEXT_P(shown);
}

/* refuse_proposal(proposal_id, reason) */
PG_FUNCTION_INFO_V1(cbd_refuse_proposal);
Datum
cbd_refuse_proposal(PG_FUNCTION_ARGS)
{
	int64 number = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0);
	char *reason = ArgText(fcinfo, 1);
	Decided decided;
	ErrorList errors;

	ErrorsBegin(&errors);
	RaiseStatus(DecideProposal(NULL, number, false, reason, &decided, &errors),
				SaidBoth("Proposal " INT64_FORMAT "{number}.", number));
	AuditWrite(NULL, NULL, "proposal.refuse", psprintf(INT64_FORMAT, number), CBD_OK, reason);
	PG_RETURN_VOID();
}
