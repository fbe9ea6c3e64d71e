/* The SELECT of a request. Identifiers come from the catalogue, values are $n; LIMIT is one of four
 * constants, so that plans suit it. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "text/mask_text.h"
#include "data/query.h"
#include "place/coord.h"
#include "core/spi.h"

/* The column of the result that holds a field, or -1. */
static int
FindAtt(const DataQuery *query, const ResourceField *field)
{
	for (int i = 0; i < query->ncolumns; i++)
		if (query->columns[i].field == field && query->columns[i].role == COLUMN_VALUE)
			return query->columns[i].att;
	return -1;
}

char *
GeometryExpression(const DataQuery *query, const ResourceField *field, const char *postgis, bool moved)
{
	char *place = field->place;
	int srid = field == query->resource->geometry ? query->resource->srid : field->srid;

	if (field->geography)
		place = psprintf("%s::%s.geometry", place, postgis);
	if (field->curved)
		place = psprintf("%s.st_curvetoline(%s)", postgis, place);
	if (moved && query->crs.kind == OUTPUT_EPSG)
		return psprintf("%s.st_transform(%s, %d)", postgis, place, query->crs.epsg);
	if (srid == 0)
		place =
			psprintf("CASE WHEN %s.st_srid(%s) IN (0, 4490, 4326) THEN %s ELSE %s.st_transform(%s, 4490) END",
					 postgis, place, place, postgis, place);
	else if (!SridIsDegrees(srid))
		place = psprintf("%s.st_transform(%s, 4490)", postgis, place);
	if (moved && query->crs.kind != OUTPUT_LONLAT)
		place = psprintf("citybigdata.wgs84_to_gcj02(%s)", place);
	if (moved && query->crs.kind == OUTPUT_BD09)
		place = psprintf("citybigdata.gcj02_to_bd09(%s)", place);
	return place;
}

ColumnRole
ColumnRoleOf(const DataQuery *query, const ResourceField *field)
{
	bool text = field->kind == FIELD_TEXT || field->kind == FIELD_BPCHAR || field->kind == FIELD_NAME;
	MaskKind kind;

	if (field->level > query->level)
		return field->mask != NULL && text && MaskKindByName(field->mask, strlen(field->mask), &kind)
				   ? COLUMN_MASKED
				   : COLUMN_HIDDEN;
	if (field->kind == FIELD_FILE)
		return COLUMN_FILE;
	return field == query->resource->geometry && field->kind == FIELD_POINT ? COLUMN_POINT : COLUMN_VALUE;
}

/* One output column; appends what it needs to the select list and counts it in *natts. */
static void
AppendColumn(DataQuery *query, ResourceField *field, StringInfo list, int *natts)
{
	OutColumn *column = &query->columns[query->ncolumns++];
	const char *comma = *natts > 0 ? ", " : "";
	const char *postgis;
	char *shown;

	column->field = field;
	column->role = ColumnRoleOf(query, field);
	column->att = *natts;
	if (column->role == COLUMN_HIDDEN)
	{
		column->att = -1;
		return;
	}
	if (field->kind == FIELD_POINT || field->kind == FIELD_GEOMETRY)
	{
		postgis = query->resource->postgis;
		if (column->role == COLUMN_POINT)
		{
			char *place = GeometryExpression(query, field, postgis, false);

			appendStringInfo(list, "%s%s.st_x(%s), %s.st_y(%s)", comma, postgis, place, postgis, place);
			*natts += 2;
			/* the height, which GeoJSON has a place for */
			column->height = query->format == OUTPUT_GEOJSON && field->has_z;
			if (column->height)
				appendStringInfo(list, ", %s.st_z(%s)", postgis, place);
			*natts += column->height ? 1 : 0;
			return;
		}
		shown = GeometryExpression(query, field, postgis, true);
		/* RFC 7946 3.1.6: outer rings run counterclockwise */
		if (query->format == OUTPUT_GEOJSON)
			shown = psprintf("%s.st_forcepolygonccw(%s)", postgis, shown);
		if (query->crs.northing_first)
			shown = psprintf("%s.st_flipcoordinates(%s)", postgis, shown);
		appendStringInfo(list, "%s%s.st_asgeojson(%s, %d, 0)", comma, postgis, shown,
						 query->crs.projected ? 3 : 8);
	}
	else
		appendStringInfo(list, column->role == COLUMN_FILE ? "%sr.%s IS NOT NULL" : "%sr.%s", comma,
						 field->column);
	*natts += 1;
}

/* The select list: the chosen fields, then what the order needs beyond them. */
static void
AppendSelectList(DataQuery *query, StringInfo sql)
{
	int natts = 0;

	query->columns = palloc0(sizeof(OutColumn) * Max(query->resource->nfields, 1));
	for (int i = 0; i < query->resource->nfields; i++)
		if (query->selected[i])
			AppendColumn(query, &query->resource->fields[i], sql, &natts);
	for (int i = 0; i < query->norder; i++)
	{
		query->order[i].att = FindAtt(query, query->order[i].field);
		if (query->order[i].att >= 0)
			continue;
		appendStringInfo(sql, "%sr.%s", natts > 0 ? ", " : "", query->order[i].field->column);
		query->order[i].att = natts++;
	}
}

