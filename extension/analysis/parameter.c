/*
 * Parameters of a request for an algorithm: what was given, as Datums and as canonical JSON, or all that is
 * wrong with it.
 *
 *   pairs (name, text) --ReadGiven()--> each parameter's texts --ReadOne()--> Datum and canonical value
 *   registered default (JSON) ---------/                              \--> errors with pointers
 *
 * Values are written as in the data interface: times yyyyMMddHHmmss, days yyyyMMdd, lists a,b or ["a","b"],
 * intervals [from,to). Nothing is raised for what a client sent.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "analysis/algorithm.h"
#include "analysis/parameter.h"
#include "core/compat.h"
#include "core/field.h"
#include "core/guarded.h"
#include "core/interval.h"
#include "core/json_tree.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "data/query.h"
#include "place/division.h"
#include "text/json_pointer.h"
#include "text/param_parse.h"
#include "text/utf8.h"

/* $1 code table, $2 codes: the first that it has not, and those that it has. */
static SpiQuery find_strange = {
	"SELECT v.code, (SELECT string_agg(c.code || ' ' || c.name, ', ' ORDER BY c.sort, c.code) FROM (SELECT "
	"r.code, r.name, r.sort"
	" FROM citybigdata.code_table_row r WHERE r.table_name = $1 ORDER BY r.sort, r.code LIMIT 20) c)"
	" FROM unnest($2) WITH ORDINALITY v (code, place) WHERE EXISTS (SELECT FROM citybigdata.code_table_row r "
	"WHERE r.table_name = $1)"
	" AND NOT EXISTS (SELECT FROM citybigdata.code_table_row r WHERE r.table_name = $1 AND r.code = v.code) "
	"ORDER BY v.place LIMIT 1",
	2,
	{TEXTOID, TEXTARRAYOID}};
/* $1 GeoJSON; raises what is wrong with it. */
static SpiQuery read_geometry = {
	"SELECT @postgis@.st_setsrid(@postgis@.st_geomfromgeojson($1), 4490)", 1, {TEXTOID}};

/* One parameter that is being read. */
typedef struct Reading
{
	const AlgorithmParameter *parameter;
	ErrorList *errors;
	char pointer[POINTER_PART_SIZE(POINTER_NAME_MAX)];
} Reading;

void
ParameterPointer(const char *name, char *pointer)
{
	(void) JsonPointerPart(name, Utf8Cut(name, strlen(name), POINTER_NAME_MAX), pointer);
}

bool
IsReserved(const char *name)
{
	static const char *const names[] = {"appCode", "authCode", "accessToken", "format",
										"charset", "lang",     "jobId",       NULL};

	return IsOneOf(name, names);
}

/* Is the canonical value a JSON number? */
static bool
IsNumber(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == FLOAT4OID || type == FLOAT8OID ||
		   type == NUMERICOID;
}

/* The value written in the one way that it is compared, digested and shown in; numbers and truth as JSON has
 * them, the others as texts. */
static char *
Canonical(Oid type, Datum value)
{
	Oid function;
	bool is_varlena;
	char time[16];

	switch (type)
	{
		case BOOLOID:
			return pstrdup(DatumGetBool(value) ? "true" : "false");
		case TIMESTAMPTZOID:
			FormatTimePoint(DatumGetTimestampTz(value), time);
			return pstrdup(time);
		case DATEOID:
		{
			int year, month, day;

			j2date(DatumGetDateADT(value) + POSTGRES_EPOCH_JDATE, &year, &month, &day);
			return psprintf("%04d%02d%02d", year, month, day);
		}
		default:
			getTypeOutputInfo(type, &function, &is_varlena);
			return OidOutputFunctionCall(function, value);
	}
}

/* Is `text` below `limit` (sign -1) or above it (sign 1)? Numbers by value, times and days by their digits,
 * texts by their number of characters. */
static bool
Beyond(const char *text, const char *limit, Oid type, int sign)
{
	int order;

	if (limit == NULL)
		return false;
	if (IsNumber(type))
	{
		Datum a = DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
									  Int32GetDatum(-1));
		Datum b = DirectFunctionCall3(numeric_in, CStringGetDatum(limit), ObjectIdGetDatum(InvalidOid),
									  Int32GetDatum(-1));

		order = DatumGetInt32(DirectFunctionCall2(numeric_cmp, a, b));
	}
	else if (type == TEXTOID || type == VARCHAROID)
		order = pg_mbstrlen(text) - atoi(limit);
	else
		order = strcmp(text, limit);
	return sign < 0 ? order < 0 : order > 0;
}

