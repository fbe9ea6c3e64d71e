/*
 * Endpoints of administration over accounts: /admin/accounts/{id}/suspend, resume, revoke, expire, role,
 * second-factor, reset-password, unlock (clauses 5.2-a, 6.3). Which role may what: docs/access.md.
 *
 * Nobody does any of this to the own account. What would leave no security administrator is refused: without
 * one nobody could decide on access any more but in SQL.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "core/digest.h"
#include "core/own_lock.h"
#include "access/password.h"
#include "access/admin.h"
#include "access/post.h"
#include "access/proposal.h"
#include "access/token.h"
#include "access/totp.h"

/* A change of an account: $1 its number, $2 who decides, $3 reason (state), role or end. It changes no row:
 * 40900. */
typedef struct Change
{
	int roles;
	const char *state; /* the new one, NULL: unchanged */
	bool ends;         /* it may take an administrator away */
	bool log_in_again; /* tokens of an administrator's log-in end */
	SpiQuery *change;
} Change;

/*
 * An account from one state to another; no row: it is in another one. $1 account, $2 who decides, $3
 * why.
 */
#define ACCOUNT_STATE(from, to)                                                                              \
	"UPDATE citybigdata.account SET state = '" to                                                            \
	"', reviewed_at = clock_timestamp(), reviewed_by = $2, review_note = $3"                                 \
	" WHERE account_id = $1 AND state " from

/* active -> suspended */
static SpiQuery suspend_account = {
	ACCOUNT_STATE("= 'active'", "suspended"), 3, {INT8OID, TEXTOID, TEXTOID}, NULL, true};
/* suspended -> active */
static SpiQuery resume_account = {
	ACCOUNT_STATE("= 'suspended'", "active"), 3, {INT8OID, TEXTOID, TEXTOID}, NULL, true};
/* any but rejected and revoked -> revoked, and no administrator any more */
static SpiQuery revoke_account = {"UPDATE citybigdata.account SET state = 'revoked', admin_role = NULL, "
								  "reviewed_at = clock_timestamp(), reviewed_by = $2, review_note = $3"
								  " WHERE account_id = $1 AND state IN ('pending', 'active', 'suspended')",
								  3,
								  {INT8OID, TEXTOID, TEXTOID},
								  NULL,
								  true};
/* its end, NULL: none */
static SpiQuery expire_account = {"UPDATE citybigdata.account SET valid_until = $3, reviewed_at = "
								  "clock_timestamp(), reviewed_by = $2 WHERE account_id = $1",
								  3,
								  {INT8OID, TEXTOID, TIMESTAMPTZOID},
								  NULL,
								  true};
