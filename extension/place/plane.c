/*
 * Planes and other coordinate systems to and from EPSG:4490, by PROJ.
 *
 * A system is found as PostGIS finds it: the row of spatial_ref_sys gives authority and number, a
 * WKT text or a PROJ string, tried in that order. So a site's own SRID works here and in ST_Transform alike,
 * with equal results. Transforms are kept per backend in a table of CACHED_SYSTEMS rows; like PostGIS, a
 * session keeps the definition that it has once used.
 */
#include "postgres.h"

#include <math.h>
#include <proj.h>

#include "catalog/pg_type.h"

#include "place/coord.h"
#include "core/guc.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/status.h"

/* EPSG code of what is stored; systems that a session keeps ready. */
#define STORED_SRID    4490
#define CACHED_SYSTEMS 16

/* A system whose transformation PROJ has made. */
typedef struct CachedSystem
{
	int srid;      /* 0: free */
	PJ *transform; /* forward: the system, x = easting or longitude, to longitude and latitude */
} CachedSystem;

/* Of PROJ, made at first use; it never asks the network. */
static PJ_CONTEXT *context;
static CachedSystem systems[CACHED_SYSTEMS];
static int next_system; /* whose turn it is to be replaced */

/* $1 SRID: the three ways to define it, of which the first that PROJ takes counts. */
static SpiQuery definition_query = {
	"SELECT auth_name || ':' || auth_srid, srtext, proj4text FROM @postgis@.spatial_ref_sys "
	"WHERE srid OPERATOR(pg_catalog.=) $1",
	1,
	{INT4OID}};

/* Makes PROJ's transformation; NULL: it knows no such system. */
static PJ *
MakeTransform(const char *definition)
{
	PJ *raw;
	PJ *normal;

	if (definition == NULL || definition[0] == '\0')
		return NULL;
	raw = proj_create_crs_to_crs(context, definition, "EPSG:4490", NULL);
	if (raw == NULL)
		return NULL;
	normal = proj_normalize_for_visualization(context, raw);
	proj_destroy(raw);
	return normal;
}

/* The transform of a system, from the cache or newly made; NULL when there is no such system. */
static PJ *
LookUpTransform(int srid)
{
	PJ *transform = NULL;
	CachedSystem *slot;

	for (int i = 0; i < CACHED_SYSTEMS; i++)
		if (systems[i].srid == srid)
			return systems[i].transform;
	if (context == NULL)
	{
		context = proj_context_create();
		proj_log_level(context, PJ_LOG_NONE);
	}
	SpiBegin();
	if (SpiRead(&definition_query, (Datum[]){Int32GetDatum(srid)}, NULL, 1) == 1)
		for (int col = 1; col <= 3 && transform == NULL; col++)
			transform = MakeTransform(SpiText(0, col));
	SpiEnd();
	if (transform == NULL)
		return NULL;
	slot = &systems[next_system];
	next_system = (next_system + 1) % CACHED_SYSTEMS;
	if (slot->transform != NULL)
		proj_destroy(slot->transform);
	slot->srid = srid;
	slot->transform = transform;
	return transform;
}

/* The same; a system that is not known is an error. */
static PJ *
FindTransform(int srid)
{
	PJ *transform = LookUpTransform(srid);

	if (transform == NULL)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_INVALID_COORDINATE)),
				 saymsg("coordinate system EPSG:%d{srid} is not known", srid),
				 saydetail("spatial_ref_sys has no usable definition with SRID %d{srid}.", srid),
				 sayhint("A valid system of Beijing is 4548 (CGCS2000 / 3-degree Gauss-Kruger CM 117E); "
						 "a system of your own is a row of spatial_ref_sys.")));
	return transform;
}

/* One coordinate pair through PROJ; false when a result is not finite. */
static bool
Transform(PJ *transform, PJ_DIRECTION direction, double *x, double *y)
{
	PJ_COORD c = proj_coord(*x, *y, 0, 0);

	if (!isfinite(*x) || !isfinite(*y))
		return false;
	proj_errno_reset(transform);
	c = proj_trans(transform, direction, c);
	*x = c.xy.x;
	*y = c.xy.y;
	return proj_errno(transform) == 0 && isfinite(*x) && isfinite(*y);
}

/* Is it a longitude and a latitude? */
static bool
OnTheGlobe(LonLat p)
{
	return p.lon >= -180 && p.lon <= 180 && p.lat >= -90 && p.lat <= 90;
}

void
CheckSrid(int srid)
{
	if (srid != STORED_SRID)
		(void) FindTransform(srid);
}

bool
SridKnown(int srid)
{
	return srid == STORED_SRID || LookUpTransform(srid) != NULL;
}

bool
SridToLonLat(int srid, double x, double y, LonLat *out)
{
	*out = (LonLat){x, y};
	return (srid == STORED_SRID || Transform(FindTransform(srid), PJ_FWD, &out->lon, &out->lat)) &&
		   OnTheGlobe(*out);
}

bool
LonLatToSrid(int srid, LonLat p, double *x, double *y)
{
	*x = p.lon;
	*y = p.lat;
	return OnTheGlobe(p) && (srid == STORED_SRID || Transform(FindTransform(srid), PJ_INV, x, y));
}

bool
PlaneToLonLat(double x, double y, LonLat *out)
{
	const LocalPlane *plane = BusinessLocalPlane();

	if (plane->identity)
		return SridToLonLat(guc_business_srid, x, y, out);
	return SridToLonLat(guc_business_srid, plane->dx + plane->scale * (x * plane->cosine - y * plane->sine),
						plane->dy + plane->scale * (x * plane->sine + y * plane->cosine), out);
}

bool
LonLatToPlane(LonLat p, double *x, double *y)
{
	const LocalPlane *plane = BusinessLocalPlane();
	double east;
	double north;

	if (!LonLatToSrid(guc_business_srid, p, x, y))
		return false;
	if (plane->identity)
		return true;
	east = (*x - plane->dx) / plane->scale;
	north = (*y - plane->dy) / plane->scale;
	*x = east * plane->cosine + north * plane->sine;
	*y = north * plane->cosine - east * plane->sine;
	return true;
}

LonLat
MapToLonLat(LonLat p)
{
	if (guc_map_crs == MAP_CRS_BD09)
		p = bd09_to_gcj02(p);
	return guc_map_crs == MAP_CRS_WGS84 ? p : gcj02_to_wgs84(p);
}

LonLat
LonLatToMap(LonLat p)
{
	if (guc_map_crs != MAP_CRS_WGS84)
		p = wgs84_to_gcj02(p);
	return guc_map_crs == MAP_CRS_BD09 ? gcj02_to_bd09(p) : p;
}
