/*
 * Access and refresh tokens; see token.h.
 *
 * Tables access_token, oauth_grant (a family), refresh_token. Only SHA-256 digests are stored. Exchanging a
 * refresh token is one conditional UPDATE of the family's generation; the family is locked before its tokens,
 * always in this order.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/field.h"
#include "core/guc.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "access/token.h"

/* $1 digest, $2 family, $3 application, $4 account, $5 resources, $6 level, $7 client address, $8 now, $9
 * seconds, $10 and $11 epochs of application and account (0: none), $12 by address */
static SpiQuery insert_token = {
	"INSERT INTO citybigdata.access_token (token_digest, family_id, app_id, account_id, resources, level, "
	"client_addr, issued_at, expires_at, app_epoch, account_epoch, by_address)"
	" VALUES ($1, $2, $3, $4, $5, $6, host($7)::inet, $8, $8 + make_interval(secs => $9), $10, nullif($11, "
	"0), $12)",
	12,
	{BYTEAOID, INT8OID, INT4OID, INT8OID, TEXTARRAYOID, INT4OID, INETOID, TIMESTAMPTZOID, FLOAT8OID, INT4OID,
	 INT4OID, BOOLOID},
	NULL};

/* A row that somebody holds is being used or revoked right now: never wait for it. */
static SpiQuery note_use = {
	"UPDATE citybigdata.access_token SET last_used_at = clock_timestamp() WHERE token_digest ="
	" (SELECT t.token_digest FROM citybigdata.access_token t WHERE t.token_digest = $1 AND t.revoked_at IS "
	"NULL"
	"  AND coalesce(t.last_used_at, t.issued_at) < clock_timestamp() - make_interval(secs => least($2 / 4, "
	"60))"
	"  FOR UPDATE SKIP LOCKED)",
	2,
	{BYTEAOID, FLOAT8OID},
	NULL,
	true,
	.lazy = true};

/* $1 digest, $2 application, $3 account: 0 and 0 = anyone's. An administrator's token that the operators'
 * client has got is that client's, too. */
static SpiQuery revoke_token = {
	"UPDATE citybigdata.access_token SET revoked_at = clock_timestamp()"
	" WHERE token_digest = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()"
	" AND CASE WHEN $2 <> 0 THEN coalesce(app_id, (SELECT o.app_id FROM citybigdata.oauth_grant o"
	"  WHERE o.family_id = access_token.family_id)) = $2"
	" WHEN $3 <> 0 THEN account_id = $3 ELSE true END",
	3,
	{BYTEAOID, INT4OID, INT8OID},
	NULL,
	true};

/* $1 account: the tokens of its log-ins as an administrator end. */
static SpiQuery end_administrator = {"UPDATE citybigdata.access_token SET revoked_at = clock_timestamp() "
									 "WHERE account_id = $1 AND app_id IS NULL AND revoked_at IS NULL",
									 1,
									 {INT8OID},
									 NULL,
									 true};

/* $1 account: no browser of it gets a new code without the password. */
static SpiQuery end_sessions = {
	"DELETE FROM citybigdata.login_session WHERE account_id = $1", 1, {INT8OID}, NULL, true};

/* $1 digest of a refresh token: its family, and whether it was good until now. */
static SpiQuery refresh_family = {
	"SELECT o.family_id, o.revoked_at IS NULL AND r.used_at IS NULL AND least(o.expires_at, r.expires_at) > "
	"clock_timestamp()"
	" FROM citybigdata.refresh_token r JOIN citybigdata.oauth_grant o ON o.family_id = r.family_id WHERE "
	"r.token_digest = $1"
	" AND CASE WHEN $2 <> 0 THEN o.app_id = $2 WHEN $3 <> 0 THEN o.account_id = $3 ELSE true END",
	3,
	{BYTEAOID, INT4OID, INT8OID},
	NULL,
	true};

/* The family first: a rotation under way is finished before, and its tokens are found. */
static SpiQuery revoke_grant = {"UPDATE citybigdata.oauth_grant SET revoked_at = clock_timestamp() WHERE "
								"family_id = $1 AND revoked_at IS NULL",
								1,
								{INT8OID},
								NULL,
								true};