/* Is the value within what is registered? */
static bool
CheckLimits(Reading *reading, const char *canonical)
{
	const AlgorithmParameter *parameter = reading->parameter;
	bool chosen = parameter->choice_count == 0;

	for (int i = 0; i < parameter->choice_count && !chosen; i++)
		chosen = strcmp(parameter->choices[i], canonical) == 0;
	if (!chosen)
	{
		StringInfoData list;

		initStringInfo(&list);
		for (int i = 0; i < parameter->choice_count; i++)
			appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ", parameter->choices[i]);
		ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
				   "\"%.64s{value}\" is none of the values: %s{values}", canonical, list.data);
		return false;
	}
	if (!Beyond(canonical, parameter->least, parameter->element, -1) &&
		!Beyond(canonical, parameter->greatest, parameter->element, 1))
		return true;
	if (parameter->element == TEXTOID || parameter->element == VARCHAROID)
		ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
				   "has %d{count} characters; %s{least} to %s{greatest} are allowed", pg_mbstrlen(canonical),
				   parameter->least == NULL ? "0" : parameter->least,
				   parameter->greatest == NULL ? "∞" : parameter->greatest);
	else
		ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
				   "%.64s{value} is out of range: %s{least} to %s{greatest}", canonical,
				   parameter->least == NULL ? "-∞" : parameter->least,
				   parameter->greatest == NULL ? "∞" : parameter->greatest);
	return false;
}

/* Is it a division, or below a district that is one? */
static bool
IsKnownDivision(const char *code)
{
	Division division;
	size_t length = strlen(code);

	if (strspn(code, "0123456789") != length || (length != 6 && length != 9 && length != 12))
		return false;
	return DivisionFind(code, &division) || DivisionFind(pnstrdup(code, 6), &division);
}

/* Are the values codes of the parameter's table? An empty table takes all. */
static bool
CheckCodeTable(Reading *reading, char **texts, int n)
{
	const char *table = reading->parameter->code_table;
	MemoryContext context = CurrentMemoryContext;
	Datum values[2];
	char *strange;
	char *valid;

	if (table == NULL)
		return true;
	if (strcmp(table, "divisions") == 0)
	{
		for (int i = 0; i < n; i++)
		{
			bool known = IsKnownDivision(texts[i]);

			MemoryContextSwitchTo(context);
			if (!known)
			{
				ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
						   "unknown division code \"%.64s{code}\"; valid: a GB/T 2260 code such as 110101",
						   texts[i]);
				return false;
			}
		}
		return true;
	}
	values[0] = CStringGetTextDatum(table);
	values[1] = TextArrayDatum(texts, n);
	if (SpiRead(&find_strange, values, NULL, 1) == 0)
	{
		MemoryContextSwitchTo(context);
		return true;
	}
	strange = SpiText(0, 1);
	valid = SpiText(0, 2);
	MemoryContextSwitchTo(context);
	ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
			   "code table %s{table} has no code \"%.64s{code}\"; valid: %s{codes}", table, strange, valid);
	return false;
}

/* One value of a simple type; *text becomes the canonical one. */
static bool
ReadSimple(Reading *reading, char **text, Datum *value)
{
	Oid type = reading->parameter->element;
	const char *valid = MESSAGE("");

	if (!ReadValue(*text, type, value, &valid))
	{
		ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
				   "invalid value \"%.64s{value}\"; %s{valid*}", *text, valid);
		return false;
	}
	*text = Canonical(type, *value);
	return CheckLimits(reading, *text);
}

/* An interval, [from,to). */
static bool
ReadInterval(Reading *reading, char **text, Datum *value)
{
	IntervalText interval;
	ParseError why;
	TimestampTz from, to;
	char digits[2][16];
	RangeBound lower = {.inclusive = true, .lower = true};
	RangeBound upper = {0};

	if (!interval_parse(*text, strlen(*text), &interval, &why) ||
		!IntervalBounds(&interval, &from, &to, &why))
	{
		ErrorAdd(
			reading->errors, reading->pointer, CBD_INVALID_INTERVAL,
			SaidBoth("%s{why*} (character %zu{position}). %s{hint*}", why.message, why.position, why.hint));
		return false;
	}
	lower.val = TimestampTzGetDatum(from);
	upper.val = TimestampTzGetDatum(to);
	*value =
		RangeTypePGetDatum(MakeRange(lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO), &lower, &upper));
	FormatTimePoint(from, digits[0]);
	FormatTimePoint(to, digits[1]);
	*text = psprintf("[%s,%s)", digits[0], digits[1]);
	return true;
}

/* A place that is being read. */
typedef struct GeometryWork
{
	const char *text;
	Datum value;
	bool isnull;
	MemoryContext context;
} GeometryWork;

