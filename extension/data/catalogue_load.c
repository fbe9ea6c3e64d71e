/* Reading a published resource out of the catalogue; see catalogue_load.h. */
#include "postgres.h"

#include "access/xlog.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "core/spi.h"
#include "core/say.h"
#include "data/catalogue_load.h"
#include "data/column_type.h"
#include "data/resource_check.h"

#define LOCK_PAUSE 5 /* milliseconds between two tries of a lock */

/* $1 resource: its current version, with the OIDs that its names lead to now. */
static SpiQuery find_version = {
	"SELECT v.version, v.schema_name, v.relation_name, v.arguments, r.oid, v.layer, v.industry, v.level, "
	"v.time_column,"
	" v.division_column, v.division_digits, v.geometry_column, v.srid, v.latency_budget, v.sunset, "
	"v.publisher,"
	" (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
	"  WHERE v.arguments IS NULL AND n.nspname = v.schema_name AND c.relname = v.relation_name),"
	" (SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
	"  WHERE n.nspname = v.schema_name AND p.proname = v.relation_name AND "
	"pg_get_function_identity_arguments(p.oid) = v.arguments),"
	" (SELECT k.key FROM citybigdata.cursor_key k), v.version_column,"
	" (SELECT b.object_oid FROM citybigdata.bound_object b WHERE b.kind = 'resource' AND b.code = "
	"v.resource_code"
	"  AND b.version = v.version AND b.cluster_id = $2 AND b.database_oid = $3),"
	" v.latitude_column, (SELECT c.type_oid::bigint FROM citybigdata.relation_columns(v.schema_name, "
	"v.relation_name, v.arguments) c WHERE c.column_name = v.latitude_column), "
	"v.title_zh"
	" FROM citybigdata.resource_version v LEFT JOIN pg_roles r ON r.rolname = v.publisher"
	" WHERE v.resource_code = $1 AND v.state = 'current'",
	3,
	{TEXTOID, INT8OID, OIDOID}};
/* $1 resource, $2 version: its fields, with type and nullness of the columns as they are now. */
static SpiQuery find_fields = {
	"SELECT f.name, f.column_name, f.level, f.code_table, f.mask, f.filterable, f.sortable, "
	"c.type_oid::bigint, c.not_null,"
	" f.type_name, c.type_mod, array_position(v.key_columns, f.column_name),"
	" f.file IS NOT NULL, f.file ->> 'type', f.file ->> 'typeColumn', f.file ->> 'nameColumn', "
	"f.title, f.title_zh"
	" FROM citybigdata.resource_field f"
	" JOIN citybigdata.resource_version v ON v.resource_code = f.resource_code AND v.version = f.version"
	" LEFT JOIN citybigdata.relation_columns(v.schema_name, v.relation_name, v.arguments) c ON c.column_name "
	"= f.column_name"
	" WHERE f.resource_code = $1 AND f.version = $2 ORDER BY f.position",
	2,
	{TEXTOID, INT4OID}};
/* $1 resource, $2 version, $3 function: declared parameters, with the types of arguments. */
static SpiQuery find_parameters = {
	"SELECT p.name, p.column_name, p.operator, p.required, p.default_value,"
	" (SELECT t.oid::bigint FROM pg_proc f CROSS JOIN unnest(f.proargtypes::oid[]) WITH ORDINALITY AS a "
	"(type, place)"
	"  JOIN pg_type t ON t.oid = a.type WHERE f.oid = $3 AND f.proargnames[a.place] = p.column_name)"
	" FROM citybigdata.resource_parameter p WHERE p.resource_code = $1 AND p.version = $2 ORDER BY "
	"p.position",
	3,
	{TEXTOID, INT4OID, OIDOID}};

/* A text of the last result in the current memory context; NULL when null. */
static char *
KeptText(uint64 row, int col)
{
	char *text = SpiText(row, col);

	return text == NULL ? NULL : pstrdup(text);
}

/* A column's name as it stands in a query, NULL for none. */
static char *
QuotedColumn(uint64 row, int col)
{
	char *name = SpiText(row, col);

	return name == NULL ? NULL : pstrdup(quote_identifier(name));
}

/* The collation of a relation's column; of a function's result, that of its type. */
static Oid
CollationOf(const Resource *resource, const ResourceField *field)
{
	HeapTuple tuple =
		resource->is_function ? NULL : SearchSysCacheAttName(resource->relation, field->column_name);
	Oid collation;

	if (!HeapTupleIsValid(tuple))
		return get_typcollation(field->declared_type);
	collation = ((Form_pg_attribute) GETSTRUCT(tuple))->attcollation;
	ReleaseSysCache(tuple);
	return collation;
}

