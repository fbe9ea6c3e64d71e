/*
 * Cleaning of records: the rules of a dataset applied to a JSON object, column by column, in their order.
 *
 * A rule is {"column", "rule", …arguments}. Values become texts (PostgreSQL's input functions read them
 * afterwards); arrays and objects pass unchanged. A value that a rule cannot put right is an error {"column",
 * "rule", "reason"}: the record goes to the reject table with all its errors. Null and absent values pass
 * every rule but `required` and `default`.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "data/clean.h"
#include "text/clean_text.h"
#include "text/file_time.h"
#include "place/coord.h"
#include "place/division.h"
#include "reference/code_table.h"
#include "core/interval.h"
#include "text/param_parse.h"
#include "core/json_write.h"
#include "core/say.h"
#include "core/status.h"

#define RECORD_COLUMNS 200 /* members of a record */

/* One member of a record before it is a column. */
typedef struct Cell
{
	char *name;
	char *text;        /* NULL: null, or not a scalar */
	JsonbValue nested; /* array or object, when is_nested */
	bool is_nested;
} Cell;

/* A record on its way through the rules of its dataset. */
typedef struct Record
{
	int n;
	Cell cells[RECORD_COLUMNS];
	StringInfoData errors; /* members of the array of errors */
} Record;

/* One rule while it is applied. */
typedef struct Rule
{
	JsonbContainer *arguments;
	const char *column;
	const char *name;
} Rule;

/* A member of the rule as text; NULL when absent or null. */
static char *
Argument(const Rule *rule, const char *name)
{
	JsonbValue buffer;
	JsonbValue *value = getKeyJsonValueFromContainer(rule->arguments, name, strlen(name), &buffer);

	if (value == NULL || value->type == jbvNull)
		return NULL;
	if (value->type == jbvString)
		return pnstrdup(value->val.string.val, value->val.string.len);
	if (value->type == jbvNumeric)
		return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	if (value->type == jbvBool)
		return pstrdup(value->val.boolean ? "true" : "false");
	return NULL;
}

/* The cell of a member; NULL: the record has none. */
static Cell *
FindCell(Record *record, const char *name)
{
	for (int i = 0; name != NULL && i < record->n; i++)
		if (strcmp(record->cells[i].name, name) == 0)
			return &record->cells[i];
	return NULL;
}

/* The cell of a member, a new one when the record has none. */
static Cell *
MakeCell(Record *record, const char *name)
{
	Cell *cell = FindCell(record, name);

	if (cell != NULL)
		return cell;
	if (record->n == RECORD_COLUMNS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						saymsg("a record of more than %d{limit} members", RECORD_COLUMNS)));
	cell = &record->cells[record->n++];
	memset(cell, 0, sizeof(*cell));
	cell->name = pstrdup(name);
	return cell;
}

/* Adds an error, in the language in force: the rule could not be fulfilled. */
static void CleanError(Record *record, const Rule *rule, const char *format, ...) pg_attribute_printf(3, 4);
static void
CleanError(Record *record, const Rule *rule, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	if (record->errors.len > 0)
		appendStringInfoChar(&record->errors, ',');
	appendStringInfoString(&record->errors, "{\"column\":");
	JsonString(&record->errors, rule->column);
	appendStringInfoString(&record->errors, ",\"rule\":");
	JsonString(&record->errors, rule->name);
	appendStringInfoString(&record->errors, ",\"reason\":");
	JsonString(&record->errors, SaidIn(SayChinese(), format, values));
	va_end(values);
	appendStringInfoChar(&record->errors, '}');
}

/* trim: no blanks at either end, ideographic ones included; a blank text becomes absent. */
static void
ApplyTrim(Record *record, const Rule *rule, Cell *cell)
{
	size_t start;
	size_t length = text_trim(cell->text, strlen(cell->text), &start);

	cell->text = length == 0 ? NULL : pnstrdup(cell->text + start, length); /* blank is absent */
}

