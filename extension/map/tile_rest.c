/*
 * Endpoint: GET /tiles/{layer}/{z}/{x}/{y}.mvt (clause 4, 地图服务).
 *
 *   AuthoriseLayer(), FindLayerServed(): the right to the layer, as GET /data/{resource} has it
 *     --> ReadPlace() --> RunQueryGuarded(): parameters, tag, and the tile, unless the client has it
 *     --> AnswerTile(): frame
 *
 * The layer `divisions` is open to every caller, as GET /divisions/{code} is. The layer `cases` shows an
 * operator what his posts reach, as GET /events does; all else is as GET /data/{resource}.
 */
#include "postgres.h"

#include "access/page_token.h"
#include "core/spi.h"
#include "data/served.h"
#include "map/layer.h"
#include "map/tile.h"
#include "text/param_parse.h"

/* Is it the platform's own layer of boundaries, which is open to every caller? *status: may he call at all?
 */
static bool
OpenToAll(Call *call, const char *code, CbdStatus *status)
{
	MemoryContext context = CurrentMemoryContext;
	Resource *resource;
	CbdStatus found;
	char *reason;
	bool own;

	if (strcmp(code, DIVISIONS_LAYER) != 0)
		return false;
	SpiBegin();
	resource = ResourceFind(code, false, &found, &reason);
	MemoryContextSwitchTo(context);
	own = resource != NULL && IsShippedLayer(resource, "published_division");
	if (resource != NULL)
		ResourceRelease(resource);
	SpiEnd();
	if (!own)
		return false;
	*status = CallAuthorise(call, NULL);
	/* a caller without any grant of data is one of the lowest level */
	call->caller.level = Max(call->caller.level, 1);
	return true;
}

CbdStatus
AuthoriseLayer(Call *call, const char *code)
{
	CbdStatus status;

	call->object = code;
	if (code == NULL)
		return CBD_NO_SUCH_RESOURCE;
	if (!OpenToAll(call, code, &status))
		status = CallAuthorise(call, code);
	if (status == CBD_OK && strcmp(code, CASES_LAYER) != 0 && !ReadsWhole(&call->caller, code))
		status = CBD_FORBIDDEN;
	return status;
}

Resource *
FindLayerServed(Call *call, const char *code, CbdStatus *status)
{
	Resource *resource = FindServed(call, code, status);

	if (resource == NULL || resource->geometry != NULL)
		return resource;
	ResourceRelease(resource);
	ErrorAdd(&call->errors, "/layer", CBD_NO_SUCH_RESOURCE,
			 MESSAGE("this resource has no place, so it is no layer of a map"));
	*status = CBD_NO_SUCH_RESOURCE;
	return NULL;
}

/* A number of a tile's address, 0 to `limit`. */
static uint32
ReadNumber(Call *call, const char *pointer, const char *text, uint32 limit)
{
	int64 number = -1;

	if (text != NULL && strlen(text) <= 10 && text[0] != '+' && text[0] != '-' &&
		integer_parse(text, strlen(text), &number) && number >= 0 && number <= limit)
		return (uint32) number;
	ErrorPrint(&call->errors, false, pointer, CBD_INVALID_PARAMETER, "a whole number from 0 to %d{limit}",
			   (int) limit);
	return 0;
}

/* The tile's place; what is wrong is among the call's errors. */
static TilePlace
ReadPlace(Call *call, const char *z, const char *x, const char *y)
{
	TilePlace place = {0};
	uint32 last;

	place.z = (int) ReadNumber(call, "/z", z, TILE_ZOOM_MAX);
	if (call->errors.count > 0)
		return place;
	last = ((uint32) 1 << place.z) - 1;
	place.x = ReadNumber(call, "/x", x, last);
	place.y = ReadNumber(call, "/y", y, last);
	return place;
}

/* A tile that is asked for. */
typedef struct TileWork
{
	TileQuery *tile;
	int n;
	char **names, **values;
	char *tags;
	bool judge; /* only whether the caller has the tile */
} TileWork;

