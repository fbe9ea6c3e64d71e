/*
 * Endpoints of OGC API Features: each answers a whole document; see ogc.h.
 *
 *   AuthoriseReading(), FindServed()  as GET /data/{resource}: 401, 403, 404, 503 and its limit
 *     --> RunQueryGuarded(): parameters, features in the resource's budget --> document with links --> frame
 *
 * A list of collections judges the caller for each: only what he may read is in it, at the level that he has
 * on it. `f`, HTML and exceptions are the bridge's.
 */
#include "postgres.h"

#include "access/judge.h"
#include "catalog/pg_type.h"
#include "core/json_write.h"
#include "core/say.h"
#include "core/spi.h"
#include "data/served.h"
#include "ogc/ogc.h"
#include "utils/builtins.h"

/* Codes of what could be a collection, in the order of the catalogue. */
static SpiQuery list_codes = {
	"SELECT v.resource_code FROM citybigdata.resource_version v WHERE v.state = 'current' "
	"AND v.geometry_column IS NOT NULL ORDER BY v.resource_code",
	0};
/* $1 code, $2 Chinese? title and description. */
static SpiQuery find_words = {
	"SELECT CASE WHEN $2 THEN v.title_zh ELSE v.title END, CASE WHEN $2 THEN v.description_zh ELSE "
	"v.description END "
	"FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.state = 'current'",
	2,
	{TEXTOID, BOOLOID}};

/* The words of a collection; what is empty is its code. SPI is connected. */
static OgcWords
FindWords(const DataQuery *query)
{
	MemoryContext context = CurrentMemoryContext;
	Datum values[2] = {CStringGetTextDatum(query->resource->code), BoolGetDatum(query->chinese)};
	OgcWords words = {0};

	if (SpiRead(&find_words, values, NULL, 1) == 1)
		words = (OgcWords){SpiText(0, 1), SpiText(0, 2)};
	MemoryContextSwitchTo(context);
	words.title = words.title == NULL || words.title[0] == '\0' ? query->resource->code : words.title;
	words.description = words.description == NULL ? "" : words.description;
	return words;
}

/* A query of a caller of a collection. */
static DataQuery *
NewQuery(Resource *resource, int level)
{
	DataQuery *query = palloc(sizeof(DataQuery));

	InitQuery(query, resource, level);
	resource->details = false;
	query->chinese = SayChinese();
	return query;
}

/* The names and values of a request at two arguments; n: how many. */
static void
TakeParameters(const Call *call, int base, int names, int values, OgcRequest *request)
{
	int n;

	request->base = CallGiven(call, base) ? CallText(call, base) : "";
	request->names = CallTexts(call, names, &request->n);
	request->values = CallTexts(call, values, &n);
	if (n != request->n)
		elog(ERROR, "%d names, %d values", request->n, n);
}

/* Refuses all parameters of a document that takes none; false: there are some. */
static bool
TakesNone(Call *call, const OgcRequest *request)
{
	for (int i = 0; i < request->n; i++)
		ErrorAdd(&call->errors, psprintf("/%s", request->names[i]), CBD_UNKNOWN_PARAMETER,
				 MESSAGE("unknown parameter; valid here: f"));
	return request->n == 0;
}

/* The collection that is asked for; NULL with the status of the refusal. SPI is connected. */
static Resource *
FindCollection(Call *call, const char *code, CbdStatus *status)
{
	Resource *resource = FindServed(call, code, status);

	if (resource == NULL || resource->geometry != NULL)
		return resource;
	ResourceRelease(resource);
	*status = CBD_NO_SUCH_RESOURCE;
	return NULL;
}

/* What a list says of one collection. */
typedef void (*CollectionWriter)(StringInfo out, DataQuery *query, const char *base, const OgcWords *words);

/* One collection of a list, where the caller may read it; its own errors leave it out. */
static void
AddCollection(Call *call, StringInfo out, const char *code, const char *base, CollectionWriter write)
{
	const Caller caller = call->caller;
	Resource *resource = NULL;
	CbdStatus status;

	/* a list counts towards no limit; administrators read no data */
	if (!caller.administrator && ReadsWhole(&caller, code) &&
		AuthoriseApplication(&call->context, caller.app_id, &caller.origin, code, &call->caller) == CBD_OK)
		resource = FindCollection(call, code, &status);
	if (resource != NULL)
	{
		DataQuery *query = NewQuery(resource, call->caller.level);
		OgcWords words = FindWords(query);

		if (out->data[out->len - 1] == '}')
			appendStringInfoChar(out, ',');
		write(out, query, base, &words);
		ResourceRelease(resource);
	}
	call->caller = caller;
	call->retry_after = 0;
}

