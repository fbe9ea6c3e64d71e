/*
 * One-time codes and access tokens; see authcode.h.
 *
 * Who is unknown and who is wrong get the same answer after the same work: a key is compared with a dummy
 * digest, a password checked against a dummy hash. The lock-out is asked first, and again at redemption.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access_rows.h"
#include "access/authcode.h"
#include "text/crypto.h"
#include "core/digest.h"
#include "core/guc.h"
#include "core/keyed_row.h"
#include "access/lockout.h"
#include "access/password.h"
#include "access/signature.h"
#include "core/spi.h"
#include "access/token.h"

/* $1 digest, $2 application, $3 method, $4 now, $5 seconds, $6 and $7 epochs of application and account (0:
 * none) */
static SpiQuery insert_code = {
	"INSERT INTO citybigdata.auth_code (code_digest, app_id, method, issued_at, expires_at, app_epoch,"
	" account_epoch) VALUES ($1, $2, $3, $4, $4 + make_interval(secs => $5), $6, nullif($7, 0))",
	7,
	{BYTEAOID, INT4OID, TEXTOID, TIMESTAMPTZOID, FLOAT8OID, INT4OID, INT4OID},
	NULL,
	true};

/* The one conditional UPDATE: of any number of concurrent redemptions one gets the row. */
static SpiQuery spend_code = {
	"UPDATE citybigdata.auth_code SET used_at = clock_timestamp() WHERE code_digest = $1 AND used_at IS NULL"
	" RETURNING app_id, method, family_id, expires_at > clock_timestamp(), app_epoch, account_epoch",
	1,
	{BYTEAOID},
	NULL,
	true};

/* Columns of auth_code. */
enum
{
	CODE_DIGEST,
	CODE_APP,
	CODE_METHOD,
	CODE_USED
};
static KeyedTable code_table = {
	"auth_code", "auth_code_pkey", {"code_digest", "app_id", "method", "used_at"}};

/* $1 digest of a code that was presented again: the tokens that were made with it end. */
static SpiQuery revoke_family = {
	"UPDATE citybigdata.access_token SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL AND "
	"family_id ="
	" (SELECT k.family_id FROM citybigdata.auth_code k WHERE k.code_digest = $1)",
	1,
	{BYTEAOID},
	NULL,
	true};

/* What IssueAuthCode needs to know of the application. */
typedef struct Candidate
{
	bool found;
	int32 app_id;
	int64 account_id;
	char *user_name;
	CredentialRow credentials;
	int32 account_epoch;
	bool counts; /* application and account active, not expired */
	bool address_in_range;
	bool address_allowed;
} Candidate;

/* Has an end not come yet? By the clock: codes live for minutes. */
static bool
Lasts(bool has_end, TimestampTz end)
{
	return !has_end || end > GetCurrentTimestamp();
}

/* The application of the request with what its method needs; false: there is none of that appCode. */
static void
FindCandidate(const RestContext *context, const char *method, Candidate *candidate)
{
	ApplicationRow app;
	AccountRow account;

	memset(candidate, 0, sizeof(*candidate));
	/* as they are now, not as the statement's snapshot has them: a revocation counts at once */
	RowsLatestBegin();
	candidate->found =
		ReadApplicationByCode(context->app_code, context->has_client_addr ? context->client_addr : (Datum) 0,
							  &app) &&
		ReadAccount(app.account_id, &account) &&
		ReadCredentials(context->app_code, method, &candidate->credentials);
	RowsLatestEnd();
	if (!candidate->found)
		return;
	candidate->app_id = app.app_id;
	candidate->account_id = app.account_id;
	candidate->user_name = account.user_name;
	candidate->account_epoch = account.epoch;
	candidate->counts = app.active && account.active && Lasts(app.has_end, app.valid_until) &&
						Lasts(account.has_end, account.valid_until);
	candidate->address_in_range = app.in_range;
	candidate->address_allowed = !app.bound || app.by_address || app.in_range;
}

/* Whose code it is; false: the application is gone. *stands: what it was made by still counts. */
static bool
ReadCodeOwner(SpentCode *code, bool *stands)
{
	ApplicationRow app;
	AccountRow account;

	if (!ReadApplication(code->app_id, (Datum) 0, &app) || !ReadAccount(app.account_id, &account))
		return false;
	code->app_code = app.app_code;
	code->account_id = app.account_id;
	code->user_name = account.user_name;
	*stands = code->origin.app_epoch == app.epoch &&
			  (code->origin.account_epoch == 0 || code->origin.account_epoch == account.epoch);
	return true;
}