/* Work of RunQueryGuarded() */
static bool
WorkTile(DataQuery *query, void *argument)
{
	TileWork *work = argument;
	TileQuery *tile = work->tile;

	ReadTileParameters(tile, work->n, work->names, work->values);
	if (query->errors.count > 0)
		return false;
	TagTile(tile, work->tags);
	if (!tile->unchanged && !work->judge)
		MakeTile(tile);
	return true;
}

CbdStatus
BeginLayer(Call *call, const char *code, TileQuery *tile)
{
	DataQuery *query;
	CbdStatus status;
	Resource *resource = FindLayerServed(call, code, &status);

	if (resource == NULL)
		return status;
	query = palloc(sizeof(DataQuery));
	memset(tile, 0, sizeof(*tile));
	tile->call = call;
	tile->query = query;
	InitQuery(query, resource, call->caller.level);
	initStringInfo(&tile->bytes);
	resource->details = false;
	/* only `cases` comes so far without being read wholly */
	if (!ReadsWhole(&call->caller, code) && !RestrictCases(tile))
	{
		ResourceRelease(resource);
		return CBD_FORBIDDEN;
	}
	MemoryContextSwitchTo(query->context);
	return CBD_OK;
}

/* The frame of a tile that was made, or that the client has. */
static Datum
AnswerMade(Call *call, const TileQuery *tile)
{
	Frame *frame = &call->frame;

	frame->etag = FrameText(psprintf("\"%s\"", tile->tag));
	if (tile->unchanged)
		frame->http = 304;
	else if (tile->bytes.len == 0)
		frame->http = 204;
	else
	{
		frame->content_type = FrameText(TILE_TYPE);
		frame->body = (Span){tile->bytes.data, tile->bytes.len};
	}
	return AnswerTile(call);
}

/*
 * rest_tile(context, layer, z, x, y, names, vals, tags): the tile. Parameters in the order and as often as
 * they were given; `tags`: the header If-None-Match. http 304: one of the tags is the tile's; 204: the tile
 * is empty. 400 errors with pointers; refusals of the layer as those of GET /data/{resource}, 40407 when it
 * has no geometry; 504 beyond the latency budget.
 */
static Datum
Tile(Call *call)
{
	ARGUMENTS(ARG_LAYER, ARG_Z, ARG_X, ARG_Y, ARG_NAMES, ARG_VALS, ARG_TAGS, ARG_JUDGE);
	MemoryContext context = CurrentMemoryContext;
	char *code = CallText(call, ARG_LAYER);
	CbdStatus status = AuthoriseLayer(call, code);
	TileQuery tile;
	TileWork work = {.tile = &tile};
	TilePlace place;
	int nvalues;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	work.names = CallTexts(call, ARG_NAMES, &work.n);
	work.values = CallTexts(call, ARG_VALS, &nvalues);
	work.tags = CallText(call, ARG_TAGS);
	/* a layer that takes no grant cannot be continued, and has few rows */
	work.judge = CallBool(call, ARG_JUDGE) && call->caller.limited != NULL;
	if (work.n != nvalues)
		elog(ERROR, "%d names, %d values", work.n, nvalues);
	place = ReadPlace(call, CallText(call, ARG_Z), CallText(call, ARG_X), CallText(call, ARG_Y));
	if (call->errors.count > 0)
		return Answer(call, ErrorsParameterStatus(&call->errors), ErrorsData(&call->errors));
	SpiBegin();
	MemoryContextSwitchTo(context);
	status = BeginLayer(call, code, &tile);
	if (status == CBD_OK)
	{
		tile.place = place;
		status = RunQueryGuarded(tile.query, WorkTile, &work, &call->errors);
		ResourceRelease(tile.query->resource);
	}
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	if (work.judge && !tile.unchanged)
	{
		call->frame.more = FrameText(PageTokenMake(&call->context, &call->caller, code));
		return AnswerUnaudited(call, NULL);
	}
	return AnswerMade(call, &tile);
}

ENDPOINT(cbd_rest_tile, "map.tile", Tile);
