/* What was fetched, beside the media of a case; see fetch.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/index_lookup.h"
#include "core/json_write.h"
#include "core/say.h"
#include "core/spi.h"
#include "fetch/fetch.h"

Fetch *
FetchesOf(int32 rec_id, int from, int to, int *count)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT f.media_no, f.state, f.status_code, f.http_status, f.distance, c.content_type,"
		" pg_catalog.octet_length(c.content), c.thumbnail IS NOT NULL FROM citybigdata.media_fetch f"
		" LEFT JOIN citybigdata.media_copy c ON c.digest OPERATOR(pg_catalog.=) f.digest"
		" WHERE f.rec_id OPERATOR(pg_catalog.=) $1 AND f.media_no OPERATOR(pg_catalog.>=) $2"
		" AND f.media_no OPERATOR(pg_catalog.<=) $3 ORDER BY f.media_no",
		3, {INT4OID, INT4OID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(rec_id), Int32GetDatum(from), Int32GetDatum(to)};
	Fetch *fetches;

	*count = 0;
	if (!TableHasPages("media_fetch"))
		return NULL;
	SpiBegin();
	*count = (int) SpiRead(&query, values, NULL, 0);
	fetches = SPI_palloc(sizeof(Fetch) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
		fetches[i] = (Fetch){SpiInt32(i, 1),
							 SpiText(i, 2),
							 SpiInt32(i, 3),
							 SpiInt32(i, 4),
							 SpiIsNull(i, 5) ? -1 : SpiInt32(i, 5),
							 SpiText(i, 6),
							 SpiInt32(i, 7),
							 SpiBool(i, 8)};
	SpiEnd();
	return fetches;
}

/* What is to be said of it, in the language in force; NULL: nothing. */
static const char *
Message(const Fetch *fetch)
{
	if (fetch->status == CBD_OK)
		return NULL;
	if (fetch->status == CBD_MEDIA_PLACE && fetch->distance >= 0)
		return Said("the picture says that it was taken %d{distance} m away from the event", fetch->distance);
	return SaidStatus(fetch->status);
}

void
WriteFetch(StringInfo out, const Fetch *fetch, const char *source)
{
	appendStringInfoString(out, ",\"fetch\":{\"state\":");
	JsonString(out, fetch->state);
	appendStringInfo(out, ",\"statusCode\":%d", fetch->status);
	JsonField(out, "message", Message(fetch));
	appendStringInfoString(out, ",\"httpStatus\":");
	appendStringInfo(out, fetch->http == 0 ? "null" : "%d", fetch->http);
	appendStringInfoString(out, ",\"distance\":");
	appendStringInfo(out, fetch->distance < 0 ? "null" : "%d", fetch->distance);
	JsonField(out, "contentType", fetch->type);
	appendStringInfoString(out, ",\"size\":");
	appendStringInfo(out, fetch->type == NULL ? "null" : INT64_FORMAT, fetch->size);
	appendStringInfo(out, ",\"thumbnail\":%s", fetch->thumbnail ? "true" : "false");
	JsonField(out, "source", source);
	appendStringInfoChar(out, '}');
}

bool
FetchedCopy(int32 rec_id, int32 media_no, bool thumbnail, Datum *bytes)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT CASE WHEN $3 THEN c.thumbnail ELSE c.content END FROM citybigdata.media_fetch f"
		" JOIN citybigdata.media_copy c ON c.digest OPERATOR(pg_catalog.=) f.digest"
		" WHERE f.rec_id OPERATOR(pg_catalog.=) $1 AND f.media_no OPERATOR(pg_catalog.=) $2",
		3, {INT4OID, INT4OID, BOOLOID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(rec_id), Int32GetDatum(media_no), BoolGetDatum(thumbnail)};
	bool isnull;

	if (!TableHasPages("media_fetch") || SpiRead(&query, values, NULL, 1) == 0)
		return false;
	*bytes = SpiDatum(0, 1, &isnull);
	return !isnull;
}
