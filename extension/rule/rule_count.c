/*
 * The term `count`: how many reports of the same kind came within a time and a distance, this one included.
 * Found by the index event_place_time_idx: squares of 1/500 degree, about 200 m, and the time of receipt.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "rule/rule.h"

#define SQUARES_PER_DEGREE 500
#define DEGREE_METRES      111195.0

/* clang-format off */
/*
 * $1, $2 columns and rows of squares, $3 after, $4 until; $5, $6 the place, $7, $8 square degrees of latitude
 * and longitude in square metres, $9 square metres; $10 not this case; $11 type, $12 main, $13 minor class,
 * $14 sender, null: any; $15 how many are enough
 */
static SpiQuery query = {
	"SELECT count(*) FROM (SELECT FROM citybigdata.event e"
	" WHERE floor(@postgis@.st_x(e.geom) * 500)::integer = ANY ($1) AND floor(@postgis@.st_y(e.geom) * 500)::integer = ANY ($2)"
	" AND e.receive_time > $3 AND e.receive_time <= $4"
	" AND (@postgis@.st_y(e.geom) - $6) ^ 2 * $7 + (@postgis@.st_x(e.geom) - $5) ^ 2 * $8 <= $9 AND e.rec_id <> $10"
	" AND ($11 IS NULL OR e.event_type_code = $11) AND ($12 IS NULL OR e.main_type_code = $12)"
	" AND ($13 IS NULL OR e.sub_type_code = $13) AND ($14 IS NULL OR e.sender_code = $14) LIMIT $15) f",
	15, {INT4ARRAYOID, INT4ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID,
		 FLOAT8OID, INT4OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL, true};
/* clang-format on */

/* The numbers of the squares from one degree to another. */
static Datum
Squares(double from, double to)
{
	int first = (int) floor(from * SQUARES_PER_DEGREE);
	int last = (int) floor(to * SQUARES_PER_DEGREE);
	int count = Min(last - first + 1, 1000);
	Datum *numbers = palloc(sizeof(Datum) * count);

	for (int i = 0; i < count; i++)
		numbers[i] = Int32GetDatum(first + i);
	return PointerGetDatum(construct_array(numbers, count, INT4OID, 4, true, TYPALIGN_INT));
}

bool
RuleCountHolds(const RuleTerms *terms, const RuleSubject *subject)
{
	double shorten = Max(cos(subject->place.lat * M_PI / 180), 0.01);
	double lat = terms->count_metres / DEGREE_METRES;
	double lon = lat / shorten;
	const char *of[] = {terms->counted == COUNT_TYPE ? subject->type : NULL,
						terms->counted == COUNT_MAIN_TYPE ? subject->main_type : NULL,
						terms->counted == COUNT_SUB_TYPE ? subject->sub_type : NULL,
						terms->counted == COUNT_SENDER ? subject->sender : NULL};
	Datum values[15] = {Squares(subject->place.lon - lon, subject->place.lon + lon),
						Squares(subject->place.lat - lat, subject->place.lat + lat),
						TimestampTzGetDatum(subject->now - terms->count_within),
						TimestampTzGetDatum(subject->now),
						Float8GetDatum(subject->place.lon),
						Float8GetDatum(subject->place.lat),
						Float8GetDatum(DEGREE_METRES * DEGREE_METRES),
						Float8GetDatum(DEGREE_METRES * DEGREE_METRES * shorten * shorten),
						Float8GetDatum(terms->count_metres * terms->count_metres),
						Int32GetDatum(subject->rec_id)};
	bool nulls[15] = {false};
	bool holds;

	/* what has no main or minor class is not the same as others that have none */
	if ((terms->counted == COUNT_MAIN_TYPE && subject->main_type == NULL) ||
		(terms->counted == COUNT_SUB_TYPE && subject->sub_type == NULL))
		return false;
	for (int i = 0; i < lengthof(of); i++)
	{
		nulls[10 + i] = of[i] == NULL;
		values[10 + i] = of[i] == NULL ? (Datum) 0 : CStringGetTextDatum(of[i]);
	}
	values[14] = Int32GetDatum(terms->at_least - 1);
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_SELECT, 1);
	holds = SpiInt64(0, 1) >= terms->at_least - 1;
	SpiEnd();
	return holds;
}