/* GuardedWork */
static bool
MakeGeometry(void *state)
{
	GeometryWork *work = state;
	Datum values[1] = {CStringGetTextDatum(work->text)};

	(void) SpiRead(&read_geometry, values, NULL, 1);
	MemoryContextSwitchTo(work->context);
	work->value = SpiDatum(0, 1, &work->isnull);
	return true;
}

/* JSON; of a geometry GeoJSON. */
static bool
ReadJson(Reading *reading, char **text, Datum *value)
{
	GeometryWork work = {*text, (Datum) 0, true, CurrentMemoryContext};
	JsonRefusal refusal;
	JsonNode *root = JsonParse(*text, strlen(*text), &refusal);
	ErrorData *error;
	StringInfoData canonical;

	if (root == NULL)
	{
		ErrorAdd(reading->errors, reading->pointer, CBD_INVALID_PARAMETER, refusal.message);
		return false;
	}
	initStringInfo(&canonical);
	JsonWrite(&canonical, root);
	*text = canonical.data;
	if (!reading->parameter->is_geometry)
	{
		*value = DirectFunctionCall1(jsonb_in, CStringGetDatum(canonical.data));
		return true;
	}
	if (RunGuarded(MakeGeometry, &work, EndsStatement, &error) == GUARDED_KEPT && !work.isnull)
	{
		*value = work.value;
		return true;
	}
	ErrorAdd(
		reading->errors, reading->pointer, CBD_INVALID_PARAMETER,
		MESSAGE("not a geometry of GeoJSON, for example {\"type\":\"Point\",\"coordinates\":[116.4,39.9]}"));
	return false;
}

/* All items of the texts of a list; false after the error. */
static bool
ReadList(Reading *reading, char **texts, int n, char ***items, int *count)
{
	*items = palloc(sizeof(char *) * LIST_ITEMS);
	*count = 0;
	for (int i = 0; i < n; i++)
	{
		ListReader reader;
		ListStep step;
		size_t length;
		char *buffer = palloc(strlen(texts[i]) + 1);

		list_open(&reader, texts[i], strlen(texts[i]));
		while ((step = list_next(&reader, buffer, &length)) == LIST_ITEM && *count < LIST_ITEMS)
			(*items)[(*count)++] = pnstrdup(buffer, length);
		if (step == LIST_END)
			continue;
		if (step == LIST_ITEM)
			ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
					   "more than %d{limit} values", LIST_ITEMS);
		else
			ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
					   "%s{why*} at byte %zu{position}; valid: a, or a,b or [\"a\",\"b\"]", reader.error,
					   Min(reader.at, reader.length) + 1);
		return false;
	}
	if (*count > 0)
		return true;
	ErrorAdd(reading->errors, reading->pointer, CBD_INVALID_PARAMETER,
			 MESSAGE("an empty list; leave the parameter out instead"));
	return false;
}

/* A value as JSON: numbers, truth and JSON itself as they are. */
static void
WriteCanonical(StringInfo out, const AlgorithmParameter *parameter, const char *text)
{
	if (IsNumber(parameter->element) || parameter->element == BOOLOID || parameter->element == JSONBOID ||
		parameter->is_geometry)
		appendStringInfoString(out, text);
	else
		JsonString(out, text);
}

/* An array of the values; its canonical text into `out`. */
static bool
ReadArray(Reading *reading, char **texts, int n, Datum *value, StringInfo out)
{
	const AlgorithmParameter *parameter = reading->parameter;
	char **items;
	Datum *elements;
	int count;
	int16 length;
	bool by_value, good = true;
	char align;

	if (!ReadList(reading, texts, n, &items, &count))
		return false;
	elements = palloc(sizeof(Datum) * count);
	for (int i = 0; i < count && good; i++)
		good = ReadSimple(reading, &items[i], &elements[i]);
	if (!good || !CheckCodeTable(reading, items, count))
		return false;
	get_typlenbyvalalign(parameter->element, &length, &by_value, &align);
	*value = PointerGetDatum(construct_array(elements, count, parameter->element, length, by_value, align));
	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		WriteCanonical(out, parameter, items[i]);
	}
	appendStringInfoChar(out, ']');
	return true;
}

/* The value of a parameter that was given. */
static bool
ReadOne(Reading *reading, char **texts, int n, Datum *value, StringInfo out)
{
	const AlgorithmParameter *parameter = reading->parameter;
	char *text = texts[0];
	bool good;

	if (parameter->is_array)
		return ReadArray(reading, texts, n, value, out);
	if (n > 1)
	{
		ErrorAdd(reading->errors, reading->pointer, CBD_REPEATED_PARAMETER, NULL);
		return false;
	}
	if (parameter->element == TSTZRANGEOID)
		good = ReadInterval(reading, &text, value);
	else if (parameter->element == JSONBOID || parameter->is_geometry)
		good = ReadJson(reading, &text, value);
	else
		good = ReadSimple(reading, &text, value) && CheckCodeTable(reading, &text, 1);
	if (good)
		WriteCanonical(out, parameter, text);
	return good;
}