/* The member `collections`: all that the caller may read. */
static void
AddCollections(Call *call, StringInfo out, const char *base, CollectionWriter write)
{
	MemoryContext context = CurrentMemoryContext;
	char **codes;
	uint64 n;

	appendStringInfoString(out, "\"collections\":[");
	SpiBegin();
	n = SpiRead(&list_codes, NULL, NULL, 0);
	MemoryContextSwitchTo(context);
	codes = palloc(sizeof(char *) * Max(n, 1));
	for (uint64 i = 0; i < n; i++)
		codes[i] = SpiText(i, 1);
	for (uint64 i = 0; i < n; i++)
	{
		MemoryContextSwitchTo(context);
		AddCollection(call, out, codes[i], base, write);
	}
	SpiEnd();
	MemoryContextSwitchTo(context);
	appendStringInfoChar(out, ']');
}

/*
 * rest_ogc_collections(context, base, names, vals): {links, collections} of what the caller may read.
 */
static Datum
Collections(Call *call)
{
	ARGUMENTS(ARG_BASE, ARG_NAMES, ARG_VALS);
	OgcRequest request;
	StringInfoData out;
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	TakeParameters(call, ARG_BASE, ARG_NAMES, ARG_VALS, &request);
	if (!TakesNone(call, &request))
		return Answer(call, ErrorsParameterStatus(&call->errors), ErrorsData(&call->errors));
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"links\":[");
	AddLink(&out, psprintf("%s/collections?f=json", request.base), "self", "application/json",
			Said("Collections"));
	AddLink(&out, psprintf("%s/collections?f=html", request.base), "alternate", "text/html",
			Said("Collections"));
	appendStringInfoString(&out, "],");
	AddCollections(call, &out, request.base, WriteCollection);
	appendStringInfoChar(&out, '}');
	call->frame.content_type = FrameText("application/json");
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_ogc_collections, "ogc.collections", Collections);

/* rest_ogc_api(context, base): what the bridge describes the interface with: {collections}, each with id,
 * title and queryables, of what the caller may read. */
static Datum
Api(Call *call)
{
	ARGUMENTS(ARG_BASE);
	StringInfoData out;
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	AddCollections(call, &out, CallGiven(call, ARG_BASE) ? CallText(call, ARG_BASE) : "", WriteApiCollection);
	appendStringInfoChar(&out, '}');
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_ogc_api, "ogc.api", Api);

/* rest_ogc_open(context): is the caller still one? For the documents below a sealed base that tell nothing of
 * the data. */
static Datum
Open(Call *call)
{
	CbdStatus status = CallAuthorise(call, NULL);

	return status == CBD_OK ? AnswerRead(call, NULL) : Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_ogc_open, "ogc.open", Open);

/* A document about one collection: its own, or that of its queryables. */
static Datum
Described(Call *call, bool queryables)
{
	ARGUMENTS(ARG_COLLECTION, ARG_BASE, ARG_NAMES, ARG_VALS);
	MemoryContext context = CurrentMemoryContext;
	char *code = CallText(call, ARG_COLLECTION);
	OgcRequest request;
	StringInfoData out;
	Resource *resource;
	DataQuery *query;
	OgcWords words;
	CbdStatus status;

	call->object = code;
	status = code == NULL ? CBD_NO_SUCH_RESOURCE : AuthoriseReading(call, code);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	TakeParameters(call, ARG_BASE, ARG_NAMES, ARG_VALS, &request);
	if (!TakesNone(call, &request))
		return Answer(call, ErrorsParameterStatus(&call->errors), ErrorsData(&call->errors));
	SpiBegin();
	MemoryContextSwitchTo(context);
	resource = FindCollection(call, code, &status);
	if (resource == NULL)
	{
		SpiEnd();
		return Answer(call, status, NULL);
	}
	query = NewQuery(resource, call->caller.level);
	words = FindWords(query);
	initStringInfo(&out);
	if (queryables)
		WriteQueryables(&out, query, request.base, words.title);
	else
		WriteCollection(&out, query, request.base, &words);
	ResourceRelease(resource);
	SpiEnd();
	MemoryContextSwitchTo(context);
	call->frame.content_type = FrameText(queryables ? "application/schema+json" : "application/json");
	return AnswerRead(call, out.data);
}

/* rest_ogc_collection(context, collection, base, names, vals): one collection. */
static Datum
Collection(Call *call)
{
	return Described(call, false);
}

ENDPOINT(cbd_rest_ogc_collection, "ogc.collection", Collection);

/* rest_ogc_queryables(context, collection, base, names, vals): JSON Schema of what may be asked by. */
static Datum
Queryables(Call *call)
{
	return Described(call, true);
}

ENDPOINT(cbd_rest_ogc_queryables, "ogc.queryables", Queryables);

