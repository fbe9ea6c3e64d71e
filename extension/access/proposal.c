/* Proposals; see proposal.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access_request.h"
#include "access/account.h"
#include "access/post.h"
#include "access/proposal.h"
#include "access/token.h"
#include "access/totp.h"
#include "core/guc.h"
#include "core/spi.h"

static SpiQuery expire_proposals = {
	"UPDATE citybigdata.admin_proposal SET state = 'expired' WHERE state = 'open' AND expires_at <= "
	"clock_timestamp()",
	0,
	{0},
	NULL,
	true};

/* $1 action, $2 account, $3 request (0: none), $4 role, $5 appCode, $6 resource, $7 level (0: none), $8 end,
 * $9 who, $10 account of who (0: a database role), $11 seconds */
static SpiQuery insert_proposal = {
	"INSERT INTO citybigdata.admin_proposal (action, account_id, access_request_id, role, app_code, "
	"resource, "
	"level, valid_until, proposed_by, proposer_id, expires_at) VALUES ($1, $2, nullif($3, 0), $4, $5, $6, "
	"nullif($7, 0), $8, $9, nullif($10, 0), clock_timestamp() + make_interval(secs => $11))"
	" ON CONFLICT DO NOTHING RETURNING proposal_id",
	11,
	{TEXTOID, INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID, TIMESTAMPTZOID, TEXTOID, INT8OID,
	 FLOAT8OID},
	NULL,
	true};

/*
 * The one conditional UPDATE. $1 number, $2 new state, $3 who, $4 account of who (0: a database role), $5
 * reason. An account_totp row says who was shown the secret: such a pair is one person as far as anybody can
 * know.
 */
static SpiQuery decide = {
	"UPDATE citybigdata.admin_proposal p SET state = $2, decided_by = $3, decider_id = nullif($4, 0), "
	"decided_at = "
	"clock_timestamp(), note = $5"
	" WHERE p.proposal_id = $1 AND p.state = 'open' AND p.expires_at > clock_timestamp()"
	" AND ($2 = 'refused' OR (p.proposed_by <> $3 AND coalesce(p.proposer_id, -1) <> $4 AND p.account_id <> "
	"$4"
	"  AND NOT EXISTS (SELECT FROM citybigdata.account_totp t WHERE (t.account_id = p.proposer_id AND "
	"t.enrolled_by "
	"= $4) OR (t.account_id = $4 AND t.enrolled_by = p.proposer_id))))"
	" RETURNING p.action, p.account_id, p.access_request_id, p.role, p.app_code, p.resource, p.level, "
	"p.valid_until",
	5,
	{INT8OID, TEXTOID, TEXTOID, INT8OID, TEXTOID},
	NULL,
	true};

/* $1 account: a reset that came after it makes an open proposal void. */
static SpiQuery supersede = {"UPDATE citybigdata.admin_proposal SET state = 'expired', note = 'the password "
							 "was reset again' WHERE action = "
							 "'password' AND account_id = $1 AND state = 'open'",
							 1,
							 {INT8OID},
							 NULL,
							 true};

static SpiQuery is_open = {"SELECT state = 'open' AND expires_at > clock_timestamp() FROM "
						   "citybigdata.admin_proposal WHERE proposal_id = $1",
						   1,
						   {INT8OID},
						   NULL,
						   true};

/* $1 number: it could not be done. */
static SpiQuery give_up = {"UPDATE citybigdata.admin_proposal SET state = 'refused', note = 'not possible "
						   "any more' WHERE proposal_id = $1",
						   1,
						   {INT8OID},
						   NULL,
						   true};

/* $1 account, $2 role, $3 who. A second factor of before was enrolled by one administrator alone: a new one
 * is. */
static SpiQuery set_role = {
	"WITH was AS (SELECT a.admin_role FROM citybigdata.account a WHERE a.account_id = $1),"
	" gone AS (DELETE FROM citybigdata.account_totp t WHERE t.account_id = $1 AND (SELECT admin_role IS NULL "
	"FROM was))"
	" UPDATE citybigdata.account SET admin_role = $2, reviewed_at = clock_timestamp(), reviewed_by = $3"
	" WHERE account_id = $1 AND state = 'active'",
	3,
	{INT8OID, TEXTOID, TEXTOID},
	NULL,
	true};

