/*
 * Access requests and what becomes of them; see account.h.
 *
 *   pending --ApproveAccess()--> application, senders, grants (all or nothing) --TakeCredentials()-->
 * collected
 *           --RejectAccess()---> rejected
 *
 * A decision is one conditional UPDATE of the pending row: two administrators cannot both decide. Key and
 * signing secret are made when the owner collects them, shown once, and kept as digest and under the master
 * key (core/secret.h).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/app_code.h"
#include "access/access_request.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/spi.h"

/* A new request, pending; its number comes back. */
static SpiQuery insert_request = {
	"INSERT INTO citybigdata.access_request (account_id, resources, purpose, methods, ip_ranges, "
	"sender_codes, profile,"
	" level, valid_until, redirect_uris, client_type) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
	" RETURNING access_request_id",
	11,
	{INT8OID, TEXTARRAYOID, TEXTOID, TEXTARRAYOID, CIDRARRAYOID, TEXTARRAYOID, TEXTOID, INT4OID,
	 TIMESTAMPTZOID, TEXTARRAYOID, TEXTOID},
	NULL,
	true};

/* $1 request: its state, held until the decision is made. */
static SpiQuery lock_request = {
	"SELECT state FROM citybigdata.access_request WHERE access_request_id = $1 FOR UPDATE",
	1,
	{INT8OID},
	NULL,
	true};

/* Nobody else may add senders until this approval is through; readers and reports go on. */
static SpiQuery lock_senders = {
	"LOCK TABLE citybigdata.sender IN SHARE ROW EXCLUSIVE MODE", 0, {0}, NULL, true};

/* The places (from 1) of those senderCodes of the request that are taken. */
static SpiQuery taken_senders = {
	"SELECT u.place::int FROM citybigdata.access_request r"
	" CROSS JOIN LATERAL unnest(r.sender_codes) WITH ORDINALITY AS u (sender_code, place)"
	" JOIN citybigdata.sender s ON s.sender_code = u.sender_code"
	" WHERE r.access_request_id = $1 ORDER BY u.place",
	1,
	{INT8OID},
	NULL,
	true};

/* The number of a new application, and the platform code that its appCode begins with. */
static SpiQuery next_app_id = {
	"SELECT nextval('citybigdata.application_app_id_seq')::int, platform_code FROM citybigdata.platform",
	0,
	{0},
	NULL,
	true};