/* halfWidth: full-width letters, digits and punctuation as ASCII. */
static void
ApplyHalfWidth(Record *record, const Rule *rule, Cell *cell)
{
	char *out = palloc(strlen(cell->text) + 1);

	out[text_half_width(cell->text, strlen(cell->text), out)] = '\0';
	cell->text = out;
}

/* upper, lower: of ASCII letters. */
static void
ApplyCase(Record *record, const Rule *rule, Cell *cell)
{
	char first = rule->name[0] == 'u' ? 'a' : 'A';

	cell->text = pstrdup(cell->text);
	for (char *c = cell->text; *c != '\0'; c++)
		if (*c >= first && *c < first + 26)
			*c += first == 'a' ? 'A' - 'a' : 'a' - 'A';
}

/* phone: one form of telephone number. */
static void
ApplyPhone(Record *record, const Rule *rule, Cell *cell)
{
	char *out = palloc(PHONE_SIZE);

	if (text_phone(cell->text, strlen(cell->text), out))
		cell->text = out;
	else
		CleanError(record, rule, "not a phone number; for example 13800138000 or 010-62345678");
}

/* {"map": {"from": "to"}, "others": "keep"}: codes of another system to ours. */
static void
ApplyCodeMap(Record *record, const Rule *rule, Cell *cell)
{
	JsonbValue buffer;
	JsonbValue *map = getKeyJsonValueFromContainer(rule->arguments, "map", 3, &buffer);
	JsonbValue found;
	JsonbValue *to = NULL;
	char *others = Argument(rule, "others");

	if (map != NULL && map->type == jbvBinary && JsonContainerIsObject(map->val.binary.data))
		to = getKeyJsonValueFromContainer(map->val.binary.data, cell->text, strlen(cell->text), &found);
	if (to != NULL && to->type == jbvString)
		cell->text = pnstrdup(to->val.string.val, to->val.string.len);
	else if (others == NULL || strcmp(others, "keep") != 0)
		CleanError(record, rule, "code \"%.64s{code}\" is not in the map", cell->text);
}

/* codeTable: the value must be a code of the table. */
static void
ApplyCodeTable(Record *record, const Rule *rule, Cell *cell)
{
	char *table = Argument(rule, "table");
	bool empty;

	if (table == NULL)
		CleanError(record, rule, "the rule names no code table");
	else if (!CodeTableHas(table, cell->text, &empty) && !empty)
		CleanError(record, rule, "code \"%.64s{code}\" is not in code table %s{table}", cell->text, table);
}

/* division: a known code; one that is void becomes its successor. */
static void
ApplyDivision(Record *record, const Rule *rule, Cell *cell)
{
	Division division;

	if (!DivisionFind(cell->text, &division))
		CleanError(record, rule, "unknown division code \"%.64s{code}\"", cell->text);
	else if (!division.current && division.successor[0] != '\0')
		cell->text = pstrdup(division.successor);
}

/* The length of the number that a text begins with, blanks behind it included; 0: none. */
static size_t
NumberPrefix(const char *text, size_t length)
{
	double value;
	size_t number = strspn(text, "+-0123456789.eE");

	while (number > 0 && !double_parse(text, number, &value))
		number--;
	return number == 0 ? 0 : number + strspn(text + number, " ");
}

/* Is it one of the names, which are an array or one text? */
static bool
IsUnit(const Rule *rule, const char *unit)
{
	JsonbValue buffer;
	JsonbValue *units = getKeyJsonValueFromContainer(rule->arguments, "unit", 4, &buffer);

	if (units == NULL || units->type != jbvBinary)
		return units != NULL && units->type == jbvString && strlen(unit) == units->val.string.len &&
			   memcmp(unit, units->val.string.val, units->val.string.len) == 0;
	for (int i = 0;; i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(units->val.binary.data, i);

		if (item == NULL)
			return false;
		if (item->type == jbvString && strlen(unit) == item->val.string.len &&
			memcmp(unit, item->val.string.val, item->val.string.len) == 0)
			return true;
	}
}

