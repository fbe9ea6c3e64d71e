/* Looking for candidates; see duplicate.h. */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "duplicate/duplicate.h"

/* Squares by degree, as the indexes have them (sql/tables/87-duplicate.sql). */
#define SQUARES_PER_DEGREE 200

/* What is near and recent for a type. */
typedef struct DuplicateSetting
{
	int radius;
	int open_days;
	int closed_days;
	char **also_types;
	int also_count;
} DuplicateSetting;

/* The setting with the longest code that the type begins with; false: there is none. SPI is connected. */
static bool
FindSetting(const char *type, DuplicateSetting *setting)
{
	static SpiQuery query = {
		"SELECT s.radius, s.open_days, s.closed_days, s.also_types FROM citybigdata.duplicate_setting s "
		"WHERE pg_catalog.starts_with($1, s.event_type_code) ORDER BY pg_catalog.length(s.event_type_code) "
		"DESC LIMIT 1",
		1,
		{TEXTOID}};

	if (SpiRead(&query, (Datum[]){CStringGetTextDatum(type)}, NULL, 1) == 0)
		return false;
	setting->radius = SpiInt32(0, 1);
	setting->open_days = SpiInt32(0, 2);
	setting->closed_days = SpiInt32(0, 3);
	setting->also_types = SpiTextArray(0, 4, &setting->also_count);
	return true;
}

