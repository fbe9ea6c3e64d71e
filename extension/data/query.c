/*
 * A query as an object: what it begins with, and its page; see query.h. The endpoint (query_rest.c) and
 * query() (query_sql.c) go through here alike.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/say.h"
#include "data/query.h"

void
InitQuery(DataQuery *query, Resource *resource, int level)
{
	memset(query, 0, offsetof(DataQuery, args));
	query->context = CurrentMemoryContext;
	query->resource = resource;
	query->level = level;
	query->has_cursor = false;
	query->by_time = false;
	query->position = 0;
	query->overfull = false;
	query->norder = 0;
	query->page_size = PAGE_DEFAULT;
	query->count = COUNT_NONE;
	query->expand_codes = false;
	query->spreadsheet = false;
	query->titles = false;
	query->chinese = false;
	query->exact_texts = false;
	query->streamed = false;
	query->download = false;
	query->continued = false;
	query->unix_time = false;
	query->rfc_time = false;
	query->bare = false;
	query->crs = (RequestCrs){OUTPUT_LONLAT, 4490, false};
	query->format = OUTPUT_JSON;
	query->ncolumns = 0;
	query->rows = 0;
	query->more = false;
	query->total = -1;
	query->next_cursor = NULL;
	query->media = NULL;
	query->if_none_match = NULL;
	query->entity_tag = NULL;
	query->unchanged = false;
	ErrorsBegin(&query->errors);
	initStringInfo(&query->canonical);
	initStringInfo(&query->whole);
	initStringInfo(&query->where);
	initStringInfo(&query->arguments);
	initStringInfo(&query->out);
	initStringInfo(&query->last_key);
	appendStringInfo(&query->canonical, "%s/%d;", resource->code, resource->version);
	query->selected = palloc(sizeof(bool) * Max(resource->nfields, 1));
	memset(query->selected, true, resource->nfields * sizeof(bool));
}

bool
PastSunset(const Resource *resource)
{
	Datum now = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	Datum local;

	if (!resource->has_sunset)
		return false;
	local = DirectFunctionCall2(timestamptz_zone, CStringGetTextDatum(guc_time_zone), now);
	return DatumGetDateADT(DirectFunctionCall1(timestamp_date, local)) >= resource->sunset;
}

bool
QueryPage(DataQuery *query, int n, char **names, char **values)
{
	ReadParameters(query, n, names, values);
	if (query->errors.count > 0)
		return false;
	if (query->format == OUTPUT_GEOJSON)
		query->selected[query->resource->geometry - query->resource->fields] = true;
	RunQuery(query);
	return true;
}

/* A resource just published: can it be loaded, are the defaults of its parameters valid? Raises what is
 * wrong. */
void
CheckPublished(const char *code)
{
	MemoryContext context = CurrentMemoryContext;
	DataQuery *query = palloc(sizeof(DataQuery));
	CbdStatus status;
	char *reason;
	Resource *resource = ResourceFind(code, true, &status, &reason);

	if (resource == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
						saymsg("resource \"%s{resource}\" cannot be served: %s{why*}", code, reason)));
	PG_TRY();
	{
		MemoryContextSwitchTo(context);
		InitQuery(query, resource, resource->level);
		ReadDefaults(query);
		if (query->errors.count > 0 && ErrorsParameterStatus(&query->errors) != CBD_MISSING_PARAMETER)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							saymsg("the default of a parameter is not valid"),
							errdetail_internal("%s", ErrorsJson(&query->errors, false)),
							sayhint("{\"parameters\": [{\"name\": \"minPower\", \"column\": \"power\", "
									"\"operator\": \"ge\", \"default\": \"100\"}]}")));
	}
	PG_FINALLY();
	{
		ResourceRelease(resource);
	}
	PG_END_TRY();
}
