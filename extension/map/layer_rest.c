/*
 * Endpoints about a layer: GET /tiles/{layer}.json, TileJSON 3.0, and GET /tiles/{layer}/style.json, a style
 * of MapLibre (layer_style.c). Both are documents of others' standards, so that they have no envelope.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/digest.h"
#include "core/guc.h"
#include "core/interval.h"
#include "core/json_write.h"
#include "core/reply.h"
#include "core/spi.h"
#include "data/served.h"
#include "map/layer.h"
#include "text/entity_tag.h"
#include "text/hex.h"

#define VERSION_BYTES 6  /* of the digest in the addresses of tiles */
#define TAG_BYTES     16 /* of the digest of a document */

/* Titles of the resource. SPI is connected. */
static LayerTitle
FindTitle(const Resource *resource)
{
	static SpiQuery find = {
		"SELECT v.title, v.title_zh, v.description, v.description_zh, CASE WHEN v.data_owner "
		"OPERATOR(pg_catalog.<>) v.publisher THEN v.data_owner END FROM citybigdata.resource_version v WHERE "
		"v.resource_code OPERATOR(pg_catalog.=) $1 AND v.version OPERATOR(pg_catalog.=) $2",
		2,
		{TEXTOID, INT4OID}};
	Datum values[] = {CStringGetTextDatum(resource->code), Int32GetDatum(resource->version)};
	bool chinese = SayChinese();

	if (SpiRead(&find, values, NULL, 1) != 1)
		return (LayerTitle){pstrdup(resource->code), "", pstrdup(resource->code), NULL};
	return (LayerTitle){SpiText(0, chinese ? 2 : 1), SpiText(0, chinese ? 4 : 3), SpiText(0, 2),
						SpiText(0, 5)};
}

/* What makes the addresses of tiles differ when the data, or what the caller sees of them, do. */
static char *
AddressVersion(TileQuery *tile)
{
	DataQuery *query = tile->query;
	char *state = LayerState(query, 0);
	StringInfoData parts;
	uint8 digest[DIGEST_SIZE];
	char hex[HEX_SIZE(VERSION_BYTES)];

	initStringInfo(&parts);
	appendStringInfo(&parts, "%d/%d/%s/%s", query->resource->version, query->level, state,
					 tile->reach == NULL ? "" : tile->reach);
	Sha256(parts.data, parts.len, digest);
	HexText(digest, VERSION_BYTES, hex);
	return pstrdup(hex);
}

/* A member of the object of fields. */
static void
WriteField(StringInfo out, bool *first, const char *name, const char *description)
{
	if (!*first)
		appendStringInfoChar(out, ',');
	*first = false;
	JsonString(out, name);
	appendStringInfoChar(out, ':');
	JsonString(out, description);
}

/* The fields that the caller sees, with their titles; those of counts too. */
static void
WriteFields(StringInfo out, const TileQuery *tile)
{
	const DataQuery *query = tile->query;
	bool first = true;

	appendStringInfoChar(out, '{');
	for (int i = 0; i < query->resource->nfields && !tile->by_district; i++)
	{
		const ResourceField *field = &query->resource->fields[i];

		if (IsTileField(query, field))
			WriteField(out, &first, field->name, SayChinese() ? field->title_zh : field->title);
	}
	WriteField(out, &first, "count", Said("How many rows a place stands for, where they are counted"));
	WriteField(out, &first, "aggregate",
			   Said("cell or district, of a place that stands for counted rows; else absent"));
	WriteField(out, &first, "countedAt", Said("When they were counted, of counts that are kept"));
	if (tile->by_district)
	{
		WriteField(out, &first, "divisionCode", Said("Code of the district"));
		WriteField(out, &first, "divisionName", Said("Name of the district"));
	}
	appendStringInfoChar(out, '}');
}

/* How the layer counts. */
static void
WriteCounts(StringInfo out, const TileQuery *tile, const LayerExtent *extent)
{
	char time[16];

	appendStringInfo(out, ",\"counts\":{\"by\":\"%s\",\"above\":%d", tile->by_district ? "district" : "cell",
					 tile->by_district ? 0 : TILE_FEATURES);
	if (extent->counted != 0)
	{
		FormatTimePoint(extent->counted, time);
		JsonField(out, "countedAt", time);
		appendStringInfo(out, ",\"maxAge\":%d", guc_tile_count_age);
	}
	appendStringInfo(out, "},\"tileAge\":%d", guc_tile_age);
}

