/* Conditions of a request: their text with $n, and the values. Nothing that a client sent becomes SQL text.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "place/division.h"
#include "core/guc.h"
#include "core/interval.h"
#include "text/param_parse.h"
#include "data/query.h"
#include "text/span.h"

/* An operator of `field.op=value`. */
typedef struct FilterOp
{
	const char *name;
	const char *sql;      /* of one value */
	const char *list_sql; /* of several; NULL: only one value */
} FilterOp;

/*
 * Operators by name: SQL for one value, SQL for several. NULL: there is none; isNull has a form of its
 * own.
 */
static const FilterOp filter_ops[] = {{"eq", "=", "= ANY"}, {"in", "=", "= ANY"},   {"ne", "<>", "<> ALL"},
									  {"lt", "<", NULL},    {"le", "<=", NULL},     {"gt", ">", NULL},
									  {"ge", ">=", NULL},   {"like", "LIKE", NULL}, {"isNull", NULL, NULL}};

/* The operator of that name; NULL: there is none. */
static const FilterOp *
FindOp(const char *op, size_t length)
{
	for (int i = 0; i < lengthof(filter_ops); i++)
		if (SpanIs((Span){op, length}, filter_ops[i].name))
			return &filter_ops[i];
	return NULL;
}

/* field.isNull=true|false */
static void
AddNullFilter(DataQuery *query, const QueryParam *param, const ResourceField *field)
{
	bool value;

	if (param->nvalues != 1 || !boolean_parse(param->values[0], param->lengths[0], &value))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "true or false; for example %s{name}.isNull=true", field->name);
	else
		appendStringInfo(&query->where, " AND %s IS %sNULL", field->place, value ? "" : "NOT ");
}

/* field.like=pattern: % any text, _ any character, backslash before them: themselves. */
static void
AddLikeFilter(DataQuery *query, const QueryParam *param, const ResourceField *field)
{
	const char *pattern = param->values[0];
	size_t slashes = 0;

	if (field->kind != FIELD_TEXT && field->kind != FIELD_BPCHAR && field->kind != FIELD_NAME)
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "like is for texts; this field has eq, ne, lt, le, gt, ge, in, isNull; for example "
				   "%s{name}.isNull=false",
				   field->name);
		return;
	}
	/* a pattern that ends in half an escape would raise */
	for (size_t i = param->lengths[0]; i > 0 && pattern[i - 1] == '\\'; i--)
		slashes++;
	if (slashes % 2 == 1 || param->nvalues > 1 || param->lengths[0] > 256)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "%s{why*}; for example %s{name}.like=%%text%%",
				   param->nvalues > 1 ? MESSAGE("given more than once")
				   : slashes % 2 == 1 ? MESSAGE("a pattern that ends in a backslash")
									  : MESSAGE("a pattern of more than 256 bytes"),
				   field->name);
	else
	{
		query->selective = true;
		appendStringInfo(&query->where, " AND %s LIKE $%d", field->pattern,
						 AddArgument(query, CStringGetTextDatum(pattern), TEXTOID));
	}
}

/* Ranges [lower, upper) of one column, joined by OR; repeated to a power of two, so that there are few shapes
 * to plan. */
static void
AddRanges(DataQuery *query, const ResourceField *field, const Datum *lower, const Datum *upper, int n,
		  Oid type)
{
	int shape = 1;

	query->selective = true;
	while (shape < n)
		shape *= 2;
	for (int i = 0; i < shape; i++)
	{
		/* beyond the last range: the last one again */
		int from = i < n ? i : n - 1;
		int first = AddArgument(query, lower[from], type);
		int second = AddArgument(query, upper[from], type);

		appendStringInfo(&query->where, "%s(%s >= $%d AND %s < $%d)", i == 0 ? "" : " OR ", field->digits,
						 first, field->digits, second);
	}
}

/* The period that a time given as text stands for, as the column's type has it: [*from, *to). */
static bool
ReadPeriod(const char *text, Oid type, Datum *from, Datum *to, const char **error)
{
	TimestampTz begin, end;

	if (!ReadTimePeriod(text, &begin, &end, error))
		return false;
	*from = TimeDatum(begin, type);
	*to = TimeDatum(end, type);
	/* a column of days has no part of a day */
	if (type == DATEOID && DatumGetDateADT(*to) == DatumGetDateADT(*from))
		*to = DateADTGetDatum(DatumGetDateADT(*from) + 1);
	return true;
}

/*
 * field=time, field.op=time: a time stands for its whole second or day, as timeRange and time read it, so
 * that a value is found as it is shown: le holds all of it, gt nothing of it.
 */
