/* Passwords and the log-in by password. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "text/crypto.h"
#include "core/digest.h"
#include "core/guc.h"
#include "access/lockout.h"
#include "access/password.h"
#include "core/spi.h"
#include "text/base64.h"

static SpiQuery bcrypt_new = {
	"SELECT @pgcrypto@.crypt($1, @pgcrypto@.gen_salt('bf', $2))", 2, {TEXTOID, INT4OID}, NULL, true};

static SpiQuery bcrypt_check = {"SELECT @pgcrypto@.crypt($1, $2)", 2, {TEXTOID, TEXTOID}, NULL, true};

static SpiQuery find_account = {
	"SELECT account_id, user_name, password_digest, CASE WHEN valid_until <= clock_timestamp() THEN "
	"'expired' ELSE state END,"
	" admin_role IS NOT NULL,"
	" password_temporary OR ($2 > 0 AND password_changed_at <= clock_timestamp() - make_interval(days => "
	"$2)), epoch"
	" FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1",
	2,
	{TEXTOID, INT4OID},
	NULL,
	true};

static SpiQuery renew_digest = {
	"UPDATE citybigdata.account SET password_digest = $2 WHERE account_id = $1 AND password_digest = $3",
	3,
	{INT8OID, TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 account, $2 how many: the current one first */
static SpiQuery known_digests = {
	"SELECT (ARRAY[password_digest] || former_digests)[1:$2] FROM citybigdata.account WHERE account_id = $1",
	2,
	{INT8OID, INT4OID},
	NULL,
	true};

/* $1 account, $2 digest, $3 temporary, $4 how many to keep, the current one among them, $5 digest as it was
 */
static SpiQuery set_digest = {"UPDATE citybigdata.account SET password_digest = $2, password_temporary = $3, "
							  "password_changed_at = clock_timestamp(), epoch = epoch + 1,"
							  " former_digests = (ARRAY[password_digest] || former_digests)[1:$4 - 1] WHERE "
							  "account_id = $1 AND password_digest = $5",
							  5,
							  {INT8OID, TEXTOID, BOOLOID, INT4OID, TEXTOID},
							  NULL,
							  true};

/* base64 of SHA-256 of the password: 44 characters, so that all of a long password counts. */
static char *
PreHash(const char *password)
{
	uint8 digest[DIGEST_SIZE];
	char *text = palloc(BASE64_SIZE(DIGEST_SIZE));

	Sha256(password, strlen(password), digest);
	Base64Text(digest, DIGEST_SIZE, BASE64, text);
	explicit_bzero(digest, sizeof(digest));
	return text;
}

char *
PasswordDigest(const char *password)
{
	char *prehash = PreHash(password);
	Datum values[2] = {CStringGetTextDatum(prehash), Int32GetDatum(guc_bcrypt_cost)};
	char *digest;

	SpiBegin();
	SpiRun(&bcrypt_new, values, NULL, SPI_OK_SELECT, 1);
	digest = SpiText(0, 1);
	SpiEnd();
	ForgetText(prehash);
	return digest;
}

/* A salt that belongs to nobody, for work whose result does not matter. */
static char *
DummySalt(int cost)
{
	return psprintf("$2a$%02d$K8bUYm0HgSAXFSmKnVxTWu", cost);
}

/* Does the password belong to the digest? Without a digest a dummy is checked: the same work, never a match.
 */
static bool
PasswordMatches(const char *password, const char *digest)
{
	char *prehash = PreHash(password);
	char *stored = digest != NULL ? pstrdup(digest) : DummySalt(guc_bcrypt_cost);
	Datum values[2] = {CStringGetTextDatum(prehash), CStringGetTextDatum(stored)};
	char *computed;
	bool same;

	SpiBegin();
	SpiRun(&bcrypt_check, values, NULL, SPI_OK_SELECT, 1);
	computed = SpiText(0, 1);
	SpiEnd();
	ForgetText(prehash);
	same = computed != NULL && strlen(computed) == strlen(stored) &&
		   EqualBytes(computed, stored, strlen(stored));
	return same && digest != NULL;
}