/* Method key: the same work and the same answer for an unknown application and a wrong key. */
static CbdStatus
CheckKey(const RestContext *context, const Candidate *candidate, const char *key, int *retry_after)
{
	Attempt attempt;
	uint8 digest[DIGEST_SIZE];
	char *folded = FoldAscii(key); /* a UUID may come in capitals */
	bool right;

	MakeAttempt(context, APPLICATION, context->app_code, &attempt);
	*retry_after = LockedFor(&attempt);
	if (*retry_after > 0)
		return CBD_LOCKED_OUT;
	Sha256(folded, strlen(folded), digest);
	ForgetText(folded);
	/* both are always compared */
	right = (EqualBytes(digest, candidate->credentials.key_digest[0], DIGEST_SIZE) &
			 candidate->credentials.has_key[0]) |
			(EqualBytes(digest, candidate->credentials.key_digest[1], DIGEST_SIZE) &
			 candidate->credentials.has_key[1]);
	if (!right)
		return CountFailure(&attempt, retry_after) ? CBD_INVALID_CREDENTIALS : CBD_LOCKED_OUT;
	ClearFailures(&attempt);
	return CBD_OK;
}

/* The credential of the request, by its method. *origin: what was proved, with the epochs that the credential
 * was read with: a change that comes after that ends it. */
static CbdStatus
CheckCredential(const RestContext *context, const Candidate *candidate, const CodeRequest *request,
				Origin *origin, int *retry_after)
{
	Login login = {0};
	Signer signer = {0};
	CbdStatus status;

	origin->app_epoch = candidate->credentials.epoch;
	/* each method counts its own failures */
	if (strcmp(request->method, "key") == 0)
		return CheckKey(context, candidate, request->key, retry_after);
	if (strcmp(request->method, "password") == 0)
	{
		status = PasswordLogin(context, request->user_name, request->password, request->totp,
							   candidate->found ? candidate->account_id : LOGIN_NOBODY, &login, retry_after);
		origin->account_epoch = login.epoch;
		return status == CBD_OK && login.held ? CBD_PASSWORD_RESET : status;
	}
	if (strcmp(request->method, "signature") == 0)
	{
		status = SignatureLogin(context, &signer, retry_after);
		origin->app_epoch = signer.epoch;
		return status;
	}
	origin->by_address = strcmp(request->method, "ip") == 0;
	if (origin->by_address)
		return candidate->credentials.method_granted && candidate->address_in_range ? CBD_OK
																					: CBD_ADDRESS_NOT_ALLOWED;
	return CBD_UNSUPPORTED_METHOD;
}

CbdStatus
AuthenticateApplication(const RestContext *context, const CodeRequest *request, Issued *issued)
{
	Candidate candidate;
	CbdStatus status;

	memset(issued, 0, sizeof(*issued));
	FindCandidate(context, request->method, &candidate);
	status = CheckCredential(context, &candidate, request, &issued->origin, &issued->retry_after);
	if (status != CBD_OK)
		return status;
	issued->app_id = candidate.app_id;
	issued->account_id = candidate.account_id;
	issued->user_name = candidate.user_name;
	/* what was proved is right; said only now, so that a guess learns nothing */
	if (!candidate.credentials.method_granted)
		return CBD_METHOD_NOT_GRANTED;
	if (!candidate.counts)
		return CBD_FORBIDDEN;
	return candidate.address_allowed ? CBD_OK : CBD_ADDRESS_NOT_ALLOWED;
}

