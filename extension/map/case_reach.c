/*
 * The cases that an operator's posts reach, as a condition on the view of resource `cases`: the same as
 * PostReachesCase() and the list of cases have it (event/case_right.h). The condition runs as the publisher,
 * who knows no units, so the units below each post's are found before.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/operator.h"
#include "core/field.h"
#include "core/spi.h"
#include "map/tile.h"

#define ANY_UNIT "*" /* no code of a unit: it begins with a letter or digit */

/* $1 unit: it and those below it. */
static SpiQuery units_below = {
	"WITH RECURSIVE below AS (SELECT $1 AS unit_code UNION SELECT u.unit_code FROM citybigdata.unit u JOIN "
	"below b ON u.parent_code OPERATOR(pg_catalog.=) b.unit_code) SELECT b.unit_code FROM below b ORDER BY "
	"b.unit_code COLLATE pg_catalog.\"C\"",
	1,
	{TEXTOID}};

/* Pairs of the beginning of a division code and a unit, ANY_UNIT, or "": no unit yet. */
typedef struct Reach
{
	int n, room;
	char **divisions;
	char **units;
} Reach;

/* One pair more. */
static void
AddReach(Reach *reach, char *division, char *unit)
{
	if (reach->n == reach->room)
	{
		reach->room = Max(16, reach->room * 2);
		reach->divisions = reach->n == 0 ? palloc(sizeof(char *) * reach->room)
										 : repalloc(reach->divisions, sizeof(char *) * reach->room);
		reach->units = reach->n == 0 ? palloc(sizeof(char *) * reach->room)
									 : repalloc(reach->units, sizeof(char *) * reach->room);
	}
	reach->divisions[reach->n] = division;
	reach->units[reach->n++] = unit;
}

/* The digits that a division's code shares with all below it. */
static char *
DivisionBeginning(const char *code)
{
	size_t length = strlen(code);

	if (length == 6 && strcmp(code + 4, "00") == 0)
		length = strcmp(code + 2, "0000") == 0 ? 2 : 4;
	return pnstrdup(code, length);
}

/* What one post reaches. */
static void
AddPost(Reach *reach, const OperatorPost *post)
{
	char *division = post->division_code == NULL ? pstrdup("") : DivisionBeginning(post->division_code);
	Datum values[1];
	uint64 count;

	if (post->unit_code == NULL)
	{
		AddReach(reach, division, ANY_UNIT);
		return;
	}
	/* who acts for a unit has nothing to do with cases before they are dispatched to it */
	if (strcmp(post->role, "unit") != 0 && strcmp(post->role, "handler") != 0)
		AddReach(reach, division, "");
	values[0] = CStringGetTextDatum(post->unit_code);
	count = SpiRead(&units_below, values, NULL, 0);
	for (uint64 i = 0; i < count; i++)
		AddReach(reach, division, SpiText(i, 1));
}

/* The reach as text, for the tag; lengths keep two of them from reading as another two. */
static char *
ReachText(const Reach *reach)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < reach->n; i++)
		appendStringInfo(&text, "%s/%zu:%s;", reach->divisions[i], strlen(reach->units[i]), reach->units[i]);
	return text.data;
}

/*
 * Who reported is shown to the desk, the handler and the verifier of a case; on a map to none of them:
 * masked, and no filter asks for them.
 */
static void
HidePersons(DataQuery *query)
{
	for (int i = 0; i < query->resource->nfields; i++)
	{
		const ResourceField *field = &query->resource->fields[i];

		if (field->level > 1 &&
			(strcmp(field->column_name, "human_name") == 0 || strcmp(field->column_name, "cellphone") == 0))
			query->level = Min(query->level, field->level - 1);
	}
}

bool
RestrictCases(TileQuery *tile)
{
	const Caller *caller = &tile->call->caller;
	DataQuery *query = tile->query;
	Reach reach = {0};
	int divisions, units;

	if (!IsShippedLayer(query->resource, "published_case"))
		return false;
	HidePersons(query);
	for (int i = 0; i < caller->post_count; i++)
		AddPost(&reach, &caller->posts[i]);
	MemoryContextSwitchTo(query->context);
	divisions = AddArgument(query, TextArrayDatum(reach.divisions, reach.n), TEXTARRAYOID);
	units = AddArgument(query, TextArrayDatum(reach.units, reach.n), TEXTARRAYOID);
	appendStringInfo(
		&query->where,
		" AND EXISTS (SELECT FROM ROWS FROM (pg_catalog.unnest($%d), pg_catalog.unnest($%d)) AS p (division, "
		"unit) WHERE pg_catalog.starts_with(coalesce(r.division_code, ''), p.division) AND (p.unit "
		"OPERATOR(pg_catalog.=) '" ANY_UNIT "' OR p.unit OPERATOR(pg_catalog.=) coalesce(r.unit_code, '')))",
		divisions, units);
	tile->reach = ReachText(&reach);
	return true;
}