/* number: {"unit": "米"} or {"unit": ["米", "m"]}: a number, with or without its unit, which is taken off. */
static void
ApplyNumber(Record *record, const Rule *rule, Cell *cell)
{
	size_t length = strlen(cell->text);
	size_t number = NumberPrefix(cell->text, length);
	double value;

	if (double_parse(cell->text, length, &value))
		return;
	if (number > 0 && IsUnit(rule, cell->text + number))
	{
		while (cell->text[number - 1] == ' ')
			number--;
		cell->text = pnstrdup(cell->text, number);
	}
	else if (number > 0 && number < length && Argument(rule, "unit") != NULL)
		CleanError(record, rule, "\"%.64s{value}\" is in \"%.32s{unit}\"; this rule takes \"%.32s{wanted}\"",
				   cell->text, cell->text + number, Argument(rule, "unit"));
	else if (number > 0 && number < length && cell->text[number] != ',')
		CleanError(
			record, rule,
			"\"%.64s{value}\" is not a number: behind it stands \"%.32s{unit}\"; {\"rule\": \"number\", "
			"\"unit\": \"%.32s{unit}\"} takes a unit off",
			cell->text, cell->text + number, cell->text + number);
	else
		CleanError(record, rule, "\"%.64s{value}\" is not a number; for example 1234.5", cell->text);
}

/* {"min": 0, "max": 400} */
static void
ApplyRange(Record *record, const Rule *rule, Cell *cell)
{
	char *min = Argument(rule, "min");
	char *max = Argument(rule, "max");
	double value, bound;

	if (!double_parse(cell->text, strlen(cell->text), &value))
		ApplyNumber(record, rule, cell); /* which tells why */
	else if (min != NULL && double_parse(min, strlen(min), &bound) && value < bound)
		CleanError(record, rule, "%.64s{value} is below %s{min}", cell->text, min);
	else if (max != NULL && double_parse(max, strlen(max), &bound) && value > bound)
		CleanError(record, rule, "%.64s{value} is above %s{max}", cell->text, max);
}

/* In the form that every DateStyle reads alike. */
static char *
UtcText(TimestampTz value)
{
	struct pg_tm tm;
	fsec_t fraction;

	if (timestamp2tm(value, NULL, &tm, &fraction, NULL, NULL) != 0)
		elog(ERROR, "a parsed time is out of range");
	return psprintf("%04d-%02d-%02d %02d:%02d:%02d%s+00", tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour,
					tm.tm_min, tm.tm_sec, fraction == 0 ? "" : psprintf(".%06d", (int) fraction));
}

/* time: any form of a request (clause 5.3.4) and of files (text/file_time.h), as PostgreSQL reads it. */
static void
ApplyTime(Record *record, const Rule *rule, Cell *cell)
{
	TimePointText point;
	ParseError error;
	TimestampTz value;
	char written[FILE_TIME_SIZE];
	char reason[FILE_REASON_SIZE];
	int microseconds = 0;
	FileTime form = file_time_read(cell->text, strlen(cell->text), written, &microseconds, reason);
	const char *text = form == FILE_TIME_READ ? written : cell->text;

	if (form == FILE_TIME_REFUSED)
		CleanError(record, rule, "\"%.64s{value}\": %s{why*}", cell->text, reason);
	else if (time_point_parse(text, strlen(text), &point, &error) && TimePointValue(&point, &value, &error))
		cell->text = UtcText(value + microseconds);
	else
		CleanError(record, rule, "\"%.64s{value}\" is not a time: %s{why*}", cell->text, error.message);
}

