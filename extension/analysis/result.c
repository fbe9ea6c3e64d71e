/*
 * The result of an algorithm as JSON, written while the executor hands over the rows: of a table
 * {"rows":[{...}],"columns":[{...}]}, else the one value as it is. It is never held as rows, and grows no
 * further than a result may be.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "analysis/algorithm.h"
#include "core/guc_analysis.h"
#include "core/json_write.h"
#include "core/say.h"
#include "data/query.h"

/* Where the executor puts the rows. */
typedef struct ResultWriter
{
	DestReceiver pub;
	const Algorithm *algorithm;
	StringInfo out;
	int rows;
	MemoryContext row; /* reset after each row */
	DataQuery form;    /* how values are written: as the data interface does by default */
} ResultWriter;

/* Raises when the result is larger than results may be; the message is of both languages, for TakeError() of
 * run.c. */
static void
CheckSize(const ResultWriter *writer)
{
	if (writer->out->len > (int64) guc_analysis_size * 1024)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESULT_TOO_LARGE)),
						errmsg_internal(
							"%s", SaidBoth("the result is larger than %d{limit} kB", guc_analysis_size))));
	if (writer->rows > guc_analysis_rows)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESULT_TOO_LARGE)),
						errmsg_internal(
							"%s", SaidBoth("the result has more than %d{limit} rows", guc_analysis_rows))));
}

/* A row of a table as an object. */
static void
WriteRow(ResultWriter *writer, const TupleTableSlot *slot)
{
	const Algorithm *algorithm = writer->algorithm;
	StringInfo out = writer->out;

	appendStringInfoString(out, writer->rows == 1 ? "{" : ",{");
	for (int i = 0; i < algorithm->column_count; i++)
	{
		ResourceField *field = &algorithm->columns[i].field;

		if (i > 0)
			appendStringInfoChar(out, ',');
		JsonName(out, field->name);
		if (slot->tts_isnull[i])
			appendStringInfoString(out, "null");
		else
			WriteValue(&writer->form, out, field, slot->tts_values[i]);
	}
	appendStringInfoChar(out, '}');
}

/* The one value. */
static void
WriteOnly(ResultWriter *writer, const TupleTableSlot *slot)
{
	static ResourceField json = {.kind = FIELD_JSONB};

	if (writer->rows > 1)
		elog(ERROR, "more than one value");
	if (slot->tts_isnull[0])
		appendStringInfoString(writer->out, "null");
	else
		WriteValue(&writer->form, writer->out, &json, slot->tts_values[0]);
}

/* DestReceiver.receiveSlot */
static bool
Receive(TupleTableSlot *slot, DestReceiver *self)
{
	ResultWriter *writer = (ResultWriter *) self;
	MemoryContext caller = MemoryContextSwitchTo(writer->row);

	CHECK_FOR_INTERRUPTS();
	slot_getallattrs(slot);
	writer->rows++;
	if (writer->algorithm->is_table)
		WriteRow(writer, slot);
	else
		WriteOnly(writer, slot);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(writer->row);
	CheckSize(writer);
	return true;
}

/* DestReceiver.rStartup: are the columns what was registered? */
static void
Start(DestReceiver *self, int operation, TupleDesc shape)
{
	ResultWriter *writer = (ResultWriter *) self;
	const Algorithm *algorithm = writer->algorithm;
	bool same = algorithm->is_table ? shape->natts == algorithm->column_count : shape->natts == 1;

	for (int i = 0; algorithm->is_table && same && i < shape->natts; i++)
	{
		FieldKind kind = algorithm->columns[i].field.kind;

		/* a place is asked for as GeoJSON */
		same = kind == FIELD_POINT || kind == FIELD_GEOMETRY ||
			   TupleDescAttr(shape, i)->atttypid == algorithm->columns[i].field.declared_type;
	}
	if (!same)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("%s{source} is not what was published under this name", algorithm->source)));
	if (algorithm->is_table)
		appendStringInfoString(writer->out, "{\"rows\":[");
}

/* What is said of the columns, behind the rows. */
static void
WriteColumns(StringInfo out, const Algorithm *algorithm)
{
	appendStringInfoString(out, "],\"columns\":[");
	for (int i = 0; i < algorithm->column_count; i++)
	{
		const AlgorithmColumn *column = &algorithm->columns[i];

		appendStringInfoString(out, i == 0 ? "{" : ",{");
		JsonField(out, "name", column->field.name);
		JsonField(out, "type", column->shown);
		JsonField(out, "title", column->title);
		JsonField(out, "titleZh", column->title_zh);
		if (column->unit != NULL)
			JsonField(out, "unit", column->unit);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoString(out, "]}");
}

/* DestReceiver.rShutdown */
static void
Finish(DestReceiver *self)
{
	ResultWriter *writer = (ResultWriter *) self;

	if (writer->algorithm->is_table)
		WriteColumns(writer->out, writer->algorithm);
	else if (writer->rows == 0)
		appendStringInfoString(writer->out, "null");
}

/* DestReceiver.rDestroy: all of it is the caller's memory. */
static void
Destroy(DestReceiver *self)
{
}

struct _DestReceiver *
ResultReceiver(const Algorithm *algorithm, StringInfo out)
{
	ResultWriter *writer = palloc0(sizeof(ResultWriter));

	writer->pub.receiveSlot = Receive;
	writer->pub.rStartup = Start;
	writer->pub.rShutdown = Finish;
	writer->pub.rDestroy = Destroy;
	writer->pub.mydest = DestTuplestore; /* SPI counts no rows of it, and says that it selected */
	writer->algorithm = algorithm;
	writer->out = out;
	writer->form.format = OUTPUT_JSON;
	writer->row = AllocSetContextCreate(CurrentMemoryContext, "citybigdata result row", ALLOCSET_SMALL_SIZES);
	return &writer->pub;
}
