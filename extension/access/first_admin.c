/* The first administrators' first log-in; see first_admin.h. */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/first_admin.h"
#include "core/spi.h"

/* $1 account */
static SpiQuery awaited = {
	"SELECT 1 FROM citybigdata.first_administrator f JOIN citybigdata.account a ON a.account_id = "
	"f.account_id"
	" WHERE f.account_id = $1 AND f.enrolled_at IS NULL AND f.enrol_until > clock_timestamp()"
	" AND a.state = 'active' AND a.admin_role IS NOT NULL",
	1,
	{INT8OID},
	NULL,
	true};
static SpiQuery done = {"UPDATE citybigdata.first_administrator SET enrolled_at = clock_timestamp()"
						" WHERE account_id = $1 AND enrolled_at IS NULL",
						1,
						{INT8OID},
						NULL,
						true};

bool
FirstLogInAwaited(int64 account_id)
{
	Datum value = Int64GetDatum(account_id);
	bool waits;

	SpiBegin();
	waits = SpiRun(&awaited, &value, NULL, SPI_OK_SELECT, 1) == 1;
	SpiEnd();
	return waits;
}

void
FirstLogInDone(int64 account_id)
{
	Datum value = Int64GetDatum(account_id);

	SpiBegin();
	SpiRun(&done, &value, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}