/* Does the collation come from ICU? Such a one may order digits as numbers, or take different texts for
 * equal. */
static bool
IsIcuCollation(Oid collation)
{
	HeapTuple tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
	bool icu;

	if (!HeapTupleIsValid(tuple))
		return false;
	icu = ((Form_pg_collation) GETSTRUCT(tuple))->collprovider == COLLPROVIDER_ICU;
	ReleaseSysCache(tuple);
	return icu;
}

/* How the column stands in conditions. */
static void
LoadExpressions(const Resource *resource, ResourceField *field)
{
	static const char bytewise[] = " COLLATE pg_catalog.\"C\"";
	bool text = field->kind == FIELD_TEXT || field->kind == FIELD_BPCHAR || field->kind == FIELD_NAME;
	Oid collation = text ? CollationOf(resource, field) : InvalidOid;

	field->compared = psprintf("r.%s", field->column);
	field->place = field->compared;
	/* anyenum does not take a domain */
	if (field->kind == FIELD_ENUM && field->type != field->declared_type)
		field->compared = psprintf("r.%s::%s", field->column,
								   format_type_extended(field->type, -1, FORMAT_TYPE_FORCE_QUALIFY));
	field->digits = IsIcuCollation(collation) ? psprintf("r.%s%s", field->column, bytewise) : field->compared;
	field->pattern =
		psprintf("r.%s::text%s", field->column,
				 OidIsValid(collation) && !get_collation_isdeterministic(collation) ? bytewise : "");
}

/* One row of find_fields as a field. */
static void
LoadField(Resource *resource, ResourceField *field, uint64 row)
{
	StringInfoData key;
	Oid function;
	bool is_varlena;
	int place = SpiInt32(row, 12);
	PlaceType place_type;

	field->name = KeptText(row, 1);
	field->column_name = KeptText(row, 2);
	field->column = pstrdup(quote_identifier(field->column_name));
	field->level = SpiInt32(row, 3);
	field->code_table = KeptText(row, 4);
	field->mask = KeptText(row, 5);
	field->filterable = SpiBool(row, 6);
	field->sortable = SpiBool(row, 7);
	field->declared_type = (Oid) SpiInt64(row, 8);
	field->not_null = SpiBool(row, 9);
	field->kind = KindOfColumn(field->declared_type, SpiInt32(row, 11), &field->type);
	if (SpiBool(row, 13))
		field->kind = FIELD_FILE;
	if (PlaceTypeOf(field->declared_type, SpiInt32(row, 11), &place_type))
	{
		field->srid = place_type.srid;
		field->curved = place_type.curved;
		field->has_z = place_type.has_z;
		field->geography = place_type.geography;
	}
	LoadExpressions(resource, field);
	field->file_type = KeptText(row, 14);
	field->file_type_column = QuotedColumn(row, 15);
	field->file_name_column = QuotedColumn(row, 16);
	field->title = KeptText(row, 17);
	field->title_zh = KeptText(row, 18);
	/* looked up now, once; the entry's memory holds it */
	getTypeOutputInfo(field->type, &function, &is_varlena);
	fmgr_info_cxt(function, &field->output, resource->context);
	initStringInfo(&key);
	/* "name": as it stands before each value of a row */
	escape_json(&key, field->name);
	appendStringInfoChar(&key, ':');
	field->json_key = key.data;
	field->json_key_len = key.len;
	/* its place in the key, 0: not of the key */
	if (place > 0 && place <= MAX_KEYS)
	{
		resource->keys[place - 1] = field;
		resource->nkeys = Max(resource->nkeys, place);
	}
}

