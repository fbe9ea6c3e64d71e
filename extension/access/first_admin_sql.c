/*
 * first_administrators(): three accounts with one-time passwords, while there is no administrator. Two calls
 * at once: the lock lets one after the other, and the key of first_administrator refuses the second whatever
 * its snapshot shows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "access/account.h"
#include "access/first_admin.h"
#include "access/password.h"
#include "audit/audit.h"
#include "core/digest.h"
#include "core/own_statement.h"
#include "core/say.h"
#include "core/result_row.h"
#include "core/spi.h"

#define ROLES 3

PG_FUNCTION_INFO_V1(cbd_first_administrators);

static const char *const roles[ROLES] = {"sysadmin", "secadmin", "auditor"};

static SpiQuery hold_lock = {"SELECT citybigdata.own_lock('first administrators')", 0, {0}, NULL, true};

/* One who was suspended comes back; one who is revoked does not. */
static SpiQuery find_administrator = {
	"SELECT user_name FROM citybigdata.account WHERE admin_role IS NOT NULL AND state <> 'revoked' LIMIT 1",
	0,
	{0},
	NULL,
	true};

/* Those of before, who are all revoked. */
static SpiQuery forget_former = {"DELETE FROM citybigdata.first_administrator", 0, {0}, NULL, true};

/* $1 role, $2 account, $3 days: until when */
static SpiQuery insert_first = {
	"INSERT INTO citybigdata.first_administrator (admin_role, account_id, enrol_until) VALUES ($1, $2, "
	"clock_timestamp() + make_interval(days => $3)) RETURNING enrol_until",
	3,
	{TEXTOID, INT8OID, INT4OID},
	NULL,
	true};

/* Raises CBD_SECOND_PERSON where there is an administrator: then two of them make others. */
static void
RefuseWhereOneIs(void)
{
	char *user_name = NULL;

	SpiBegin();
	SpiRun(&hold_lock, NULL, NULL, SPI_OK_SELECT, 1);
	if (SpiRun(&find_administrator, NULL, NULL, SPI_OK_SELECT, 1) == 1)
		user_name = SpiText(0, 1);
	else
		SpiRun(&forget_former, NULL, NULL, SPI_OK_DELETE, 0);
	SpiEnd();
	if (user_name != NULL)
		RaiseStatus(
			CBD_SECOND_PERSON,
			SaidBoth("\"%s{userName}\" is an administrator already: two administrators make others, by "
					 "propose_role() and confirm_proposal() or POST /admin/proposals.",
					 user_name));
}

/* The text at that place of the array; NULL: none. */
static char *
Element(FunctionCallInfo fcinfo, int argument, int at)
{
	Datum *texts;
	bool *absent;
	int count;

	if (PG_ARGISNULL(argument))
		return NULL;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &texts, &absent,
					  &count);
	return at < count && !absent[at] ? TextDatumGetCString(texts[at]) : NULL;
}

/* Until when an account may be shown its second factor. */
static Datum
Await(const char *role, int64 account_id)
{
	Datum values[3] = {CStringGetTextDatum(role), Int64GetDatum(account_id), Int32GetDatum(FIRST_LOGIN_DAYS)};
	Datum until;
	bool isnull;

	SpiBegin();
	SpiRun(&insert_first, values, NULL, SPI_OK_INSERT_RETURNING, 0);
	until = SpiDatum(0, 1, &isnull);
	SpiEnd();
	return until;
}

/* first_administrators(sysadmin, secadmin, auditor, organization, contact_names, mobiles): admin_role,
 * user_name, password, enrol_until */
Datum
cbd_first_administrators(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ErrorList errors;
	int64 accounts[ROLES];

	RequireOwnStatement(fcinfo, "first_administrators");
	InitMaterializedSRF(fcinfo, 0);
	RefuseWhereOneIs();
	ErrorsBegin(&errors);
	for (int i = 0; i < ROLES; i++)
		accounts[i] = AddAdministrator(&errors, roles[i], ArgText(fcinfo, i), ArgText(fcinfo, 3),
									   Element(fcinfo, 4, i), Element(fcinfo, 5, i));
	ErrorsRaise(&errors, "first_administrators('zhao.min', 'qian.li', 'sun.wei', '市城管委')");
	for (int i = 0; i < ROLES; i++)
	{
		Datum values[4] = {CStringGetTextDatum(roles[i]), CStringGetTextDatum(ArgText(fcinfo, i))};
		bool nulls[4] = {false};
		char *initial;

		RaiseStatus(ResetPassword(accounts[i], false, &initial), NULL);
		values[2] = CStringGetTextDatum(initial);
		values[3] = Await(roles[i], accounts[i]);
		AuditWrite(NULL, NULL, "account.first-administrator", ArgText(fcinfo, i), CBD_OK, roles[i]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		ForgetText(initial);
	}
	return (Datum) 0;
}
