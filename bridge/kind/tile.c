/*
 * Vector tiles on the side of HTTP (clause 4, map service; the extension's side: map/tile_rest.c).
 *
 *   begin  the request line (layer, place, parameters) ──▶ tiles of the cache with their tags, held
 *            none held: rest_tile makes the tile, in the lane of tiles
 *            some held: rest_tile judges only, in the lane of reads, with their tags in If-None-Match
 *   take   304 with a tag of ours    that tile is the reply: the extension has just said that it is what this
 *                                    caller would get
 *          304 with the client's tag 304
 *          `more`                    none of them: rest_tile is asked once more, now to make it; `more` is
 *                                    the right to that, as with the pages of a download
 *          a tile                    the reply, and kept
 *
 * So no request is answered without being judged, and nobody gets bytes that were made for somebody else's
 * rights: the tag is a digest of all that decides them. The bytes are deflated once, when they are made.
 */
#include "kind/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "base/tile_cache.h"
#include "kind/heat.h"
#include "reply/encode.h"
#include "reply/envelope.h"
#include "request/params.h"
#include "request/run.h"
#include "text/entity_tag.h"
#include "wire/paths.h"
#include "wire/status_codes.h"

/* request->own */
typedef struct TileCall
{
	char line[DIGEST_LENGTH]; /* what is asked for, by whomever */
	Tile *held[TILE_VARIANTS];
	int count;
	bool judge; /* the extension is asked for its judgement alone */
	Tile *tile; /* one of those held: the reply */
	Span tag;   /* of the reply, as the extension named it */
} TileCall;

/* A pair of a request line that is to be sorted. */
typedef struct Pair
{
	const Element *name, *value;
	int place; /* as it was given: values of one name keep their order */
} Pair;

/* qsort: by name, then as given */
static int
ComparePairs(const void *a, const void *b)
{
	const Pair *left = a, *right = b;
	size_t length = left->name->length < right->name->length ? left->name->length : right->name->length;
	int order = memcmp(left->name->text, right->name->text, length);

	if (order == 0 && left->name->length != right->name->length)
		order = left->name->length < right->name->length ? -1 : 1;
	return order != 0 ? order : left->place - right->place;
}

/* A text that no other joins with: its length stands before it. */
static void
AddPart(Text *line, const char *text, size_t length)
{
	TextPrint(line, "%zu:", length);
	TextAdd(line, text == NULL ? "" : text, length);
}

/*
 * The digest of what is asked for: the segments of the path, and the parameters in one order, whichever they
 * came in. `v` is TileJSON's version, which only makes an address new.
 */
static void
MakeLine(Request *request, TileCall *call)
{
	const Route *route = request->route;
	const Value *names = &request->values[RouteParamOfType(route, PARAM_PAIR_NAMES)];
	const Value *values = &request->values[RouteParamOfType(route, PARAM_PAIR_VALUES)];
	const Element *name = names->first, *value = values->first;
	Pair *pairs = ArenaAlloc(&request->arena, sizeof(Pair) * (size_t) (names->elements + 1));
	Text line = {NULL, 0, 0};
	int count = 0;

	for (int i = 0; i < RouteParamCount(route); i++)
		if (route->params[i].from == IN_PATH)
			AddPart(&line, request->values[i].text, request->values[i].length);
	for (; name != NULL; name = name->next, value = value->next)
		if (!SpanIs((Span){name->text, name->length}, "v"))
			pairs[count++] = (Pair){name, value, count};
	qsort(pairs, (size_t) count, sizeof(Pair), ComparePairs);
	for (int i = 0; i < count; i++)
	{
		AddPart(&line, pairs[i].name->text, pairs[i].name->length);
		AddPart(&line, pairs[i].value->text, pairs[i].value->length);
	}
	memcpy(call->line, Digest(&request->arena, line.bytes, line.length), DIGEST_LENGTH);
	TextClear(&line);
}

/* Kind.other: filters and the like, which the extension knows. */
static void
TileField(Request *request, Field *field)
{
	PairAdd(request, field->name, (Span){field->text, field->length});
}

/* The tags of the tiles that are held, before those that the client has sent: whatever is wrong with these
 * spoils nothing. */