/* The type and the others of its setting as text[]. */
static Datum
TypesOf(const char *type, const DuplicateSetting *setting)
{
	Datum *types = palloc(sizeof(Datum) * (setting->also_count + 1));
	int count = 0;

	types[count++] = CStringGetTextDatum(type);
	for (int i = 0; i < setting->also_count; i++)
		if (setting->also_types[i] != NULL && strcmp(setting->also_types[i], type) != 0)
			types[count++] = CStringGetTextDatum(setting->also_types[i]);
	return PointerGetDatum(construct_array(types, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Metres of a degree of longitude and latitude at that latitude (ellipsoid of CGCS2000). Within 2 km the
 * distance by them is right to a metre. */
static void
DegreeMetres(double latitude, double *lon, double *lat)
{
	const double axis = 6378137.0;
	const double squared_eccentricity = 0.00669438002290;
	double radian = M_PI / 180;
	double sine = sin(latitude * radian);
	double w = 1 - squared_eccentricity * sine * sine;

	*lat = radian * axis * (1 - squared_eccentricity) / (w * sqrt(w));
	*lon = radian * axis * cos(latitude * radian) / sqrt(w);
}

/* One look into an index: cases of one square, in one order of time. */
#define SQUARE_CASES                                                                                         \
	"SELECT e.rec_id, e.create_time, e.event_type_code, e.part_code, e.event_desc, e.state, "                \
	"@postgis@.st_x(e.geom) AS lon, @postgis@.st_y(e.geom) AS lat FROM citybigdata.event e "                 \
	"WHERE e.event_type_code OPERATOR(pg_catalog.=) t.code "                                                 \
	"AND (pg_catalog.floor(@postgis@.st_x(e.geom) OPERATOR(pg_catalog.*) 200)::integer) "                    \
	"OPERATOR(pg_catalog.=) x.n "                                                                            \
	"AND (pg_catalog.floor(@postgis@.st_y(e.geom) OPERATOR(pg_catalog.*) 200)::integer) "                    \
	"OPERATOR(pg_catalog.=) y.n "
#define BEFORE "AND e.create_time OPERATOR(pg_catalog.<=) $6 AND e.create_time OPERATOR(pg_catalog.>=) "
#define AFTER  "AND e.create_time OPERATOR(pg_catalog.>) $6 AND e.create_time OPERATOR(pg_catalog.<=) "
#define OPEN   "AND e.state OPERATOR(pg_catalog.<>) ALL (ARRAY[6, 7]) "
#define CLOSED "AND e.state OPERATOR(pg_catalog.=) 6 "

/* $1 types, $2 to $5 squares, $6 time, $7, $8 first and last time of open ones, $9, $10 of closed ones, $11,
 * $12 place, $13, $14 metres of a degree, $15 radius, $16 the case itself, $17 its main case */
static SpiQuery candidates = {
	"SELECT m.rec_id, m.task_num, m.sender_code, m.unit_code, coalesce(m.community_code, m.street_code, "
	"m.district_code), m.state, c.metres, c.create_time, c.event_type_code, c.part_code, "
	"c.event_desc FROM (SELECT s.*, d.metres, pg_catalog.row_number() OVER (PARTITION BY s.state = 6 ORDER "
	"BY "
	"d.metres / $15 + pg_catalog.abs(extract(epoch FROM s.create_time - $6)::float8) / 2592000) AS place "
	"FROM pg_catalog.unnest($1) t(code) "
	"CROSS JOIN pg_catalog.generate_series($2, $3) x(n) CROSS JOIN pg_catalog.generate_series($4, $5) y(n) "
	"CROSS JOIN LATERAL ((" SQUARE_CASES OPEN BEFORE "$7 ORDER BY e.create_time DESC LIMIT 60) UNION ALL "
	"(" SQUARE_CASES OPEN AFTER "$8 ORDER BY e.create_time LIMIT 20) UNION ALL "
	"(" SQUARE_CASES CLOSED BEFORE "$9 ORDER BY e.create_time DESC LIMIT 60) UNION ALL "
	"(" SQUARE_CASES CLOSED AFTER "$10 ORDER BY e.create_time LIMIT 20)) s "
	"CROSS JOIN LATERAL (SELECT pg_catalog.sqrt(pg_catalog.power((s.lon - $11) * $13, 2) + "
	"pg_catalog.power((s.lat - $12) * $14, 2)) AS metres) d "
	"WHERE d.metres <= $15 AND s.rec_id <> $16) c "
	"LEFT JOIN citybigdata.case_link l ON l.rec_id = c.rec_id "
	"JOIN citybigdata.event m ON m.rec_id = coalesce(l.main_rec_id, c.rec_id) "
	"WHERE c.place <= 40 AND m.rec_id NOT IN ($16, $17) AND m.state <> 7",
	17,
	{TEXTARRAYOID, INT4OID, INT4OID, INT4OID, INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,
	 TIMESTAMPTZOID, TIMESTAMPTZOID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, INT4OID, INT4OID},
	NULL,
	true,
	true};

/* The squares that a circle touches, into values[0] to [3]: first and last of longitude, of latitude. */
static void
SquaresOf(LonLat place, double lon_reach, double lat_reach, Datum *values)
{
	values[0] = Int32GetDatum((int32) floor((place.lon - lon_reach) * SQUARES_PER_DEGREE));
	values[1] = Int32GetDatum((int32) floor((place.lon + lon_reach) * SQUARES_PER_DEGREE));
	values[2] = Int32GetDatum((int32) floor((place.lat - lat_reach) * SQUARES_PER_DEGREE));
	values[3] = Int32GetDatum((int32) floor((place.lat + lat_reach) * SQUARES_PER_DEGREE));
}

/* So long before or after the case, at most as long as its subject says. */
static int64
TimeReach(const DuplicateSubject *subject, int days)
{
	int64 span = days * USECS_PER_DAY;

	return subject->minutes == 0 ? span : Min(span, (int64) (subject->minutes + 1) * USECS_PER_MINUTE);
}

/* Runs the query. Returns the number of rows. */
static uint64
RunCandidates(const DuplicateSubject *subject, const DuplicateSetting *setting)
{
	double lon_metres, lat_metres;
	int radius =
		subject->reach > 0 && subject->reach < setting->radius ? subject->reach + 1 : setting->radius;
	int64 open = TimeReach(subject, setting->open_days), closed = TimeReach(subject, setting->closed_days);
	Datum values[17];

	DegreeMetres(subject->place.lat, &lon_metres, &lat_metres);
	values[0] = TypesOf(subject->type, setting);
	SquaresOf(subject->place, radius / Max(lon_metres, 1), radius / lat_metres, values + 1);
	values[5] = TimestampTzGetDatum(subject->time);
	values[6] = TimestampTzGetDatum(subject->time - open);
	values[7] = TimestampTzGetDatum(subject->time + open);
	/* without days nothing is between */
	values[8] = TimestampTzGetDatum(subject->time - closed + (setting->closed_days == 0));
	values[9] = TimestampTzGetDatum(subject->time + closed);
	values[10] = Float8GetDatum(subject->place.lon);
	values[11] = Float8GetDatum(subject->place.lat);
	values[12] = Float8GetDatum(lon_metres);
	values[13] = Float8GetDatum(lat_metres);
	values[14] = Float8GetDatum(radius);
	values[15] = Int32GetDatum(subject->rec_id);
	values[16] = Int32GetDatum(subject->main_rec_id);
	return SpiRead(&candidates, values, NULL, 0);
}

/* The candidate of result row `at`. */
static void
TakeCandidate(uint64 at, const DuplicateSubject *subject, const TextPairs *texts,
			  const DuplicateSetting *setting, Duplicate *out)
{
	DuplicateLikeness likeness;
	TextPairs pairs = TextPairsOf(SpiText(at, 11));
	int64 between = SpiInt64(at, 8) - subject->time;
	char *part = SpiText(at, 10);
	int days;

	memset(out, 0, sizeof(*out));
	out->rec_id = SpiInt32(at, 1);
	out->task_num = SpiText(at, 2);
	out->sender = SpiText(at, 3);
	out->place = (CasePlace){SpiText(at, 4), SpiText(at, 5)};
	out->state = SpiInt32(at, 6);
	out->distance = SpiDouble(at, 7);
	between = between < 0 ? -between : between;
	out->minutes = (int) ((between + USECS_PER_MINUTE / 2) / USECS_PER_MINUTE);
	likeness.closed = out->state == 6;
	days = likeness.closed && setting->closed_days > 0 ? setting->closed_days : setting->open_days;
	likeness.near = 1 - out->distance / setting->radius;
	likeness.recent = Max(0.0, 1 - (double) between / (days * (double) USECS_PER_DAY));
	likeness.text = TextLikeness(texts, &pairs);
	likeness.same_type = strcmp(SpiText(at, 9), subject->type) == 0;
	likeness.same_part = part != NULL && subject->part != NULL && strcmp(part, subject->part) == 0;
	out->score = DuplicateScore(&likeness, &out->reasons);
}

static int
CompareCandidates(const void *a, const void *b)
{
	const Duplicate *one = a;
	const Duplicate *other = b;

	if (one->score != other->score)
		return one->score < other->score ? 1 : -1;
	return (one->rec_id > other->rec_id) - (one->rec_id < other->rec_id);
}

/* Several cases may have the same main case: its best stays; and so many open ones. Sorted before and after.
 * Returns how many are left. */
static int
Select(Duplicate *list, int count)
{
	int kept = 0;
	int open = 0;

	for (int i = 0; i < count; i++)
	{
		bool known = false;

		for (int k = 0; k < kept && !known; k++)
			known = list[k].rec_id == list[i].rec_id;
		if (known || ((list[i].reasons & REASON_CLOSED) == 0 && open++ >= DUPLICATES_OPEN))
			continue;
		list[kept++] = list[i];
	}
	return kept;
}

int
DuplicatesFind(const DuplicateSubject *subject, Duplicate **found)
{
	MemoryContext context = CurrentMemoryContext;
	DuplicateSetting setting;
	int count = 0;

	*found = NULL;
	SpiBegin();
	if (FindSetting(subject->type, &setting))
	{
		TextPairs texts = TextPairsOf(subject->description);

		count = (int) RunCandidates(subject, &setting);
		*found = MemoryContextAlloc(context, sizeof(Duplicate) * (count + 1));
		for (int i = 0; i < count; i++)
			TakeCandidate(i, subject, &texts, &setting, &(*found)[i]);
	}
	SpiEnd();
	if (count == 0)
		return 0;
	qsort(*found, count, sizeof(Duplicate), CompareCandidates);
	return Min(Select(*found, count), DUPLICATES_TOLD);
}

bool
DuplicateSubjectOf(int32 rec_id, DuplicateSubject *subject)
{
	static SpiQuery query = {
		"SELECT @postgis@.st_x(e.geom), @postgis@.st_y(e.geom), e.create_time, e.event_type_code, "
		"e.part_code, e.event_desc, (SELECT l.main_rec_id FROM citybigdata.case_link l WHERE "
		"l.rec_id OPERATOR(pg_catalog.=) e.rec_id) FROM " ALL_EVENTS
		" e WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
		1,
		{INT4OID},
		NULL,
		true};
	bool there;

	memset(subject, 0, sizeof(*subject));
	SpiBegin();
	there = SpiRead(&query, (Datum[]){Int32GetDatum(rec_id)}, NULL, 1) > 0;
	if (there)
		*subject = (DuplicateSubject){rec_id,         SpiInt32(0, 7), {SpiDouble(0, 1), SpiDouble(0, 2)},
									  SpiInt64(0, 3), SpiText(0, 4),  SpiText(0, 5),
									  SpiText(0, 6)};
	SpiEnd();
	return there;
}