/* $1 request, $2 application, $3 appCode, $4 reviewer */
static SpiQuery make_application = {
	"WITH app AS (INSERT INTO citybigdata.application (app_id, app_code, account_id, methods, ip_ranges, "
	"profile, level,"
	"  valid_until, redirect_uris, client_type) OVERRIDING SYSTEM VALUE"
	"  SELECT $2, $3, r.account_id, r.methods, r.ip_ranges, r.profile, r.level, r.valid_until, "
	"r.redirect_uris, r.client_type"
	"  FROM citybigdata.access_request r WHERE r.access_request_id = $1),"
	" senders AS (INSERT INTO citybigdata.sender (sender_code, app_id)"
	"  SELECT unnest(r.sender_codes), $2 FROM citybigdata.access_request r WHERE r.access_request_id = $1),"
	" grants AS (INSERT INTO citybigdata.app_grant (app_id, resource, level, valid_until, granted_by)"
	"  SELECT $2, unnest(r.resources), r.level, r.valid_until, $4"
	"  FROM citybigdata.access_request r WHERE r.access_request_id = $1)"
	" UPDATE citybigdata.access_request SET state = 'approved', app_id = $2, reviewed_at = "
	"clock_timestamp(), reviewed_by = $4"
	" WHERE access_request_id = $1",
	4,
	{INT8OID, INT4OID, TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 request, $2 who decides, $3 reason. No row: it is not pending any more. */
static SpiQuery reject_request = {"UPDATE citybigdata.access_request SET state = 'rejected', reviewed_at = "
								  "clock_timestamp(), reviewed_by = $2, review_note = $3"
								  " WHERE access_request_id = $1 AND state = 'pending'",
								  3,
								  {INT8OID, TEXTOID, TEXTOID},
								  NULL,
								  true};

/* $1 request: whose it is, how it stands, and the application that came of it. */
static SpiQuery find_request = {
	"SELECT r.account_id, r.state, r.review_note, a.app_id, a.app_code, a.credentials_taken_at IS NOT NULL,"
	" r.level, c.password_held"
	" FROM citybigdata.access_request r LEFT JOIN citybigdata.application a ON a.app_id = r.app_id"
	" JOIN citybigdata.account c ON c.account_id = r.account_id WHERE r.access_request_id = $1",
	1,
	{INT8OID},
	NULL,
	true};

/* $1 application, $2 key digest, $3 encrypted signing secret: the one conditional UPDATE that makes
 * credentials valid */
static SpiQuery take_credentials = {
	"UPDATE citybigdata.application SET key_digest = $2, signing_secret = $3, credentials_taken_at = "
	"clock_timestamp(),"
	" previous_key_digest = CASE WHEN rotation_overlap IS NOT NULL THEN key_digest END,"
	" previous_signing_secret = CASE WHEN rotation_overlap IS NOT NULL THEN signing_secret END,"
	" previous_valid_until = clock_timestamp() + rotation_overlap, rotation_overlap = NULL"
	" WHERE app_id = $1 AND credentials_taken_at IS NULL AND state <> 'revoked'",
	3,
	{INT4OID, BYTEAOID, BYTEAOID},
	NULL,
	true};

/* What the application may have: a key (unless it is a public client that did not ask for one), a signing
 * secret. */
static SpiQuery wanted_credentials = {
	"SELECT app_code, 'key' = ANY (methods) OR client_type = 'confidential', 'signature' = ANY (methods)"
	" FROM citybigdata.application WHERE app_id = $1 AND credentials_taken_at IS NULL AND state <> 'revoked'",
	1,
	{INT4OID},
	NULL,
	true};

/* Credentials that nobody has collected yet have nothing to overlap with. */
static SpiQuery begin_rotation = {"UPDATE citybigdata.application SET credentials_taken_at = NULL,"
								  " rotation_overlap = CASE WHEN credentials_taken_at IS NOT NULL OR "
								  "rotation_overlap IS NOT NULL THEN $2 END"
								  " WHERE app_code = $1 AND state <> 'revoked' RETURNING app_id",
								  2,
								  {TEXTOID, INTERVALOID},
								  NULL,
								  true};

/* $1 appCode, $2 resource, $3 level, $4 end, $5 who: a grant that was there, in whatever state, is made anew;
 * its limits stay */
static SpiQuery add_grant = {
	"INSERT INTO citybigdata.app_grant AS g (app_id, resource, level, valid_until, granted_by)"
	" SELECT a.app_id, r.resource_code, $3, $4, $5 FROM citybigdata.application a, citybigdata.resource r"
	" WHERE a.app_code = $1 AND a.state <> 'revoked' AND r.resource_code = $2"
	" ON CONFLICT (app_id, resource) DO UPDATE SET level = excluded.level, valid_until = "
	"excluded.valid_until, state = 'active',"
	" granted_at = clock_timestamp(), granted_by = excluded.granted_by, revoked_at = NULL",
	5,
	{TEXTOID, TEXTOID, INT4OID, TIMESTAMPTZOID, TEXTOID},
	NULL,
	true};

static SpiQuery find_resource = {
	"SELECT FROM citybigdata.resource WHERE resource_code = $1", 1, {TEXTOID}, NULL, true};

int64
RequestAccess(ErrorList *errors, int64 account_id, const AccessForm *form)
{
	Datum values[11];
	bool nulls[11] = {false};
	Datum ip_ranges;
	int64 number;

	CheckAccessForm(errors, form, &ip_ranges);
	if (errors->count > 0)
		return 0;
	values[0] = Int64GetDatum(account_id);
	values[1] = TextArrayDatum(form->resources, form->resource_count);
	nulls[2] = form->purpose == NULL;
	values[2] = nulls[2] ? (Datum) 0 : CStringGetTextDatum(form->purpose);
	values[3] = TextArrayDatum(form->methods, form->method_count);
	values[4] = ip_ranges;
	values[5] = TextArrayDatum(form->sender_codes, form->sender_code_count);
	values[6] = CStringGetTextDatum(form->profile != NULL ? form->profile : "strict");
	values[7] = Int32GetDatum(form->level != 0 ? form->level : 1);
	nulls[8] = !form->has_valid_until;
	values[8] = TimestampTzGetDatum(form->valid_until);
	values[9] = TextArrayDatum(form->redirect_uris, form->redirect_uri_count);
	values[10] = CStringGetTextDatum(form->client_type != NULL ? form->client_type : "confidential");
	SpiBegin();
	SpiRun(&insert_request, values, nulls, SPI_OK_INSERT_RETURNING, 0);
	number = SpiInt64(0, 1);
	SpiEnd();
	return number;
}

/* Locks the request; CBD_OK when it is pending. */
static CbdStatus
LockPending(Datum number)
{
	if (SpiRun(&lock_request, &number, NULL, SPI_OK_SELECT, 1) == 0)
		return CBD_NO_SUCH_ACCESS_REQUEST;
	return strcmp(SpiText(0, 1), "pending") == 0 ? CBD_OK : CBD_ALREADY_REVIEWED;
}

/* An error for each senderCode that another application got meanwhile. */
static CbdStatus
CheckSendersFree(Datum number, ErrorList *errors)
{
	uint64 taken;

	SpiRun(&lock_senders, NULL, NULL, SPI_OK_UTILITY, 0);
	taken = SpiRun(&taken_senders, &number, NULL, SPI_OK_SELECT, 0);
	for (uint64 i = 0; i < taken; i++)
		ErrorAdd(errors, psprintf("/senderCodes/%d", SpiInt32(i, 1) - 1), CBD_SENDER_TAKEN, NULL);
	return taken > 0 ? CBD_SENDER_TAKEN : CBD_OK;
}

CbdStatus
ApproveAccess(int64 access_request_id, const char *reviewer, char **app_code, ErrorList *errors)
{
	Datum number = Int64GetDatum(access_request_id);
	Datum values[4] = {number, 0, 0, CStringGetTextDatum(reviewer)};
	char *platform_code = NULL;
	int32 app_id = 0;
	CbdStatus status;

	SpiBegin();
	status = LockPending(number);
	if (status == CBD_OK)
		status = CheckSendersFree(number, errors);
	if (status == CBD_OK && SpiRun(&next_app_id, NULL, NULL, SPI_OK_SELECT, 1) == 0)
		status = CBD_NOT_SET_UP;
	if (status == CBD_OK)
	{
		app_id = SpiInt32(0, 1);
		platform_code = SpiText(0, 2);
	}
	SpiEnd();
	if (status != CBD_OK)
		return status;
	*app_code = MakeAppCode(platform_code, app_id);
	values[1] = Int32GetDatum(app_id);
	values[2] = CStringGetTextDatum(*app_code);
	SpiBegin();
	SpiRun(&make_application, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
	return CBD_OK;
}

CbdStatus
GrantResource(const char *app_code, const char *resource, int level, bool has_end, int64 valid_until,
			  const char *who)
{
	Datum values[5] = {CStringGetTextDatum(app_code), CStringGetTextDatum(resource), Int32GetDatum(level),
					   TimestampTzGetDatum(valid_until), CStringGetTextDatum(who)};
	bool nulls[5] = {[3] = !has_end};
	CbdStatus status = CBD_OK;

	SpiBegin();
	if (SpiRun(&find_resource, &values[1], NULL, SPI_OK_SELECT, 1) == 0)
		status = CBD_NO_SUCH_RESOURCE;
	else if (SpiRun(&add_grant, values, nulls, SPI_OK_INSERT, 0) == 0)
		status = CBD_CONFLICT;
	SpiEnd();
	return status;
}

CbdStatus
RejectAccess(int64 access_request_id, const char *reviewer, const char *note)
{
	Datum values[3] = {Int64GetDatum(access_request_id), CStringGetTextDatum(reviewer),
					   note != NULL ? CStringGetTextDatum(note) : (Datum) 0};
	bool nulls[3] = {false, false, note == NULL};
	AccessState state;
	bool done;

	SpiBegin();
	done = SpiRun(&reject_request, values, nulls, SPI_OK_UPDATE, 0) == 1;
	SpiEnd();
	if (done)
		return CBD_OK;
	return FindAccessRequest(access_request_id, &state) ? CBD_ALREADY_REVIEWED : CBD_NO_SUCH_ACCESS_REQUEST;
}

bool
FindAccessRequest(int64 access_request_id, AccessState *state)
{
	Datum number = Int64GetDatum(access_request_id);
	bool found;

	memset(state, 0, sizeof(*state));
	SpiBegin();
	found = SpiRun(&find_request, &number, NULL, SPI_OK_SELECT, 1) == 1;
	if (found)
	{
		state->account_id = SpiInt64(0, 1);
		state->state = SpiText(0, 2);
		state->note = SpiText(0, 3);
		state->app_id = SpiInt32(0, 4);
		state->app_code = SpiText(0, 5);
		state->collected = SpiBool(0, 6);
		state->level = SpiInt32(0, 7);
		state->held = SpiBool(0, 8);
	}
	SpiEnd();
	return found;
}

bool
BeginRotation(const char *app_code, Datum overlap, int32 *app_id)
{
	Datum values[2] = {CStringGetTextDatum(app_code), overlap};
	bool begun;

	SpiBegin();
	begun = SpiRun(&begin_rotation, values, NULL, SPI_OK_UPDATE_RETURNING, 0) == 1;
	if (begun)
		*app_id = SpiInt32(0, 1);
	SpiEnd();
	return begun;
}

bool
TakeCredentials(int32 app_id, char **key, char **signing_secret)
{
	Datum values[3] = {Int32GetDatum(app_id), 0, 0};
	bool nulls[3] = {false, true, true};
	char *app_code;
	bool taken;

	*key = *signing_secret = NULL;
	SpiBegin();
	if (SpiRun(&wanted_credentials, values, NULL, SPI_OK_SELECT, 1) == 0)
	{
		SpiEnd();
		return false;
	}
	app_code = SpiText(0, 1);
	nulls[1] = !SpiBool(0, 2);
	nulls[2] = !SpiBool(0, 3);
	SpiEnd();
	if (!nulls[1])
	{
		*key = RandomUuid();
		values[1] = TextDigest(*key);
	}
	if (!nulls[2])
	{
		*signing_secret = RandomToken();
		values[2] =
			EncryptSecret(psprintf("signing-secret %s", app_code), *signing_secret, strlen(*signing_secret));
	}
	SpiBegin();
	taken = SpiRun(&take_credentials, values, nulls, SPI_OK_UPDATE, 0) == 1;
	SpiEnd();
	if (!taken)
	{
		/* another collector was faster: these were never valid */
		ForgetText(*key);
		ForgetText(*signing_secret);
		*key = *signing_secret = NULL;
	}
	return taken;
}
