/*
 * Reading a registered algorithm out of the catalogue, and judging whether its function is still what was
 * registered; see algorithm.h. It is read anew for each call, so that no change of the function, its owner or
 * the registration is overlooked.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xlog.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "analysis/algorithm.h"
#include "core/say.h"
#include "core/spi.h"
#include "data/as_publisher.h"
#include "data/column_type.h"

/* $1 code, $2 cluster, $3 database: the registration, with what its names lead to now. */
static SpiQuery find_algorithm = {
	"SELECT a.state, a.shipped, a.schema_name, a.function_name, a.result, a.level, a.cost, a.timeout, "
	"a.cache_for,"
	" a.keep_days, a.data_version::text, jsonb_typeof(a.data_version), r.oid::bigint, o.object_oid::bigint, "
	"b.object_oid::bigint,"
	" CASE WHEN o.object_oid IS NOT NULL THEN citybigdata.algorithm_code_hash(a.algorithm_code, "
	"o.object_oid) END"
	" FROM citybigdata.algorithm a LEFT JOIN pg_roles r ON r.rolname = a.publisher"
	" LEFT JOIN LATERAL citybigdata.named_object(a.schema_name, a.function_name, a.arguments) o ON true"
	" LEFT JOIN citybigdata.bound_object b ON b.kind = 'algorithm' AND b.code = a.algorithm_code AND "
	"b.version = 0"
	"  AND b.cluster_id = $2 AND b.database_oid = $3"
	" WHERE a.algorithm_code = $1 AND a.state <> 'withdrawn'",
	3,
	{TEXTOID, INT8OID, OIDOID}};
/* $1 code, $2 function: its parameters, with the arguments that have their names now. */
static SpiQuery find_parameters = {
	"SELECT p.name, p.argument, p.type_name, p.least, p.greatest, p.code_table, p.choices, p.required,"
	" p.default_value::text, t.type::bigint, coalesce(t.place > f.pronargs - f.pronargdefaults, false), "
	"f.pronargs::integer"
	" FROM citybigdata.algorithm_parameter p JOIN pg_proc f ON f.oid = $2"
	" LEFT JOIN LATERAL unnest(f.proargtypes::oid[]) WITH ORDINALITY AS t (type, place) ON "
	"f.proargnames[t.place] = p.argument"
	" WHERE p.algorithm_code = $1 ORDER BY p.position",
	2,
	{TEXTOID, OIDOID}};
/* $1 code: the columns of its result, as they are now. */
static SpiQuery find_columns = {
	"SELECT c.name, c.column_name, c.type_name, c.title, c.title_zh, c.unit, n.type_oid::bigint, n.type_mod, "
	"citybigdata.json_type(c.type_name)"
	" FROM citybigdata.algorithm a JOIN citybigdata.algorithm_column c ON c.algorithm_code = a.algorithm_code"
	" LEFT JOIN citybigdata.relation_columns(a.schema_name, a.function_name, a.arguments) n ON n.column_name "
	"= c.column_name"
	" WHERE a.algorithm_code = $1 ORDER BY c.position",
	1,
	{TEXTOID}};
/* $1 a JSON array of texts. */
static SpiQuery list_texts = {"SELECT ARRAY(SELECT t.value FROM jsonb_array_elements_text($1::jsonb) WITH "
							  "ORDINALITY t (value, n) ORDER BY t.n)",
							  1,
							  {TEXTOID}};

bool
ParameterType(Oid type, Oid *element, bool *is_array, bool *is_geometry)
{
	static const Oid known[] = {INT2OID, INT4OID, INT8OID,    FLOAT4OID, FLOAT8OID,      NUMERICOID,
								BOOLOID, TEXTOID, VARCHAROID, DATEOID,   TIMESTAMPTZOID, UUIDOID};

	*element = get_element_type(type);
	*is_array = OidIsValid(*element);
	*is_geometry = false;
	if (!*is_array)
		*element = type;
	for (int i = 0; i < lengthof(known); i++)
		if (known[i] == *element)
			return true;
	*is_geometry = TypeServes(type, USE_PLACE) && getBaseType(type) == type;
	return !*is_array && (*is_geometry || type == TSTZRANGEOID || type == JSONBOID);
}

