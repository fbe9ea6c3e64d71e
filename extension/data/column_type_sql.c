/* Types of published columns from SQL: column_serves(), place_srid(). */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "data/column_type.h"

/* column_serves(type oid, use text) returns boolean, for publish(): the decision that a load makes too. */
PG_FUNCTION_INFO_V1(cbd_column_serves);
Datum
cbd_column_serves(PG_FUNCTION_ARGS)
{
	static const struct
	{
		const char *name;
		ColumnUse use;
	} uses[] = {{"key", USE_KEY},      {"time", USE_TIME},       {"division", USE_DIVISION},
				{"place", USE_PLACE},  {"version", USE_VERSION}, {"filter", USE_FILTER},
				{"text", USE_TEXT},    {"file", USE_FILE},       {"argument", USE_ARGUMENT},
				{"degree", USE_DEGREE}};
	Oid type = PG_GETARG_OID(0);
	const char *use = text_to_cstring(PG_GETARG_TEXT_PP(1));

	PlaceType place;

	if (strcmp(use, "shown") == 0)
		PG_RETURN_BOOL(!IsTemporaryType(type));
	if (strcmp(use, "geography") == 0)
		PG_RETURN_BOOL(PlaceTypeOf(type, -1, &place) && place.geography);
	for (int i = 0; i < lengthof(uses); i++)
		if (strcmp(uses[i].name, use) == 0)
			PG_RETURN_BOOL(TypeServes(type, uses[i].use));
	elog(ERROR, "a column has no use \"%s\"", use);
}

/* place_srid(type oid, modifier integer) returns integer: the system that the type of a PostGIS column
 * declares; null: none. */
PG_FUNCTION_INFO_V1(cbd_place_srid);
Datum
cbd_place_srid(PG_FUNCTION_ARGS)
{
	int32 srid = PlaceSrid(PG_GETARG_OID(0), PG_GETARG_INT32(1));

	if (srid == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(srid);
}
