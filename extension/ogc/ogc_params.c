/*
 * Parameters of requests for features (OGC API Features part 1, 7.15; part 2; part 3): standard ones, those
 * that the publisher declared, and name=value of a queryable. Errors are collected with their pointers; a
 * name that nobody knows is one. They become conditions of the engine, as those of /data do.
 *
 * Features without place or time belong to every bbox and datetime (17-069r4 7.15.3-B, 7.15.4-C); where a
 * column cannot be null, nothing is asked about it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "ogc/cql.h"
#include "ogc/ogc.h"
#include "text/param_parse.h"
#include "text/span.h"

/* A parameter of the standard. */
typedef struct OgcParam
{
	const char *name;
	void (*handler)(DataQuery *query, const QueryParam *param); /* NULL: read with another one */
	bool in_cursor;                                             /* chooses rows: a cursor is bound to it */
	bool of_single;                                             /* for one feature too */
} OgcParam;

static void ReadBbox(DataQuery *query, const QueryParam *param);
static void ReadDatetime(DataQuery *query, const QueryParam *param);
static void ReadFilter(DataQuery *query, const QueryParam *param);
static void ReadFilterLanguage(DataQuery *query, const QueryParam *param);
static void ReadLimit(DataQuery *query, const QueryParam *param);
static void ReadProperties(DataQuery *query, const QueryParam *param);
static void ReadShownCrs(DataQuery *query, const QueryParam *param);

static const OgcParam ogc_params[] = {
	{"bbox", ReadBbox, true, false},         {"bbox-crs", NULL, true, false},
	{"crs", ReadShownCrs, false, true},      {"cursor", NULL, false, false},
	{"datetime", ReadDatetime, true, false}, {"filter", ReadFilter, true, false},
	{"filter-crs", NULL, true, false},       {"filter-lang", ReadFilterLanguage, true, false},
	{"limit", ReadLimit, false, false},      {"properties", ReadProperties, false, true},
};

/* The place of a parameter's system: that of another one, or degrees with the longitude first. False after an
 * error. */
static bool
CrsBeside(DataQuery *query, const char *name, RequestCrs *crs)
{
	const QueryParam *param = FindParam(query, name);

	*crs = (RequestCrs){OUTPUT_LONLAT, 4490, false, false};
	return param == NULL || (CheckValues(query, param, true) && ReadCrsUri(query, param, crs));
}

/* Four or six numbers; returns how many, 0 after an error. */
static int
ReadNumbers(DataQuery *query, const QueryParam *param, double numbers[6])
{
	char **items;
	int n;

	items = ReadItems(query, param, 6, &n);
	if (items == NULL)
		return 0;
	for (int i = 0; i < n; i++)
		if (!double_parse(items[i], strlen(items[i]), &numbers[i]))
			n = 0;
	if (n == 4 || n == 6)
		return n;
	QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
			   "four or six numbers; for example bbox=116.3,39.8,116.5,40.0");
	return 0;
}

/* Adds what touches one box of the engine: west, south, east, north, or the same of a plane. */
static void
AddOneBox(DataQuery *query, const QueryParam *param, const RequestCrs *crs, double west, double south,
		  double east, double north)
{
	const char *text = psprintf("%.17g,%.17g,%.17g,%.17g", west, south, east, north);
	size_t length = strlen(text);
	QueryParam box = {param->name, param->name_len, 1, &text, &length};

	appendStringInfoString(&query->where, "(true");
	AddBox(query, &box, crs);
	appendStringInfoChar(&query->where, ')');
}

/* What of the heights is between two. */
static void
AddHeights(DataQuery *query, double low, double high)
{
	const ResourceField *field = query->resource->geometry;
	const char *postgis = query->resource->postgis;
	const char *place = field->geography ? psprintf("%s::%s.geometry", field->place, postgis) : field->place;

	appendStringInfo(&query->where, " AND %s.st_zmin(%s::%s.box3d) <= $%d", postgis, place, postgis,
					 AddArgument(query, Float8GetDatum(high), FLOAT8OID));
	appendStringInfo(&query->where, " AND %s.st_zmax(%s::%s.box3d) >= $%d", postgis, place, postgis,
					 AddArgument(query, Float8GetDatum(low), FLOAT8OID));
}