static void
AddTimeFilter(DataQuery *query, const QueryParam *param, const ResourceField *field, const FilterOp *op)
{
	Datum from[RANGE_ITEMS], to[RANGE_ITEMS];
	bool after =
		strcmp(op->name, "gt") == 0 || strcmp(op->name, "le") == 0; /* the period's end is compared */
	bool below = strcmp(op->name, "lt") == 0 || strcmp(op->name, "le") == 0;
	bool equal = op->list_sql != NULL;
	char **items;
	int n;

	items = ReadItems(query, param, equal ? RANGE_ITEMS : 1, &n);
	for (int i = 0; items != NULL && i < n; i++)
	{
		const char *error;

		if (ReadPeriod(items[i], field->type, &from[i], &to[i], &error))
			continue;
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "\"%.64s{value}\" is not a time: %s{why*}", items[i], error);
		return;
	}
	if (items == NULL)
		return;
	query->selective = true;
	if (!equal)
	{
		appendStringInfo(&query->where, " AND r.%s %s $%d", field->column,
						 below ? "<" : ">=", AddArgument(query, after ? to[0] : from[0], field->type));
		return;
	}
	appendStringInfoString(&query->where, strcmp(op->name, "ne") == 0 ? " AND NOT (" : " AND (");
	AddRanges(query, field, from, to, n, field->type);
	appendStringInfoChar(&query->where, ')');
}

/* A filter on a field: field=v, field.op=v. */
void
AddFieldFilter(DataQuery *query, const QueryParam *param, ResourceField *field, const char *op_name,
			   size_t op_length)
{
	const FilterOp *op = FindOp(op_name, op_length);
	Oid type = ArgumentType(field->type);
	Datum *values;
	int n;

	if (op == NULL)
	{
		QueryError(query, param->name, param->name_len, CBD_UNKNOWN_PARAMETER,
				   "unknown operator; valid: %s{name}.eq, ne, lt, le, gt, ge, in, like, isNull", field->name);
		return;
	}
	if (!MayAsk(query, param, field))
		return;
	if (op->sql == NULL)
	{
		AddNullFilter(query, param, field);
		return;
	}
	if (!field->filterable)
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "\"%s{name}\" is not offered as a filter", field->name);
		return;
	}
	if (strcmp(op->sql, "LIKE") == 0)
	{
		AddLikeFilter(query, param, field);
		return;
	}
	if (field->kind == FIELD_DATE || field->kind == FIELD_TIMESTAMP || field->kind == FIELD_TIMESTAMPTZ)
	{
		AddTimeFilter(query, param, field, op);
		return;
	}
	values = ReadValues(query, param, field->type, op->list_sql == NULL ? 1 : LIST_ITEMS, &n);
	if (values == NULL || (op->sql[0] == '=' && !CheckCodes(query, param, field, values, n)))
		return;
	/* only equality matches as many rows whatever the value */
	query->selective = query->selective || op->sql[0] != '=';
	if (n == 1)
		appendStringInfo(&query->where, " AND %s %s $%d", field->compared, op->sql,
						 AddArgument(query, values[0], type));
	else
	{
		int16 size;
		bool by_value;
		char align;

		get_typlenbyvalalign(type, &size, &by_value, &align);
		appendStringInfo(&query->where, " AND %s %s ($%d)", field->compared, op->list_sql,
						 AddArgument(query,
									 PointerGetDatum(construct_array(values, n, type, size, by_value, align)),
									 get_array_type(type)));
	}
}

/* An argument of a published function, by name. */
void
AddFunctionArgument(DataQuery *query, const QueryParam *param, const ResourceParameter *parameter)
{
	int n;
	Datum *values = ReadValues(query, param, parameter->type, 1, &n);

	if (values != NULL)
		appendStringInfo(&query->arguments, "%s%s => $%d", query->arguments.len > 0 ? ", " : "",
						 parameter->column, AddArgument(query, values[0], ArgumentType(parameter->type)));
}

/* The digits that all codes below `code` share: 110000 -> 11, 110100 -> 1101; 0: not a code of 6, 9 or 12
 * digits. */
static int
DivisionPrefix(const char *code)
{
	int length = strlen(code);

	if ((length != 6 && length != 9 && length != 12) || strspn(code, "0123456789") != length)
		return 0;
	/* communities and streets have three digits, what is above them two */
	while (length > 6 && memcmp(code + length - 3, "000", 3) == 0)
		length -= 3;
	while (length == 6 || length == 4)
	{
		if (memcmp(code + length - 2, "00", 2) != 0)
			break;
		length -= 2;
	}
	return length;
}

/* Digits of the code's prefix, which names the divisions below it; 0 after an error. */
static int
CheckDivision(DataQuery *query, const QueryParam *param, const char *code)
{
	int digits = query->resource->division_digits;
	int prefix = DivisionPrefix(code);
	Division division;

	/* a community is asked for where rows have streets: no row could match */
	if (digits > 0 && prefix > digits)
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "\"%s{code}\" is finer than this resource's codes of %d{digits} digits; valid: "
				   "divisionCode=%.*s{valid}",
				   code, digits, digits, code);
		return 0;
	}
	if (prefix > 0 && DivisionFind(code, &division))
		return prefix;
	QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
			   "unknown division code \"%.64s{code}\"; valid: a GB/T 2260 code such as divisionCode=110101",
			   code);
	return 0;
}

