/*
 * Endpoint: GET and POST /data/{resource} (clauses 5.3, 5.4).
 *
 *   AuthoriseReading(): grant on the resource --> FindServed(): published, not past its sunset, level
 *      --> RunQueryGuarded(): parameters, statement, rows --> AnswerPage(): frame
 *
 * More pages than one: `link` names the next cursor, and for a download `more` is the right to go on
 * (access/page_token.h). The steps before the frame: served.h.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "access/endpoint.h"
#include "access/page_token.h"
#include "core/disposition.h"
#include "core/spi.h"
#include "data/served.h"

/* The parameters of a page that is being made. */
typedef struct PageParameters
{
	int n;
	char **names, **values;
} PageParameters;

/* QueryWork of a page. */
static bool
MakePage(DataQuery *query, void *state)
{
	PageParameters *page = state;

	return QueryPage(query, page->n, page->names, page->values);
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
	status = AuthoriseReading(call, code);
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
	status = RunQueryGuarded(query, MakePage, &(PageParameters){n, names, values}, &call->errors);
	MediaSealerEnd(&media);
	ResourceRelease(resource);
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	return AnswerPage(call, query);
}

ENDPOINT(cbd_rest_data_query, "data.query", DataQueryCall);