/* The layer as TileJSON. */
static char *
TileJson(const DocumentWork *work, const LayerTitle *title, const LayerExtent *extent)
{
	TileQuery *tile = work->tile;
	const Resource *resource = tile->query->resource;
	char *parameters = LayerQuery(work);
	const DegreeBox *bounds = &extent->bounds;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"tilejson\":\"3.0.0\",\"tiles\":[");
	JsonString(&out, psprintf("%s/tiles/%s/{z}/{x}/{y}.mvt%s%cv=%s", work->base, resource->code, parameters,
							  parameters[0] == '\0' ? '?' : '&', AddressVersion(tile)));
	appendStringInfo(&out, "],\"version\":\"%d.0.0\"", resource->version);
	JsonField(&out, "name", title->title);
	JsonField(&out, "description", title->description);
	if (title->attribution != NULL)
		JsonField(&out, "attribution", title->attribution);
	appendStringInfo(&out,
					 ",\"scheme\":\"xyz\",\"minzoom\":0,\"maxzoom\":%d,\"bounds\":[%.6f,%.6f,%.6f,%.6f]",
					 extent->zoom, bounds->west, bounds->south, bounds->east, bounds->north);
	appendStringInfoString(&out, ",\"center\":");
	WriteMiddle(&out, extent);
	appendStringInfo(&out, ",%d],\"vector_layers\":[{\"id\":\"%s\"", ExtentZoom(extent), resource->code);
	JsonField(&out, "description", title->title);
	appendStringInfo(&out, ",\"minzoom\":0,\"maxzoom\":%d,\"fields\":", extent->zoom);
	WriteFields(&out, tile);
	appendStringInfoString(&out, "}]");
	WriteCounts(&out, tile, extent);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* The tag of a document, of its bytes. */
static char *
DocumentTag(const char *document)
{
	uint8 digest[DIGEST_SIZE];
	char hex[HEX_SIZE(TAG_BYTES)];

	Sha256(document, strlen(document), digest);
	HexText(digest, TAG_BYTES, hex);
	return pstrdup(hex);
}

/* Work of RunQueryGuarded() */
static bool
WorkDocument(DataQuery *query, void *argument)
{
	DocumentWork *work = argument;
	LayerTitle title;
	LayerExtent extent;

	ReadTileParameters(work->tile, work->n, work->names, work->values);
	/* a parameter that must be given may be added to the addresses later */
	if (query->errors.count > 0 && ErrorsParameterStatus(&query->errors) != CBD_MISSING_PARAMETER)
		return false;
	ErrorsBegin(&query->errors);
	title = FindTitle(query->resource);
	MemoryContextSwitchTo(query->context);
	extent = FindLayerExtent(work->tile);
	work->document = work->style ? StyleJson(work, &title, &extent) : TileJson(work, &title, &extent);
	return true;
}

/* The frame of a document that was made, or that the client has. */
static Datum
AnswerDocument(Call *call, const DocumentWork *work)
{
	char *tag = DocumentTag(work->document);

	call->frame.etag = FrameText(psprintf("\"%s\"", tag));
	if (work->tags != NULL && EntityTagListed(FrameText(work->tags), FrameText(tag)))
		call->frame.http = 304;
	else
	{
		call->frame.content_type = FrameText("application/json");
		call->frame.body = FrameText(work->document);
	}
	return AnswerRead(call, NULL);
}

/* Either document. */
static Datum
Document(Call *call, bool style)
{
	ARGUMENTS(ARG_LAYER, ARG_BASE, ARG_NAMES, ARG_VALS, ARG_TAGS);
	MemoryContext context = CurrentMemoryContext;
	char *code = CallText(call, ARG_LAYER);
	CbdStatus status = AuthoriseLayer(call, code);
	TileQuery tile;
	DocumentWork work = {.tile = &tile, .style = style, .base = CallText(call, ARG_BASE)};
	int nvalues;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (work.base == NULL)
		work.base = "";
	work.names = CallTexts(call, ARG_NAMES, &work.n);
	work.values = CallTexts(call, ARG_VALS, &nvalues);
	work.tags = CallText(call, ARG_TAGS);
	if (work.n != nvalues)
		elog(ERROR, "%d names, %d values", work.n, nvalues);
	SpiBegin();
	MemoryContextSwitchTo(context);
	status = BeginLayer(call, code, &tile);
	if (status == CBD_OK)
	{
		status = RunQueryGuarded(tile.query, WorkDocument, &work, &call->errors);
		ResourceRelease(tile.query->resource);
	}
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	return AnswerDocument(call, &work);
}

/* rest_tile_layer(context, layer, base, names, vals, tags): the layer as TileJSON; `base`: the public address
 * of the API. The parameters are the tiles'; their addresses carry them. http 304: one of the tags fits. */
static Datum
TileLayer(Call *call)
{
	return Document(call, false);
}

ENDPOINT(cbd_rest_tile_layer, "map.layer", TileLayer);

/* rest_tile_style(context, layer, base, names, vals, tags): a style of the layer; arguments as above. */
static Datum
TileStyle(Call *call)
{
	return Document(call, true);
}

ENDPOINT(cbd_rest_tile_style, "map.style", TileStyle);
