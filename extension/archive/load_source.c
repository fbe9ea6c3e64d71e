/*
 * The relation that load_events() reads; see load.h.
 *
 * Its columns are found by name. The text of the query is made of our own words and of the relation's quoted
 * name; values are parameters.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "archive/load.h"
#include "core/say.h"

/* What a column may be of. */
typedef enum ColumnOf
{
	OF_INTEGERS,
	OF_TEXTS,
	OF_JSON, /* or text */
	OF_TIMES
} ColumnOf;

/* The columns that are looked for, in the order of the query's result. */
static const struct SourceColumn
{
	const char *name;
	ColumnOf of;
	const char *wanted; /* for messages */
	const char *type;   /* that it is read as */
} source_columns[] = {{"line", OF_INTEGERS, "bigint", "int8"},
					  {"data", OF_JSON, "json, jsonb or text", "text"},
					  {"sender_code", OF_TEXTS, "text", "text"},
					  {"steps", OF_JSON, "json, jsonb or text", "text"},
					  {"state", OF_INTEGERS, "integer", "int8"},
					  {"receive_time", OF_TIMES, "timestamptz", "timestamptz"},
					  {"closed_time", OF_TIMES, "timestamptz", "timestamptz"}};

/* Places of source_columns. */
enum
{
	SOURCE_LINE,
	SOURCE_DATA,
	SOURCE_SENDER,
	SOURCE_STEPS,
	SOURCE_STATE,
	SOURCE_RECEIVE_TIME,
	SOURCE_CLOSED_TIME
};

/* May a column of that type be read so? */
static bool
ColumnFits(Oid type, ColumnOf of)
{
	switch (of)
	{
		case OF_INTEGERS:
			return type == INT2OID || type == INT4OID || type == INT8OID;
		case OF_JSON:
			return type == JSONOID || type == JSONBOID || type == TEXTOID || type == VARCHAROID;
		case OF_TEXTS:
			return type == TEXTOID || type == VARCHAROID;
		case OF_TIMES:
			return type == TIMESTAMPTZOID;
	}
	return false;
}

/* Appends the result columns; a column that the relation does not have is null. */
static void
AppendColumns(StringInfo sql, LoadSource *source)
{
	for (int i = 0; i < lengthof(source_columns); i++)
	{
		AttrNumber number = get_attnum(source->relation, source_columns[i].name);

		appendStringInfoString(sql, i == 0 ? "SELECT " : ", ");
		if (number <= 0)
		{
			appendStringInfo(sql, "NULL::pg_catalog.%s", source_columns[i].type);
			continue;
		}
		if (!ColumnFits(getBaseType(get_atttype(source->relation, number)), source_columns[i].of))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 saymsg("column \"%s{column}\" of %s{relation} has type %s{type}", source_columns[i].name,
							source->name, format_type_be(get_atttype(source->relation, number))),
					 sayhint("It must be %s{wanted*}.", source_columns[i].wanted)));
		appendStringInfo(sql, "r.%s::pg_catalog.%s", source_columns[i].name, source_columns[i].type);
	}
}

void
SourceName(LoadSource *source, Oid relation, int64 after, int64 portion)
{
	char kind = get_rel_relkind(relation);

	memset(source, 0, sizeof(*source));
	if (kind == '\0' || strchr("rpvmf", kind) == NULL)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE), saymsg("the source is no table or view"),
						errhint("SELECT * FROM citybigdata.load_events('public.old_cases', '362200');")));
	source->relation = relation;
	source->name =
		quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation));
	source->staging = relation == get_relname_relid("event_staging", get_namespace_oid("citybigdata", false));
	source->after = after;
	source->portion = portion;
	source->has_line = get_attnum(relation, "line") > 0;
	source->next = 16;
	if (get_attnum(relation, "data") <= 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						saymsg("%s{relation} has no column \"data\"", source->name),
						saydetail("It holds the report (table A.4) as JSON."),
						sayhint("A view can make it: CREATE VIEW old_cases AS SELECT "
								"json_build_object('eventDesc', descr, …) AS data FROM old_table;")));
	if (!source->has_line && (portion > 0 || after != 0))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						saymsg("%s{relation} has no column \"line\"", source->name),
						sayhint("Portions follow the numbers of column line, which rise and are unique.")));
}

