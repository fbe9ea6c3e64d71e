/*
 * Endpoint: GET and POST /data/{resource} (clauses 5.3, 5.4).
 *
 *   CallAuthorise(): grant on the resource --> FindServed(): published, not past its sunset, level
 *      --> PageGuarded(): parameters, statement, rows, in a subtransaction --> AnswerPage(): frame
 *
 * The subtransaction is there for the audit: what the relation or the budget does to a request becomes an
 * answer whose row commits, not an error that takes it back. More pages than one: `link` names the next
 * cursor, and for a download `more` is the right to go on (access/page_token.h).
 */
#include "postgres.h"

#include "access/operator.h"
#include "utils/memutils.h"

#include "access/endpoint.h"
#include "access/page_token.h"
#include "core/disposition.h"
#include "core/guarded.h"
#include "core/spi.h"
#include "data/query.h"

/* The status of an error of class UD; CBD_OK: of another class. */
static CbdStatus
StatusOfError(int sqlerrcode)
{
	const char *state = unpack_sql_state(sqlerrcode);
	int number = 0;

	if (state[0] != 'U' || state[1] != 'D')
		return CBD_OK;
	for (int i = 2; i < 5; i++)
		number = number * 36 + (state[i] >= 'A' ? state[i] - 'A' + 10 : state[i] - '0');
	return (CbdStatus) (40000 + number);
}

/* A page that is being made. */
typedef struct PageWork
{
	DataQuery *query;
	int n;
	char **names, **values;
	bool done;
} PageWork;

/* GuardedWork */
static bool
MakePage(void *state)
{
	PageWork *work = state;

	work->done = QueryPage(work->query, work->n, work->names, work->values);
	return true;
}

/* GuardedPasses: an error that is no answer. */
static bool
PagePasses(const ErrorData *error, void *state)
{
	PageWork *work = state;

	if (StatusOfError(error->sqlerrcode) != CBD_OK)
		return false;
	ResourceRelease(work->query->resource);
	return true;
}

/*
 * Runs the request in a subtransaction, so that a failure of the relation or of the budget becomes an answer
 * whose audit row commits. Not CBD_OK: the errors are in `errors`.
 */
static CbdStatus
PageGuarded(DataQuery *query, int n, char **names, char **values, ErrorList *errors)
{
	PageWork work = {query, n, names, values, true};
	ErrorData *error;
	CbdStatus status;

	if (RunGuarded(MakePage, &work, PagePasses, &error) != GUARDED_FAILED)
	{
		if (work.done)
			return CBD_OK;
		*errors = query->errors;
		return ErrorsParameterStatus(&query->errors);
	}
	status = StatusOfError(error->sqlerrcode);
	if (status >= CBD_INTERNAL_ERROR || error->detail_log != NULL)
		ereport(LOG, (errmsg("%s", error->message),
					  error->detail_log != NULL ? errdetail_log("%s", error->detail_log) : 0));
	/* the relation's own words are for the server's log; the detail is ours */
	if (status == CBD_RESOURCE_BROKEN)
		ErrorSay(errors, "", status, error->detail != NULL ? error->detail : SaidStatus(status));
	else
		ErrorSay(errors, "", status,
				 error->hint == NULL ? error->message
									 : Said("%s{message}. %s{hint}", error->message, error->hint));
	return status;
}

/* Media type of the text; NULL: JSON for the envelope. */
static const char *
ContentType(const DataQuery *query)
{
	switch (query->format)
	{
		case OUTPUT_CSV: /* RFC 4180: the pages of one download join to one file, whose first has the header
						  */
			return query->has_cursor ? "text/csv; header=absent" : "text/csv; header=present";
		case OUTPUT_GEOJSON:
			return "application/geo+json";
		case OUTPUT_NDJSON:
			return "application/x-ndjson";
		default:
			return NULL;
	}
}

/* The system of the places of a page, as OGC API Features names it (part 2, 7.1); NULL: degrees. */
static const char *
ContentCrs(const DataQuery *query)
{
	if (query->resource->geometry == NULL || query->crs.kind == OUTPUT_LONLAT)
		return NULL;
	if (query->crs.kind == OUTPUT_EPSG)
		return psprintf("<http://www.opengis.net/def/crs/EPSG/0/%d>", query->crs.epsg);
	return query->crs.kind == OUTPUT_GCJ02 ? "<urn:x-citybigdata:crs:GCJ02>" : "<urn:x-citybigdata:crs:BD09>";
}

/* The name of a downloaded file: the code, or in Chinese the title. */
static char *
FileName(const DataQuery *query)
{
	const Resource *resource = query->resource;

	return Disposition(psprintf("%s.%s", query->chinese ? resource->title_zh : resource->code,
								query->format == OUTPUT_CSV       ? "csv"
								: query->format == OUTPUT_GEOJSON ? "geojson"
																  : "ndjson"),
					   false);
}