static SpiQuery account_name = {
	"SELECT user_name FROM citybigdata.account WHERE account_id = $1 AND state = 'active'",
	1,
	{INT8OID},
	NULL,
	true};

static SpiQuery note_enroller = {
	"UPDATE citybigdata.account_totp SET enrolled_by = nullif($2, 0) WHERE account_id = $1",
	2,
	{INT8OID, INT8OID},
	NULL,
	true};

static SpiQuery release_password = {
	"UPDATE citybigdata.account SET password_held = false WHERE account_id = $1 AND password_held",
	1,
	{INT8OID},
	NULL,
	true};

/* $1 account, $2 who decides, $3 account of who (0: a database role), $4 level (0: the account itself), $5
 * level from which */
static SpiQuery needs_second = {
	"SELECT coalesce(lower(btrim(a.organization)) = (SELECT lower(btrim(o.organization)) FROM "
	"citybigdata.account o"
	"  WHERE o.account_id = $3), false) OR ($4 >= $5 AND coalesce(a.approved_by = $2, false))"
	" FROM citybigdata.account a WHERE a.account_id = $1",
	5,
	{INT8OID, TEXTOID, INT8OID, INT4OID, INT4OID},
	NULL,
	true};

/* $1 number: the resource of a level_proposal */
static SpiQuery level_resource = {
	"SELECT resource_code FROM citybigdata.level_proposal WHERE proposal_id = $1", 1, {INT8OID}, NULL, true};

/* $1 resource: publish() and unpublish() wait. */
static SpiQuery hold_resource = {"SELECT citybigdata.own_lock('publish ' || $1)", 1, {TEXTOID}, NULL};

/* $1 number, $2 who, $3 the database role behind it, null: an account. Does it wait, may he consent? */
static SpiQuery level_state = {"SELECT p.state = 'waiting', p.proposed_by <> coalesce($3, $2) AND NOT "
							   "coalesce(p.proposed_session = $3 AND NOT"
							   " (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = $3), false)"
							   " FROM citybigdata.level_proposal p WHERE p.proposal_id = $1",
							   3,
							   {INT8OID, TEXTOID, TEXTOID},
							   NULL,
							   true};

/* $1 number, $2 who, $3 the database role, null: an account, $4 consent */
static SpiQuery decide_levels = {
	"SELECT citybigdata.decide_levels_as(coalesce($3, $2), coalesce($3, ''), p.resource_code, p.version, $4)"
	" FROM citybigdata.level_proposal p WHERE p.proposal_id = $1",
	4,
	{INT8OID, TEXTOID, TEXTOID, BOOLOID},
	NULL,
	true};

/* The account of an administrator who calls; 0: an SQL caller. */
static int64
CallerAccount(const Caller *caller)
{
	return caller != NULL && caller->known ? caller->account_id : 0;
}

