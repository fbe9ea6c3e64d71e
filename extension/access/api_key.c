/* Keys in a request; see api_key.h. */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/api_key.h"
#include "access/judge.h"
#include "access/lockout.h"
#include "core/spi.h"

/* The application that has the key, or had it until lately; 0: none. The digest is looked up in an index. */
static int32
FindKey(Datum digest, Origin *origin, bool *granted)
{
	static SpiQuery query = {
		"SELECT a.app_id, a.epoch, 'key' OPERATOR(pg_catalog.=) ANY (a.methods) FROM citybigdata.application "
		"a WHERE a.key_digest OPERATOR(pg_catalog.=) $1 OR a.previous_key_digest OPERATOR(pg_catalog.=) $1 "
		"AND a.previous_valid_until OPERATOR(pg_catalog.>) pg_catalog.now() LIMIT 1",
		1,
		{BYTEAOID},
		NULL,
		true};
	int32 app_id = 0;

	memset(origin, 0, sizeof(*origin));
	SpiBegin();
	if (SpiRun(&query, &digest, NULL, SPI_OK_SELECT, 1) > 0)
	{
		app_id = SpiInt32(0, 1);
		origin->app_epoch = SpiInt32(0, 2);
		*granted = SpiBool(0, 3);
	}
	SpiEnd();
	return app_id;
}

CbdStatus
AuthoriseKey(Call *call, Datum digest, const char *resource)
{
	Attempt attempt;
	Origin origin;
	CbdStatus status;
	int32 app_id;
	bool granted = false;

	MakeAttempt(&call->context, APPLICATION, resource, &attempt);
	call->retry_after = LockedFor(&attempt);
	if (call->retry_after > 0)
		return CBD_LOCKED_OUT;
	app_id = FindKey(digest, &origin, &granted);
	if (app_id == 0)
		return CountFailure(&attempt, &call->retry_after) ? CBD_INVALID_CREDENTIALS : CBD_LOCKED_OUT;
	status = AuthoriseApplication(&call->context, app_id, &origin, resource, &call->caller);
	if (!granted && status == CBD_OK)
		return CBD_METHOD_NOT_GRANTED;
	return WithinLimit(status, &call->caller, &call->retry_after);
}
