/*
 * Headings: under which words the columns of a reply stand. By default the fields' names; with headings=title
 * their titles in one language, which the header line of CSV and the properties of GeoJSON take. Two fields
 * with one title are told apart by their names, so that no property of an object is there twice.
 */
#include "postgres.h"

#include "data/query.h"
#include "utils/json.h"

/* The names under which a point is shown, or their titles. */
void
PointNames(const DataQuery *query, const char **x, const char **y)
{
	bool projected = query->crs.projected;

	*x = projected ? "coordinateX" : "longitude";
	*y = projected ? "coordinateY" : "latitude";
	if (!query->titles)
		return;
	if (query->chinese)
	{
		*x = projected ? "X坐标" : "经度";
		*y = projected ? "Y坐标" : "纬度";
		return;
	}
	*x = projected ? "Easting" : "Longitude";
	*y = projected ? "Northing" : "Latitude";
}

/* Has a column before this one, or a number of the point, the heading already? */
static bool
IsTaken(const DataQuery *query, int before, const char *heading)
{
	const char *point[2];

	PointNames(query, &point[0], &point[1]);
	if (query->resource->geometry != NULL &&
		(strcmp(heading, point[0]) == 0 || strcmp(heading, point[1]) == 0))
		return true;
	for (int i = 0; i < before; i++)
		if (strcmp(query->columns[i].heading, heading) == 0)
			return true;
	return false;
}

void
NameColumns(DataQuery *query)
{
	for (int i = 0; i < query->ncolumns; i++)
	{
		OutColumn *column = &query->columns[i];
		const ResourceField *field = column->field;
		const char *title = query->chinese ? field->title_zh : field->title;
		StringInfoData key;

		column->heading = query->titles && title[0] != '\0' ? title : field->name;
		if (query->titles && IsTaken(query, i, column->heading))
			column->heading = psprintf("%s (%s)", title, field->name);
		column->json_key = field->json_key;
		column->json_key_len = field->json_key_len;
		column->code_heading = psprintf(!query->titles   ? "%sName"
										: query->chinese ? "%s名称"
														 : "%s (name)",
										column->heading);
		if (!query->titles)
			continue;
		initStringInfo(&key);
		escape_json(&key, column->heading);
		appendStringInfoChar(&key, ':');
		column->json_key = key.data;
		column->json_key_len = key.len;
	}
}

/* A cell of the header line. */
static void
WriteCell(DataQuery *query, const char *heading)
{
	WriteShownText(query, &query->out, heading, strlen(heading));
}

void
WriteHeader(DataQuery *query)
{
	const char *x, *y;

	PointNames(query, &x, &y);
	for (int i = 0; i < query->ncolumns; i++)
	{
		const OutColumn *column = &query->columns[i];

		if (i > 0)
			appendStringInfoChar(&query->out, ',');
		if (column->role == COLUMN_POINT)
		{
			WriteCell(query, x);
			appendStringInfoChar(&query->out, ',');
			WriteCell(query, y);
		}
		else
			WriteCell(query, column->heading);
		if (column->ncodes != 0)
		{
			appendStringInfoChar(&query->out, ',');
			WriteCell(query, column->code_heading);
		}
	}
	appendStringInfoString(&query->out, "\r\n");
}
