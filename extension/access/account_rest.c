/*
 * Endpoints: POST /accounts, /accounts/password, /admin/accounts/{id}/approve and /reject, /admin/login, and
 * the reservation of a log-in attempt (clauses 5.2-a, 5.2-e, 6.3).
 *
 * A log-in is two calls: rest_login_reserve() counts the attempt and commits, the endpoint that follows
 * checks the password (lockout.h). Passwords are overwritten as soon as they were used.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "access/authcode.h"
#include "access/judge.h"
#include "core/digest.h"
#include "access/lockout.h"
#include "access/password.h"
#include "access/endpoint.h"
#include "access/admin.h"
#include "access/proposal.h"
#include "access/token.h"
#include "access/user_name.h"

/* rest_account_register(..., user_name, password, organization, contact_name, mobile): {accountId, state} */
static Datum
AccountRegister(Call *call)
{
	ARGUMENTS(ARG_USER_NAME, ARG_PASSWORD, ARG_ORGANIZATION, ARG_CONTACT_NAME, ARG_MOBILE);
	char *user_name = CallText(call, ARG_USER_NAME);
	char *password = CallText(call, ARG_PASSWORD);
	int64 account_id;

	call->log_in = true;
	call->object = user_name;
	if (!CountRegistration(&call->context, &call->retry_after))
	{
		ForgetText(password);
		return Answer(call, CBD_TOO_MANY_REQUESTS, NULL);
	}
	account_id = RegisterAccount(&call->errors, user_name, password, CallText(call, ARG_ORGANIZATION),
								 CallText(call, ARG_CONTACT_NAME), CallText(call, ARG_MOBILE));
	ForgetText(password);
	/* a name that is taken counts: else they could be found out by trying */
	if (call->errors.count > 0 && ErrorsStatus(&call->errors) != CBD_ACCOUNT_EXISTS)
		ForgetRegistration(&call->context);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	return Answer(call, CBD_OK,
				  psprintf("{\"accountId\":" INT64_FORMAT ",\"state\":\"pending\"}", account_id));
}

ENDPOINT(cbd_rest_account_register, "account.register", AccountRegister);

/* approve or reject: the decision of a security administrator about a registration. */
static Datum
Review(Call *call, bool approve)
{
	ARGUMENTS(ARG_ID, ARG_REASON);
	char *id = CallText(call, ARG_ID);
	int64 account_id = PathNumber(id);
	const char *reason = NULL;
	CbdStatus status;

	call->object = id;
	status = AuthoriseAdministrator(call, ADMIN_SECURITY);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (!approve)
		reason = CheckReason(call, CallText(call, ARG_REASON));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (approve && account_id != 0 && NeedsSecondPerson(&call->caller, account_id, 0))
	{
		Proposal proposal = {.action = "account", .account_id = account_id};

		return AnswerProposed(call, &proposal, psprintf("{\"accountId\":" INT64_FORMAT "}", account_id));
	}
	status = account_id == 0 ? CBD_NO_SUCH_ACCOUNT
							 : ReviewAccount(account_id, approve, ReviewerName(&call->caller), reason);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return Answer(call, CBD_OK,
				  psprintf("{\"accountId\":" INT64_FORMAT ",\"state\":\"%s\"}", account_id,
						   approve ? "active" : "rejected"));
}

/* rest_account_approve(..., id), rest_account_reject(..., id, reason): {accountId, state}; security
 * administrators only */
static Datum
AccountApprove(Call *call)
{
	return Review(call, true);
}

ENDPOINT(cbd_rest_account_approve, "account.approve", AccountApprove);

/* See AccountApprove(). */
static Datum
AccountReject(Call *call)
{
	return Review(call, false);
}

ENDPOINT(cbd_rest_account_reject, "account.reject", AccountReject);

/* Presence and length of a user name and a password that are to be checked; no other rule applies to them. */
static void
CheckLoginFields(Call *call, const char *user_name, const char *password)
{
	static const TextRule name_rule = {"/userName", 1, USER_NAME_MAX, true, false};
	static const TextRule password_rule = {"/password", 1, PASSWORD_MAX, true, false};

	CheckText(&call->errors, &name_rule, user_name);
	CheckText(&call->errors, &password_rule, password);
}