/* bbox, in the system of bbox-crs and the order of its axes; from the greater longitude to the smaller one it
 * goes over the date line. */
static void
ReadBbox(DataQuery *query, const QueryParam *param)
{
	const ResourceField *field = query->resource->geometry;
	RequestCrs crs;
	double n[6];
	int count =
		MayAsk(query, param, field) && CrsBeside(query, "bbox-crs", &crs) ? ReadNumbers(query, param, n) : 0;
	int second = count / 2; /* where the upper corner begins */
	int x = count > 0 && crs.northing_first ? 1 : 0;
	int y = 1 - x;

	if (count == 0)
		return;
	if (n[y] > n[second + y] || (count == 6 && n[2] > n[5]) ||
		(crs.kind != OUTPUT_LONLAT && n[x] > n[second + x]))
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
				   "the lower corner comes first; for example bbox=116.3,39.8,116.5,40.0");
		return;
	}
	if (crs.kind == OUTPUT_LONLAT && (n[y] < -90 || n[second + y] > 90 || n[x] < -180 || n[x] > 180 ||
									  n[second + x] < -180 || n[second + x] > 180))
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
				   "longitudes are from -180 to 180, latitudes from -90 to 90; in the order of this system: "
				   "%s{axes*}",
				   x == 0 ? MESSAGE("longitude first") : MESSAGE("latitude first"));
		return;
	}
	appendStringInfoString(&query->where, " AND ((");
	if (n[x] <= n[second + x])
		AddOneBox(query, param, &crs, n[x], n[y], n[second + x], n[second + y]);
	else
	{
		AddOneBox(query, param, &crs, n[x], n[y], 180, n[second + y]);
		appendStringInfoString(&query->where, " OR ");
		AddOneBox(query, param, &crs, -180, n[y], n[second + x], n[second + y]);
	}
	appendStringInfoChar(&query->where, ')');
	if (count == 6 && field->has_z)
		AddHeights(query, n[2], n[5]);
	/* of a place made of two columns the flag is of one of them */
	if (!field->not_null || field->place != field->compared)
		appendStringInfo(&query->where, " OR %s IS NULL", field->place);
	appendStringInfoChar(&query->where, ')');
}

/* One end of datetime as a period; *open: ".." or nothing. False after the error. */
static bool
ReadInstantText(DataQuery *query, const QueryParam *param, const char *text, bool *open, TimestampTz *from,
				TimestampTz *to)
{
	const char *error;
	bool dashes = strlen(text) >= 10 && text[4] == '-' && text[7] == '-';

	*open = text[0] == '\0' || strcmp(text, "..") == 0;
	if (*open || (dashes && ReadTimePeriod(text, from, to, &error)))
		return true;
	QueryError(query, param->name, param->name_len, CBD_INVALID_TIME,
			   "\"%.64s{value}\" is no day and no date-time with its zone (RFC 3339); for example "
			   "datetime=2024-01-02T03:04:05Z, 2024-01-01/2024-02-01, 2024-01-01/..",
			   text);
	return false;
}

/* Adds the times in [from, to); a NULL is an open end. A day counts where any of it is inside. */
static void
AddPeriod(DataQuery *query, const TimestampTz *from, const TimestampTz *to)
{
	const ResourceField *field = query->resource->time;
	bool days = field->type == DATEOID;

	appendStringInfoString(&query->where, " AND ((true");
	if (from != NULL)
		appendStringInfo(&query->where, " AND r.%s >= $%d", field->column,
						 AddArgument(query, TimeDatum(*from, field->type), field->type));
	if (to != NULL)
		appendStringInfo(&query->where, " AND r.%s %s $%d", field->column, days ? "<=" : "<",
						 AddArgument(query, TimeDatum(days ? *to - 1 : *to, field->type), field->type));
	appendStringInfoChar(&query->where, ')');
	if (!field->not_null)
		appendStringInfo(&query->where, " OR r.%s IS NULL", field->column);
	appendStringInfoChar(&query->where, ')');
	query->selective = true;
	/* in the order of time a page costs the same however many rows there are */
	query->by_time = field->not_null;
}

