/*
 * Administration of the sealing keys from SQL: rotate_sealing_key(), revoke_sealing_key(). Addresses sealed
 * under a revoked key are void at once, and stay so.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"

#include "audit/audit.h"
#include "access/seal.h"
#include "core/own_statement.h"
#include "core/spi.h"

PG_FUNCTION_INFO_V1(cbd_rotate_sealing_key);
PG_FUNCTION_INFO_V1(cbd_revoke_sealing_key);

/* Two at once would both retire the old key and one of them then find the place taken. */
static SpiQuery one_at_a_time = {
	"LOCK TABLE citybigdata.sealing_key IN SHARE ROW EXCLUSIVE MODE", 0, {0}, NULL};
/* The active key opens from now on, and seals no more. */
static SpiQuery retire_key = {"UPDATE citybigdata.sealing_key SET state = 'retired', changed_at = "
							  "clock_timestamp() WHERE state = 'active'",
							  0,
							  {0},
							  NULL};
/* $1 key: it opens no more. No row: there is none, or it was revoked before. */
static SpiQuery revoke_key = {"UPDATE citybigdata.sealing_key SET state = 'revoked', changed_at = "
							  "clock_timestamp() WHERE key_id = $1 AND state <> 'revoked'",
							  1,
							  {INT4OID},
							  NULL};

Datum
cbd_rotate_sealing_key(PG_FUNCTION_ARGS)
{
	int32 key_id;

	RequireOwnTransaction(fcinfo, "rotate_sealing_key");
	SpiBegin();
	SpiRun(&one_at_a_time, NULL, NULL, SPI_OK_UTILITY, 0);
	SpiRun(&retire_key, NULL, NULL, SPI_OK_UPDATE, 0);
	key_id = MakeSealingKey();
	SpiEnd();
	AuditWrite(NULL, NULL, "seal.rotate", psprintf("%d", key_id), CBD_OK, NULL);
	PG_RETURN_INT32(key_id);
}

Datum
cbd_revoke_sealing_key(PG_FUNCTION_ARGS)
{
	Datum value = PG_GETARG_DATUM(0);
	bool revoked;

	RequireOwnTransaction(fcinfo, "revoke_sealing_key");
	SpiBegin();
	revoked = SpiRun(&revoke_key, &value, NULL, SPI_OK_UPDATE, 0) == 1;
	SpiEnd();
	if (revoked)
		AuditWrite(NULL, NULL, "seal.revoke", psprintf("%d", PG_GETARG_INT32(0)), CBD_OK, NULL);
	PG_RETURN_BOOL(revoked);
}
