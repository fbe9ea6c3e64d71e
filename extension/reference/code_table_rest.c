/*
 * Endpoints: GET /code-tables and /code-tables/{name} (clause 5.4.4-c). The bridge makes CSV and lines of the
 * same JSON, and the entity tag of what it sends.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/endpoint.h"
#include "core/spi.h"

/* The tables, with how many codes each has. */
static SpiQuery tables_query = {
	"SELECT t.name, t.title, t.title_zh, t.version, "
	"(SELECT pg_catalog.count(*) FROM citybigdata.code_table_row r WHERE r.table_name = t.name) "
	"FROM citybigdata.code_table t ORDER BY t.name",
	0,
	{0}};
/* $1 table: itself. */
static SpiQuery table_query = {
	"SELECT t.name, t.title, t.title_zh, t.version FROM citybigdata.code_table t WHERE t.name = $1",
	1,
	{TEXTOID}};
/* $1 table: its codes, in their order for people. */
static SpiQuery rows_query = {
	"SELECT r.code, r.name, r.parent_code, r.name_en FROM citybigdata.code_table_row r WHERE "
	"r.table_name = $1 ORDER BY r.sort, r.code",
	1,
	{TEXTOID}};

/* The members that both endpoints have, from row `row` of the last result. */
static void
AppendTableMembers(StringInfo out, uint64 row)
{
	JsonField(out, "name", SpiText(row, 1));
	JsonField(out, "title", SpiText(row, 2));
	JsonField(out, "titleZh", SpiText(row, 3));
	JsonField(out, "version", SpiText(row, 4));
}

/* rest_code_tables(context): {items: [{name, title, titleZh, version, count}]} */
static Datum
CodeTables(Call *call)
{
	StringInfoData out;
	uint64 count;
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"items\":[");
	SpiBegin();
	count = SpiRead(&tables_query, NULL, NULL, 0);
	for (uint64 i = 0; i < count; i++)
	{
		appendStringInfoString(&out, i == 0 ? "{" : ",{");
		AppendTableMembers(&out, i);
		appendStringInfo(&out, ",\"count\":" INT64_FORMAT "}", SpiInt64(i, 5));
	}
	SpiEnd();
	appendStringInfoString(&out, "]}");
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_code_tables, "code-table.list", CodeTables);

/* One table with its codes; NULL when there is none of that name. */
static char *
CodeTableJson(const char *name)
{
	Datum value[] = {CStringGetTextDatum(name)};
	StringInfoData out;
	uint64 count;

	initStringInfo(&out);
	SpiBegin();
	if (SpiRead(&table_query, value, NULL, 1) == 0)
	{
		SpiEnd();
		return NULL;
	}
	appendStringInfoChar(&out, '{');
	AppendTableMembers(&out, 0);
	appendStringInfoString(&out, ",\"items\":[");
	count = SpiRead(&rows_query, value, NULL, 0);
	for (uint64 i = 0; i < count; i++)
	{
		appendStringInfoString(&out, i == 0 ? "{" : ",{");
		JsonField(&out, "code", SpiText(i, 1));
		JsonField(&out, "name", SpiText(i, 2));
		if (!SpiIsNull(i, 4))
			JsonField(&out, "nameEn", SpiText(i, 4));
		JsonField(&out, "parentCode", SpiText(i, 3));
		appendStringInfoChar(&out, '}');
	}
	SpiEnd();
	appendStringInfoString(&out, "]}");
	return out.data;
}

/* rest_code_table(context, name): {name, title, titleZh, version, items: [{code, name, nameEn, parentCode}]};
 * nameEn where there is one */
static Datum
CodeTable(Call *call)
{
	ARGUMENTS(ARG_NAME);
	char *name = CallText(call, ARG_NAME);
	char *data;
	CbdStatus status = CallAuthorise(call, NULL);

	call->object = name;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	data = name == NULL ? NULL : CodeTableJson(name);
	return data == NULL ? Answer(call, CBD_NO_SUCH_CODE_TABLE, NULL) : AnswerRead(call, data);
}

ENDPOINT(cbd_rest_code_table, "code-table.get", CodeTable);