/* Makes a prefix the next one of its length; no division begins with 99. */
static void
NextPrefix(char *prefix)
{
	for (int at = strlen(prefix) - 1; at >= 0; at--)
	{
		if (prefix[at] != '9')
		{
			prefix[at]++;
			return;
		}
		prefix[at] = '0';
	}
}

/* The divisions' codes: those of the column's own length by equality, the others by the range of their
 * prefix. */
void
AddDivisions(DataQuery *query, const QueryParam *param)
{
	ResourceField *field = query->resource->division;
	int digits = query->resource->division_digits;
	int n;
	int equal = 0;
	int ranges = 0;
	char **items;
	Datum codes[RANGE_ITEMS], lower[RANGE_ITEMS], upper[RANGE_ITEMS];

	if (field == NULL)
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "this resource has no division codes; leave divisionCode out");
		return;
	}
	items = MayAsk(query, param, field) ? ReadItems(query, param, RANGE_ITEMS, &n) : NULL;
	if (items == NULL)
		return;
	for (int i = 0; i < n; i++)
	{
		int prefix = CheckDivision(query, param, items[i]);

		if (prefix == 0)
			return;
		/* the zeros go: what is left begins all codes below it */
		items[i][prefix] = '\0';
		if (prefix == digits)
			codes[equal++] = CStringGetTextDatum(items[i]);
		else
		{
			lower[ranges] = CStringGetTextDatum(items[i]);
			NextPrefix(items[i]);
			upper[ranges++] = CStringGetTextDatum(items[i]);
		}
	}
	appendStringInfoString(&query->where, " AND (");
	if (equal == 1)
		appendStringInfo(&query->where, "r.%s = $%d", field->column,
						 AddArgument(query, codes[0], ArgumentType(field->type)));
	else if (equal > 1)
		appendStringInfo(&query->where, "r.%s = ANY ($%d)", field->column,
						 AddArgument(query,
									 PointerGetDatum(construct_array(codes, equal, ArgumentType(field->type),
																	 -1, false, TYPALIGN_INT)),
									 get_array_type(ArgumentType(field->type))));
	if (equal > 0 && ranges > 0)
		appendStringInfoString(&query->where, " OR ");
	if (ranges > 0)
		AddRanges(query, field, lower, upper, ranges, ArgumentType(field->type));
	appendStringInfoChar(&query->where, ')');
}

/* Has the resource a time? An error is added when not. */
static bool
CheckTimeColumn(DataQuery *query, const QueryParam *param)
{
	if (query->resource->time == NULL)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "this resource has no time; leave %s{name} out", param->name);
	return query->resource->time != NULL && MayAsk(query, param, query->resource->time);
}

/* time: the second or day of each time point; the day, when the column holds days. */
void
AddTimes(DataQuery *query, const QueryParam *param)
{
	ResourceField *field = query->resource->time;
	Datum lower[RANGE_ITEMS], upper[RANGE_ITEMS];
	char **items;
	int n;

	if (!CheckTimeColumn(query, param) || (items = ReadItems(query, param, RANGE_ITEMS, &n)) == NULL)
		return;
	for (int i = 0; i < n; i++)
	{
		const char *error;

		if (ReadPeriod(items[i], field->type, &lower[i], &upper[i], &error))
			continue;
		QueryError(query, param->name, param->name_len, CBD_INVALID_TIME,
				   "\"%.64s{value}\" is not a time: %s{why*}", items[i], error);
		return;
	}
	appendStringInfoString(&query->where, " AND (");
	AddRanges(query, field, lower, upper, n, field->type);
	appendStringInfoChar(&query->where, ')');
}

/* timeRange: an interval in any of the four notations (clause 5.3.4-c). */
void
AddTimeRange(DataQuery *query, const QueryParam *param)
{
	ResourceField *field = query->resource->time;
	IntervalText interval;
	ParseError error;
	TimestampTz lower, upper;
	Oid type;

	if (!CheckTimeColumn(query, param))
		return;
	if (!interval_parse(param->values[0], param->lengths[0], &interval, &error) ||
		!IntervalBounds(&interval, &lower, &upper, &error))
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_INTERVAL,
				   "%s{why*} at character %zu{position}. %s{hint*}", error.message, error.position,
				   error.hint);
		return;
	}
	query->selective = true;
	query->by_time = true;
	/* a day is compared as the local midnight that it begins with */
	type = field->type == TIMESTAMPTZOID ? TIMESTAMPTZOID : TIMESTAMPOID;
	appendStringInfo(&query->where, " AND r.%s >= $%d", field->column,
					 AddArgument(query, TimeDatum(lower, type), type));
	appendStringInfo(&query->where, " AND r.%s < $%d", field->column,
					 AddArgument(query, TimeDatum(upper, type), type));
}