static void
AddTags(Request *request, const TileCall *call)
{
	Value *tags = &request->values[RouteParamOfType(request->route, PARAM_TAGS)];
	Text list = {NULL, 0, 0};

	for (int i = 0; i < call->count; i++)
	{
		Span tag = TileTag(call->held[i]);

		TextPrint(&list, "%s%.*s", i > 0 ? ", " : "", (int) tag.length, tag.text);
	}
	if (tags->text != NULL)
		TextPrint(&list, ", %s", tags->text);
	tags->text = ArenaCopy(&request->arena, list.bytes, list.length);
	tags->length = list.length;
	free(list.bytes);
}

/* Has the extension only to judge? */
static void
SetJudge(Request *request, TileCall *call, bool judge)
{
	request->values[RouteParamOfType(request->route, PARAM_BOOL)] =
		(Value){.text = judge ? "t" : "f", .length = 1};
	call->judge = judge;
}

/* Kind.begin */
static void
TileBegin(Request *request)
{
	TileCall *call = ArenaAlloc(&request->arena, sizeof(TileCall));
	AuthScheme scheme = request->caller.scheme;

	memset(call, 0, sizeof(*call));
	request->own = call;
	MakeLine(request, call);
	if (TileCacheOn())
		call->count = TilesHold(call->line, call->held);
	if (call->count > 0)
		AddTags(request, call);
	/* a signature's nonce is written, which must not hold up reads */
	SetJudge(request, call, call->count > 0 && scheme != SCHEME_SIGNATURE && scheme != SCHEME_ARTEMIS);
}

/* Kind.lane */
static Lane
TileLane(const Request *request)
{
	const TileCall *call = request->own;

	if (call->judge)
		return LANE_FAST;
	return HeatHigh(request, "layer") ? LANE_SLOW : LANE_TILE;
}

/* Kind.took */
static void
TileTook(Request *request, uint64_t milliseconds)
{
	const TileCall *call = request->own;

	if (!call->judge)
		HeatTook(request, "layer", milliseconds);
}

/* What is held is none of what the caller gets: the tile is made. */
static int
AskTile(Request *request)
{
	Caller *caller = &request->caller;

	caller->scheme = SCHEME_CONTINUED;
	caller->credential = KeepSpan(request, request->frame.more);
	caller->credential_length = request->frame.more.length;
	SetJudge(request, request->own, false);
	ResultFree(request->result);
	request->result = NULL;
	request->answered = false;
	request->data = (Span){NULL, 0};
	request->job.follows = true;
	RequestAsk(request);
	return TAKE_ASKED;
}

/* The tile that is held with that tag; NULL: none is. */
static Tile *
HeldTile(const TileCall *call, Span tag)
{
	for (int i = 0; i < call->count; i++)
		if (SpanEquals(EntityTagOpaque(TileTag(call->held[i])), EntityTagOpaque(tag)))
			return call->held[i];
	return NULL;
}

/* Has the client the tile with that tag? */
static bool
ClientHas(const Request *request, Span tag)
{
	const char *header = request->headers[HEADER_IF_NONE_MATCH];

	return header != NULL && HeaderPrintable(header) &&
		   EntityTagListed((Span){header, strlen(header)}, EntityTagOpaque(tag));
}

/* Kind.take */
static int
TileTake(Request *request)
{
	TileCall *call = request->own;
	Frame *frame = &request->frame;

	if (frame->status != CBD_OK)
		return CBD_OK;
	if (frame->more.length > 0)
		return call->judge ? AskTile(request) : CBD_INTERNAL_ERROR;
	call->tag = frame->etag;
	/* the same tile deflated and not are two representations, which a strong tag would tell apart (RFC 9110
	 * 8.8.3.3) */
	if (EncodingOf(request).gzip && SpanStarts(frame->etag, "\""))
	{
		const char *weak = ArenaPrint(&request->arena, "W/%.*s", (int) frame->etag.length, frame->etag.text);

		frame->etag = (Span){weak, strlen(weak)};
	}
	if (frame->http != MHD_HTTP_NOT_MODIFIED)
		return frame->http == MHD_HTTP_NO_CONTENT || frame->content_type.length > 0 ? CBD_OK
																					: CBD_INTERNAL_ERROR;
	if (ClientHas(request, call->tag))
		return CBD_OK;
	call->tile = HeldTile(call, call->tag);
	if (call->tile == NULL)
		return CBD_INTERNAL_ERROR;
	TileUsed(call->tile);
	frame->http = TileBodyOf(call->tile).bytes.length == 0 ? MHD_HTTP_NO_CONTENT : FRAME_NONE;
	return CBD_OK;
}