/* Reads the fields; false: a column is gone or has another type, *reason tells which. */
static bool
LoadFields(Resource *resource, char **reason)
{
	Datum values[2] = {CStringGetTextDatum(resource->code), Int32GetDatum(resource->version)};
	uint64 rows = SpiRun(&find_fields, values, NULL, SPI_OK_SELECT, 0);

	/* all columns are as they were published, or none is read */
	for (uint64 row = 0; row < rows; row++)
		if (!ColumnStands(resource, SpiText(row, 2), (Oid) SpiInt64(row, 8), SpiText(row, 10), reason))
			return false;
	MemoryContextSwitchTo(resource->context);
	resource->nfields = (int) rows;
	resource->fields = palloc0(sizeof(ResourceField) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
		LoadField(resource, &resource->fields[row], row);
	/* cursors go by the key: a part of it would repeat rows, or lose them */
	for (int i = 0; i < resource->nkeys; i++)
		if (resource->keys[i] == NULL)
		{
			*reason = SaidBoth("the key of %s{relation} is not published wholly", resource->source);
			return false;
		}
	return resource->nkeys > 0 && FieldsServe(resource, reason);
}

/* The field of a column; NULL: the column is not published, or `column` is NULL. */
static ResourceField *
FieldOfColumn(const Resource *resource, const char *column)
{
	for (int i = 0; column != NULL && i < resource->nfields; i++)
		if (strcmp(resource->fields[i].column_name, column) == 0)
			return &resource->fields[i];
	return NULL;
}

ResourceField *
ResourceFieldByName(const Resource *resource, const char *name, size_t length)
{
	for (int i = 0; i < resource->nfields; i++)
		if (strncmp(resource->fields[i].name, name, length) == 0 && resource->fields[i].name[length] == '\0')
			return &resource->fields[i];
	return NULL;
}

/* Reads the parameters; false: one has no column or argument of a type that can be given, *reason tells
 * which. */
static bool
LoadParameters(Resource *resource, char **reason)
{
	Datum values[3] = {CStringGetTextDatum(resource->code), Int32GetDatum(resource->version),
					   ObjectIdGetDatum(resource->relation)};
	uint64 rows = SpiRun(&find_parameters, values, NULL, SPI_OK_SELECT, 0);

	MemoryContextSwitchTo(resource->context);
	resource->nparameters = (int) rows;
	resource->parameters = palloc0(sizeof(ResourceParameter) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
	{
		ResourceParameter *parameter = &resource->parameters[row];

		parameter->name = KeptText(row, 1);
		parameter->column = pstrdup(quote_identifier(SpiText(row, 2)));
		parameter->op = KeptText(row, 3);
		parameter->required = SpiBool(row, 4);
		parameter->default_value = KeptText(row, 5);
		parameter->field =
			resource->is_function && !SpiIsNull(row, 6) ? NULL : FieldOfColumn(resource, SpiText(row, 2));
		parameter->declared_type =
			parameter->field != NULL ? parameter->field->declared_type : (Oid) SpiInt64(row, 6);
		/* a column that is gone, an argument that the function has no more, a type without a parser */
		if (!OidIsValid(parameter->declared_type) ||
			!TypeServes(parameter->declared_type, parameter->field != NULL ? USE_FILTER : USE_ARGUMENT))
		{
			*reason = SaidBoth("parameter %s{parameter} of %s{relation} has no column or argument of a type "
							   "that can be given",
							   parameter->name, resource->source);
			return false;
		}
		parameter->type = getBaseType(parameter->declared_type);
	}
	return true;
}

/* The version row of the last result into a new entry, still without fields. */
static Resource *
NewEntry(const char *code, MemoryContext context)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	Resource *resource = palloc0(sizeof(Resource));
	Datum key;
	bool isnull;

	strlcpy(resource->code, code, sizeof(resource->code));
	resource->context = context;
	resource->version = SpiInt32(0, 1);
	resource->source = pstrdup(quote_qualified_identifier(SpiText(0, 2), SpiText(0, 3)));
	resource->postgis = pstrdup(quote_identifier(ExtensionSchema("postgis")));
	resource->is_function = !SpiIsNull(0, 4);
	resource->publisher = (Oid) SpiInt64(0, 5);
	resource->title_zh = KeptText(0, 24);
	resource->layer = KeptText(0, 6);
	resource->industry = KeptText(0, 7);
	resource->level = SpiInt32(0, 8);
	resource->division_digits = SpiInt32(0, 11);
	resource->srid = SpiInt32(0, 13);
	resource->latency_budget = SpiInt32(0, 14);
	resource->has_sunset = !SpiIsNull(0, 15);
	resource->sunset = SpiInt32(0, 15);
	resource->relation = (Oid) SpiInt64(0, resource->is_function ? 18 : 17);
	key = SpiDatum(0, 19, &isnull);
	if (!isnull && VARSIZE_ANY_EXHDR(DatumGetPointer(key)) == sizeof(resource->cursor_key))
		memcpy(resource->cursor_key, VARDATA_ANY(DatumGetPointer(key)), sizeof(resource->cursor_key));
	else
		resource->version = 0; /* no key: see ResourceLoad */
	MemoryContextSwitchTo(caller);
	return resource;
}

bool
ResourceLock(const Resource *resource, bool patient)
{
	if (resource->is_function)
		return true;
	if (patient)
		LockRelationOid(resource->relation, AccessShareLock);
	for (int waited = 0; !patient && !ConditionalLockRelationOid(resource->relation, AccessShareLock);
		 waited += LOCK_PAUSE)
	{
		/* a rebuild of the table holds it: the client is told to come back */
		if (waited >= resource->latency_budget)
			return false;
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, LOCK_PAUSE,
						 PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
	return true;
}

/* The columns that play a role, of the version's row. */
typedef struct RoleColumns
{
	char *time; /* each: NULL for none */
	char *division;
	char *geometry; /* with `latitude`: the longitude */
	char *version;
	char *latitude;
	Oid latitude_type; /* InvalidOid: it is gone */
} RoleColumns;

/* The place of a resource whose degrees stand in two columns: a point made of them, in EPSG:4490. An index on
 * the same expression serves bbox; place_expression() in SQL writes it. */
static bool
MakePlace(Resource *resource, const RoleColumns *columns, char **reason)
{
	ResourceField *field = resource->geometry;

	if (!FieldServes(resource, field, USE_DEGREE, false, reason))
		return false;
	if (!OidIsValid(columns->latitude_type) || !TypeServes(columns->latitude_type, USE_DEGREE))
	{
		*reason = SaidBoth("the latitude %s{column} of %s{relation} is gone or has another type",
						   columns->latitude, resource->source);
		return false;
	}
	field->kind = FIELD_POINT;
	field->srid = resource->srid;
	field->filterable = false;
	field->sortable = false;
	field->place =
		psprintf("%s.st_setsrid(%s.st_makepoint(r.%s::double precision, r.%s::double precision), %d)",
				 resource->postgis, resource->postgis, field->column, quote_identifier(columns->latitude),
				 resource->srid);
	return true;
}

/* The columns that standard parameters look at. */
static bool
LoadRoles(Resource *resource, const RoleColumns *columns, char **reason)
{
	resource->time = FieldOfColumn(resource, columns->time);
	resource->division = FieldOfColumn(resource, columns->division);
	resource->geometry = FieldOfColumn(resource, columns->geometry);
	resource->version_field = FieldOfColumn(resource, columns->version);
	return FieldServes(resource, resource->time, USE_TIME, true, reason) &&
		   FieldServes(resource, resource->division, USE_DIVISION, true, reason) &&
		   (columns->latitude != NULL
				? resource->geometry != NULL && MakePlace(resource, columns, reason)
				: FieldServes(resource, resource->geometry, USE_PLACE, false, reason)) &&
		   FieldServes(resource, resource->version_field, USE_VERSION, true, reason);
}

Resource *
ResourceLoad(const char *code, bool patient, CbdStatus *status, char **reason)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	Datum values[3] = {CStringGetTextDatum(code), Int64GetDatum((int64) GetSystemIdentifier()),
					   ObjectIdGetDatum(MyDatabaseId)};
	Resource *resource;
	RoleColumns columns;
	Oid bound;

	if (SpiRun(&find_version, values, NULL, SPI_OK_SELECT, 1) == 0)
	{
		MemoryContextSwitchTo(caller);
		*status = CBD_NO_SUCH_RESOURCE;
		*reason = pstrdup(MESSAGE("it is not published"));
		return NULL;
	}
	/* the caller's until it is complete, so that an error frees it */
	context = AllocSetContextCreate(caller, "citybigdata resource", ALLOCSET_SMALL_SIZES);
	resource = NewEntry(code, context);
	/* before the next query takes the result's place */
	columns =
		(RoleColumns){SpiText(0, 9),  SpiText(0, 10), SpiText(0, 12),
					  SpiText(0, 20), SpiText(0, 22), SpiIsNull(0, 23) ? InvalidOid : (Oid) SpiInt64(0, 23)};
	bound = SpiIsNull(0, 21) ? InvalidOid : (Oid) SpiInt64(0, 21);
	*status = CBD_RESOURCE_BROKEN;
	*reason = NULL;
	if (resource->version == 0)
		*reason = MESSAGE("citybigdata.cursor_key has no row; publish() makes it");
	else if (!OidIsValid(resource->relation))
		*reason = MissingObject(resource, bound);
	else if (!OidIsValid(resource->publisher))
		*reason = SaidBoth("the role that published %s{relation} does not exist", resource->source);
	else
	{
		if (!ResourceLock(resource, patient))
		{
			*status = CBD_UNAVAILABLE;
			*reason = SaidBoth("%s{relation} is locked", resource->source);
		}
		else if (IsPublishersOwn(resource, bound, reason) && LoadFields(resource, reason) &&
				 LoadParameters(resource, reason) && LoadRoles(resource, &columns, reason))
			*status = CBD_OK;
	}
	MemoryContextSwitchTo(caller);
	if (*status == CBD_OK)
	{
		/* complete: from now on the catalogue's */
		MemoryContextSetParent(context, TopMemoryContext);
		return resource;
	}
	*reason = pstrdup(*reason == NULL ? MESSAGE("it has no fields") : *reason);
	MemoryContextDelete(context);
	return NULL;
}
