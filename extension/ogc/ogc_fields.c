/* Which fields of a collection the caller sees and filters by; see ogc.h. */
#include "postgres.h"

#include "ogc/ogc.h"

#define NAMES_SIZE 300 /* bytes of a message that names are given */

bool
IsQueryable(const DataQuery *query, const ResourceField *field)
{
	return field->level <= query->level && (field->filterable || field == query->resource->geometry);
}

bool
IsShown(const DataQuery *query, const ResourceField *field)
{
	return ColumnRoleOf(query, field) != COLUMN_HIDDEN;
}

/* The names of the fields that pass. */
static char *
Names(const DataQuery *query, bool (*passes)(const DataQuery *query, const ResourceField *field))
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < query->resource->nfields && names.len < NAMES_SIZE; i++)
		if (passes(query, &query->resource->fields[i]))
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", query->resource->fields[i].name);
	return names.data;
}

char *
QueryableNames(const DataQuery *query)
{
	return Names(query, IsQueryable);
}

char *
ShownNames(const DataQuery *query)
{
	return Names(query, IsShown);
}
