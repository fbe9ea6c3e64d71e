/*
 * What a client gave, as values of PostgreSQL: lists, numbers, times, labels; and what is wrong with them.
 * Plain parsers decide, so that nothing is raised for what a client sent.
 */
#include "postgres.h"

#include <float.h>

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/interval.h"
#include "data/query.h"
#include "text/json_pointer.h"
#include "text/param_parse.h"
#include "text/utf8.h"

void
QueryError(DataQuery *query, const char *name, size_t name_len, CbdStatus status, const char *format, ...)
{
	char pointer[POINTER_PART_SIZE(POINTER_NAME_MAX)];
	va_list values;
	char *english;
	char *chinese;

	(void) JsonPointerPart(name, Utf8Cut(name, name_len, POINTER_NAME_MAX), pointer);
	va_start(values, format);
	english = SaidIn(false, format, values);
	chinese = SayChinese() ? SaidIn(true, format, values) : english;
	va_end(values);
	if (query->position > 0)
		ErrorPrint(&query->errors, false, pointer, status, "character %d{position}: %s{why*}",
				   query->position, SaidPair(english, chinese));
	else
		ErrorEnter(&query->errors, false, pointer, status, english, chinese);
}

int
AddArgument(DataQuery *query, Datum value, Oid type)
{
	/* the cursor, which is read last, has places of its own */
	int limit = query->has_cursor ? QUERY_ARGS : QUERY_ARGS - ORDER_COLUMNS;

	if (query->nargs >= limit)
	{
		if (!query->overfull)
			QueryError(query, "", 0, CBD_INVALID_PARAMETER,
					   "more than %d{limit} values in all the parameters; give fewer", limit);
		query->overfull = true;
		return limit;
	}
	query->args[query->nargs] = value;
	query->types[query->nargs] = type;
	return ++query->nargs;
}

char **
ReadItems(DataQuery *query, const QueryParam *param, int limit, int *n)
{
	char **items = palloc(sizeof(char *) * limit);

	*n = 0;
	for (int i = 0; i < param->nvalues; i++)
	{
		ListReader reader;
		ListStep step;
		size_t length;
		/* an item is never longer than its list */
		char *buffer = palloc(param->lengths[i] + 1);

		list_open(&reader, param->values[i], param->lengths[i]);
		while ((step = list_next(&reader, buffer, &length)) == LIST_ITEM)
		{
			if (*n == limit)
			{
				QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
						   "more than %d{limit} values", limit);
				return NULL;
			}
			items[(*n)++] = pnstrdup(buffer, length);
		}
		if (step == LIST_ERROR)
		{
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "%s{why*} at byte %zu{position}; valid: a, or a,b or [\"a\",\"b\"]", reader.error,
					   Min(reader.at, reader.length) + 1);
			return NULL;
		}
	}
	if (*n == 0)
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "an empty list; leave the parameter out instead");
		return NULL;
	}
	return items;
}

Datum
TimeDatum(TimestampTz value, Oid type)
{
	Datum local;

	if (type == TIMESTAMPTZOID)
		return TimestampTzGetDatum(value);
	/* without a time zone columns hold the platform's own time */
	local =
		DirectFunctionCall2(timestamptz_zone, CStringGetTextDatum(guc_time_zone), TimestampTzGetDatum(value));
	return type == DATEOID ? DirectFunctionCall1(timestamp_date, local) : local;
}

bool
ReadTimePeriod(const char *text, TimestampTz *from, TimestampTz *to, const char **error)
{
	TimePointText point;
	ParseError why;

	if (!time_point_parse(text, strlen(text), &point, &why) || !TimePointValue(&point, from, &why))
	{
		*error =
			SaidBoth("%s{why*} (character %zu{position}). %s{hint*}", why.message, why.position, why.hint);
		return false;
	}
	*to = TimePointEnd(&point, *from);
	return true;
}

