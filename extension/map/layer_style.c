/*
 * A style of MapLibre (version 8 of its specification) for one layer: the features as circles, lines or areas
 * by the kind of their geometry, counts as circles that grow with them. There are no texts, which would need
 * a server of glyphs.
 */
#include "postgres.h"

#include "core/json_write.h"
#include "map/layer.h"

#define COLOUR "#1e6fd9"

/* Features and counts are told apart by the property `aggregate`. */
#define IS_COUNT "[\"has\",\"aggregate\"]"
#define IS_KIND(kind)                                                                                        \
	"[\"all\",[\"!\",[\"has\",\"aggregate\"]],[\"match\",[\"geometry-type\"],[\"" kind "\",\"Multi" kind     \
	"\"],true,false]]"

/* A layer of the style, but for its source. */
typedef struct StyleLayer
{
	const char *name; /* behind the code */
	const char *type;
	const char *filter;
	const char *paint;
	bool shape; /* not where all are points */
} StyleLayer;

static const StyleLayer style_layers[] = {
	{"area", "fill", IS_KIND("Polygon"), "{\"fill-color\":\"" COLOUR "\",\"fill-opacity\":0.15}", true},
	{"border", "line", IS_KIND("Polygon"), "{\"line-color\":\"" COLOUR "\",\"line-width\":1.2}", true},
	{"line", "line", IS_KIND("LineString"), "{\"line-color\":\"" COLOUR "\",\"line-width\":2}", true},
	{"point", "circle", IS_KIND("Point"),
	 "{\"circle-color\":\"" COLOUR "\",\"circle-radius\":[\"interpolate\",[\"linear\"],[\"zoom\"],8,2,16,6],"
	 "\"circle-stroke-color\":\"#ffffff\","
	 "\"circle-stroke-width\":1}",
	 false},
	{"count", "circle", IS_COUNT,
	 "{\"circle-radius\":[\"interpolate\",[\"linear\"],[\"log10\",[\"max\",[\"get\",\"count\"],1]],0,3,3,9,6,"
	 "20],"
	 "\"circle-color\":[\"step\",[\"get\",\"count\"],\"#9ecae1\",10,\"#6baed6\",100,\"#3182bd\",1000,\"#"
	 "08519c\"],"
	 "\"circle-opacity\":0.75}",
	 false}};

/* One layer of the style. */
static void
WriteStyleLayer(StringInfo out, const char *code, const StyleLayer *layer)
{
	appendStringInfo(out,
					 "{\"id\":\"%s-%s\",\"type\":\"%s\",\"source\":\"%s\",\"source-layer\":\"%s\",\"filter\":"
					 "%s,\"paint\":%s}",
					 code, layer->name, layer->type, code, code, layer->filter, layer->paint);
}

char *
StyleJson(const DocumentWork *work, const LayerTitle *title, const LayerExtent *extent)
{
	const TileQuery *tile = work->tile;
	const Resource *resource = tile->query->resource;
	bool points = tile->by_district || resource->geometry->kind == FIELD_POINT;
	StringInfoData out;
	bool first = true;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"version\":8");
	JsonField(&out, "name", title->title);
	appendStringInfoString(&out, ",\"metadata\":{");
	JsonField(&out, "citybigdata:title", title->title_zh);
	JsonField(&out, "citybigdata:layer", resource->code);
	appendStringInfoString(&out, "},\"center\":");
	WriteMiddle(&out, extent);
	appendStringInfo(&out, "],\"zoom\":%d,\"sources\":{\"%s\":{\"type\":\"vector\"", ExtentZoom(extent),
					 resource->code);
	JsonField(&out, "url", psprintf("%s/tiles/%s.json%s", work->base, resource->code, LayerQuery(work)));
	appendStringInfoString(&out, "}},\"layers\":[");
	for (int i = 0; i < lengthof(style_layers); i++)
	{
		if (style_layers[i].shape && points)
			continue;
		if (!first)
			appendStringInfoChar(&out, ',');
		first = false;
		WriteStyleLayer(&out, resource->code, &style_layers[i]);
	}
	appendStringInfoString(&out, "]}");
	return out.data;
}
