/*
 * Erasing a person's data from SQL: erase_person(). The work is in sql/code/72-personal-erase.sql; here are
 * the rules of functions whose record must stay: a statement of its own, whose text (it has the phone number
 * in it) stays out of the server's log, and the audit row with who, why and how many.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "audit/audit.h"
#include "core/kept_rows.h"
#include "core/own_statement.h"
#include "core/spi.h"

#define ERASE_ARGS 5

PG_FUNCTION_INFO_V1(cbd_erase_person);

/* erase_person(phone, reason, name, user_name, dry_run): jsonb with statusCode and counts; any argument may
 * be null. Errors 25001, 25006: not a statement of its own. */
Datum
cbd_erase_person(PG_FUNCTION_ARGS)
{
	static SpiQuery erase = {
		"SELECT e.status_code, e.result, e.detail FROM citybigdata.erase_person_as($1, $2, $3, $4, $5) e",
		ERASE_ARGS,
		{TEXTOID, TEXTOID, TEXTOID, TEXTOID, BOOLOID}};
	Datum values[ERASE_ARGS];
	bool nulls[ERASE_ARGS];
	bool isnull;
	Datum result;
	char *detail;
	int32 status;

	RequireOwnStatement(fcinfo, "erase_person");
	for (int i = 0; i < ERASE_ARGS; i++)
	{
		nulls[i] = PG_ARGISNULL(i);
		values[i] = nulls[i] ? (Datum) 0 : PG_GETARG_DATUM(i);
	}
	SpiBegin();
	KeptRun(&erase, values, nulls, SPI_OK_SELECT, 1);
	status = SpiInt32(0, 1);
	result = SpiDatum(0, 2, &isnull);
	detail = SpiText(0, 3);
	SpiEnd();
	AuditWrite(NULL, NULL, "person.erase", NULL, (CbdStatus) status, detail);
	PG_RETURN_DATUM(result);
}