/* A whole number within the type's range. */
static bool
IntegerDatum(const char *text, Oid type, Datum *out)
{
	int64 value;

	if (!integer_parse(text, strlen(text), &value))
		return false;
	if ((type == INT2OID && (value < PG_INT16_MIN || value > PG_INT16_MAX)) ||
		(type == INT4OID && (value < PG_INT32_MIN || value > PG_INT32_MAX)))
		return false;
	*out = type == INT2OID   ? Int16GetDatum((int16) value)
		   : type == INT4OID ? Int32GetDatum((int32) value)
							 : Int64GetDatum(value);
	return true;
}

bool
EnumDatum(const char *text, Oid type, Datum *out)
{
	/* longer ones would be cut, and might match then */
	HeapTuple tuple = strlen(text) < NAMEDATALEN
						  ? SearchSysCache2(ENUMTYPOIDNAME, ObjectIdGetDatum(type), CStringGetDatum(text))
						  : NULL;

	if (!HeapTupleIsValid(tuple))
		return false;
	*out = ObjectIdGetDatum(((Form_pg_enum) GETSTRUCT(tuple))->oid);
	ReleaseSysCache(tuple);
	return true;
}

bool
ReadValue(const char *text, Oid type, Datum *out, const char **valid)
{
	size_t length = strlen(text);
	double number;
	bool truth;
	TimestampTz time;
	TimestampTz end;

	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			*valid = MESSAGE("valid: a whole number, for example 42");
			return IntegerDatum(text, type, out);
		case FLOAT4OID:
		case FLOAT8OID:
			*valid = MESSAGE("valid: a number, for example 12.5");
			if (!double_parse(text, length, &number) ||
				(type == FLOAT4OID && (number > FLT_MAX || number < -FLT_MAX)))
				return false;
			*out = type == FLOAT8OID ? Float8GetDatum(number) : Float4GetDatum((float4) number);
			return true;
		case NUMERICOID:
			*valid = MESSAGE("valid: a number, for example 12.5");
			if (!number_check(text, length))
				return false;
			*out = DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
									   Int32GetDatum(-1));
			return true;
		case BOOLOID:
			*valid = MESSAGE("valid: true or false");
			if (!boolean_parse(text, length, &truth))
				return false;
			*out = BoolGetDatum(truth);
			return true;
		case UUIDOID:
			*valid = MESSAGE("valid: a UUID, for example 123e4567-e89b-12d3-a456-426614174000");
			if (!uuid_check(text, length))
				return false;
			*out = DirectFunctionCall1(uuid_in, CStringGetDatum(text));
			return true;
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			if (!ReadTimePeriod(text, &time, &end, valid))
				return false;
			*out = TimeDatum(time, type);
			return true;
		case BPCHAROID:
		case TEXTOID:
		case VARCHAROID:
		case NAMEOID:
			*out = CStringGetTextDatum(text);
			return true;
		default:
			*valid = MESSAGE("valid: one of the values in the interface manual");
			return EnumDatum(text, type, out);
	}
}

Oid
ArgumentType(Oid type)
{
	return type == VARCHAROID || type == NAMEOID ? TEXTOID : type;
}

Datum *
ReadValues(DataQuery *query, const QueryParam *param, Oid type, int limit, int *n)
{
	char **items = ReadItems(query, param, limit, n);
	Datum *values;

	if (items == NULL)
		return NULL;
	values = palloc(sizeof(Datum) * *n);
	for (int i = 0; i < *n; i++)
	{
		const char *valid = MESSAGE("");

		if (!ReadValue(items[i], type, &values[i], &valid))
		{
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "invalid value \"%.64s{value}\"; %s{valid*}", items[i], valid);
			return NULL;
		}
	}
	return values;
}

bool
MayAsk(DataQuery *query, const QueryParam *param, const ResourceField *field)
{
	if (field->level <= query->level)
		return true;
	QueryError(query, param->name, param->name_len, CBD_LEVEL_TOO_LOW,
			   "\"%s{name}\" is of level %d{level}; the grant is for level %d{granted}", field->name,
			   field->level, query->level);
	return false;
}