/* datetime: an instant, or two with a slash between them. */
static void
ReadDatetime(DataQuery *query, const QueryParam *param)
{
	char *first = pstrdup(param->values[0]);
	char *slash = strchr(first, '/');
	char *second = slash == NULL ? first : slash + 1;
	bool open[2];
	TimestampTz from[2], to[2];

	if (slash != NULL)
		*slash = '\0';
	if (!ReadInstantText(query, param, first, &open[0], &from[0], &to[0]) ||
		!ReadInstantText(query, param, second, &open[1], &from[1], &to[1]))
		return;
	if (open[0] && open[1])
		QueryError(query, param->name, param->name_len, CBD_INVALID_TIME,
				   "one end at least must be a time; for example datetime=2024-01-01/..");
	else if (!open[0] && !open[1] && from[0] >= to[1])
		QueryError(query, param->name, param->name_len, CBD_INVALID_INTERVAL,
				   "it ends before it begins; for example datetime=2024-01-01/2024-02-01");
	else if (query->resource->time != NULL)
		AddPeriod(query, open[0] ? NULL : &from[0], open[1] ? NULL : &to[1]);
}

/* filter: CQL2 text, its geometries in the system of filter-crs. */
static void
ReadFilter(DataQuery *query, const QueryParam *param)
{
	RequestCrs crs;

	if (CrsBeside(query, "filter-crs", &crs))
		AddCqlFilter(query, param, &crs);
}

/* filter-lang; cql-text is what it was called before the standard was final. */
static void
ReadFilterLanguage(DataQuery *query, const QueryParam *param)
{
	if (!ParamValueIs(param, "cql2-text") && !ParamValueIs(param, "cql-text"))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "unknown language of filters; valid: filter-lang=cql2-text");
}

/* limit: more than there may be is as many as there may be (7.15.2). */
static void
ReadLimit(DataQuery *query, const QueryParam *param)
{
	int64 value;

	if (!integer_parse(param->values[0], param->lengths[0], &value) || value < 1)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "a whole number from 1 to %d{limit}; for example limit=%d{example}", FEATURE_LIMIT,
				   PAGE_DEFAULT);
	else
		query->page_size = (int) Min(value, FEATURE_LIMIT);
}

/* properties: those of a feature that are shown, all others left out; id and geometry always are. */
static void
ReadProperties(DataQuery *query, const QueryParam *param)
{
	int n;
	char **items = ReadItems(query, param, LIST_ITEMS, &n);

	if (items == NULL)
		return;
	memset(query->selected, 0, query->resource->nfields * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		ResourceField *field = ResourceFieldByName(query->resource, items[i], strlen(items[i]));

		if (field != NULL && IsShown(query, field))
			query->selected[field - query->resource->fields] = true;
		else
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "unknown property \"%.64s{name}\"; known are %s{names}", items[i], ShownNames(query));
	}
}

/* crs: the system that places are shown in. */
static void
ReadShownCrs(DataQuery *query, const QueryParam *param)
{
	(void) ReadCrsUri(query, param, &query->crs);
}

/* name=value of a queryable: equal to exactly this value, whatever commas are in it. */
static void
AddProperty(DataQuery *query, const QueryParam *param, ResourceField *field)
{
	StringInfoData list;
	const char *text;
	size_t length;
	QueryParam one = {param->name, param->name_len, 1, &text, &length};

	initStringInfo(&list);
	appendStringInfoChar(&list, '[');
	WriteJsonText(&list, param->values[0], (int) param->lengths[0]);
	appendStringInfoChar(&list, ']');
	text = list.data;
	length = list.len;
	AddFieldFilter(query, &one, field, "eq", 2);
}