/* its role as an administrator, NULL: none */
static SpiQuery set_role = {
	"UPDATE citybigdata.account SET admin_role = $3, reviewed_at = clock_timestamp(), reviewed_by = $2"
	" WHERE account_id = $1 AND state = 'active'",
	3,
	{INT8OID, TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 account: name, role, state. */
static SpiQuery find_account = {
	"SELECT user_name, admin_role, state FROM citybigdata.account WHERE account_id = $1",
	1,
	{INT8OID},
	NULL,
	true};

/* $1 account: is there another security administrator who can log in, with a second factor? */
static SpiQuery other_security = {
	"SELECT 1 FROM citybigdata.account WHERE admin_role = 'secadmin' AND state = 'active' AND account_id <> "
	"$1"
	" AND (valid_until IS NULL OR valid_until > clock_timestamp())"
	" AND EXISTS (SELECT FROM citybigdata.account_totp t WHERE t.account_id = account.account_id)",
	1,
	{INT8OID},
	NULL};

/* $1 user name in small letters: password and second factor start anew. */
static SpiQuery unlock = {
	"DELETE FROM citybigdata.lockout WHERE kind IN ('account', 'totp') AND subject = $1",
	1,
	{TEXTOID},
	NULL,
	true};

/* The account of a path. */
typedef struct PathAccount
{
	int64 number;
	char *user_name;
	char *role; /* of an administrator, else NULL */
	char *state;
} PathAccount;

/* The account of a path, after the role was judged. CBD_OK, CBD_NO_SUCH_ACCOUNT, or that of
 * AuthoriseAdministrator(). */
static CbdStatus
FindPathAccount(Call *call, int roles, const char *id, PathAccount *account)
{
	Datum number = Int64GetDatum(PathNumber(id));
	CbdStatus status = AuthoriseAdministrator(call, roles);

	call->object = id;
	if (status != CBD_OK)
		return status;
	account->number = DatumGetInt64(number);
	SpiBegin();
	if (SpiRun(&find_account, &number, NULL, SPI_OK_SELECT, 1) == 1)
	{
		account->user_name = SpiText(0, 1);
		account->role = SpiText(0, 2);
		account->state = SpiText(0, 3);
	}
	else
		status = CBD_NO_SUCH_ACCOUNT;
	SpiEnd();
	return status;
}

/* Would a security administrator who can log in be left without the account? Whoever asks holds the answer
 * until the transaction ends. */
static CbdStatus
SecurityRemains(const PathAccount *account)
{
	Datum number = Int64GetDatum(account->number);
	CbdStatus status;

	if (account->role == NULL || strcmp(account->role, "secadmin") != 0)
		return CBD_OK;
	SpiBegin();
	/* one at a time from here on: two who take each other away at once must not both succeed */
	OwnLock(OwnLockKey("roles"));
	status = SpiRun(&other_security, &number, NULL, SPI_OK_SELECT, 1) == 1 ? CBD_OK : CBD_LAST_ADMINISTRATOR;
	SpiEnd();
	return status;
}

/* {accountId, state}. 40405; 40309, 40906; 40900: not in the state that it is changed from. `value` is $3;
 * fields were checked. */
static Datum
ChangeAccount(Call *call, const Change *change, const PathAccount *account, Datum value, bool value_null)
{
	Datum values[3] = {Int64GetDatum(account->number), CStringGetTextDatum(ReviewerName(&call->caller)),
					   value};
	bool nulls[3] = {false, false, value_null};
	CbdStatus status = NotOwn(call, account->number);

	if (status == CBD_OK && change->ends)
		status = SecurityRemains(account);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	SpiBegin();
	if (SpiRun(change->change, values, nulls, SPI_OK_UPDATE, 0) == 0)
		status = CBD_CONFLICT;
	SpiEnd();
	if (status == CBD_OK && change->log_in_again)
		EndAdministratorTokens(account->number);
	return Answer(call, status,
				  status != CBD_OK
					  ? NULL
					  : psprintf("{\"accountId\":" INT64_FORMAT ",\"state\":\"%s\"}", account->number,
								 change->state != NULL ? change->state : account->state));
}

/* A change of state, with an optional reason. */
static Datum
ChangeState(Call *call, const Change *change, bool with_reason)
{
	ARGUMENTS(ARG_ID, ARG_REASON);
	PathAccount account = {0};
	Datum reason;
	bool isnull;
	CbdStatus status;

	status = FindPathAccount(call, change->roles, CallText(call, ARG_ID), &account);
	if (status == CBD_OK && with_reason)
		call->detail = CheckReason(call, CallText(call, ARG_REASON));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	reason = TextOrNull(call->detail, &isnull);
	return ChangeAccount(call, change, &account, reason, isnull);
}

/* rest_account_suspend(..., id, reason), rest_account_resume(..., id), rest_account_revoke(..., id, reason)
 */
static Datum
AccountSuspend(Call *call)
{
	static const Change change = {ADMIN_SYSTEM | ADMIN_SECURITY, "suspended", true, false, &suspend_account};

	return ChangeState(call, &change, true);
}

ENDPOINT(cbd_rest_account_suspend, "account.suspend", AccountSuspend);

/* See AccountSuspend(). */
static Datum
AccountResume(Call *call)
{
	static const Change change = {ADMIN_SECURITY, "active", false, false, &resume_account};

	return ChangeState(call, &change, false);
}

ENDPOINT(cbd_rest_account_resume, "account.resume", AccountResume);

/* See AccountSuspend(). For good: tokens end, and the name stays taken. */
static Datum
AccountRevoke(Call *call)
{
	static const Change change = {ADMIN_SECURITY, "revoked", true, false, &revoke_account};

	return ChangeState(call, &change, true);
}

ENDPOINT(cbd_rest_account_revoke, "account.revoke", AccountRevoke);

/* rest_account_expire(..., id, valid_until): {accountId, state} */
static Datum
AccountExpire(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_VALID_UNTIL);
	static const Change change = {ADMIN_SECURITY, NULL, true, false, &expire_account};
	PathAccount account = {0};
	TimestampTz end;
	bool endless;
	CbdStatus status;

	status = FindPathAccount(call, change.roles, CallText(call, ARG_ID), &account);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	end = CheckEnd(call, CallText(call, ARG_VALID_UNTIL), &endless);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	return ChangeAccount(call, &change, &account, TimestampTzGetDatum(end), endless);
}

ENDPOINT(cbd_rest_account_expire, "account.expire", AccountExpire);

/* rest_account_role(..., id, role): none takes the role away, {accountId, state}, and tokens of it end; any
 * other is proposed, {accountId, proposalId, state} */
static Datum
AccountRole(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_ROLE);
	static const char *const choices[] = {"sysadmin", "secadmin", "auditor", "none", NULL};
	static const Change change = {ADMIN_SECURITY, NULL, true, true, &set_role};
	PathAccount account = {0};
	Proposal proposal = {.action = "role"};
	const char *role = NULL;
	CbdStatus status;

	status = FindPathAccount(call, change.roles, CallText(call, ARG_ID), &account);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	role = CheckChoice(call, "/role", CallText(call, ARG_ROLE), choices, true,
					   "sysadmin, secadmin, auditor, none");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->detail = psprintf("%s to %s", account.role != NULL ? account.role : "none", role);
	if (strcmp(role, "none") == 0)
		return ChangeAccount(call, &change, &account, (Datum) 0, true);
	status = NotOwn(call, account.number);
	if (status == CBD_OK && strcmp(account.state, "active") != 0)
		status = CBD_CONFLICT;
	if (status == CBD_OK && HoldsPost(account.number))
		status = CBD_POST_AND_ROLE;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	proposal.account_id = account.number;
	proposal.role = role;
	return AnswerProposed(call, &proposal, psprintf("{\"accountId\":" INT64_FORMAT "}", account.number));
}

