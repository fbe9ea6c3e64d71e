/*
 * Addresses of media of events from SQL: media_url(). The administrator's: it makes an address for an
 * application, and writes an audit row.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "access/judge.h"
#include "audit/audit.h"
#include "core/guc.h"
#include "core/interval.h"
#include "core/own_statement.h"
#include "core/say.h"
#include "core/spi.h"
#include "event/case_media.h"
#include "event/event_case.h"

PG_FUNCTION_INFO_V1(cbd_media_url);

/* media_url(app_code, rec_id, media_no, expires_in, cidr): for administrators; NULL when there is no such
 * stored medium. */
Datum
cbd_media_url(PG_FUNCTION_ARGS)
{
	static SpiQuery find = {"SELECT a.app_id, EXISTS (SELECT FROM " ALL_MEDIA " m WHERE m.rec_id = "
							"$2 AND m.media_no = $3 AND m.content IS NOT NULL)"
							" OR EXISTS (SELECT FROM citybigdata.media_fetch f WHERE f.rec_id = $2"
							" AND f.media_no = $3 AND f.digest IS NOT NULL)"
							" FROM citybigdata.application a WHERE a.app_code = $1",
							3,
							{TEXTOID, INT4OID, INT4OID}};
	RestContext context = {0};
	MediaSealer sealer;
	Caller caller;
	Datum values[3];
	int64 seconds;
	int32 app_id = 0;
	bool stored = false;
	char *url;

	RequireOwnStatement(fcinfo, "media_url");
	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							saymsg("app_code, rec_id, media_no and expires_in must not be null")));
	seconds = IntervalSeconds(PG_GETARG_INTERVAL_P(3));
	if (seconds < 1 || seconds > guc_sealed_url_ttl)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						saymsg("expires_in must be 1 second to %d{limit} seconds", guc_sealed_url_ttl),
						sayhint("citybigdata.sealed_url_ttl is the longest validity.")));
	for (int i = 0; i < 3; i++)
		values[i] = PG_GETARG_DATUM(i);
	SpiBegin();
	if (SpiRun(&find, values, NULL, SPI_OK_SELECT, 1) == 1)
	{
		app_id = SpiInt32(0, 1);
		stored = SpiBool(0, 2);
	}
	SpiEnd();
	/* an application bound to address ranges is judged when the address is opened */
	if (app_id == 0 ||
		AuthoriseApplication(&context, app_id, NULL, MEDIA_OF_EVENTS, &caller) == CBD_FORBIDDEN)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_FORBIDDEN)), saymsg("the application may not read events"),
				 saydetail("It is unknown, suspended or expired, or holds no grant on the resource.")));
	if (!stored)
		PG_RETURN_NULL();
	MediaSealerBegin(&sealer, &context, &caller);
	sealer.expires_at = UnixSeconds(GetCurrentTimestamp()) + seconds;
	sealer.cidr = PG_ARGISNULL(4) ? NULL : DatumGetCString(DirectFunctionCall1(cidr_out, PG_GETARG_DATUM(4)));
	url = EventMediaUrl(&sealer, PG_GETARG_INT32(1), PG_GETARG_INT32(2));
	MediaSealerEnd(&sealer);
	AuditWrite(NULL, NULL, "media.seal",
			   psprintf("%s/%s/%d/%d", MEDIA_OF_EVENTS, MEDIA_OF_EVENTS_FIELD, PG_GETARG_INT32(1),
						PG_GETARG_INT32(2)),
			   CBD_OK, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_TEXT_P(cstring_to_text(url));
}
