/*
 * Coordinate systems by their URIs (OGC API Features part 2). Coordinates of a system stand in the order of
 * its definition: EPSG's degrees are latitude, longitude, and the planes of China northing, easting. PostGIS
 * does not keep that order, so it is known here for the systems that are offered; others are shown by /data
 * alone, where the easting is always first.
 */
#include "postgres.h"

#include "core/guc.h"
#include "ogc/ogc.h"
#include "text/param_parse.h"

#define WEB_MERCATOR 3857

/* Numbers of EPSG from one to another whose first axis is northing or latitude, or easting. */
typedef struct AxisOrder
{
	int from, to;
	bool northing_first;
} AxisOrder;

static const AxisOrder axis_orders[] = {
	{2327, 2442, true}, /* Xian 1980, Beijing 1954: Gauss-Kruger of 3 and 6 degrees */
	{WEB_MERCATOR, WEB_MERCATOR, false},
	{4326, 4326, true},    /* WGS 84 */
	{4490, 4554, true},    /* CGCS2000, its Gauss-Kruger of 6 and 3 degrees */
	{32601, 32660, false}, /* WGS 84 / UTM north */
};

/* The order of the axes; NULL: not known. */
static const AxisOrder *
FindOrder(int epsg)
{
	for (int i = 0; i < lengthof(axis_orders); i++)
		if (epsg >= axis_orders[i].from && epsg <= axis_orders[i].to)
			return &axis_orders[i];
	return NULL;
}

bool
NorthingFirst(int epsg)
{
	const AxisOrder *order = FindOrder(epsg);

	return order != NULL && order->northing_first;
}

int
ListedCrs(const Resource *resource, int epsg[CRS_LISTED])
{
	const int wanted[] = {4490, 4326, WEB_MERCATOR, 4548, guc_business_srid, resource->srid};
	int n = 0;

	for (int i = 0; i < lengthof(wanted); i++)
	{
		bool listed = FindOrder(wanted[i]) == NULL;

		for (int j = 0; j < n; j++)
			listed = listed || epsg[j] == wanted[i];
		if (!listed)
			epsg[n++] = wanted[i];
	}
	return n;
}

const char *
DefaultCrsUri(const Resource *resource)
{
	return resource->geometry->has_z ? CRS_URI_CRS84H : CRS_URI_CRS84;
}

const char *
StorageCrsUri(const Resource *resource)
{
	return FindOrder(resource->srid) == NULL ? NULL : psprintf(CRS_URI_EPSG "%d", resource->srid);
}

char *
ContentCrsOf(const DataQuery *query)
{
	const RequestCrs *crs = &query->crs;

	if (crs->kind == OUTPUT_EPSG || crs->northing_first)
		return psprintf("<" CRS_URI_EPSG "%d>", crs->epsg);
	return psprintf("<%s>", DefaultCrsUri(query->resource));
}

/* The URIs that are valid, for a message. */
static char *
ValidUris(const Resource *resource)
{
	StringInfoData uris;
	int epsg[CRS_LISTED];
	int n = ListedCrs(resource, epsg);

	initStringInfo(&uris);
	appendStringInfoString(&uris, CRS_URI_CRS84);
	for (int i = 0; i < n; i++)
		appendStringInfo(&uris, ", " CRS_URI_EPSG "%d", epsg[i]);
	return uris.data;
}

bool
ReadCrsUri(DataQuery *query, const QueryParam *param, RequestCrs *crs)
{
	const char *uri = param->values[0];
	size_t head = strlen(CRS_URI_EPSG);
	int epsg[CRS_LISTED];
	int n = ListedCrs(query->resource, epsg);
	int64 wanted = 0;

	*crs = (RequestCrs){OUTPUT_LONLAT, 4490, false, false};
	if (strcmp(uri, CRS_URI_CRS84) == 0 || strcmp(uri, CRS_URI_CRS84H) == 0)
		return true;
	if (strncmp(uri, CRS_URI_EPSG, head) == 0)
		(void) integer_parse(uri + head, param->lengths[0] - head, &wanted);
	for (int i = 0; i < n; i++)
		if (epsg[i] == wanted)
		{
			const char *name = psprintf("EPSG:%d", epsg[i]);
			size_t length = strlen(name);
			QueryParam engine = {param->name, param->name_len, 1, &name, &length};
			bool read = ReadCrs(query, &engine, crs);

			crs->northing_first = NorthingFirst(epsg[i]);
			crs->epsg = epsg[i];
			return read;
		}
	QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
			   "unknown coordinate system \"%.128s{value}\"; valid: %s{uris}", uri,
			   ValidUris(query->resource));
	return false;
}
