/* Readiness: is the platform set up, and does the library fit the SQL objects? */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "core/error_list.h"
#include "core/json_write.h"
#include "core/key_file.h"
#include "core/reply.h"
#include "core/spi.h"

/* The version of the SQL objects, and whether setup() has been called. */
static SpiQuery ready_query = {
	"SELECT (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citybigdata'),"
	" EXISTS (SELECT FROM citybigdata.platform)"
	" AND pg_catalog.to_regclass('citybigdata.audit_log') IS NOT NULL,"
	" (SELECT pg_catalog.to_char(citybigdata.calendar_unknown_from(c.code)::timestamp, 'YYYYMMDD')"
	" FROM citybigdata.calendar c WHERE c.code = 'default'),"
	" (SELECT pg_catalog.floor(extract(epoch FROM u.age))::bigint FROM citybigdata.audit_unsealed() u),"
	" (SELECT pg_catalog.string_agg(x.extname, ', ') FROM pg_catalog.pg_extension x WHERE x.extname IN "
	"('postgis', 'pgcrypto') AND NOT pg_catalog.has_schema_privilege('citybigdata_owner', x.extnamespace, "
	"'USAGE')),"
	" (SELECT s.secret FROM citybigdata.sealing_key s WHERE s.state = 'active')",
	0,
	{0},
	NULL};

/* rest_ready(): status 0 and {"extensionVersion","libraryVersion","calendarUnknownFrom",
 * "auditUnsealedSeconds","masterKey"}: the day from which no holidays are known, the age of the oldest audit
 * row that is not sealed (0: all are), KeyFileState(), of which the bridge makes a problem; CBD_NOT_SET_UP
 * before setup(); CBD_UNAVAILABLE with the reason when the schema of PostGIS or pgcrypto is closed to the
 * platform. */
PG_FUNCTION_INFO_V1(cbd_rest_ready);
Datum
cbd_rest_ready(PG_FUNCTION_ARGS)
{
	StringInfoData data;
	char *version;
	char *calendar;
	int64 unsealed = 0;
	Datum sealed;
	bool isnull;
	char *closed;
	bool ready;

	SpiBegin();
	SpiRead(&ready_query, NULL, NULL, 1);
	version = SpiText(0, 1);
	ready = SpiBool(0, 2);
	closed = SpiText(0, 5);
	calendar = SpiText(0, 3);
	if (ready)
		unsealed = SpiInt64(0, 4);
	sealed = SpiDatum(0, 6, &isnull);
	SpiEnd();
	if (!ready)
		return ReplyFrame(CBD_NOT_SET_UP, 0, NULL);
	if (closed != NULL)
	{
		ErrorList errors;

		ErrorsBegin(&errors);
		ErrorPrint(
			&errors, false, "", CBD_UNAVAILABLE,
			"the platform may not use the schema of %s{extensions}; catalogue_problems() has the remedy",
			closed);
		return ReplyFrame(CBD_UNAVAILABLE, 0, ErrorsData(&errors));
	}
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "extensionVersion", version);
	JsonField(&data, "libraryVersion", CBD_VERSION);
	JsonField(&data, "calendarUnknownFrom", calendar);
	appendStringInfo(&data, ",\"auditUnsealedSeconds\":" INT64_FORMAT, Max(unsealed, 0));
	JsonField(&data, "masterKey", KeyFileState(isnull ? NULL : DatumGetByteaPP(sealed)));
	appendStringInfoChar(&data, '}');
	return ReplyFrame(CBD_OK, 0, data.data);
}
