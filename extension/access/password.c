/*
 * Passwords and the log-in by password; see password.h.
 *
 *   password --SHA-256, base64--> 44 characters --bcrypt (pgcrypto)--> digest
 *
 * An unknown user costs the same work as a wrong password. A digest of an older cost is made anew after the
 * right password was given. No password, and nothing made of one but the digest, is stored or logged.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "text/crypto.h"
#include "core/digest.h"
#include "core/guc.h"
#include "access/first_admin.h"
#include "access/judge.h"
#include "access/lockout.h"
#include "access/password.h"
#include "access/totp.h"
#include "core/spi.h"
#include "text/base64.h"

/* $1 prepared password, $2 cost: a new digest. */
static SpiQuery bcrypt_new = {
	"SELECT @pgcrypto@.crypt($1, @pgcrypto@.gen_salt('bf', $2))", 2, {TEXTOID, INT4OID}, NULL, true};

/* $1 prepared password, $2 digest: equals $2 when it is the password. */
static SpiQuery bcrypt_check = {"SELECT @pgcrypto@.crypt($1, $2)", 2, {TEXTOID, TEXTOID}, NULL, true};

/* $1 user name in small letters, and how old a password may be: what a log-in needs to know. */
static SpiQuery find_account = {
	"SELECT account_id, user_name, password_digest, CASE WHEN valid_until <= clock_timestamp() THEN "
	"'expired' ELSE state END,"
	" admin_role IS NOT NULL,"
	" password_temporary OR ($2 > 0 AND password_changed_at <= clock_timestamp() - make_interval(days => "
	"$2)), epoch, password_held"
	" FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1 AND NOT technical",
	2,
	{TEXTOID, INT4OID},
	NULL,
	true};

/* $1 account, $2 digest of the new cost, $3 the digest that was checked: unless it was changed
 * meanwhile. */
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

/* Blanks other than U+0020 (Unicode's category Zs), in UTF-8. */
static const char *const other_blanks[] = {"\xc2\xa0",
										   "\xe1\x9a\x80",
										   "\xe2\x80\x80",
										   "\xe2\x80\x81",
										   "\xe2\x80\x82",
										   "\xe2\x80\x83",
										   "\xe2\x80\x84",
										   "\xe2\x80\x85",
										   "\xe2\x80\x86",
										   "\xe2\x80\x87",
										   "\xe2\x80\x88",
										   "\xe2\x80\x89",
										   "\xe2\x80\x8a",
										   "\xe2\x80\xaf",
										   "\xe2\x81\x9f",
										   "\xe3\x80\x80",
										   NULL};

/*
 * The password as it counts, palloc'd (RFC 8265, OpaqueString): every blank is U+0020, and characters are
 * composed (NFC), so that the same keys give the same password on every system.
 */
static char *
PreparePassword(const char *password)
{
	char *mapped = palloc(strlen(password) + 1);
	char *out = mapped;
	char *composed;

	for (const char *in = password; *in != '\0';)
	{
		int length = 0;

		for (int i = 0; other_blanks[i] != NULL && length == 0; i++)
			if (strncmp(in, other_blanks[i], strlen(other_blanks[i])) == 0)
				length = (int) strlen(other_blanks[i]);
		*out++ = length > 0 ? ' ' : *in;
		in += Max(length, 1);
	}
	*out = '\0';
	if (GetDatabaseEncoding() != PG_UTF8)
		return mapped;
	composed = TextDatumGetCString(
		DirectFunctionCall2(unicode_normalize_func, CStringGetTextDatum(mapped), CStringGetTextDatum("NFC")));
	ForgetText(mapped);
	return composed;
}

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
	char *prepared = PreparePassword(password);
	char *prehash = PreHash(prepared);
	Datum values[2] = {CStringGetTextDatum(prehash), Int32GetDatum(guc_bcrypt_cost)};
	char *digest;

	SpiBegin();
	SpiRun(&bcrypt_new, values, NULL, SPI_OK_SELECT, 1);
	digest = SpiText(0, 1);
	SpiEnd();
	ForgetText(prepared);
	ForgetText(prehash);
	return digest;
}

/* A salt that belongs to nobody, for work whose result does not matter. */
static char *
DummySalt(int cost)
{
	return psprintf("$2a$%02d$K8bUYm0HgSAXFSmKnVxTWu", cost);
}

/* Does exactly this text belong to the digest? Without a digest a dummy is checked: the same work, never a
 * match.
 */
static bool
TextMatches(const char *password, const char *digest)
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

/*
 * Does the password belong to the digest? Digests made before passwords were prepared are of the text as it
 * was given: then *as_given.
 */
static bool
PasswordMatches(const char *password, const char *digest, bool *as_given)
{
	char *prepared = PreparePassword(password);
	bool matches = TextMatches(prepared, digest);

	*as_given = !matches && strcmp(prepared, password) != 0 && TextMatches(password, digest);
	ForgetText(prepared);
	return matches || *as_given;
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

/* Digests of an older cost or of a password that was not prepared are made anew once the right one was given.
 */
static void
RenewDigest(int64 account_id, const char *password, const char *digest, bool as_given)
{
	Datum values[3];

	if (DigestCost(digest) == guc_bcrypt_cost && !as_given)
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
		login->held = SpiBool(0, 8);
	}
	SpiEnd();
	return digest;
}

