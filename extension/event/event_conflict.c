/*
 * What differs when an otherTaskNum comes again with other content (40901).
 *
 * That it differs is decided by the digest of the content; which fields do is looked up in the stored row,
 * for the sender to find its mistake. Values are not told, and neither are the reporter's name and phone
 * number compared where they are stored sealed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "event/event.h"

/* clang-format off */
/* A row of the query's VALUES: does the column differ from $n; one that counts only when it was reported; one
 * of the reporter, which may be sealed. */
#define DIFFERS(name, column, n) \
	"(" n ", '" name "', coalesce(NOT (e." column " OPERATOR(pg_catalog.=) $" n "), " \
	"(e." column " IS NULL) OPERATOR(pg_catalog.<>) ($" n " IS NULL)))"
#define DIFFERS_GIVEN(name, column, n) \
	"(" n ", '" name "', $" n " IS NOT NULL AND " \
	"coalesce(NOT (e." column " OPERATOR(pg_catalog.=) $" n "), true))"
#define DIFFERS_OPEN(name, column, n) \
	"(" n ", '" name "', e.personal IS NULL AND coalesce(NOT (e." column " OPERATOR(pg_catalog.=) $" n "), " \
	"(e." column " IS NULL) OPERATOR(pg_catalog.<>) ($" n " IS NULL)))"

/* $1 recID, then the fields: names of those that differ, in the order of table A.4. */
static SpiQuery differing = {
	"SELECT f.name FROM citybigdata.event e CROSS JOIN LATERAL (VALUES "
	DIFFERS("eventDesc", "event_desc", "2") ", "
	DIFFERS("address", "address", "3") ", "
	DIFFERS_GIVEN("coordinateX", "coordinate_x", "4") ", "
	DIFFERS_GIVEN("coordinateY", "coordinate_y", "5") ", "
	DIFFERS_GIVEN("lontitude", "map_longitude", "6") ", "
	DIFFERS_GIVEN("latitude", "map_latitude", "7") ", "
	DIFFERS("eventSrcID", "event_src_id", "8") ", "
	DIFFERS("recTypeID", "rec_type_id", "9") ", "
	DIFFERS_GIVEN("eventLevelID", "event_level_id", "10") ", "
	DIFFERS("eventTypeCode", "event_type_code", "11") ", "
	DIFFERS("mainTypeCode", "main_type_code", "12") ", "
	DIFFERS("subTypeCode", "sub_type_code", "13") ", "
	DIFFERS_OPEN("humanName", "human_name", "14") ", "
	DIFFERS_OPEN("cellphone", "cellphone", "15") ", "
	DIFFERS_GIVEN("createTime", "create_time", "16")
	") f(place, name, differs) "
	"WHERE e.rec_id OPERATOR(pg_catalog.=) $1 AND f.differs ORDER BY f.place",
	16,
	{INT4OID, TEXTOID, TEXTOID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, INT4OID, INT4OID, INT4OID, TEXTOID,
	 TEXTOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID}};
/* clang-format on */

/* The values of the report, in the order of the query's parameters from $2 on. */
static void
FillValues(const EventReport *report, Datum *values, bool *nulls)
{
	const char *texts[] = {report->event_desc,     report->address,       report->event_type_code,
						   report->main_type_code, report->sub_type_code, report->human_name,
						   report->cellphone};
	static const int places[] = {1, 2, 10, 11, 12, 13, 14};

	for (int i = 0; i < lengthof(places); i++)
	{
		nulls[places[i]] = texts[i] == NULL;
		values[places[i]] = texts[i] == NULL ? (Datum) 0 : CStringGetTextDatum(texts[i]);
	}
	nulls[3] = nulls[4] = !report->has_plane;
	values[3] = Float8GetDatum(report->plane_x);
	values[4] = Float8GetDatum(report->plane_y);
	nulls[5] = nulls[6] = !report->has_map;
	values[5] = Float8GetDatum(report->map_lon);
	values[6] = Float8GetDatum(report->map_lat);
	nulls[7] = nulls[8] = false;
	values[7] = Int32GetDatum(report->event_src_id.value);
	values[8] = Int32GetDatum(report->rec_type_id.value);
	nulls[9] = !report->has_level;
	values[9] = Int32GetDatum(report->event_level_id.value);
	nulls[15] = !report->has_create_time;
	values[15] = TimestampTzGetDatum(report->create_time);
}

void
EventConflict(const EventReport *report, int32 rec_id, const char *whole, ErrorList *errors)
{
	Datum values[16] = {Int32GetDatum(rec_id)};
	bool nulls[16] = {false};
	uint64 count;

	ErrorsBegin(errors);
	FillValues(report, values, nulls);
	SpiBegin();
	count = SpiRead(&differing, values, nulls, 0);
	for (uint64 i = 0; i < count; i++)
	{
		const char *name = SpiText(i, 1);

		ErrorPrint(errors, false, psprintf("/%s", name), CBD_EVENT_CONFLICT,
				   "%s{name} differs from what was reported first", name);
	}
	SpiEnd();
	if (count == 0)
		ErrorAdd(errors, whole, CBD_EVENT_CONFLICT,
				 "what was reported first differs in its media, its division codes, the reporter, or fields "
				 "beyond table A.4");
}
