/*
 * The file of a published resource: one value of a bytea column, found by the key of its row and read as the
 * role that published the relation, under its latency budget, as query_run.c does for pages.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/say.h"
#include "media/media.h"
#include "data/data_file.h"
#include "data/query.h"
#include "core/spi.h"

/* What ReadRow() works with. */
typedef struct FileReading
{
	Resource *resource;
	ResourceField *field;
	ParamListInfo keys;
	Oid types[MAX_KEYS];
	const char *sql;
	Medium *medium;
	CbdStatus status;
} FileReading;

/* Its column, and those that tell type and name, of the row with the key. */
static char *
FileQuery(const FileReading *read)
{
	const ResourceField *field = read->field;
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT r.%s", field->column);
	appendStringInfo(&sql, field->file_type_column == NULL ? ", NULL::text" : ", r.%s::text",
					 field->file_type_column);
	appendStringInfo(&sql, field->file_name_column == NULL ? ", NULL::text" : ", r.%s::text",
					 field->file_name_column);
	appendStringInfo(&sql, " FROM %s AS r WHERE true", read->resource->source);
	for (int i = 0; i < read->resource->nkeys; i++)
		appendStringInfo(&sql, " AND r.%s = $%d", read->resource->keys[i]->column, i + 1);
	return sql.data;
}

/* The values of the key; false: the resource has another key by now. */
static bool
ReadKeys(FileReading *read, const MediaRef *ref)
{
	CursorText *keys = palloc0(sizeof(CursorText));

	if (ref->key_length > sizeof(keys->bytes))
		return false;
	memcpy(keys->bytes, ref->key, ref->key_length);
	keys->length = ref->key_length;
	read->keys = makeParamList(read->resource->nkeys);
	for (int i = 0; i < read->resource->nkeys; i++)
	{
		const ResourceField *field = read->resource->keys[i];
		CursorValue value;

		if (!CursorReadKey(field, keys, &value) || value.isnull)
			return false;
		read->types[i] = CursorType(field);
		read->keys->params[i].value = value.value;
		read->keys->params[i].isnull = false;
		read->keys->params[i].pflags = PARAM_FLAG_CONST;
		read->keys->params[i].ptype = read->types[i];
	}
	return cursor_ended(keys);
}

/* "resource/field/key": what the audit log calls it. */
static char *
ObjectName(const FileReading *read, const MediaRef *ref)
{
	StringInfoData name;

	initStringInfo(&name);
	appendStringInfo(&name, "%s/%s", ref->resource, ref->field);
	for (int i = 0; i < read->resource->nkeys; i++)
		appendStringInfo(&name, "/%s",
						 KeyText(read->resource->keys[i], read->types[i], read->keys->params[i].value));
	return name.data;
}

/* As the publisher. */
static void
ReadRow(void *argument)
{
	FileReading *read = argument;
	MemoryContext context = CurrentMemoryContext; /* not SPI's, which ends before the slice is used */
	SPIPlanPtr plan = ResourcePlan(read->resource, read->sql, read->resource->nkeys, read->types, 0);
	SPIExecuteOptions options = {.params = read->keys, .tcount = 1};
	int result = SPI_execute_plan_extended(plan, &options);
	bool isnull;
	Datum bytes;

	SpiRan();
	if (result != SPI_OK_SELECT)
		elog(ERROR, "\"%s\" returned %s", read->sql, SPI_result_code_string(result));
	if (getBaseType(SPI_gettypeid(SPI_tuptable->tupdesc, 1)) != BYTEAOID ||
		SPI_gettypeid(SPI_tuptable->tupdesc, 2) != TEXTOID ||
		SPI_gettypeid(SPI_tuptable->tupdesc, 3) != TEXTOID)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
				 saymsg("resource \"%s{resource}\" has columns of other types", read->resource->code)));
	if (SPI_processed == 0)
		return;
	bytes = SpiDatum(0, 1, &isnull);
	MemoryContextSwitchTo(context);
	/* there are no small pictures of files */
	if (!isnull && !read->medium->thumbnail)
		CutMedium(read->medium, bytes, SpiIsNull(0, 2) ? read->field->file_type : SpiText(0, 2),
				  SpiText(0, 3), false);
}

/* The resource as it is now: served, a file in that field, within the level? */
static CbdStatus
JudgeFile(FileReading *read, const Caller *caller, OpenedMedia *opened)
{
	Resource *resource = read->resource;

	opened->detail = "the level of the resource or of the field is above the application's";
	if (resource->level > caller->level)
		return CBD_INVALID_CREDENTIALS;
	read->field = ResourceFieldByName(resource, opened->ref.field, strlen(opened->ref.field));
	if (read->field != NULL && read->field->level > caller->level)
		return CBD_INVALID_CREDENTIALS;
	opened->detail = "the resource has no such file any more";
	if (read->field == NULL || read->field->kind != FIELD_FILE || PastSunset(resource) ||
		!ReadKeys(read, &opened->ref))
		return CBD_NO_SUCH_MEDIUM;
	opened->detail = NULL;
	return CBD_OK;
}

/* MediaSource.read for files of published resources. */
static CbdStatus
ReadResourceFile(const Caller *caller, OpenedMedia *opened, Medium *medium)
{
	MemoryContext context = CurrentMemoryContext;
	FileReading read = {.medium = medium};
	char *reason;

	medium->object = psprintf("%s/%s", opened->ref.resource, opened->ref.field);
	medium->name = opened->ref.field;
	SpiBegin();
	read.resource = ResourceFind(opened->ref.resource, false, &read.status, &reason);
	MemoryContextSwitchTo(context);
	if (read.resource == NULL)
	{
		opened->detail = pstrdup(SaidOf(false, reason));
		SpiEnd();
		return read.status == CBD_NO_SUCH_RESOURCE ? CBD_NO_SUCH_MEDIUM : read.status;
	}
	PG_TRY();
	{
		read.resource->details = false;
		read.status = JudgeFile(&read, caller, opened);
		if (read.status == CBD_OK)
		{
			medium->object = ObjectName(&read, &opened->ref);
			read.sql = FileQuery(&read);
			RunAsPublisher(read.resource, 0, ReadRow, &read);
			MemoryContextSwitchTo(context);
			read.status = medium->found ? CBD_OK : CBD_NO_SUCH_MEDIUM;
		}
	}
	PG_FINALLY();
	{
		ResourceRelease(read.resource);
	}
	PG_END_TRY();
	SpiEnd();
	return read.status;
}

const MediaSource resource_file_source = {NULL, NULL, ReadResourceFile};