/* The page, or that the client has it. The entity tag is weak: the envelope names the request, so that no two
 * replies are the same bytes. */
static Datum
AnswerPage(Call *call, const DataQuery *query)
{
	Frame *frame = &call->frame;

	if (query->entity_tag != NULL)
		frame->etag = FrameText(psprintf("W/\"%s\"", query->entity_tag));
	if (query->unchanged)
	{
		frame->http = 304;
		return AnswerRead(call, NULL);
	}
	if (query->next_cursor != NULL)
		frame->link = FrameText(psprintf("cursor=%s", query->next_cursor));
	/* the rows of a download come as one reply, whose bridge asks for page after page */
	if ((query->format == OUTPUT_NDJSON || query->download) && query->next_cursor != NULL)
		frame->more = FrameText(PageTokenMake(&call->context, &call->caller, call->object));
	frame->content_type = FrameText(ContentType(query));
	if (query->download && !query->continued)
		frame->content_disposition = FrameText(FileName(query));
	frame->content_crs = FrameText(ContentCrs(query));
	frame->body = (Span){query->out.data, query->out.len};
	return AnswerRead(call, NULL);
}

/* The resource that the caller asks for; NULL with the status of the refusal. SPI is connected. */
static Resource *
FindServed(Call *call, const char *code, CbdStatus *status)
{
	MemoryContext context = CurrentMemoryContext;
	char *reason;
	Resource *resource = ResourceFind(code, false, status, &reason);

	MemoryContextSwitchTo(context);
	if (resource == NULL)
	{
		if (*status != CBD_NO_SUCH_RESOURCE)
			ereport(LOG, (errmsg("resource \"%s\" cannot be read: %s", code, SaidOf(false, reason))));
		if (*status == CBD_UNAVAILABLE)
			call->retry_after = 1;
		return NULL;
	}
	if (!PastSunset(resource) && resource->level <= call->caller.level)
		return resource;
	*status = resource->level > call->caller.level ? CBD_LEVEL_TOO_LOW : CBD_NO_SUCH_RESOURCE;
	ResourceRelease(resource);
	return NULL;
}

/*
 * The grant `cases` of the operators' client stands for the cases that an operator's posts reach: as a
 * published resource it is for those whom a post gives every case. So are the resources of their steps and
 * facts, when the client is granted them.
 */
static bool
ReadsWhole(const Caller *caller, const char *code)
{
	bool of_cases =
		strcmp(code, "cases") == 0 || strcmp(code, "case-steps") == 0 || strcmp(code, "case-facts") == 0;

	return !caller->operator_ || !of_cases || PostsReachAll(caller->posts, caller->post_count);
}

/*
 * rest_data_query(context, resource, names, vals, if_none_match): one page (clauses 5.3, 5.4). Parameters in
 * the order and as often as they were given. 404 unknown resource, 403 not granted or level too low, 400
 * errors with pointers, 503 (50304) the relation changed, 504 beyond the latency budget.
 */
static Datum
DataQueryCall(Call *call)
{
	ARGUMENTS(ARG_RESOURCE, ARG_NAMES, ARG_VALS, ARG_IF_NONE_MATCH);
	MemoryContext context = CurrentMemoryContext;
	char *code = CallText(call, ARG_RESOURCE);
	char **names;
	char **values;
	int n, nvalues;
	Resource *resource;
	DataQuery *query;
	MediaSealer media;
	CbdStatus status;

	call->object = code;
	if (code == NULL)
		return Answer(call, CBD_NO_SUCH_RESOURCE, NULL);
	status = CallAuthorise(call, code);
	if (status == CBD_OK && !ReadsWhole(&call->caller, code))
		status = CBD_FORBIDDEN;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	names = CallTexts(call, ARG_NAMES, &n);
	values = CallTexts(call, ARG_VALS, &nvalues);
	if (n != nvalues)
		elog(ERROR, "%d names, %d values", n, nvalues);
	SpiBegin();
	MemoryContextSwitchTo(context);
	resource = FindServed(call, code, &status);
	if (resource == NULL)
	{
		SpiEnd();
		return Answer(call, status, NULL);
	}
	query = palloc(sizeof(DataQuery));
	InitQuery(query, resource, call->caller.level);
	resource->details = false;
	MediaSealerBegin(&media, &call->context, &call->caller);
	query->media = &media;
	query->if_none_match = CallText(call, ARG_IF_NONE_MATCH);
	query->streamed = true;
	query->continued = call->context.scheme == SCHEME_CONTINUED;
	status = PageGuarded(query, n, names, values, &call->errors);
	MediaSealerEnd(&media);
	ResourceRelease(resource);
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	return AnswerPage(call, query);
}

ENDPOINT(cbd_rest_data_query, "data.query", DataQueryCall);