/* A name that is not of the standard: a declared parameter, or a queryable. What the caller may not see is
 * unknown. */
static void
ReadOther(DataQuery *query, const QueryParam *param, bool single)
{
	ResourceField *field = ResourceFieldByName(query->resource, param->name, param->name_len);

	for (int i = 0; i < query->resource->nparameters; i++)
	{
		const ResourceParameter *declared = &query->resource->parameters[i];

		if (SpanIs((Span){param->name, param->name_len}, declared->name) &&
			(declared->field == NULL || declared->field->level <= query->level))
		{
			(void) ReadDeclared(query, param);
			return;
		}
	}
	if (!single && field != NULL && field != query->resource->geometry && IsQueryable(query, field))
		AddProperty(query, param, field);
	else if (single)
		QueryError(query, param->name, param->name_len, CBD_UNKNOWN_PARAMETER,
				   "unknown parameter; valid for one feature: crs, properties");
	else
		QueryError(
			query, param->name, param->name_len, CBD_UNKNOWN_PARAMETER,
			"unknown parameter; valid: limit, bbox, bbox-crs, datetime, crs, properties, filter, filter-crs, "
			"filter-lang and %s{names}",
			QueryableNames(query));
}

/* One parameter. */
static void
ReadOne(DataQuery *query, const QueryParam *param, bool single)
{
	const OgcParam *known = NULL;

	for (int i = 0; i < lengthof(ogc_params); i++)
		if (SpanIs((Span){param->name, param->name_len}, ogc_params[i].name))
			known = &ogc_params[i];
	if (!CheckValues(query, param, true))
		return;
	appendStringInfo(&query->whole, "%s=%zu:%s;", param->name, param->lengths[0], param->values[0]);
	if (known == NULL || known->in_cursor)
		appendStringInfo(&query->canonical, "ogc/%s=%zu:%s;", param->name, param->lengths[0],
						 param->values[0]);
	if (known == NULL || (single && !known->of_single))
		ReadOther(query, param, single);
	else if (known->handler != NULL)
		known->handler(query, param);
}

/* A system whose box or filter is not there is still one that must be known. */
static void
CheckCrsAlone(DataQuery *query, const char *name, const char *of)
{
	RequestCrs crs;

	if (FindParam(query, of) == NULL)
		(void) CrsBeside(query, name, &crs);
}

void
ReadOgcParameters(DataQuery *query, const OgcRequest *request, bool single)
{
	const QueryParam *cursor;

	if (request->n > QUERY_PARAMS)
	{
		QueryError(query, "", 0, CBD_INVALID_PARAMETER, "%d{count} parameters; at most %d{limit} are read",
				   request->n, QUERY_PARAMS);
		return;
	}
	for (int i = 0; i < query->resource->nfields; i++)
		query->selected[i] = IsShown(query, &query->resource->fields[i]);
	GroupParameters(query, request->n, request->names, request->values);
	for (int i = 0; i < query->nparams; i++)
		ReadOne(query, &query->params[i], single);
	CheckCrsAlone(query, "bbox-crs", "bbox");
	CheckCrsAlone(query, "filter-crs", "filter");
	ReadDefaults(query);
	CompleteOrder(query);
	query->selected[query->resource->geometry - query->resource->fields] = true;
	/* last: it holds a value for each column of the order */
	cursor = FindParam(query, "cursor");
	if (cursor == NULL || single || query->errors.count > 0)
		return;
	query->has_cursor = CursorRead(query, cursor->values[0], cursor->lengths[0]);
	if (!query->has_cursor)
		QueryError(query, cursor->name, cursor->name_len, CBD_INVALID_PARAMETER,
				   "not a cursor of this query; follow the link next of the page before as it is");
}