void
SourceOpen(LoadSource *source, Oid caller)
{
	StringInfoData sql;
	NameData role;
	Oid types[3] = {INT8OID, INT8OID, NAMEOID};
	Datum values[3] = {Int64GetDatum(source->after),
					   Int64GetDatum(source->portion > 0 ? source->portion : PG_INT64_MAX),
					   NameGetDatum(&role)};

	namestrcpy(&role, GetUserNameFromId(caller, false));
	initStringInfo(&sql);
	AppendColumns(&sql, source);
	appendStringInfo(&sql, " FROM %s r WHERE true", source->name);
	if (source->has_line)
		appendStringInfoString(&sql, " AND r.line OPERATOR(pg_catalog.>) $1");
	if (source->staging)
		appendStringInfoString(&sql, " AND r.staged_by OPERATOR(pg_catalog.=) $3");
	if (source->has_line)
		appendStringInfoString(&sql, " ORDER BY r.line");
	appendStringInfoString(&sql, " LIMIT $2");
	source->portal = SPI_cursor_open_with_args(NULL, sql.data, 3, types, values, NULL, true, 0);
	if (source->portal == NULL)
		elog(ERROR, "cannot read the source: %s", SPI_result_code_string(SPI_result));
}

/* Column `at` of the row; 0 when null. */
static Datum
Value(HeapTuple tuple, int at, bool *isnull)
{
	return SPI_getbinval(tuple, SPI_tuptable->tupdesc, at + 1, isnull);
}

/* The same as a text, in the current context; NULL when null. */
static char *
TextValue(HeapTuple tuple, int at)
{
	bool isnull;
	Datum value = Value(tuple, at, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* A row of the result; a line without a number has its place. */
static void
ReadRow(HeapTuple tuple, int64 count, HistoryRow *row)
{
	bool isnull;
	int64 line = DatumGetInt64(Value(tuple, SOURCE_LINE, &isnull));

	row->line = isnull ? count : line;
	row->data = TextValue(tuple, SOURCE_DATA);
	row->sender = TextValue(tuple, SOURCE_SENDER);
	row->steps = TextValue(tuple, SOURCE_STEPS);
	row->state = (int32) Min(DatumGetInt64(Value(tuple, SOURCE_STATE, &isnull)), PG_INT32_MAX);
	row->has_state = !isnull;
	row->receive_time = DatumGetTimestampTz(Value(tuple, SOURCE_RECEIVE_TIME, &isnull));
	row->has_receive_time = !isnull;
	row->closed_time = DatumGetTimestampTz(Value(tuple, SOURCE_CLOSED_TIME, &isnull));
	row->has_closed_time = !isnull;
}

int
SourceNext(LoadSource *source, MemoryContext context, HistoryRow *rows)
{
	size_t bytes = 0;
	int count;

	SPI_cursor_fetch(source->portal, true, source->next);
	count = (int) SPI_processed;
	for (int i = 0; i < count; i++)
	{
		MemoryContext before = MemoryContextSwitchTo(context);

		ReadRow(SPI_tuptable->vals[i], ++source->count, &rows[i]);
		MemoryContextSwitchTo(before);
		bytes += rows[i].data == NULL ? 0 : strlen(rows[i].data);
	}
	SPI_freetuptable(SPI_tuptable);
	/* lines with pictures in them come few at a time */
	if (bytes > LOAD_BYTES)
		source->next = Max(source->next / 4, 1);
	else if (bytes < LOAD_BYTES / 4)
		source->next = Min(source->next * 4, LOAD_LINES);
	return count;
}