/* Coordinates of a system in degrees of EPSG:4490; false: not of its domain, or the null island. */
static bool
PlaceOf(const char *crs, double x, double y, LonLat *p)
{
	int64 epsg;

	*p = (LonLat){x, y};
	if (crs != NULL && strcmp(crs, "GCJ02") == 0)
		*p = gcj02_to_wgs84(*p);
	else if (crs != NULL && strcmp(crs, "BD09") == 0)
		*p = gcj02_to_wgs84(bd09_to_gcj02(*p));
	else if (crs != NULL && strncmp(crs, "EPSG:", 5) == 0 && integer_parse(crs + 5, strlen(crs) - 5, &epsg) &&
			 epsg > 0 && epsg < 1000000)
	{
		if (!SridToLonLat((int) epsg, x, y, p))
			return false;
	}
	else if (crs != NULL && strcmp(crs, "WGS84") != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						saymsg("unknown coordinate system \"%s{name}\" in rule point", crs),
						sayhint("Systems: WGS84, GCJ02, BD09, EPSG:n.")));
	return p->lon >= -180 && p->lon <= 180 && p->lat >= -90 && p->lat <= 90 && !(p->lon == 0 && p->lat == 0);
}

/* Is the place within the bounds that the rule gives? */
static bool
InBox(const Rule *rule, LonLat p)
{
	static const char *const names[] = {"minX", "minY", "maxX", "maxY"};

	for (int i = 0; i < lengthof(names); i++)
	{
		char *text = Argument(rule, names[i]);
		double value = i % 2 == 0 ? p.lon : p.lat;
		double bound;

		if (text != NULL && double_parse(text, strlen(text), &bound) &&
			(i < 2 ? value < bound : value > bound))
			return false;
	}
	return true;
}

/*
 * point: {"x": "lng", "y": "lat", "crs": "GCJ02", "rule": "point", "column": "geom"}: two columns of a
 * coordinate system to an EPSG:4490 point. crs: WGS84 (default), GCJ02, BD09 or EPSG:n. {"minX", "minY",
 * "maxX", "maxY"}: the box it must lie in.
 */
static void
ApplyPoint(Record *record, const Rule *rule)
{
	Cell *x = FindCell(record, Argument(rule, "x"));
	Cell *y = FindCell(record, Argument(rule, "y"));
	char *crs = Argument(rule, "crs");
	LonLat p;
	double from_x, from_y;

	if (x == NULL || y == NULL || x->text == NULL || y->text == NULL)
		return;
	if (!double_parse(x->text, strlen(x->text), &from_x) || !double_parse(y->text, strlen(y->text), &from_y))
	{
		CleanError(record, rule, "the coordinates are not numbers");
		return;
	}
	if (!PlaceOf(crs, from_x, from_y, &p))
		CleanError(record, rule, "(%.32s{x}, %.32s{y}) is no place", x->text, y->text);
	else if (!InBox(rule, p))
		CleanError(record, rule, "(%.32s{x}, %.32s{y}) is outside the box", x->text, y->text);
	else
		MakeCell(record, rule->column)->text = psprintf(
			"SRID=4490;POINT(%s %s)", double_to_shortest_decimal(p.lon), double_to_shortest_decimal(p.lat));
}

typedef void (*RuleHandler)(Record *record, const Rule *rule, Cell *cell);

static const struct
{
	const char *name;
	RuleHandler handler;
} rule_handlers[] = {{"trim", ApplyTrim},           {"halfWidth", ApplyHalfWidth}, {"upper", ApplyCase},
					 {"lower", ApplyCase},          {"phone", ApplyPhone},         {"codeMap", ApplyCodeMap},
					 {"codeTable", ApplyCodeTable}, {"division", ApplyDivision},   {"range", ApplyRange},
					 {"time", ApplyTime},           {"number", ApplyNumber}};

