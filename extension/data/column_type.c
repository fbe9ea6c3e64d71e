/*
 * Types of published columns by OID; see column_type.h.
 *
 * What a column can be asked for follows from its base type, by one table. Enumerations are filters; geometry
 * is found by name in the schema of PostGIS, since its OID differs from database to database. Types that are
 * not here are shown by their output function and good for nothing else.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "catalog/dependency.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "core/spi.h"
#include "data/column_type.h"

/* What numbers, texts and times are good for. */
#define NUMBER_USES (USE_KEY | USE_FILTER | USE_ARGUMENT)
#define DEGREE_USES (NUMBER_USES | USE_DEGREE)
#define TEXT_USES   (USE_KEY | USE_FILTER | USE_TEXT)
#define TIME_USES   (USE_KEY | USE_FILTER | USE_ARGUMENT | USE_TIME | USE_VERSION)

/* The modifier of a PostGIS column: 21 bits SRID, 6 bits geometry type, Z, M. */
#define PLACE_SRID(modifier)     ((((modifier) &0x0FFFFF00) - ((modifier) &0x10000000)) >> 8)
#define PLACE_KIND(modifier)     (((modifier) &0xFC) >> 2)
#define PLACE_IS_POINT(modifier) (PLACE_KIND(modifier) == 1)
#define PLACE_HAS_Z(modifier)    (((modifier) &0x02) != 0)
/* kinds of PostGIS: 0 any, 7 a collection, 8 to 12 curves and what is made of them */
#define PLACE_IS_CURVED(modifier)                                                                            \
	(PLACE_KIND(modifier) == 0 || (PLACE_KIND(modifier) >= 7 && PLACE_KIND(modifier) <= 12))
#define WGS84 4326

/* Base type, how it is read and written, what it is good for. */
static const struct
{
	Oid type;
	FieldKind kind;
	int uses;
} known_types[] = {{INT2OID, FIELD_INT2, NUMBER_USES},
				   {INT4OID, FIELD_INT4, NUMBER_USES | USE_VERSION},
				   {INT8OID, FIELD_INT8, NUMBER_USES | USE_VERSION},
				   {FLOAT4OID, FIELD_FLOAT4, DEGREE_USES},
				   {FLOAT8OID, FIELD_FLOAT8, DEGREE_USES},
				   {NUMERICOID, FIELD_NUMERIC, DEGREE_USES | USE_VERSION},
				   {BOOLOID, FIELD_BOOL, NUMBER_USES},
				   {TEXTOID, FIELD_TEXT, TEXT_USES | USE_DIVISION | USE_ARGUMENT | USE_VERSION},
				   {VARCHAROID, FIELD_TEXT, TEXT_USES | USE_DIVISION | USE_ARGUMENT},
				   {BPCHAROID, FIELD_BPCHAR, TEXT_USES | USE_DIVISION},
				   {NAMEOID, FIELD_NAME, TEXT_USES},
				   {UUIDOID, FIELD_UUID, NUMBER_USES},
				   {DATEOID, FIELD_DATE, TIME_USES},
				   {TIMESTAMPOID, FIELD_TIMESTAMP, TIME_USES},
				   {TIMESTAMPTZOID, FIELD_TIMESTAMPTZ, TIME_USES},
				   {JSONOID, FIELD_JSON, 0},
				   {JSONBOID, FIELD_JSONB, 0},
				   {BYTEAOID, FIELD_OTHER, USE_FILE}};

/* PostGIS's own type of that name, a member of its extension. */
static bool
IsPostgisType(Oid type, const char *wanted)
{
	Oid postgis = get_extension_oid("postgis", true);
	char *name;

	if (!OidIsValid(postgis) || getExtensionOfObject(TypeRelationId, type) != postgis)
		return false;
	name = format_type_extended(type, -1, FORMAT_TYPE_FORCE_QUALIFY);
	return strcmp(name, quote_qualified_identifier(ExtensionSchema("postgis"), wanted)) == 0;
}

static bool
IsGeometry(Oid type)
{
	return IsPostgisType(type, "geometry");
}

bool
TypeServes(Oid type, ColumnUse use)
{
	Oid base = getBaseType(type);

	for (int i = 0; i < lengthof(known_types); i++)
		if (known_types[i].type == base)
			return (known_types[i].uses & use) != 0;
	if (get_typtype(base) == TYPTYPE_ENUM)
		return use == USE_FILTER || use == USE_ARGUMENT;
	return use == USE_PLACE && IsGeometry(base);
}

/* Of a composite type's columns. */
static bool
HasTemporaryColumn(Oid type)
{
	TupleDesc columns = lookup_rowtype_tupdesc_noerror(type, -1, true);
	bool found = false;

	for (int i = 0; columns != NULL && i < columns->natts && !found; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		found = !column->attisdropped && IsTemporaryType(column->atttypid);
	}
	if (columns != NULL)
		ReleaseTupleDesc(columns);
	return found;
}

bool
IsTemporaryType(Oid type)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	FormData_pg_type form;

	check_stack_depth();
	if (!HeapTupleIsValid(tuple))
		return true;
	form = *(Form_pg_type) GETSTRUCT(tuple);
	ReleaseSysCache(tuple);
	if (isAnyTempNamespace(form.typnamespace))
		return true;
	if (form.typtype == TYPTYPE_DOMAIN)
		return IsTemporaryType(form.typbasetype);
	if (form.typtype == TYPTYPE_RANGE)
		return IsTemporaryType(get_range_subtype(type));
	if (form.typtype == TYPTYPE_MULTIRANGE)
		return IsTemporaryType(get_multirange_range(type));
	if (form.typtype == TYPTYPE_COMPOSITE)
		return HasTemporaryColumn(type);
	return OidIsValid(form.typelem) && IsTrueArrayType(&form) && IsTemporaryType(form.typelem);
}

FieldKind
KindOfColumn(Oid type, int32 modifier, Oid *base)
{
	*base = getBaseTypeAndTypmod(type, &modifier);
	for (int i = 0; i < lengthof(known_types); i++)
		if (known_types[i].type == *base)
			return known_types[i].kind;
	if (get_typtype(*base) == TYPTYPE_ENUM)
		return FIELD_ENUM;
	if (get_typtype(*base) == TYPTYPE_COMPOSITE)
		return FIELD_COMPOSITE;
	if (OidIsValid(get_element_type(*base)))
		return FIELD_ARRAY;
	if (IsPostgisType(*base, "geography"))
		return FIELD_GEOMETRY;
	if (IsGeometry(*base))
		return modifier >= 0 && PLACE_IS_POINT(modifier) ? FIELD_POINT : FIELD_GEOMETRY;
	return FIELD_OTHER;
}

int32
PlaceSrid(Oid type, int32 modifier)
{
	return IsGeometry(getBaseTypeAndTypmod(type, &modifier)) && modifier >= 0 ? PLACE_SRID(modifier) : 0;
}

bool
PlaceTypeOf(Oid type, int32 modifier, PlaceType *place)
{
	Oid base = getBaseTypeAndTypmod(type, &modifier);

	*place = (PlaceType){.geography = IsPostgisType(base, "geography")};
	if (!place->geography && !IsGeometry(base))
		return false;
	place->srid = modifier >= 0 ? PLACE_SRID(modifier) : 0;
	/* a geography is on WGS 84 unless its type says otherwise */
	if (place->geography && place->srid == 0)
		place->srid = WGS84;
	place->curved = modifier < 0 || PLACE_IS_CURVED(modifier);
	place->has_z = modifier >= 0 && PLACE_HAS_Z(modifier);
	return true;
}