/* $1 family: its access tokens end. */
static SpiQuery revoke_family_tokens = {"UPDATE citybigdata.access_token SET revoked_at = clock_timestamp() "
										"WHERE family_id = $1 AND revoked_at IS NULL",
										1,
										{INT8OID},
										NULL,
										true};

/* $1 family, $2 application, $3 account, $4 resources, $5 seconds, $6 and $7 epochs of application and
 * account, $8 session (0: none)
 */
static SpiQuery insert_grant = {
	"INSERT INTO citybigdata.oauth_grant (family_id, app_id, account_id, resources, granted_at, expires_at,"
	" app_epoch, account_epoch, session_id)"
	" VALUES ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + make_interval(secs => $5), $6, $7, "
	"nullif($8, 0))",
	8,
	{INT8OID, INT4OID, INT8OID, TEXTARRAYOID, FLOAT8OID, INT4OID, INT4OID, INT8OID},
	NULL};

/* $1 digest, $2 family, $3 generation, $4 seconds: not beyond the family's end */
static SpiQuery insert_refresh = {
	"INSERT INTO citybigdata.refresh_token (token_digest, family_id, generation, issued_at, expires_at)"
	" SELECT $1, o.family_id, $3, clock_timestamp(), least(clock_timestamp() + make_interval(secs => $4), "
	"o.expires_at)"
	" FROM citybigdata.oauth_grant o WHERE o.family_id = $2",
	4,
	{BYTEAOID, INT8OID, INT4OID, FLOAT8OID},
	NULL};

/* The consent still counts: neither were the client's credentials renewed since, nor the password changed
 * that it was given with. */
#define CONSENT_STANDS                                                                                       \
	"EXISTS (SELECT FROM citybigdata.application a, citybigdata.account c WHERE a.app_id = o.app_id"         \
	" AND a.epoch = o.app_epoch AND c.account_id = o.account_id AND c.epoch = o.account_epoch)"
#define FAMILY "o.family_id, o.account_id, o.generation, o.resources, o.app_epoch, o.account_epoch"

/* $1 digest of a refresh token, $2 application: what it may be exchanged for. */
static SpiQuery find_family = {
	"SELECT " FAMILY
	" FROM citybigdata.refresh_token r JOIN citybigdata.oauth_grant o ON o.family_id = r.family_id"
	" WHERE r.token_digest = $1 AND o.app_id = $2",
	2,
	{BYTEAOID, INT4OID},
	NULL,
	true};

/* The one conditional UPDATE: of any number of concurrent exchanges of a generation one gets the row. $1
 * digest, $2 application */
static SpiQuery rotate = {"WITH g AS (UPDATE citybigdata.oauth_grant o SET generation = o.generation + 1, "
						  "rotated_at = clock_timestamp()"
						  "  FROM citybigdata.refresh_token r WHERE r.token_digest = $1 AND o.family_id = "
						  "r.family_id AND o.app_id = $2"
						  "  AND o.generation = r.generation AND o.revoked_at IS NULL AND "
						  "least(o.expires_at, r.expires_at) > clock_timestamp() AND " CONSENT_STANDS
						  "  RETURNING " FAMILY "),"
						  " used AS (UPDATE citybigdata.refresh_token SET used_at = clock_timestamp() WHERE "
						  "token_digest = $1 AND EXISTS (SELECT FROM g))"
						  " SELECT g.* FROM g",
						  2,
						  {BYTEAOID, INT4OID},
						  NULL,
						  true};

/* Why not: $1 digest, $2 application, $3 seconds of grace. The family stays locked for what follows. */
static SpiQuery judge_replay = {
	"SELECT " FAMILY ", o.generation > r.generation,"
	" o.generation = r.generation + 1 AND r.used_at IS NOT NULL AND o.rotated_at > clock_timestamp() - "
	"make_interval(secs => $3)"
	" FROM citybigdata.refresh_token r JOIN citybigdata.oauth_grant o ON o.family_id = r.family_id"
	" WHERE r.token_digest = $1 AND o.app_id = $2 AND o.revoked_at IS NULL AND o.expires_at > "
	"clock_timestamp() AND " CONSENT_STANDS " FOR UPDATE OF o",
	3,
	{BYTEAOID, INT4OID, FLOAT8OID},
	NULL,
	true};

