/*
 * Codes in filters: a field that has a code table is asked for codes of it. A code that the table does not
 * have would find nothing, and nobody would see that it was a mistake, so it is refused with those that are
 * valid. An empty or missing table takes every value. Rows whose value is in no table are found by the other
 * operators (ne, like, ge ...).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/field.h"
#include "core/spi.h"
#include "data/query.h"
#include "place/division.h"

/* $1 code table, $2 codes: the first that it has not, and those that it has, for a message. */
static SpiQuery find_strange = {
	"SELECT v.code, (SELECT string_agg(c.code || ' ' || c.name, ', ' ORDER BY c.sort, c.code) FROM (SELECT "
	"r.code, r.name, r.sort FROM citybigdata.code_table_row r WHERE r.table_name = $1 ORDER BY r.sort, "
	"r.code "
	"LIMIT 20) c) FROM unnest($2) WITH ORDINALITY v (code, place) WHERE EXISTS (SELECT FROM "
	"citybigdata.code_table_row r WHERE r.table_name = $1) AND NOT EXISTS (SELECT FROM "
	"citybigdata.code_table_row r WHERE r.table_name = $1 AND r.code = v.code) ORDER BY v.place LIMIT 1",
	2,
	{TEXTOID, TEXTARRAYOID}};

/* Is it a division, or below a district that is one? Not all streets of the country are loaded. */
static bool
IsDivision(const char *code)
{
	Division division;
	size_t length = strlen(code);

	if (strspn(code, "0123456789") != length || (length != 6 && length != 9 && length != 12))
		return false;
	return DivisionFind(code, &division) || DivisionFind(pnstrdup(code, 6), &division);
}

/* The values as the table's codes are written: the request's texts, but whole numbers in their only form and
 * char(n) without the blanks that fill it up. */
static char **
CodeTexts(DataQuery *query, const QueryParam *param, const ResourceField *field, const Datum *values)
{
	int n;
	char **codes = ReadItems(query, param, LIST_ITEMS, &n);

	for (int i = 0; codes != NULL && i < n; i++)
	{
		if (field->kind == FIELD_INT2)
			codes[i] = psprintf("%d", DatumGetInt16(values[i]));
		else if (field->kind == FIELD_INT4)
			codes[i] = psprintf("%d", DatumGetInt32(values[i]));
		else if (field->kind == FIELD_INT8)
			codes[i] = psprintf(INT64_FORMAT, DatumGetInt64(values[i]));
		for (size_t length = strlen(codes[i]);
			 field->kind == FIELD_BPCHAR && length > 0 && codes[i][length - 1] == ' '; length--)
			codes[i][length - 1] = '\0';
	}
	return codes;
}

bool
CheckCodes(DataQuery *query, const QueryParam *param, const ResourceField *field, const Datum *values, int n)
{
	char **codes;
	Datum arguments[2];

	if (field->code_table == NULL)
		return true;
	codes = CodeTexts(query, param, field, values);
	if (codes == NULL)
		return false;
	if (strcmp(field->code_table, "divisions") == 0)
	{
		for (int i = 0; i < n; i++)
			if (!IsDivision(codes[i]))
			{
				QueryError(
					query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					"unknown division code \"%.64s{code}\"; valid: a GB/T 2260 code such as %s{field}=110101",
					codes[i], field->name);
				return false;
			}
		return true;
	}
	arguments[0] = CStringGetTextDatum(field->code_table);
	arguments[1] = TextArrayDatum(codes, n);
	if (SpiRead(&find_strange, arguments, NULL, 1) > 0)
	{
		char *strange = SpiText(0, 1);
		char *valid = SpiText(0, 2);

		MemoryContextSwitchTo(query->context);
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "code table %s{table} has no code \"%.64s{code}\"; valid: %s{codes}", field->code_table,
				   strange, valid);
		return false;
	}
	MemoryContextSwitchTo(query->context);
	return true;
}