/* What a digest costs, from its text $2a$10$… */
static int
DigestCost(const char *digest)
{
	return (int) strtol(digest + 4, NULL, 10);
}

/*
 * A wrong password of an account whose digest is of a lower cost than the setting must take as long as one of
 * nobody: each step of cost doubles the work, so the work of the check and of one dummy per missing step add
 * up to that of the setting.
 */
static void
SpendRest(const char *digest)
{
	Datum values[2] = {CStringGetTextDatum("x")};

	SpiBegin();
	for (int cost = DigestCost(digest); cost < guc_bcrypt_cost; cost++)
	{
		values[1] = CStringGetTextDatum(DummySalt(cost));
		SpiRun(&bcrypt_check, values, NULL, SPI_OK_SELECT, 1);
	}
	SpiEnd();
}

/* Passwords of an older cost are digested anew once the right one was given. */
static void
RenewDigest(int64 account_id, const char *password, const char *digest)
{
	Datum values[3];

	if (DigestCost(digest) == guc_bcrypt_cost)
		return;
	values[0] = Int64GetDatum(account_id);
	values[1] = CStringGetTextDatum(PasswordDigest(password));
	values[2] = CStringGetTextDatum(digest);
	SpiBegin();
	SpiRun(&renew_digest, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* The account's row; NULL digest when there is none. */
static char *
FindAccount(const char *folded_name, Login *login)
{
	Datum values[2] = {CStringGetTextDatum(folded_name), Int32GetDatum(guc_password_max_age_days)};
	char *digest = NULL;

	memset(login, 0, sizeof(*login));
	SpiBegin();
	if (SpiRun(&find_account, values, NULL, SPI_OK_SELECT, 1) == 1)
	{
		login->account_id = SpiInt64(0, 1);
		login->user_name = SpiText(0, 2);
		digest = SpiText(0, 3);
		login->state = SpiText(0, 4);
		login->administrator = SpiBool(0, 5);
		login->expired = SpiBool(0, 6);
		login->epoch = SpiInt32(0, 7);
	}
	SpiEnd();
	return digest;
}

CbdStatus
ReserveLogin(const RestContext *context, const char *user_name, int *retry_after)
{
	Attempt attempt;

	MakeAttempt(context, "account", user_name, &attempt);
	if (!ReserveAttempt(&attempt, retry_after))
		return CBD_LOCKED_OUT;
	StoreReservation(context, &attempt);
	return CBD_OK;
}

/* Is it the account that the log-in is for? */
static bool
IsWanted(const Login *login, int64 who)
{
	switch (who)
	{
		case LOGIN_ANYONE:
			return true;
		case LOGIN_ADMINISTRATOR:
			return login->administrator && strcmp(login->state, "active") == 0;
		default:
			return login->account_id == who;
	}
}

CbdStatus
PasswordCheck(const RestContext *context, const char *user_name, const char *password, int64 who,
			  Login *login, int *retry_after)
{
	Attempt attempt;
	char *digest;
	bool right;

	*retry_after = 0;
	MakeAttempt(context, "account", user_name, &attempt);
	if (!TakeReservation(context, &attempt) && !ReserveAttempt(&attempt, retry_after))
		return CBD_LOCKED_OUT;
	digest = FindAccount(attempt.subject, login);
	right = PasswordMatches(password, digest);
	if (!right || !IsWanted(login, who))
	{
		if (digest != NULL)
			SpendRest(digest);
		AttemptFailed(&attempt);
		memset(login, 0, sizeof(*login));
		return CBD_INVALID_CREDENTIALS;
	}
	AttemptSucceeded(&attempt);
	RenewDigest(login->account_id, password, digest);
	return CBD_OK;
}

CbdStatus
PasswordLogin(const RestContext *context, const char *user_name, const char *password, int64 who,
			  Login *login, int *retry_after)
{
	CbdStatus status = PasswordCheck(context, user_name, password, who, login, retry_after);

	return status == CBD_OK && login->expired ? CBD_PASSWORD_EXPIRED : status;
}

/* The digests that a new password must not match, the current one first. */
static char **
KnownDigests(int64 account_id, int *count)
{
	Datum values[2] = {Int64GetDatum(account_id), Int32GetDatum(guc_password_history)};
	Datum array = (Datum) 0;
	bool isnull = true;

	SpiBegin();
	if (SpiRun(&known_digests, values, NULL, SPI_OK_SELECT, 1) == 1)
		array = SpiDatum(0, 1, &isnull);
	SpiEnd();
	return TextArray(array, isnull, count);
}

/* Stores a digest if the account still has the one it had. */
static bool
StoreDigest(int64 account_id, const char *password, bool temporary, const char *current)
{
	Datum values[5] = {Int64GetDatum(account_id), CStringGetTextDatum(PasswordDigest(password)),
					   BoolGetDatum(temporary), Int32GetDatum(guc_password_history),
					   CStringGetTextDatum(current)};
	bool stored;

	SpiBegin();
	stored = SpiRun(&set_digest, values, NULL, SPI_OK_UPDATE, 0) == 1;
	SpiEnd();
	return stored;
}

CbdStatus
SetPassword(int64 account_id, const char *password, const char *pointer, ErrorList *errors)
{
	int count;
	char **digests = KnownDigests(account_id, &count);

	if (count == 0)
		return CBD_NO_SUCH_ACCOUNT;
	for (int i = 0; i < count; i++)
		if (PasswordMatches(password, digests[i]))
		{
			ErrorAdd(errors, pointer, CBD_WEAK_PASSWORD,
					 psprintf("It must differ from the last %d", guc_password_history));
			return ErrorsStatus(errors);
		}
	return StoreDigest(account_id, password, false, digests[0]) ? CBD_OK : CBD_CONFLICT;
}

CbdStatus
ResetPassword(int64 account_id, char **initial)
{
	int count;
	char **digests = KnownDigests(account_id, &count);

	if (count == 0)
		return CBD_NO_SUCH_ACCOUNT;
	*initial = RandomToken();
	return StoreDigest(account_id, *initial, true, digests[0]) ? CBD_OK : CBD_CONFLICT;
}

bool
BasicCredentials(const RestContext *context, char **user_name, char **password)
{
	const char *bytes = context->credential;
	int length = context->credential_len;
	const char *colon;

	if (bytes == NULL || pg_verify_mbstr_len(PG_UTF8, bytes, length, true) < 0 ||
		(colon = memchr(bytes, ':', length)) == NULL)
		return false;
	*user_name = pnstrdup(bytes, colon - bytes);
	*password = pnstrdup(colon + 1, length - (colon + 1 - bytes));
	return true;
}

/* How many kinds of characters: small letters, capital letters, digits, others. */
static int
CharacterKinds(const char *text)
{
	bool small = false, capital = false, digit = false, other = false;

	for (; *text != '\0'; text++)
	{
		if (*text >= 'a' && *text <= 'z')
			small = true;
		else if (*text >= 'A' && *text <= 'Z')
			capital = true;
		else if (*text >= '0' && *text <= '9')
			digit = true;
		else
			other = true;
	}
	return small + capital + digit + other;
}

/* 8 to 256 characters of three kinds, or of two from 16 characters on; not holding the user name (GB/T
 * 22239 8.1.4.1). */
const char *
CheckNewPassword(ErrorList *errors, const char *pointer, const char *password, const char *user_name)
{
	TextRule rule = {pointer, 1, PASSWORD_MAX, true, false};
	int length;

	password = CheckText(errors, &rule, password);
	if (password == NULL)
		return NULL;
	length = pg_mbstrlen(password);
	if (length < 8)
		ErrorAdd(errors, rule.pointer, CBD_WEAK_PASSWORD, "At least 8 characters");
	else if (CharacterKinds(password) < (length >= 16 ? 2 : 3))
		ErrorAdd(
			errors, rule.pointer, CBD_WEAK_PASSWORD,
			"At least three of: small letters, capital letters, digits, others (two from 16 characters on)");
	else if (user_name != NULL && strstr(FoldAscii(password), FoldAscii(user_name)) != NULL)
		ErrorAdd(errors, rule.pointer, CBD_WEAK_PASSWORD, "It must not contain the user name");
	else
		return password;
	return NULL;
}