void
AppendSource(const DataQuery *query, StringInfo sql)
{
	appendStringInfo(sql, " FROM %s", query->resource->source);
	if (query->resource->is_function)
		appendStringInfo(sql, "(%s)", query->arguments.data);
	appendStringInfoString(sql, " AS r WHERE true");
	appendStringInfoString(sql, query->where.data);
}

/* Is the order column of every row that matches not null? */
static bool
NeverNull(const DataQuery *query, const ResourceField *field)
{
	for (int k = 0; k < query->resource->nkeys; k++)
		if (query->resource->keys[k] == field)
			return true;
	return field->not_null || (query->by_time && field == query->resource->time);
}

/* All columns in one direction and none null: a row comparison, which an index serves by itself. */
static bool
IsPlainOrder(const DataQuery *query)
{
	for (int i = 0; i < query->norder; i++)
		if (query->order[i].descending != query->order[0].descending ||
			!NeverNull(query, query->order[i].field))
			return false;
	return true;
}

/*
 * Rows after the cursor in the general case, from column `at` on. Ascending order has nulls last, descending
 * first, as ORDER BY has by itself.
 */
static void
AppendAfter(DataQuery *query, StringInfo sql, int at, const int *numbers)
{
	const OrderColumn *order = &query->order[at];
	const char *column = order->field->compared;
	bool last = at == query->norder - 1;
	bool never_null = NeverNull(query, order->field);

	appendStringInfoChar(sql, '(');
	if (query->after[at].isnull)
		/* after null: descending, all that is not null follows; ascending, nothing but further nulls */
		appendStringInfo(sql, "%s IS %s", column, order->descending ? "NOT NULL" : "NULL AND false");
	else if (order->descending)
		appendStringInfo(sql, "%s < $%d", column, numbers[at]);
	else
		appendStringInfo(sql, "%s > $%d%s%s%s", column, numbers[at], never_null ? "" : " OR ",
						 never_null ? "" : column, never_null ? "" : " IS NULL");
	if (!last)
	{
		if (query->after[at].isnull)
			appendStringInfo(sql, " OR (%s IS NULL AND ", column);
		else
			appendStringInfo(sql, " OR (%s = $%d AND ", column, numbers[at]);
		AppendAfter(query, sql, at + 1, numbers);
		appendStringInfoChar(sql, ')');
	}
	appendStringInfoChar(sql, ')');
}

/* The condition that continues after the cursor's row. */
static void
AppendCursor(DataQuery *query, StringInfo sql)
{
	int numbers[ORDER_COLUMNS];

	for (int i = 0; i < query->norder; i++)
		numbers[i] = query->after[i].isnull
						 ? 0
						 : AddArgument(query, query->after[i].value, CursorType(query->order[i].field));
	appendStringInfoString(sql, " AND ");
	if (!IsPlainOrder(query))
	{
		/* the first column bounds the scan where it can */
		if (!query->after[0].isnull &&
			(query->order[0].descending || NeverNull(query, query->order[0].field)))
			appendStringInfo(sql, "%s %s $%d AND ", query->order[0].field->compared,
							 query->order[0].descending ? "<=" : ">=", numbers[0]);
		AppendAfter(query, sql, 0, numbers);
		return;
	}
	appendStringInfoChar(sql, '(');
	for (int i = 0; i < query->norder; i++)
		appendStringInfo(sql, "%s%s", i > 0 ? ", " : "", query->order[i].field->compared);
	appendStringInfo(sql, ") %s (", query->order[0].descending ? "<" : ">");
	for (int i = 0; i < query->norder; i++)
		appendStringInfo(sql, "%s$%d", i > 0 ? ", " : "", numbers[i]);
	appendStringInfoChar(sql, ')');
}

char *
QuerySelect(DataQuery *query)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	AppendSelectList(query, &sql);
	AppendSource(query, &sql);
	if (query->has_cursor)
		AppendCursor(query, &sql);
	appendStringInfoString(&sql, " ORDER BY ");
	for (int i = 0; i < query->norder; i++)
		appendStringInfo(&sql, "%sr.%s%s", i > 0 ? ", " : "", query->order[i].field->column,
						 query->order[i].descending ? " DESC" : "");
	/* one row more than the page tells whether there is a next one */
	appendStringInfo(&sql, " LIMIT %d",
					 query->page_size <= 10           ? 11
					 : query->page_size <= 100        ? 101
					 : query->page_size <= PAGE_LIMIT ? PAGE_LIMIT + 1
													  : FEATURE_LIMIT + 1);
	return sql.data;
}

/* The number of rows of all pages: counted, or a SELECT whose plan's estimate is taken. */
char *
QueryCount(DataQuery *query, bool exact)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, exact ? "SELECT pg_catalog.count(*)" : "SELECT 1");
	AppendSource(query, &sql);
	return sql.data;
}

/*
 * What tells the state of the data: the greatest value of the version column, and count and digest of all of
 * them, so that a row that was deleted, or that committed after a newer one, is seen.
 */
char *
QueryVersion(const DataQuery *query)
{
	const char *column = query->resource->version_field->column;

	return psprintf(
		"SELECT pg_catalog.max(r.%s)::text || '/' || pg_catalog.count(*) || '/' || "
		"coalesce(pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(r.%s), 0)), 0) FROM %s AS r",
		column, column, query->resource->source);
}

/* How many rows that statement reads: the planner is asked. */
char *
QueryAll(const DataQuery *query)
{
	return psprintf("SELECT 1 FROM %s AS r", query->resource->source);
}