/*
 * Application a and its account c: active, before their ends. SCOPE: what it is granted, of `resources`
 * alone unless null; names with blanks between (RFC 6749 3.3).
 */
#define APPLICATION_COUNTS                                                                                   \
	"a.state = 'active' AND c.state = 'active' AND (a.valid_until IS NULL OR a.valid_until > "               \
	"clock_timestamp())"                                                                                     \
	" AND (c.valid_until IS NULL OR c.valid_until > clock_timestamp())"
#define SCOPE(resources)                                                                                     \
	"(SELECT string_agg(g.resource, ' ' ORDER BY g.resource COLLATE \"C\") FROM citybigdata.app_grant g "    \
	"WHERE g.app_id = a.app_id"                                                                              \
	" AND g.state = 'active' AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())"               \
	" AND (" resources " IS NULL OR g.resource = ANY (" resources ")))"

/* $1 digest, $2 application (0: anyone's), $3 idle seconds: what it stands for now */
static SpiQuery introspect = {
	"SELECT a.app_code, c.user_name, " SCOPE(
		"t.resources") ", extract(epoch FROM t.issued_at)::bigint,"
					   " extract(epoch FROM t.expires_at)::bigint, least(a.level, t.level), 'Bearer', "
					   "host(t.client_addr)"
					   " FROM citybigdata.access_token t JOIN citybigdata.account c ON c.account_id = "
					   "t.account_id"
					   " LEFT JOIN citybigdata.application a ON a.app_id = t.app_id"
					   " WHERE t.token_digest = $1 AND ($2 = 0 OR t.app_id = $2) AND t.revoked_at IS NULL "
					   "AND t.expires_at > clock_timestamp()"
					   " AND ($3 = 0 OR coalesce(t.last_used_at, t.issued_at) > clock_timestamp() - "
					   "make_interval(secs => $3))"
					   " AND CASE WHEN t.app_id IS NULL THEN c.state = 'active' AND c.admin_role IS NOT NULL "
					   "ELSE t.app_epoch = a.epoch AND " APPLICATION_COUNTS " END"
					   " AND coalesce(t.account_epoch = c.epoch, true)"
					   " UNION ALL"
					   " SELECT a.app_code, c.user_name, " SCOPE(
						   "o.resources") ", extract(epoch FROM r.issued_at)::bigint,"
										  " extract(epoch FROM r.expires_at)::bigint, a.level, NULL, NULL"
										  " FROM citybigdata.refresh_token r JOIN citybigdata.oauth_grant o "
										  "ON o.family_id = r.family_id"
										  " JOIN citybigdata.account c ON c.account_id = o.account_id JOIN "
										  "citybigdata.application a ON a.app_id = o.app_id"
										  " WHERE r.token_digest = $1 AND ($2 = 0 OR o.app_id = $2) AND "
										  "o.revoked_at IS NULL AND r.generation = o.generation"
										  " AND least(r.expires_at, o.expires_at) > clock_timestamp() "
										  "AND " APPLICATION_COUNTS
										  " AND o.app_epoch = a.epoch AND o.account_epoch = c.epoch",
	3,
	{BYTEAOID, INT4OID, FLOAT8OID},
	NULL,
	true};