/* A tile of the cache, in the form that the client takes. */
static void
ReplyKept(const Tile *tile, bool gzip, Reply *reply)
{
	TileBody body = TileBodyOf(tile);

	if (body.gzip && !gzip)
		InflateWhole(body.bytes, &reply->text);
	else if (body.bytes.length > 0)
		TextAdd(&reply->text, body.bytes.text, body.bytes.length);
	reply->gzip = body.gzip && gzip;
}

/* A tile that was made: kept, and the reply. */
static void
ReplyMade(Request *request, Reply *reply)
{
	const TileCall *call = request->own;
	bool keep = TileCacheOn() && call->tag.length > 0;
	bool gzip = EncodingOf(request).gzip, deflated = false;
	Text text = {NULL, 0, 0};

	if (request->data.length > 0)
		TextAdd(&text, request->data.text, request->data.length);
	if (gzip || keep)
		deflated = EncodeWhole(&text, (Encoding){CHARSET_UTF8, true});
	if (keep)
		TileKeep(call->line, call->tag, (TileBody){{text.bytes, text.length}, deflated});
	reply->gzip = deflated && gzip;
	if (deflated && !gzip)
	{
		TextClear(&text);
		TextAdd(&text, request->data.text, request->data.length);
	}
	reply->text = text;
}

/* Kind.make */
static void
TileMake(Request *request, Reply *reply)
{
	const TileCall *call = request->own;

	if (request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	reply->type = "application/vnd.mapbox-vector-tile";
	if (call->tile != NULL)
		ReplyKept(call->tile, EncodingOf(request).gzip, reply);
	else
		ReplyMade(request, reply);
}

/* Kind.headers of both kinds */
static void
TileHeaders(Request *request, Reply *reply)
{
	if (request->status == CBD_OK)
		ReplyHeader(reply, "Vary", "Accept-Encoding, Authorization");
}

/* Kind.end */
static void
TileEnd(Request *request)
{
	TileCall *call = request->own;

	for (int i = 0; call != NULL && i < call->count; i++)
		TileRelease(call->held[i]);
}

/* Kind.begin of TileJSON and style: where the interface is. */
static void
TextBegin(Request *request)
{
	const char *issuer = IssuerOrRefuse(request);
	Value *base = &request->values[RouteParamOfType(request->route, PARAM_ISSUER)];

	if (issuer == NULL)
		return;
	base->text = ArenaPrint(&request->arena, "%s" API_PATH, issuer);
	base->length = strlen(base->text);
}

/* Kind.make of them */
static void
TextMake(Request *request, Reply *reply)
{
	if (request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	reply->type = "application/json; charset=utf-8";
	TextAdd(&reply->text, request->data.text, request->data.length);
	reply->gzip = EncodeWhole(&reply->text, (Encoding){CHARSET_UTF8, EncodingOf(request).gzip});
}

static const char *const parameters[] = {"layer", "If-None-Match", NULL};

const Kind kind_tile = {.name = "tile",
						.parameters = parameters,
						.formats = FORMATS_ENVELOPE,
						.tagged = true,
						.other = TileField,
						.begin = TileBegin,
						.lane = TileLane,
						.took = TileTook,
						.take = TileTake,
						.make = TileMake,
						.headers = TileHeaders,
						.end = TileEnd};

const Kind kind_tile_text = {.name = "tile-text",
							 .parameters = parameters,
							 .formats = FORMATS_ENVELOPE,
							 .tagged = true,
							 .other = TileField,
							 .begin = TextBegin,
							 .make = TextMake,
							 .headers = TileHeaders};
