/*
 * Cleaning from SQL: clean_row(), clean_text(), clean_phone(), text_similarity(). See clean.h; the last three
 * are what its rules are made of, for queries of analysts.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/result_row.h"
#include "core/say.h"
#include "data/clean.h"
#include "text/clean_text.h"

/* clean_row(record jsonb, rules jsonb): (cleaned jsonb, errors jsonb); errors null = the record is good. */
PG_FUNCTION_INFO_V1(cbd_clean_row);
Datum
cbd_clean_row(PG_FUNCTION_ARGS)
{
	Jsonb *row = PG_GETARG_JSONB_P(0);
	Jsonb *rules = PG_GETARG_JSONB_P(1);
	char *errors;
	Datum values[2] = {0};
	bool nulls[2] = {false};

	if (!JB_ROOT_IS_ARRAY(rules))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("cleaning rules must be a JSON array"),
				 sayhint("For example [{\"column\": \"phone\", \"rule\": \"phone\"}].")));
	values[0] = JsonbPGetDatum(CleanRow(row, rules, &errors));
	nulls[1] = errors == NULL;
	if (!nulls[1])
		values[1] = DirectFunctionCall1(jsonb_in, CStringGetDatum(errors));
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

/* clean_text(text): full-width forms as ASCII, without blanks at both ends. */
PG_FUNCTION_INFO_V1(cbd_clean_text);
Datum
cbd_clean_text(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	char *out = palloc(VARSIZE_ANY_EXHDR(value) + 1);
	size_t length = text_half_width(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), out);
	size_t start;

	length = text_trim(out, length, &start);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out + (length == 0 ? 0 : start), length));
}

/* clean_phone(text): one form of phone number; null: it is none. */
PG_FUNCTION_INFO_V1(cbd_clean_phone);
Datum
cbd_clean_phone(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	char out[PHONE_SIZE];

	if (!text_phone(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), out))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(out));
}

/* text_similarity(text, text): 0 to 1. */
PG_FUNCTION_INFO_V1(cbd_text_similarity);
Datum
cbd_text_similarity(PG_FUNCTION_ARGS)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);

	PG_RETURN_FLOAT8(
		text_similarity(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b)));
}