CbdStatus
IssueAuthCode(const RestContext *context, const CodeRequest *request, Issued *issued)
{
	CbdStatus status = AuthenticateApplication(context, request, issued);
	Datum values[7];

	if (status != CBD_OK)
		return status;
	issued->text = RandomToken();
	issued->expires_in = guc_auth_code_ttl;
	values[0] = TextDigest(issued->text);
	values[1] = Int32GetDatum(issued->app_id);
	values[2] = CStringGetTextDatum(request->method);
	values[3] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[4] = Float8GetDatum(guc_auth_code_ttl);
	values[5] = Int32GetDatum(issued->origin.app_epoch);
	values[6] = Int32GetDatum(issued->origin.account_epoch);
	SpiBegin();
	SpiRun(&insert_code, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	return CBD_OK;
}

CbdStatus
SpendAuthCode(const RestContext *context, Datum digest, const char *app_code, SpentCode *code)
{
	bool fresh = false;
	bool same_app = true;
	bool stands = false;
	bool spent;

	memset(code, 0, sizeof(*code));
	SpiBegin();
	/* spent whatever comes now: a code that was shown to the wrong one is not good for the right one */
	spent = SpiRun(&spend_code, &digest, NULL, SPI_OK_UPDATE_RETURNING, 0) == 1;
	if (spent)
	{
		code->app_id = SpiInt32(0, 1);
		code->method = SpiText(0, 2);
		code->family_id = SpiInt64(0, 3);
		fresh = SpiBool(0, 4);
		code->origin.app_epoch = SpiInt32(0, 5);
		code->origin.account_epoch = SpiInt32(0, 6);
		code->origin.by_address = strcmp(code->method, "ip") == 0;
	}
	else
		/* unknown, or used before: then the token that it gave may be in wrong hands */
		SpiRun(&revoke_family, &digest, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
	if (spent)
	{
		RowsLatestBegin();
		if (!ReadCodeOwner(code, &stands))
			elog(ERROR, "the application of a code does not exist");
		RowsLatestEnd();
		same_app = app_code == NULL || strcmp(app_code, code->app_code) == 0;
	}
	return spent && fresh && stands && same_app ? CBD_OK : CBD_INVALID_GRANT;
}

int
CodeLockedFor(const RestContext *context, const SpentCode *code)
{
	Attempt attempt;
	int seconds;

	MakeAttempt(context, APPLICATION, code->app_code, &attempt);
	seconds = LockedFor(&attempt);
	if (seconds == 0 && strcmp(code->method, "password") == 0)
	{
		MakeAttempt(context, ACCOUNT, code->user_name, &attempt);
		/* failures of others, elsewhere, do not void a code that was given out */
		attempt.everywhere = false;
		seconds = LockedFor(&attempt);
	}
	return seconds;
}

/* The lock-out, before a code is spent for a token: a refused redemption leaves the code as it was. */
static int
RedemptionLockedFor(const RestContext *context, Datum digest)
{
	SpentCode code = {0};
	Attempt attempt;
	RowKey key = BytesKey(CODE_DIGEST, digest);
	KeyedRow row;
	TimestampTz used;
	bool stands;
	bool found;

	RowsLatestBegin();
	found = RowOpen(&row, &code_table, &key, 1) && !RowTime(&row, CODE_USED, &used);
	if (found)
	{
		code.app_id = RowInt32(&row, CODE_APP);
		code.method = RowText(&row, CODE_METHOD);
	}
	RowClose(&row);
	found = found && ReadCodeOwner(&code, &stands);
	RowsLatestEnd();
	if (found)
		return CodeLockedFor(context, &code);
	MakeAttempt(context, APPLICATION, context->app_code, &attempt);
	return LockedFor(&attempt);
}

CbdStatus
ExchangeAuthCode(const RestContext *context, Datum digest, const TokenBinding *wanted, Issued *issued)
{
	TokenBinding binding = {0};
	SpentCode code;
	Candidate candidate;
	CbdStatus status;

	memset(issued, 0, sizeof(*issued));
	issued->retry_after = RedemptionLockedFor(context, digest);
	if (issued->retry_after > 0)
		return CBD_LOCKED_OUT;
	status = SpendAuthCode(context, digest, context->app_code, &code);
	if (status != CBD_OK)
		return status;
	issued->app_id = code.app_id;
	issued->account_id = code.account_id;
	issued->user_name = code.user_name;
	/* minutes have gone by since the code was made */
	FindCandidate(context, code.method, &candidate);
	if (!candidate.counts || !candidate.credentials.method_granted)
		return CBD_FORBIDDEN;
	if (!candidate.address_allowed || (code.origin.by_address && !candidate.address_in_range))
		return CBD_ADDRESS_NOT_ALLOWED;
	/* what the client narrows itself to; who it is comes from the code alone */
	if (wanted != NULL)
		binding = *wanted;
	binding.app_id = code.app_id;
	binding.account_id = code.account_id;
	binding.family_id = code.family_id;
	binding.origin = code.origin;
	MakeBoundToken(&binding, issued);
	return CBD_OK;
}
