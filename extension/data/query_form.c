/*
 * The parameters that decide the form of a reply and not its rows: format, headings, language, times, codes,
 * numbers, downloads, counts. They are read one by one, in any order; what does not go together CheckForm()
 * finds when all are read. Errors are collected in the query.
 */
#include "postgres.h"

#include "text/param_parse.h"
#include "data/query.h"
#include "text/span.h"

/* Is the parameter's only value this word? */
bool
ParamValueIs(const QueryParam *param, const char *word)
{
	return SpanIs((Span){param->values[0], param->lengths[0]}, word);
}

/* count: whether, and how exactly, the reply says how many there are. */
void
ReadCount(DataQuery *query, const QueryParam *param)
{
	if (ParamValueIs(param, "none"))
		query->count = COUNT_NONE;
	else if (ParamValueIs(param, "estimate"))
		query->count = COUNT_ESTIMATE;
	else if (ParamValueIs(param, "exact"))
		query->count = COUNT_EXACT;
	else
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "none, estimate or exact; for example count=estimate");
}

/* expandCodes: names beside codes. */
void
ReadExpandCodes(DataQuery *query, const QueryParam *param)
{
	if (!boolean_parse(param->values[0], param->lengths[0], &query->expand_codes))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "true or false; for example expandCodes=true");
}

/* bom: what is no truth value the bridge has refused. */
void
ReadBom(DataQuery *query, const QueryParam *param)
{
	query->spreadsheet = ParamValueIs(param, "true") || ParamValueIs(param, "1");
}

/* timeFormat: 14 digits in the platform's zone, or Unix seconds. */
void
ReadTimeFormat(DataQuery *query, const QueryParam *param)
{
	query->unix_time = ParamValueIs(param, "unix");
	if (!query->unix_time && !ParamValueIs(param, "calendar") && !ParamValueIs(param, "yyyyMMddHHmmss"))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "unix or yyyyMMddHHmmss; for example timeFormat=unix");
}

/* format; what the resource cannot be shown in is an error. */
void
ReadFormat(DataQuery *query, const QueryParam *param)
{
	if (ParamValueIs(param, "json") || ParamValueIs(param, "xml"))
		query->format = OUTPUT_JSON; /* XML is made of it by the bridge */
	else if (ParamValueIs(param, "csv"))
		query->format = OUTPUT_CSV;
	else if (ParamValueIs(param, "ndjson"))
		query->format = OUTPUT_NDJSON;
	else if (ParamValueIs(param, "geojson") && query->resource->geometry != NULL)
		query->format = OUTPUT_GEOJSON;
	else if (ParamValueIs(param, "geojson"))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "this resource has no place; valid: format=json");
	else
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "json, xml, csv, geojson or ndjson; for example format=json");
}

/* headings: what stands over the columns of CSV and names the properties of GeoJSON. */
void
ReadHeadings(DataQuery *query, const QueryParam *param)
{
	query->titles = ParamValueIs(param, "title");
	if (!query->titles && !ParamValueIs(param, "name"))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "name or title; for example headings=title&lang=zh");
}

/* lang: of titles; a request over HTTPS without it has the language of Accept-Language. */
void
ReadLanguage(DataQuery *query, const QueryParam *param)
{
	query->chinese = ParamValueIs(param, "zh") || ParamValueIs(param, "zh-CN");
	if (!query->chinese && !ParamValueIs(param, "en"))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "en or zh; for example lang=zh");
}

/* bigint: bigint and numeric values as JSON numbers, or as texts for readers whose numbers are doubles. */
void
ReadBigint(DataQuery *query, const QueryParam *param)
{
	query->exact_texts = ParamValueIs(param, "text");
	if (!query->exact_texts && !ParamValueIs(param, "number"))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "number or text; for example bigint=text");
}

/* download: all rows in one reply. */
void
ReadDownload(DataQuery *query, const QueryParam *param)
{
	if (!boolean_parse(param->values[0], param->lengths[0], &query->download))
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "true or false; for example format=csv&download=true");
	else if (query->download && !query->streamed)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "a download is for HTTPS; from SQL follow nextCursor, or read the relation itself");
}

void
CheckForm(DataQuery *query)
{
	if (query->titles && query->format != OUTPUT_CSV && query->format != OUTPUT_GEOJSON)
		QueryError(query, "headings", 8, CBD_INVALID_PARAMETER,
				   "titles are for csv and geojson; for example format=csv&headings=title");
	if (query->download && query->format == OUTPUT_JSON)
		QueryError(query, "download", 8, CBD_INVALID_PARAMETER,
				   "a download is csv, geojson or ndjson; for example format=csv&download=true");
}
