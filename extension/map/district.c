/* Districts as points, and the state of divisions; kept until their tables change. */
#include "postgres.h"

#include "utils/memutils.h"

#include "core/reference_cache.h"
#include "core/spi.h"
#include "map/tile.h"

/* Points and state of the boundaries, state of the names. */
static ReferenceCache boundaries = {.table = "division_boundary"};
static ReferenceCache divisions = {.table = "division"};
static DistrictPoint *points;
static int point_count;
static bool complete; /* false: none loaded, or loading ended in an error */
static char state[80];

/* Districts with a boundary, and a place inside each. */
static SpiQuery find_points = {
	"SELECT b.code, coalesce(d.name, ''), @postgis@.st_x(p.place), @postgis@.st_y(p.place)"
	" FROM citybigdata.division_boundary b CROSS JOIN LATERAL (SELECT @postgis@.st_pointonsurface(b.geom) AS "
	"place) p"
	" LEFT JOIN citybigdata.division d ON d.code OPERATOR(pg_catalog.=) b.code"
	" WHERE pg_catalog.length(b.code) OPERATOR(pg_catalog.=) 6 AND pg_catalog.\"right\"(b.code, 2) "
	"OPERATOR(pg_catalog.<>) '00' AND p.place IS NOT NULL ORDER BY b.code COLLATE pg_catalog.\"C\"",
	0,
	{0}};
/* A row that was written again has another xmin. */
static SpiQuery find_state = {
	"SELECT (SELECT pg_catalog.count(*) || '/' || coalesce(pg_catalog.bit_xor(pg_catalog.hashtextextended("
	"b.code || '/' || b.xmin, 0)), 0) FROM citybigdata.division_boundary b) || '/' ||"
	" (SELECT pg_catalog.count(*) || '/' || coalesce(pg_catalog.bit_xor(pg_catalog.hashtextextended("
	"d.code || '/' || d.xmin, 0)), 0) FROM citybigdata.division d)",
	0,
	{0}};

/* Reads all anew. */
static void
LoadDistricts(void)
{
	MemoryContext memory;
	MemoryContext caller = CurrentMemoryContext;
	uint64 count;

	complete = false;
	(void) ReferenceReset(&divisions);
	memory = ReferenceReset(&boundaries);
	ReferenceBegin(&boundaries);
	(void) SpiRead(&find_state, NULL, NULL, 1);
	strlcpy(state, SpiText(0, 1), sizeof(state));
	count = SpiRead(&find_points, NULL, NULL, 0);
	points = MemoryContextAlloc(memory, sizeof(DistrictPoint) * Max(count, 1));
	point_count = (int) count;
	for (uint64 i = 0; i < count; i++)
	{
		strlcpy(points[i].code, SpiText(i, 1), sizeof(points[i].code));
		points[i].name = MemoryContextStrdup(memory, SpiText(i, 2));
		points[i].place = (LonLat){SpiDouble(i, 3), SpiDouble(i, 4)};
	}
	ReferenceEnd(&boundaries);
	MemoryContextSwitchTo(caller);
	complete = true;
}

/* Sees to it that both are those of the tables. */
static void
NeedDistricts(void)
{
	bool fresh = ReferenceIsFresh(&boundaries);

	if (!ReferenceIsFresh(&divisions) || !fresh || !complete)
		LoadDistricts();
}

const DistrictPoint *
DistrictPoints(int *n)
{
	NeedDistricts();
	*n = point_count;
	return points;
}

const char *
DivisionState(void)
{
	NeedDistricts();
	return state;
}