/* A registered default or a member of canonical parameters as a text of a request. */
static char *
TextOfJson(const char *json)
{
	JsonRefusal refusal;
	JsonNode *root = JsonParse(json, strlen(json), &refusal);

	return root != NULL && root->kind == JSON_STRING ? root->text : pstrdup(json);
}

/* Reads one parameter of those that were given. */
static void
ReadGiven(const Algorithm *algorithm, int place, int n, char **names, char **given, AlgorithmValues *values,
		  StringInfo canonical, ErrorList *errors)
{
	const AlgorithmParameter *parameter = &algorithm->parameters[place];
	Reading reading = {.parameter = parameter, .errors = errors};
	char **texts = palloc(sizeof(char *) * (n + 1));
	int count = 0;
	int start = canonical->len;

	ParameterPointer(parameter->name, reading.pointer);
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], parameter->name) == 0)
			texts[count++] = given[i];
	if (count == 0 && parameter->default_value != NULL)
		texts[count++] = TextOfJson(parameter->default_value);
	if (count == 0 && parameter->required)
	{
		ErrorAdd(errors, reading.pointer, CBD_MISSING_PARAMETER, NULL);
		return;
	}
	values->given[place] = count > 0 || !parameter->own_default;
	values->isnull[place] = count == 0;
	if (count == 0)
		return;
	if (canonical->len > 1)
		appendStringInfoChar(canonical, ',');
	JsonName(canonical, parameter->name);
	if (!ReadOne(&reading, texts, count, &values->values[place], canonical))
		canonical->len = start;
}

bool
AlgorithmRead(const Algorithm *algorithm, int n, char **names, char **texts, AlgorithmValues *values,
			  ErrorList *errors)
{
	StringInfoData canonical;
	int before = errors->count;

	memset(values, 0, sizeof(*values));
	initStringInfo(&canonical);
	appendStringInfoChar(&canonical, '{');
	for (int i = 0; i < n; i++)
	{
		char pointer[POINTER_PART_SIZE(POINTER_NAME_MAX)];
		bool known = IsReserved(names[i]);

		for (int k = 0; k < algorithm->parameter_count && !known; k++)
			known = strcmp(names[i], algorithm->parameters[k].name) == 0;
		if (known)
			continue;
		ParameterPointer(names[i], pointer);
		ErrorAdd(errors, pointer, CBD_UNKNOWN_PARAMETER, NULL);
	}
	for (int i = 0; i < algorithm->parameter_count; i++)
		ReadGiven(algorithm, i, n, names, texts, values, &canonical, errors);
	appendStringInfoChar(&canonical, '}');
	values->canonical = canonical.data;
	return errors->count == before;
}

/* Is a limit of the registration a value of the parameter's type? */
static bool
LimitServes(Reading *reading, char *limit)
{
	Oid type = reading->parameter->element;
	const char *valid;
	Datum value;
	char *canonical;

	if (limit == NULL)
		return true;
	if (type == TEXTOID || type == VARCHAROID)
		type = INT4OID;
	if ((IsNumber(type) || type == DATEOID || type == TIMESTAMPTZOID) &&
		ReadValue(limit, type, &value, &valid))
	{
		canonical = Canonical(type, value);
		if (IsNumber(type) || strcmp(canonical, limit) == 0)
			return true;
	}
	ErrorPrint(reading->errors, false, reading->pointer, CBD_INVALID_PARAMETER,
			   "\"%.64s{value}\" cannot be a least or greatest value of the parameter", limit);
	return false;
}

bool
AlgorithmCheck(const Algorithm *algorithm, ErrorList *errors)
{
	for (int i = 0; i < algorithm->parameter_count; i++)
	{
		const AlgorithmParameter *parameter = &algorithm->parameters[i];
		Reading reading = {.parameter = parameter, .errors = errors};
		StringInfoData canonical;
		Datum value;
		char *text;

		ParameterPointer(parameter->name, reading.pointer);
		initStringInfo(&canonical);
		if (!LimitServes(&reading, parameter->least) || !LimitServes(&reading, parameter->greatest) ||
			parameter->default_value == NULL)
			continue;
		text = TextOfJson(parameter->default_value);
		(void) ReadOne(&reading, &text, 1, &value, &canonical);
	}
	return errors->count == 0;
}