/* $1 user name in small letters: does its account administer the platform? */
static SpiQuery is_administrator = {
	"SELECT admin_role IS NOT NULL FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1",
	1,
	{TEXTOID},
	NULL,
	true};

/* How a log-in counts. Where administrators may not come from, nobody can bring a delay upon one. */
static void
MakeLoginAttempt(const RestContext *context, const char *user_name, Attempt *attempt)
{
	Datum name;

	MakeAttempt(context, ACCOUNT, user_name, attempt);
	if (attempt->subject == NULL)
		return;
	KnowAddress(attempt);
	if (AdminAddressAllowed(context))
		return;
	name = CStringGetTextDatum(attempt->subject);
	SpiBegin();
	if (SpiRun(&is_administrator, &name, NULL, SPI_OK_SELECT, 1) == 1 && SpiBool(0, 1))
		attempt->everywhere = false;
	SpiEnd();
}

CbdStatus
ReserveLogin(const RestContext *context, const char *user_name, int *retry_after)
{
	Attempt attempt;

	MakeLoginAttempt(context, user_name, &attempt);
	if (!ReserveAttempt(&attempt, retry_after))
		return CBD_LOCKED_OUT;
	StoreReservation(context, &attempt);
	return CBD_OK;
}

/* Is it the account that the log-in is for, and may it come from here? */
static bool
IsWanted(const RestContext *context, const Login *login, int64 who)
{
	if (login->administrator && !AdminAddressAllowed(context))
		return false;
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
	bool as_given;

	*retry_after = 0;
	MakeLoginAttempt(context, user_name, &attempt);
	if (!TakeReservation(context, &attempt) && !ReserveAttempt(&attempt, retry_after))
		return CBD_LOCKED_OUT;
	memset(login, 0, sizeof(*login));
	digest = attempt.subject != NULL ? FindAccount(attempt.subject, login) : NULL;
	right = PasswordMatches(password, digest, &as_given);
	if (!right || !IsWanted(context, login, who))
	{
		if (digest != NULL)
			SpendRest(digest);
		AttemptFailed(&attempt);
		memset(login, 0, sizeof(*login));
		return CBD_INVALID_CREDENTIALS;
	}
	AttemptSucceeded(&attempt);
	RenewDigest(login->account_id, password, digest, as_given);
	return CBD_OK;
}

CbdStatus
CheckSecondFactor(const RestContext *context, Login *login, const char *code, CbdStatus absent,
				  int *retry_after)
{
	Attempt attempt;

	MakeAttempt(context, SECOND_FACTOR, login->user_name, &attempt);
	/* counted before it is looked at: guesses side by side wait for each other here */
	if (!ReserveAttempt(&attempt, retry_after))
		return CBD_LOCKED_OUT;
	switch (TotpVerify(login->account_id, code))
	{
		case TOTP_NOT_ENROLLED:
			AttemptSucceeded(&attempt);
			return absent;
		case TOTP_ACCEPTED:
			AttemptSucceeded(&attempt);
			FirstLogInDone(login->account_id);
			return CBD_OK;
		case TOTP_REFUSED:
			break;
	}
	AttemptFailed(&attempt);
	login->note = "one-time password";
	return CBD_INVALID_CREDENTIALS;
}

CbdStatus
PasswordLogin(const RestContext *context, const char *user_name, const char *password, const char *totp,
			  int64 who, Login *login, int *retry_after)
{
	CbdStatus status = PasswordCheck(context, user_name, password, who, login, retry_after);

	if (status == CBD_OK && (login->administrator || guc_second_factor == SECOND_FACTOR_OF_ALL))
		status = CheckSecondFactor(context, login, totp, CBD_NO_SECOND_FACTOR, retry_after);
	/* the one-time password of a first administrator: the second factor comes with its change */
	if (status == CBD_NO_SECOND_FACTOR && FirstLogInAwaited(login->account_id))
		return CBD_PASSWORD_EXPIRED;
	/* only a caller with both factors learns that the password has expired */
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
	bool as_given;

	if (count == 0)
		return CBD_NO_SUCH_ACCOUNT;
	for (int i = 0; i < count; i++)
		if (PasswordMatches(password, digests[i], &as_given))
		{
			ErrorAdd(errors, pointer, CBD_WEAK_PASSWORD,
					 SaidBoth("It must differ from the last %d{count}", guc_password_history));
			return ErrorsStatus(errors);
		}
	return StoreDigest(account_id, password, false, digests[0]) ? CBD_OK : CBD_CONFLICT;
}

static SpiQuery hold_password = {
	"UPDATE citybigdata.account SET password_held = true WHERE account_id = $1", 1, {INT8OID}, NULL, true};

CbdStatus
ResetPassword(int64 account_id, bool hold, char **initial)
{
	int count;
	char **digests = KnownDigests(account_id, &count);

	if (count == 0)
		return CBD_NO_SUCH_ACCOUNT;
	*initial = RandomToken();
	if (!StoreDigest(account_id, *initial, true, digests[0]))
		return CBD_CONFLICT;
	if (hold)
	{
		Datum account = Int64GetDatum(account_id);

		SpiBegin();
		SpiRun(&hold_password, &account, NULL, SPI_OK_UPDATE, 0);
		SpiEnd();
	}
	return CBD_OK;
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