/*
 * rest_admin_login(..., user_name, password, totp): {accessToken, tokenType, expiresIn}. An account that is
 * no active administrator gets the answer of a wrong password, and counts like one. An administrator without
 * a second factor is told so after the right password, and gets nothing: who could enrol one with the
 * password alone would have made one factor of two.
 */
static Datum
AdminLogin(Call *call)
{
	ARGUMENTS(ARG_USER_NAME, ARG_PASSWORD, ARG_TOTP);
	static const TextRule totp_rule = {"/totp", 1, 16, false, true};
	char *user_name = CallText(call, ARG_USER_NAME);
	char *password = CallText(call, ARG_PASSWORD);
	TokenBinding binding = {0};
	Login login = {0};
	Issued issued;
	CbdStatus status;
	char *data;

	call->log_in = true;
	call->object = user_name;
	CheckLoginFields(call, user_name, password);
	CheckText(&call->errors, &totp_rule, CallText(call, ARG_TOTP));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (!AdminAddressAllowed(&call->context))
	{
		ForgetText(password);
		return Answer(call, CBD_ADDRESS_NOT_ALLOWED, NULL);
	}
	status = PasswordLogin(&call->context, user_name, password, CallText(call, ARG_TOTP), LOGIN_ADMINISTRATOR,
						   &login, &call->retry_after);
	ForgetText(password);
	call->detail = login.note;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	call->caller.known = call->caller.administrator = true;
	call->caller.account_id = login.account_id;
	call->caller.user_name = login.user_name;
	binding.account_id = login.account_id;
	binding.origin.account_epoch = login.epoch;
	MakeBoundToken(&binding, &issued);
	data = psprintf("{\"accessToken\":\"%s\",\"tokenType\":\"Bearer\",\"expiresIn\":%d}", issued.text,
					issued.expires_in);
	ForgetText(issued.text);
	return Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_admin_login, "admin.login", AdminLogin);

/*
 * rest_account_password(..., user_name, password, new_password, totp): null. An expired or temporary password
 * is changed here; an account with a second factor needs that too. A first administrator before the first
 * log-in (first_admin.h) gets {"secondFactor"}, the address for the authenticator, once.
 */
static Datum
AccountPassword(Call *call)
{
	ARGUMENTS(ARG_USER_NAME, ARG_PASSWORD, ARG_NEW_PASSWORD, ARG_TOTP);
	static const TextRule totp_rule = {"/totp", 1, 16, false, true};
	char *user_name = CallText(call, ARG_USER_NAME);
	char *password = CallText(call, ARG_PASSWORD);
	char *new_password = CallText(call, ARG_NEW_PASSWORD);
	const char *totp = CallText(call, ARG_TOTP);
	char *address;
	char *data = NULL;
	CbdStatus status;

	call->log_in = true;
	call->object = user_name;
	CheckText(&call->errors, &totp_rule, totp);
	status = ChangePassword(&call->context, user_name, password, new_password, totp, true, &call->caller,
							&call->errors, &address, &call->retry_after);
	ForgetText(password);
	ForgetText(new_password);
	if (address != NULL)
	{
		call->detail = "second factor shown";
		data = psprintf("{\"secondFactor\":\"%s\"}", address);
		ForgetText(address);
		return Answer(call, status, data);
	}
	return call->errors.count > 0 ? AnswerErrors(call) : Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_account_password, "account.change-password", AccountPassword);

/* rest_login_reserve(..., user_name): see lockout.h. For scheme basic the name is in the credential. */
static Datum
LoginReserve(Call *call)
{
	ARGUMENTS(ARG_USER_NAME);
	char *user_name = CallText(call, ARG_USER_NAME);
	char *password = NULL;
	CbdStatus status;

	if (user_name == NULL && call->context.scheme == SCHEME_BASIC)
		BasicCredentials(&call->context, &user_name, &password);
	ForgetText(password);
	/* a name that cannot be checked is refused by the function that comes next, with its errors */
	if (user_name == NULL || user_name[0] == '\0' || pg_mbstrlen(user_name) > USER_NAME_MAX)
		return AnswerUnaudited(call, NULL);
	status = ReserveLogin(&call->context, user_name, &call->retry_after);
	if (status == CBD_OK)
		return AnswerUnaudited(call, NULL);
	call->object = user_name;
	return Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_login_reserve, "auth.reserve", LoginReserve);