/* Finds the rule by its name and applies it to its column's cell. */
static void
ApplyRule(Record *record, const Rule *rule)
{
	Cell *cell = FindCell(record, rule->column);
	bool absent = cell == NULL || (cell->text == NULL && !cell->is_nested);

	if (strcmp(rule->name, "point") == 0)
		ApplyPoint(record, rule);
	else if (strcmp(rule->name, "required") == 0)
	{
		if (absent)
			CleanError(record, rule, "it is missing");
	}
	else if (strcmp(rule->name, "default") == 0)
	{
		if (absent)
			MakeCell(record, rule->column)->text = Argument(rule, "value");
	}
	else
	{
		int i = 0;

		while (i < lengthof(rule_handlers) && strcmp(rule_handlers[i].name, rule->name) != 0)
			i++;
		if (i == lengthof(rule_handlers))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							saymsg("unknown cleaning rule \"%s{name}\"", rule->name),
							sayhint("Rules: required, default, trim, halfWidth, upper, lower, phone, "
									"codeMap, codeTable, division, number, range, time, point.")));
		if (!absent && cell->text != NULL)
			rule_handlers[i].handler(record, rule, cell);
	}
}

/* The members of a record as cells: scalars as text, others as they are. */
static void
ReadRecord(Jsonb *row, Record *record)
{
	JsonbIterator *it = JsonbIteratorInit(&row->root);
	JsonbIteratorToken token;
	JsonbValue v;
	Cell *cell = NULL;

	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			cell = MakeCell(record, pnstrdup(v.val.string.val, v.val.string.len));
		if (token != WJB_VALUE)
			continue;
		if (v.type == jbvString)
			cell->text = pnstrdup(v.val.string.val, v.val.string.len);
		else if (v.type == jbvNumeric)
			cell->text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(v.val.numeric)));
		else if (v.type == jbvBool)
			cell->text = pstrdup(v.val.boolean ? "true" : "false");
		else if (v.type == jbvBinary)
		{
			cell->is_nested = true;
			cell->nested = v;
		}
	}
}

/* One rule after another, each seeing what those before made. */
static void
ApplyRules(Record *record, Jsonb *rules)
{
	JsonbIterator *it = JsonbIteratorInit(&rules->root);
	JsonbIteratorToken token;
	JsonbValue v;

	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		Rule rule;

		if (token == WJB_BEGIN_ARRAY || token == WJB_END_ARRAY)
			continue;
		if (v.type != jbvBinary || !JsonContainerIsObject(v.val.binary.data))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("a cleaning rule is no object"),
							sayhint("For example {\"column\": \"phone\", \"rule\": \"phone\"}.")));
		rule.arguments = v.val.binary.data;
		rule.column = Argument(&rule, "column");
		rule.name = Argument(&rule, "rule");
		if (rule.column == NULL || rule.name == NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							saymsg("a cleaning rule needs column and rule"),
							sayhint("For example {\"column\": \"phone\", \"rule\": \"phone\"}.")));
		ApplyRule(record, &rule);
	}
}

/* The cells as a JSON object again. */
static Jsonb *
CleanedObject(const Record *record)
{
	JsonbParseState *state = NULL;
	JsonbValue *object;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < record->n; i++)
	{
		const Cell *cell = &record->cells[i];
		JsonbValue key = {.type = jbvString};
		JsonbValue value = {.type = cell->text == NULL ? jbvNull : jbvString};

		key.val.string.val = cell->name;
		key.val.string.len = strlen(cell->name);
		pushJsonbValue(&state, WJB_KEY, &key);
		if (cell->is_nested)
		{
			pushJsonbValue(&state, WJB_VALUE, unconstify(JsonbValue *, &cell->nested));
			continue;
		}
		value.val.string.val = cell->text;
		value.val.string.len = cell->text == NULL ? 0 : strlen(cell->text);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	object = pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	return JsonbValueToJsonb(object);
}

Jsonb *
CleanRow(Jsonb *row, Jsonb *rules, char **errors)
{
	static const Rule whole = {.name = "object"}; /* what is no record has no column either */
	Record *record = palloc(sizeof(Record));

	record->n = 0;
	initStringInfo(&record->errors);
	if (JB_ROOT_IS_OBJECT(row))
	{
		ReadRecord(row, record);
		ApplyRules(record, rules);
	}
	else
		CleanError(record, &whole, "a record is a JSON object");
	*errors = record->errors.len == 0 ? NULL : psprintf("[%s]", record->errors.data);
	return CleanedObject(record);
}