ENDPOINT(cbd_rest_account_role, "account.role", AccountRole);

/*
 * rest_account_second_factor(..., id): {accountId, userName, address}, an otpauth:// address for the
 * authenticator, shown this once; one of before is void. Who hands it over and who resets passwords are two
 * administrators, so that neither can act as the third.
 */
static Datum
AccountSecondFactor(Call *call)
{
	ARGUMENTS(ARG_ID);
	PathAccount account = {0};
	Proposal proposal = {.action = "second-factor"};
	char *address;
	char *data;
	Datum reply;
	CbdStatus status;

	status = FindPathAccount(call, ADMIN_SECURITY, CallText(call, ARG_ID), &account);
	if (status == CBD_OK)
		status = NotOwn(call, account.number);
	if (status == CBD_OK && strcmp(account.state, "active") != 0)
		status = CBD_CONFLICT;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	/* that of an administrator takes two */
	if (account.role != NULL)
	{
		proposal.account_id = account.number;
		return AnswerProposed(call, &proposal,
							  psprintf("{\"accountId\":" INT64_FORMAT ",\"userName\":\"%s\"}", account.number,
									   account.user_name));
	}
	address = EnrolTotp(account.number, account.user_name, "SHA1", NULL, 0);
	NoteEnroller(account.number, call->caller.account_id);
	data = psprintf("{\"accountId\":" INT64_FORMAT ",\"userName\":\"%s\",\"address\":\"%s\"}", account.number,
					account.user_name, address);
	ForgetText(address);
	reply = Answer(call, CBD_OK, data);
	ForgetText(data);
	return reply;
}

ENDPOINT(cbd_rest_account_second_factor, "totp.enrol", AccountSecondFactor);

/*
 * rest_account_reset_password(..., id): {accountId, password}, shown this once. Not that of an administrator:
 * who could set it could act as him.
 */
static Datum
AccountResetPassword(Call *call)
{
	ARGUMENTS(ARG_ID);
	char *id = CallText(call, ARG_ID);
	PathAccount account = {0};
	Proposal proposal = {.action = "password"};
	char *initial = NULL;
	char *data;
	Datum reply;
	CbdStatus status;

	status = FindPathAccount(call, ADMIN_SYSTEM, id, &account);
	if (status == CBD_OK && account.role != NULL)
		status = CBD_FORBIDDEN;
	if (status == CBD_OK)
		status = ResetPassword(account.number, true, &initial);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	proposal.account_id = account.number;
	(void) Propose(&call->caller, &proposal);
	data = psprintf("{\"accountId\":%s,\"password\":\"%s\"}", id, initial);
	ForgetText(initial);
	reply = Answer(call, CBD_OK, data);
	ForgetText(data);
	return reply;
}

ENDPOINT(cbd_rest_account_reset_password, "account.reset-password", AccountResetPassword);

/* rest_account_unlock(..., id): {accountId, unlocked} */
static Datum
AccountUnlock(Call *call)
{
	ARGUMENTS(ARG_ID);
	char *id = CallText(call, ARG_ID);
	PathAccount account = {0};
	Datum subject;
	bool unlocked;
	CbdStatus status;

	status = FindPathAccount(call, ADMIN_SYSTEM | ADMIN_SECURITY, id, &account);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	subject = CStringGetTextDatum(FoldAscii(account.user_name));
	SpiBegin();
	unlocked = SpiRun(&unlock, &subject, NULL, SPI_OK_DELETE, 0) > 0;
	SpiEnd();
	return Answer(call, CBD_OK,
				  psprintf("{\"accountId\":%s,\"unlocked\":%s}", id, unlocked ? "true" : "false"));
}

ENDPOINT(cbd_rest_account_unlock, "account.unlock", AccountUnlock);