/* Features that are being made; `fid`: of one alone, NULL: of a page. */
typedef struct Features
{
	const OgcRequest *request;
	const char *fid;
	bool found;
} Features;

/* QueryWork: the document of a page, or of one feature. */
static bool
MakeFeatures(DataQuery *query, void *state)
{
	Features *features = state;

	ReadOgcParameters(query, features->request, features->fid != NULL);
	features->found = features->fid == NULL || AddFeatureId(query, features->fid);
	if (query->errors.count > 0)
		return false;
	if (!features->found)
		return true;
	query->format = OUTPUT_GEOJSON;
	query->bare = true;
	query->rfc_time = true;
	if (features->fid == NULL)
	{
		query->count = query->has_cursor ? COUNT_NONE : COUNT_CHEAP;
		appendStringInfoString(&query->out, "{\"type\":\"FeatureCollection\",\"features\":[");
	}
	else
		query->page_size = 1;
	RunQuery(query);
	if (query->unchanged)
		return true;
	if (features->fid == NULL)
		WritePageEnd(query, features->request);
	else if (query->rows > 0)
		WriteFeatureEnd(query, features->request, features->fid);
	else
		features->found = false;
	return true;
}

/* The frame of features, or that the client has them. The tag is weak: timeStamp is of each reply. */
static Datum
AnswerFeatures(Call *call, const DataQuery *query)
{
	Frame *frame = &call->frame;

	if (query->entity_tag != NULL)
		frame->etag = FrameText(psprintf("W/\"%s\"", query->entity_tag));
	frame->content_crs = FrameText(ContentCrsOf(query));
	if (query->unchanged)
		frame->http = 304;
	else
	{
		frame->content_type = FrameText("application/geo+json");
		frame->body = (Span){query->out.data, query->out.len};
	}
	return AnswerRead(call, NULL);
}

/* A page of features, or one of them, for who is let in. */
static Datum
ServeFeatures(Call *call, const char *code, const char *fid, const OgcRequest *request, const char *tags)
{
	MemoryContext context = CurrentMemoryContext;
	Features features = {request, fid, false};
	Resource *resource;
	DataQuery *query;
	MediaSealer media;
	CbdStatus status;

	SpiBegin();
	MemoryContextSwitchTo(context);
	resource = FindCollection(call, code, &status);
	if (resource == NULL)
	{
		SpiEnd();
		return Answer(call, status, NULL);
	}
	query = NewQuery(resource, call->caller.level);
	MediaSealerBegin(&media, &call->context, &call->caller);
	query->media = &media;
	query->if_none_match = tags;
	/* links and language are part of the reply */
	appendStringInfo(&query->whole, "ogc/%s/%d/%s;", request->base, query->chinese, fid == NULL ? "" : fid);
	status = RunQueryGuarded(query, MakeFeatures, &features, &call->errors);
	MediaSealerEnd(&media);
	ResourceRelease(resource);
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status == CBD_OK && !features.found)
		return Answer(call, CBD_NO_SUCH_FEATURE, NULL);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	return AnswerFeatures(call, query);
}

/* rest_ogc_items(context, collection, base, names, vals, tags): a page of features. */
static Datum
Items(Call *call)
{
	ARGUMENTS(ARG_COLLECTION, ARG_BASE, ARG_NAMES, ARG_VALS, ARG_TAGS);
	char *code = CallText(call, ARG_COLLECTION);
	CbdStatus status = code == NULL ? CBD_NO_SUCH_RESOURCE : AuthoriseReading(call, code);
	OgcRequest request;

	call->object = code;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	TakeParameters(call, ARG_BASE, ARG_NAMES, ARG_VALS, &request);
	return ServeFeatures(call, code, NULL, &request, CallText(call, ARG_TAGS));
}

ENDPOINT(cbd_rest_ogc_items, "ogc.items", Items);

/* rest_ogc_item(context, collection, fid, base, names, vals, tags): one feature; 40450: there is none. */
static Datum
OneFeature(Call *call)
{
	ARGUMENTS(ARG_COLLECTION, ARG_FID, ARG_BASE, ARG_NAMES, ARG_VALS, ARG_TAGS);
	char *code = CallText(call, ARG_COLLECTION);
	char *fid = CallText(call, ARG_FID);
	CbdStatus status = code == NULL ? CBD_NO_SUCH_RESOURCE : AuthoriseReading(call, code);
	OgcRequest request;

	call->object = code;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	TakeParameters(call, ARG_BASE, ARG_NAMES, ARG_VALS, &request);
	return ServeFeatures(call, code, fid == NULL ? "" : fid, &request, CallText(call, ARG_TAGS));
}

ENDPOINT(cbd_rest_ogc_item, "ogc.item", OneFeature);