/* The rows of a query; the memory context stays what it is, which SPI does not see to. */
static uint64
Rows(SpiQuery *query, const Datum *values, long limit)
{
	MemoryContext context = CurrentMemoryContext;
	uint64 rows = SpiRun(query, values, NULL, SPI_OK_SELECT, limit);

	MemoryContextSwitchTo(context);
	return rows;
}

/* A text of the last result in the memory of the call; NULL when null. */
static char *
Kept(uint64 row, int col)
{
	char *text = SpiText(row, col);

	return text == NULL ? NULL : pstrdup(text);
}

/* The parameters; false: the arguments are others by now. */
static bool
LoadParameters(Algorithm *algorithm, char **reason)
{
	Datum values[2] = {CStringGetTextDatum(algorithm->code), ObjectIdGetDatum(algorithm->function)};
	uint64 rows = Rows(&find_parameters, values, 0);

	algorithm->parameter_count = (int) rows;
	algorithm->parameters = palloc0(sizeof(AlgorithmParameter) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
	{
		AlgorithmParameter *parameter = &algorithm->parameters[row];

		parameter->name = Kept(row, 1);
		parameter->argument = pstrdup(quote_identifier(SpiText(row, 2)));
		parameter->least = Kept(row, 4);
		parameter->greatest = Kept(row, 5);
		parameter->code_table = Kept(row, 6);
		parameter->choices = SpiTextArray(row, 7, &parameter->choice_count);
		parameter->required = SpiBool(row, 8);
		parameter->default_value = Kept(row, 9);
		parameter->type = (Oid) SpiInt64(row, 10);
		parameter->own_default = SpiBool(row, 11);
		if (!OidIsValid(parameter->type) || SpiInt32(row, 12) != (int32) rows || rows > ALGORITHM_ARGUMENTS ||
			strcmp(format_type_be(parameter->type), SpiText(row, 3)) != 0 ||
			!ParameterType(parameter->type, &parameter->element, &parameter->is_array,
						   &parameter->is_geometry))
		{
			*reason = SaidBoth(
				"parameter %s{parameter} of %s{function} has no argument of a type that can be given",
				parameter->name, algorithm->source);
			return false;
		}
	}
	return true;
}

/* How the values of a column are written. */
static void
LoadColumn(AlgorithmColumn *column, uint64 row)
{
	ResourceField *field = &column->field;
	Oid function;
	bool is_varlena;

	field->name = Kept(row, 1);
	field->declared_type = (Oid) SpiInt64(row, 7);
	field->kind = KindOfColumn(field->declared_type, SpiInt32(row, 8), &field->type);
	column->column = pstrdup(quote_identifier(SpiText(row, 2)));
	column->title = Kept(row, 4);
	column->title_zh = Kept(row, 5);
	column->unit = Kept(row, 6);
	column->shown = Kept(row, 9);
	getTypeOutputInfo(field->type, &function, &is_varlena);
	fmgr_info(function, &field->output);
}

/* The columns of a result that is a table; false: they are others by now. */
static bool
LoadColumns(Algorithm *algorithm, char **reason)
{
	Datum values[1] = {CStringGetTextDatum(algorithm->code)};
	uint64 rows = Rows(&find_columns, values, 0);

	algorithm->column_count = (int) rows;
	algorithm->columns = palloc0(sizeof(AlgorithmColumn) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
	{
		Oid type = (Oid) SpiInt64(row, 7);

		if (!OidIsValid(type) || strcmp(format_type_be(type), SpiText(row, 3)) != 0 || IsTemporaryType(type))
		{
			*reason = SaidBoth("column %s{column} of the result of %s{function} is gone or has another type",
							   SpiText(row, 2), algorithm->source);
			return false;
		}
		LoadColumn(&algorithm->columns[row], row);
	}
	return rows > 0 || !algorithm->is_table;
}

/* Is the function what was registered, and its publisher's own? His rights are for no other's code. */
static bool
IsPublishers(const Algorithm *algorithm, Oid bound, bool registering, char **reason)
{
	Oid owner = OwnerOfObject(algorithm->function, true);

	if (OidIsValid(bound) && bound != algorithm->function)
		*reason = SaidBoth("%s{function} was dropped and made again", algorithm->source);
	else if (registering && algorithm->shipped)
		return true;
	else if (owner != algorithm->publisher)
		*reason =
			SaidBoth("%s{function} belongs to %s{owner}; %s{publisher} registered it", algorithm->source,
					 GetUserNameFromId(owner, true), GetUserNameFromId(algorithm->publisher, true));
	else if (RunsAsSuperuser(algorithm->function, true, false))
		*reason = SaidBoth("%s{relation} belongs to %s{owner}, a superuser, and its code would run with all "
						   "rights: give it to a "
						   "role of its own, or set citybigdata.superuser_code",
						   algorithm->source, GetUserNameFromId(owner, false));
	else if (func_volatile(algorithm->function) == PROVOLATILE_VOLATILE)
		*reason = SaidBoth("%s{function} is VOLATILE", algorithm->source);
	else
		return true;
	return false;
}

/* What tells the state of the data: names, which register_algorithm() has qualified and quoted. */
static void
LoadVersion(Algorithm *algorithm, char *version, bool is_list)
{
	Datum values[1];

	if (version == NULL)
		return;
	values[0] = is_list ? CStringGetTextDatum(version) : CStringGetTextDatum(psprintf("[%s]", version));
	(void) Rows(&list_texts, values, 1);
	algorithm->relations = SpiTextArray(0, 1, &algorithm->relation_count);
	if (!is_list)
	{
		algorithm->version_function = algorithm->relations[0];
		algorithm->relation_count = 0;
	}
}

Algorithm *
AlgorithmFind(const char *code, bool registering, CbdStatus *status, char **reason)
{
	Datum values[3] = {CStringGetTextDatum(code), Int64GetDatum((int64) GetSystemIdentifier()),
					   ObjectIdGetDatum(MyDatabaseId)};
	Algorithm *algorithm = palloc0(sizeof(Algorithm));
	Oid bound;
	char *version;
	bool is_list;

	*status = CBD_NO_SUCH_RESOURCE;
	*reason = MESSAGE("it is not registered");
	if (strlen(code) >= sizeof(algorithm->code) || Rows(&find_algorithm, values, 1) == 0)
		return NULL;
	if (strcmp(SpiText(0, 1), "active") != 0 && !registering)
	{
		*reason = MESSAGE("it is suspended");
		return NULL;
	}
	strlcpy(algorithm->code, code, sizeof(algorithm->code));
	algorithm->shipped = SpiBool(0, 2);
	algorithm->source = pstrdup(quote_qualified_identifier(SpiText(0, 3), SpiText(0, 4)));
	algorithm->is_table = strcmp(SpiText(0, 5), "table") == 0;
	algorithm->level = SpiInt32(0, 6);
	algorithm->always_job = strcmp(SpiText(0, 7), "job") == 0;
	algorithm->timeout = SpiInt32(0, 8);
	algorithm->cache_for = SpiInt32(0, 9);
	algorithm->keep_days = SpiInt32(0, 10);
	version = Kept(0, 11);
	is_list = version != NULL && strcmp(SpiText(0, 12), "array") == 0;
	algorithm->publisher = (Oid) SpiInt64(0, 13);
	algorithm->function = (Oid) SpiInt64(0, 14);
	bound = SpiIsNull(0, 15) ? InvalidOid : (Oid) SpiInt64(0, 15);
	algorithm->code_hash = Kept(0, 16);
	*status = CBD_RESOURCE_BROKEN;
	*reason = NULL;
	if (!OidIsValid(algorithm->function))
		*reason = SaidBoth("%s{function} does not exist", algorithm->source);
	else if (!OidIsValid(algorithm->publisher))
		*reason = SaidBoth("the role that published %s{relation} does not exist", algorithm->source);
	else if (IsPublishers(algorithm, bound, registering, reason) && LoadParameters(algorithm, reason) &&
			 LoadColumns(algorithm, reason))
	{
		LoadVersion(algorithm, version, is_list);
		*status = CBD_OK;
		return algorithm;
	}
	if (*reason == NULL)
		*reason = MESSAGE("it has no fields");
	return NULL;
}
