/*
 * The parameters of a tile: those of GET /data/{resource} that choose rows and fields, crs, and v, which
 * makes addresses differ when the data do (TileJSON) and means nothing here.
 */
#include "postgres.h"

#include "map/tile.h"

/* Values of a statement that are kept for the tile itself; AddArgument() keeps some, too. */
#define TILE_ARGUMENTS (ORDER_COLUMNS + 8)

/* Parameters of pages, which a tile does not have. */
static const char *const page_parameters[] = {"bigint",   "bom",      "charset",     "count",
											  "cursor",   "download", "expandCodes", "format",
											  "headings", "pageSize", "sort",        "timeFormat"};

/* crs: EPSG:3857, or GCJ02. */
static void
ReadTileCrs(TileQuery *tile, const char *text, bool again)
{
	DataQuery *query = tile->query;

	if (again)
		QueryError(query, "crs", 3, CBD_REPEATED_PARAMETER, "given more than once; once is valid");
	else if (strcmp(text, "GCJ02") == 0)
		tile->shifted = true;
	else if (strcmp(text, "EPSG:3857") != 0)
		QueryError(query, "crs", 3, CBD_INVALID_COORDINATE,
				   "a tile is of EPSG:3857, or GCJ02 for maps that are shifted; for example crs=GCJ02");
}

/* Is it a parameter of pages? An error is added. */
static bool
RefusePageParameter(DataQuery *query, const char *name)
{
	for (int i = 0; i < lengthof(page_parameters); i++)
		if (strcmp(name, page_parameters[i]) == 0)
		{
			QueryError(query, name, strlen(name), CBD_INVALID_PARAMETER,
					   "a tile has no pages and one form; leave %s{name} out", name);
			return true;
		}
	return false;
}

void
ReadTileParameters(TileQuery *tile, int n, char **names, char **values)
{
	DataQuery *query = tile->query;
	char **kept_names = palloc(sizeof(char *) * Max(n, 1));
	char **kept_values = palloc(sizeof(char *) * Max(n, 1));
	int kept = 0;
	bool crs = false;

	for (int i = 0; i < n; i++)
	{
		if (strcmp(names[i], "crs") == 0)
		{
			ReadTileCrs(tile, values[i], crs);
			crs = true;
		}
		/* the bridge adds the language of the client to what is shown in one */
		else if (strcmp(names[i], "v") != 0 && strcmp(names[i], "lang") != 0 &&
				 !RefusePageParameter(query, names[i]))
		{
			kept_names[kept] = names[i];
			kept_values[kept++] = values[i];
		}
	}
	ReadParameters(query, kept, kept_names, kept_values);
	if (query->errors.count == 0 && query->nargs > QUERY_ARGS - TILE_ARGUMENTS)
		QueryError(query, "", 0, CBD_INVALID_PARAMETER,
				   "more than %d{limit} values in all the parameters; give fewer",
				   QUERY_ARGS - TILE_ARGUMENTS);
	/* values are written as CSV has them, without quotes */
	query->format = OUTPUT_CSV;
	query->crs.kind = tile->shifted ? OUTPUT_GCJ02 : OUTPUT_LONLAT;
	tile->filtered = query->where.len > 0 || query->resource->is_function;
	tile->by_district = query->resource->geometry->level > query->level;
}