static Datum
MaybeText(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

bool
OnlyProposes(void)
{
	return !superuser_arg(GetSessionUserId());
}

bool
NeedsSecondPerson(const Caller *caller, int64 account_id, int level)
{
	int64 own = CallerAccount(caller);
	Datum values[5] = {Int64GetDatum(account_id), CStringGetTextDatum(ReviewerName(caller)),
					   Int64GetDatum(own), Int32GetDatum(level), Int32GetDatum(guc_second_person_level)};
	bool needed;

	if (own == 0 && !OnlyProposes())
		return false;
	SpiBegin();
	needed = SpiRun(&needs_second, values, NULL, SPI_OK_SELECT, 1) == 1 && SpiBool(0, 1);
	SpiEnd();
	return needed;
}

CbdStatus
Propose(const Caller *caller, Proposal *proposal)
{
	Datum values[11];
	bool nulls[11] = {false};
	CbdStatus status = CBD_OK;

	if (strcmp(proposal->action, "role") == 0 && HoldsPost(proposal->account_id))
		return CBD_POST_AND_ROLE;
	values[0] = CStringGetTextDatum(proposal->action);
	values[1] = Int64GetDatum(proposal->account_id);
	values[2] = Int64GetDatum(proposal->access_request_id);
	values[3] = MaybeText(proposal->role, &nulls[3]);
	values[4] = MaybeText(proposal->app_code, &nulls[4]);
	values[5] = MaybeText(proposal->resource, &nulls[5]);
	values[6] = Int32GetDatum(proposal->level);
	nulls[7] = !proposal->has_end;
	values[7] = TimestampTzGetDatum(proposal->valid_until);
	values[8] = CStringGetTextDatum(ReviewerName(caller));
	values[9] = Int64GetDatum(CallerAccount(caller));
	values[10] = Float8GetDatum(guc_proposal_ttl);
	SpiBegin();
	SpiRun(&expire_proposals, NULL, NULL, SPI_OK_UPDATE, 0);
	if (strcmp(proposal->action, "password") == 0)
		SpiRun(&supersede, &values[1], NULL, SPI_OK_UPDATE, 0);
	if (SpiRun(&insert_proposal, values, nulls, SPI_OK_INSERT_RETURNING, 0) == 1)
		proposal->proposal_id = SpiInt64(0, 1);
	else
		status = CBD_CONFLICT;
	SpiEnd();
	return status;
}

/* Takes the decision; CBD_OK fills the proposal. */
static CbdStatus
TakeDecision(const Caller *caller, bool confirm, const char *reason, Proposal *proposal)
{
	Datum values[5] = {Int64GetDatum(proposal->proposal_id),
					   CStringGetTextDatum(confirm ? "confirmed" : "refused"),
					   CStringGetTextDatum(ReviewerName(caller)), Int64GetDatum(CallerAccount(caller))};
	bool nulls[5] = {false};
	CbdStatus status = CBD_OK;
	bool isnull;
	Datum end;

	values[4] = MaybeText(reason, &nulls[4]);
	SpiBegin();
	if (SpiRun(&decide, values, nulls, SPI_OK_UPDATE_RETURNING, 0) == 1)
	{
		proposal->action = SpiText(0, 1);
		proposal->account_id = SpiInt64(0, 2);
		proposal->access_request_id = SpiInt64(0, 3);
		proposal->role = SpiText(0, 4);
		proposal->app_code = SpiText(0, 5);
		proposal->resource = SpiText(0, 6);
		proposal->level = SpiInt32(0, 7);
		end = SpiDatum(0, 8, &isnull);
		proposal->has_end = !isnull;
		proposal->valid_until = isnull ? 0 : DatumGetTimestampTz(end);
	}
	else if (SpiRun(&is_open, values, NULL, SPI_OK_SELECT, 1) == 0)
		status = CBD_NO_SUCH_PROPOSAL;
	else
		status = SpiBool(0, 1) ? CBD_SECOND_PERSON : CBD_CONFLICT;
	SpiEnd();
	return status;
}

/* One UPDATE about the account; no row: CBD_CONFLICT. */
static CbdStatus
ChangeRow(SpiQuery *query, const Datum *values)
{
	CbdStatus status;

	SpiBegin();
	status = SpiRun(query, values, NULL, SPI_OK_UPDATE, 0) == 1 ? CBD_OK : CBD_CONFLICT;
	SpiEnd();
	return status;
}

static CbdStatus
GiveRole(const Caller *caller, const Proposal *proposal)
{
	Datum values[3] = {Int64GetDatum(proposal->account_id), CStringGetTextDatum(proposal->role),
					   CStringGetTextDatum(ReviewerName(caller))};
	CbdStatus status = HoldsPost(proposal->account_id) ? CBD_POST_AND_ROLE : ChangeRow(&set_role, values);

	if (status == CBD_OK)
		EndAdministratorTokens(proposal->account_id);
	return status;
}

void
NoteEnroller(int64 account_id, int64 administrator)
{
	Datum values[2] = {Int64GetDatum(account_id), Int64GetDatum(administrator)};

	(void) ChangeRow(&note_enroller, values);
}

static CbdStatus
GiveSecondFactor(const Caller *caller, Decided *decided)
{
	Datum values[1] = {Int64GetDatum(decided->proposal.account_id)};
	char *user_name = NULL;

	SpiBegin();
	if (SpiRun(&account_name, values, NULL, SPI_OK_SELECT, 1) == 1)
		user_name = SpiText(0, 1);
	SpiEnd();
	if (user_name == NULL)
		return CBD_CONFLICT;
	decided->address = EnrolTotp(decided->proposal.account_id, user_name, "SHA1", NULL, 0);
	NoteEnroller(decided->proposal.account_id, CallerAccount(caller));
	return CBD_OK;
}

/* Does what was confirmed. */
static CbdStatus
CarryOut(const Caller *caller, Decided *decided, ErrorList *errors)
{
	const Proposal *proposal = &decided->proposal;
	const char *who = ReviewerName(caller);
	Datum account = Int64GetDatum(proposal->account_id);

	if (strcmp(proposal->action, "role") == 0)
		return GiveRole(caller, proposal);
	if (strcmp(proposal->action, "second-factor") == 0)
		return GiveSecondFactor(caller, decided);
	if (strcmp(proposal->action, "account") == 0)
		return ReviewAccount(proposal->account_id, true, who, NULL);
	if (strcmp(proposal->action, "access") == 0)
		return ApproveAccess(proposal->access_request_id, who, &decided->app_code, errors);
	if (strcmp(proposal->action, "grant") == 0)
		return GrantResource(proposal->app_code, proposal->resource, proposal->level, proposal->has_end,
							 proposal->valid_until, who);
	return ChangeRow(&release_password, &account);
}

/* Decides on a version that shows more, if the number is one's: false when it is not. */
static bool
DecideLevels(const Caller *caller, int64 number, bool confirm, Proposal *proposal, CbdStatus *status)
{
	Datum values[4] = {Int64GetDatum(number), CStringGetTextDatum(ReviewerName(caller)),
					   CStringGetTextDatum(GetUserNameFromId(GetSessionUserId(), false)),
					   BoolGetDatum(confirm)};
	bool nulls[4] = {false, false, CallerAccount(caller) != 0, false};
	Datum resource;
	bool isnull;
	bool found;

	SpiBegin();
	found = SpiRun(&level_resource, values, NULL, SPI_OK_SELECT, 1) == 1;
	if (found)
	{
		proposal->action = "levels";
		proposal->resource = SpiText(0, 1);
		resource = SpiDatum(0, 1, &isnull);
		SpiRun(&hold_resource, &resource, NULL, SPI_OK_SELECT, 1);
		SpiRun(&level_state, values, nulls, SPI_OK_SELECT, 1);
		*status = !SpiBool(0, 1) ? CBD_CONFLICT : confirm && !SpiBool(0, 2) ? CBD_SECOND_PERSON : CBD_OK;
		if (*status == CBD_OK)
			SpiRun(&decide_levels, values, nulls, SPI_OK_SELECT, 1);
	}
	SpiEnd();
	return found;
}

CbdStatus
DecideProposal(const Caller *caller, int64 proposal_id, bool confirm, const char *reason, Decided *decided,
			   ErrorList *errors)
{
	Datum number = Int64GetDatum(proposal_id);
	CbdStatus status;

	memset(decided, 0, sizeof(*decided));
	decided->proposal.proposal_id = proposal_id;
	if (DecideLevels(caller, proposal_id, confirm, &decided->proposal, &status))
		return status;
	status = TakeDecision(caller, confirm, reason, &decided->proposal);
	if (status != CBD_OK || !confirm)
		return status;
	status = CarryOut(caller, decided, errors);
	if (status != CBD_OK)
		(void) ChangeRow(&give_up, &number);
	return status;
}
