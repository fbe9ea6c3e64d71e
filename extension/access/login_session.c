/*
 * Sessions of browsers; see login_session.h. Table login_session, digests only. Whether a session counts is
 * one conditional UPDATE, which notes its use.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/judge.h"
#include "access/login_session.h"
#include "core/digest.h"
#include "core/field.h"
#include "core/guc.h"
#include "core/spi.h"

/* $1 digest, $2 account, $3 its epoch, $4 the second factor was given */
static SpiQuery begin_session = {
	"INSERT INTO citybigdata.login_session (session_digest, account_id, account_epoch, second_factor, "
	"began_at, "
	"last_used_at) VALUES ($1, $2, $3, $4, clock_timestamp(), clock_timestamp()) RETURNING session_id",
	4,
	{BYTEAOID, INT8OID, INT4OID, BOOLOID},
	NULL};

/* $1 digest, $2 idle seconds, $3 seconds in all, $4 every account needs a second factor, $5 days that a
 * password is good for (0: no end) */
static SpiQuery use_session = {
	"UPDATE citybigdata.login_session s SET last_used_at = clock_timestamp() FROM citybigdata.account a"
	" WHERE s.session_digest = $1 AND a.account_id = s.account_id AND a.epoch = s.account_epoch"
	" AND a.state = 'active' AND (a.valid_until IS NULL OR a.valid_until > clock_timestamp())"
	" AND NOT a.password_held AND NOT a.password_temporary"
	" AND ($5 = 0 OR a.password_changed_at > clock_timestamp() - make_interval(days => $5))"
	" AND (s.second_factor OR NOT ($4 OR a.admin_role IS NOT NULL))"
	" AND s.began_at > clock_timestamp() - make_interval(secs => $3)"
	" AND greatest(s.last_used_at, (SELECT max(coalesce(t.last_used_at, t.issued_at)) FROM"
	"  citybigdata.oauth_grant o JOIN citybigdata.access_token t ON t.family_id = o.family_id"
	"  WHERE o.session_id = s.session_id)) > clock_timestamp() - make_interval(secs => $2)"
	" RETURNING s.session_id, s.account_id, a.user_name, a.epoch, a.admin_role IS NOT NULL",
	5,
	{BYTEAOID, FLOAT8OID, FLOAT8OID, BOOLOID, INT4OID},
	NULL,
	true};

/* $1 digest */
static SpiQuery delete_session = {
	"DELETE FROM citybigdata.login_session s USING citybigdata.account a WHERE s.session_digest = $1 AND "
	"a.account_id = s.account_id RETURNING s.session_id, s.account_id, a.user_name",
	1,
	{BYTEAOID},
	NULL,
	true};

/* $1 session: codes first, so that one under way to its tokens is waited for; then families, then tokens. */
static SpiQuery void_codes = {"UPDATE citybigdata.oauth_code SET used_at = clock_timestamp() WHERE "
							  "session_id = $1 AND used_at IS NULL",
							  1,
							  {INT8OID},
							  NULL,
							  true};
static SpiQuery revoke_grants = {"UPDATE citybigdata.oauth_grant SET revoked_at = clock_timestamp() WHERE "
								 "session_id = $1 AND revoked_at IS NULL",
								 1,
								 {INT8OID},
								 NULL,
								 true};
static SpiQuery revoke_tokens = {"UPDATE citybigdata.access_token t SET revoked_at = clock_timestamp() FROM "
								 "citybigdata.oauth_grant o WHERE "
								 "o.session_id = $1 AND t.family_id = o.family_id AND t.revoked_at IS NULL",
								 1,
								 {INT8OID},
								 NULL,
								 true};

/* Did a log-in of the account take the second factor? */
static bool
TakesSecondFactor(bool administrator)
{
	return administrator || guc_second_factor == SECOND_FACTOR_OF_ALL;
}

char *
LoginSessionBegin(const Login *login, int64 *session_id)
{
	char *text = RandomToken();
	Datum values[4] = {TextDigest(text), Int64GetDatum(login->account_id), Int32GetDatum(login->epoch),
					   BoolGetDatum(TakesSecondFactor(login->administrator))};

	SpiBegin();
	SpiRun(&begin_session, values, NULL, SPI_OK_INSERT_RETURNING, 0);
	*session_id = SpiInt64(0, 1);
	SpiEnd();
	return text;
}

bool
LoginSessionUse(const RestContext *context, Datum digest, LoginSession *session)
{
	Datum values[5] = {digest, Float8GetDatum(guc_login_session_idle_ttl),
					   Float8GetDatum(guc_login_session_ttl), BoolGetDatum(TakesSecondFactor(false)),
					   Int32GetDatum(guc_password_max_age_days)};
	bool found;

	memset(session, 0, sizeof(*session));
	SpiBegin();
	found = SpiRun(&use_session, values, NULL, SPI_OK_UPDATE_RETURNING, 0) == 1;
	if (found)
	{
		session->session_id = SpiInt64(0, 1);
		session->account_id = SpiInt64(0, 2);
		session->user_name = SpiText(0, 3);
		session->epoch = SpiInt32(0, 4);
		session->administrator = SpiBool(0, 5);
	}
	SpiEnd();
	return found && (!session->administrator || AdminAddressAllowed(context));
}

bool
LoginSessionEnd(Datum digest, LoginSession *session)
{
	Datum number;
	bool found;

	memset(session, 0, sizeof(*session));
	SpiBegin();
	found = SpiRun(&delete_session, &digest, NULL, SPI_OK_DELETE_RETURNING, 0) == 1;
	if (found)
	{
		session->session_id = SpiInt64(0, 1);
		session->account_id = SpiInt64(0, 2);
		session->user_name = SpiText(0, 3);
		number = Int64GetDatum(session->session_id);
		SpiRun(&void_codes, &number, NULL, SPI_OK_UPDATE, 0);
		SpiRun(&revoke_grants, &number, NULL, SPI_OK_UPDATE, 0);
		SpiRun(&revoke_tokens, &number, NULL, SPI_OK_UPDATE, 0);
	}
	SpiEnd();
	return found;
}