void
MakeBoundToken(const TokenBinding *binding, Issued *issued)
{
	Datum values[12];
	bool nulls[12] = {false,
					  binding->family_id == 0,
					  binding->app_id == 0,
					  false,
					  !binding->narrowed,
					  binding->level == 0,
					  !binding->to_address,
					  false};

	/* the text goes to the client; its digest is all that stays here */
	issued->text = RandomToken();
	issued->expires_in = guc_token_ttl;
	values[0] = TextDigest(issued->text);
	values[1] = Int64GetDatum(binding->family_id);
	values[2] = Int32GetDatum(binding->app_id);
	values[3] = Int64GetDatum(binding->account_id);
	values[4] = binding->narrowed ? TextArrayDatum(binding->resources, binding->resource_count) : (Datum) 0;
	values[5] = Int32GetDatum(binding->level);
	values[6] = binding->client_addr;
	values[7] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[8] = Float8GetDatum(guc_token_ttl);
	values[9] = Int32GetDatum(binding->origin.app_epoch);
	values[10] = Int32GetDatum(binding->origin.account_epoch);
	values[11] = BoolGetDatum(binding->origin.by_address);
	SpiBegin();
	SpiRun(&insert_token, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

void
NoteTokenUse(const RestContext *context, Datum digest)
{
	Datum values[2] = {digest, Float8GetDatum(guc_token_idle_ttl)};

	/* from SQL a token is only looked at */
	if (context->request_id == NULL || XactReadOnly)
		return;
	SpiRun(&note_use, values, NULL, SPI_OK_UPDATE, 0);
}

void
MakeFamily(TokenFamily *family)
{
	Datum values[8] = {Int64GetDatum(family->family_id),
					   Int32GetDatum(family->app_id),
					   Int64GetDatum(family->account_id),
					   TextArrayDatum(family->resources, family->resource_count),
					   Float8GetDatum(guc_refresh_absolute_ttl),
					   Int32GetDatum(family->origin.app_epoch),
					   Int32GetDatum(family->origin.account_epoch),
					   Int64GetDatum(family->session_id)};

	/* that of the first refresh token */
	family->generation = 1;
	SpiBegin();
	SpiRun(&insert_grant, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

char *
MakeRefreshToken(const TokenFamily *family)
{
	char *text = RandomToken();
	Datum values[4] = {TextDigest(text), Int64GetDatum(family->family_id), Int32GetDatum(family->generation),
					   Float8GetDatum(guc_refresh_ttl)};

	SpiBegin();
	SpiRun(&insert_refresh, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	return text;
}

/* Reads the columns FAMILY of row 0. */
static void
ReadFamily(TokenFamily *family)
{
	family->family_id = SpiInt64(0, 1);
	family->account_id = SpiInt64(0, 2);
	family->generation = SpiInt32(0, 3);
	family->resources = SpiTextArray(0, 4, &family->resource_count);
	family->origin.app_epoch = SpiInt32(0, 5);
	family->origin.account_epoch = SpiInt32(0, 6);
}

bool
FindRefreshFamily(Datum digest, int32 app_id, TokenFamily *family)
{
	Datum values[2] = {digest, Int32GetDatum(app_id)};
	bool found;

	memset(family, 0, sizeof(*family));
	SpiBegin();
	found = SpiRun(&find_family, values, NULL, SPI_OK_SELECT, 1) == 1;
	if (found)
		ReadFamily(family);
	SpiEnd();
	return found;
}

/* Inside SpiBegin(). */
static void
RevokeFamilyRows(int64 family_id)
{
	Datum family = Int64GetDatum(family_id);

	SpiRun(&revoke_grant, &family, NULL, SPI_OK_UPDATE, 0);
	SpiRun(&revoke_family_tokens, &family, NULL, SPI_OK_UPDATE, 0);
}

void
RevokeFamily(int64 family_id)
{
	SpiBegin();
	RevokeFamilyRows(family_id);
	SpiEnd();
}

/* A refresh token that is not the current one: within the grace, a replay, or nothing that matters. Inside
 * SpiBegin(). */
static CbdStatus
JudgeReplay(Datum digest, int32 app_id, TokenFamily *family)
{
	Datum values[3] = {digest, Int32GetDatum(app_id), Float8GetDatum(guc_refresh_grace)};

	if (SpiRun(&judge_replay, values, NULL, SPI_OK_SELECT, 0) == 0)
	{
		family->note = "refresh token unknown, void or of another client";
		return CBD_INVALID_GRANT;
	}
	/* the token just before, within the grace: its reply was lost, or two came at once */
	if (SpiBool(0, 8))
	{
		ReadFamily(family);
		return CBD_OK;
	}
	/* an older one: two clients hold the family, one of them without right */
	if (SpiBool(0, 7))
	{
		RevokeFamilyRows(SpiInt64(0, 1));
		family->note = "refresh token used again: family revoked";
	}
	else
		family->note = "refresh token expired";
	return CBD_INVALID_GRANT;
}

CbdStatus
RotateRefreshToken(Datum digest, int32 app_id, TokenFamily *family)
{
	Datum values[2] = {digest, Int32GetDatum(app_id)};
	CbdStatus status = CBD_OK;

	memset(family, 0, sizeof(*family));
	family->app_id = app_id;
	SpiBegin();
	if (SpiRun(&rotate, values, NULL, SPI_OK_SELECT, 0) == 1)
		ReadFamily(family);
	else
		status = JudgeReplay(digest, app_id, family);
	SpiEnd();
	return status;
}

void
EndAdministratorTokens(int64 account_id)
{
	Datum value = Int64GetDatum(account_id);

	SpiBegin();
	SpiRun(&end_administrator, &value, NULL, SPI_OK_UPDATE, 0);
	/* a database that is still to be updated from 0.1.0 has none */
	if (OidIsValid(get_relname_relid("login_session", get_namespace_oid("citybigdata", false))))
		SpiRun(&end_sessions, &value, NULL, SPI_OK_DELETE, 0);
	SpiEnd();
}

bool
RevokeToken(Datum digest, int32 app_id, int64 account_id)
{
	Datum values[3] = {digest, Int32GetDatum(app_id), Int64GetDatum(account_id)};
	bool revoked;

	SpiBegin();
	revoked = SpiRun(&revoke_token, values, NULL, SPI_OK_UPDATE, 0) == 1;
	/* not an access token that counts: a refresh token takes its whole family with it */
	if (!revoked && SpiRun(&refresh_family, values, NULL, SPI_OK_SELECT, 1) == 1)
	{
		revoked = SpiBool(0, 2);
		RevokeFamilyRows(SpiInt64(0, 1));
	}
	SpiEnd();
	return revoked;
}

/* "name":number */
static void
JsonNumber(StringInfo out, const char *name, int64 number)
{
	appendStringInfo(out, ",\"%s\":" INT64_FORMAT, name, number);
}

/* The answer about row 0. */
static void
DescribeToken(StringInfo out)
{
	char *app_code = SpiText(0, 1);
	char *scope = SpiText(0, 3);

	resetStringInfo(out);
	appendStringInfoString(out, "{\"active\":true");
	/* an administrator's token is of no client */
	if (app_code != NULL)
	{
		JsonField(out, "scope", scope == NULL ? "" : scope);
		JsonField(out, "client_id", app_code);
	}
	JsonField(out, "username", SpiText(0, 2));
	JsonField(out, "sub", SpiText(0, 2));
	if (!SpiIsNull(0, 7))
		JsonField(out, "token_type", SpiText(0, 7));
	JsonNumber(out, "iat", SpiInt64(0, 4));
	JsonNumber(out, "exp", SpiInt64(0, 5));
	if (app_code != NULL)
		JsonNumber(out, "level", SpiInt32(0, 6));
	if (!SpiIsNull(0, 8))
		JsonField(out, "client_addr", SpiText(0, 8));
	appendStringInfoChar(out, '}');
}

char *
IntrospectToken(Datum digest, int32 app_id)
{
	Datum values[3] = {digest, Int32GetDatum(app_id), Float8GetDatum(guc_token_idle_ttl)};
	StringInfoData out;

	/* whatever is wrong with it, no more is said (RFC 7662 2.2) */
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"active\":false}");
	SpiBegin();
	if (SpiRun(&introspect, values, NULL, SPI_OK_SELECT, 1) == 1)
		DescribeToken(&out);
	SpiEnd();
	return out.data;
}
