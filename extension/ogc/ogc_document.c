/* JSON documents of OGC API Features and their links (17-069r4, 7.12 to 7.16; 19-079r2, 6.2). Every address
 * begins with the base of the request, so that links of a sealed address keep the seal. */
#include "postgres.h"

#include "core/json_write.h"
#include "ogc/ogc.h"
#include "text/percent.h"
#include "utils/timestamp.h"
#include "utils/builtins.h"

#define TYPE_JSON      "application/json"
#define TYPE_HTML      "text/html"
#define TYPE_GEOJSON   "application/geo+json"
#define TYPE_SCHEMA    "application/schema+json"
#define REL_QUERYABLES "http://www.opengis.net/def/rel/ogc/1.0/queryables"
#define GREGORIAN      "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

/* A text of the query part or path of an address, palloc'd. */
static char *
Encoded(const char *text, const char *kept)
{
	size_t length = strlen(text);
	char *out = palloc(PERCENT_SIZE(length) + 1);

	out[PercentText(text, length, kept, out)] = '\0';
	return out;
}

char *
QueryPart(const OgcRequest *request, const char *cursor, const char *format)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < request->n; i++)
		if (strcmp(request->names[i], "cursor") != 0)
			appendStringInfo(&out, "%c%s=%s", out.len == 0 ? '?' : '&', Encoded(request->names[i], ""),
							 Encoded(request->values[i], ",:/()'"));
	if (cursor != NULL)
		appendStringInfo(&out, "%ccursor=%s", out.len == 0 ? '?' : '&', Encoded(cursor, ""));
	appendStringInfo(&out, "%cf=%s", out.len == 0 ? '?' : '&', format);
	return out.data;
}

void
AddLink(StringInfo out, const char *href, const char *rel, const char *type, const char *title)
{
	if (out->len > 0 && out->data[out->len - 1] == '}')
		appendStringInfoChar(out, ',');
	appendStringInfoChar(out, '{');
	JsonField(out, "href", href);
	JsonField(out, "rel", rel);
	JsonField(out, "type", type);
	JsonField(out, "title", title);
	appendStringInfoChar(out, '}');
}

/* The links of a collection. */
static void
WriteCollectionLinks(StringInfo out, const DataQuery *query, const char *base, const char *title)
{
	char *self = psprintf("%s/collections/%s", base, query->resource->code);

	appendStringInfoString(out, "\"links\":[");
	AddLink(out, psprintf("%s?f=json", self), "self", TYPE_JSON, title);
	AddLink(out, psprintf("%s?f=html", self), "alternate", TYPE_HTML, title);
	/* clients put "/" and an id behind it, so it has no parameter */
	AddLink(out, psprintf("%s/items", self), "items", TYPE_GEOJSON, title);
	AddLink(out, psprintf("%s/items?f=html", self), "items", TYPE_HTML, title);
	AddLink(out, psprintf("%s/queryables?f=json", self), REL_QUERYABLES, TYPE_SCHEMA, title);
	AddLink(out, psprintf("%s/queryables?f=html", self), REL_QUERYABLES, TYPE_HTML, title);
	appendStringInfoChar(out, ']');
}

/* Where and when the features are. */
static void
WriteExtent(StringInfo out, DataQuery *query)
{
	OgcExtent extent;

	FindCollectionExtent(query, &extent);
	if (!extent.has_box && extent.begin == NULL)
		return;
	appendStringInfoString(out, ",\"extent\":{");
	if (extent.has_box)
	{
		appendStringInfoString(out, "\"spatial\":{\"bbox\":[[");
		for (int i = 0; i < 4; i++)
		{
			if (i > 0)
				appendStringInfoChar(out, ',');
			WriteDouble(query, out, extent.box[i]);
		}
		appendStringInfoString(out, "]],\"crs\":\"" CRS_URI_CRS84 "\"}");
	}
	if (extent.begin != NULL)
		appendStringInfo(out, "%s\"temporal\":{\"interval\":[[%s,%s]],\"trs\":\"" GREGORIAN "\"}",
						 extent.has_box ? "," : "", extent.begin, extent.end);
	appendStringInfoChar(out, '}');
}

void
WriteCollection(StringInfo out, DataQuery *query, const char *base, const OgcWords *words)
{
	int epsg[CRS_LISTED];
	int n = ListedCrs(query->resource, epsg);
	const char *storage = StorageCrsUri(query->resource);

	appendStringInfoChar(out, '{');
	JsonField(out, "id", query->resource->code);
	JsonField(out, "title", words->title);
	JsonField(out, "description", words->description);
	appendStringInfoChar(out, ',');
	WriteCollectionLinks(out, query, base, words->title);
	WriteExtent(out, query);
	JsonField(out, "itemType", "feature");
	appendStringInfo(out, ",\"crs\":[\"%s\"", DefaultCrsUri(query->resource));
	if (query->resource->geometry->has_z)
		appendStringInfoString(out, ",\"" CRS_URI_CRS84 "\"");
	for (int i = 0; i < n; i++)
		appendStringInfo(out, ",\"" CRS_URI_EPSG "%d\"", epsg[i]);
	appendStringInfoChar(out, ']');
	if (storage != NULL)
		JsonField(out, "storageCrs", storage);
	appendStringInfoChar(out, '}');
}

/* What JSON Schema says of values of the field. */
static const char *
SchemaOf(const DataQuery *query, const ResourceField *field)
{
	switch (field->kind)
	{
		case FIELD_INT2:
		case FIELD_INT4:
		case FIELD_INT8:
			return "\"type\":\"integer\"";
		case FIELD_FLOAT4:
		case FIELD_FLOAT8:
		case FIELD_NUMERIC:
			return "\"type\":\"number\"";
		case FIELD_BOOL:
			return "\"type\":\"boolean\"";
		case FIELD_DATE:
			return "\"type\":\"string\",\"format\":\"date\"";
		case FIELD_TIMESTAMP:
		case FIELD_TIMESTAMPTZ:
			return "\"type\":\"string\",\"format\":\"date-time\"";
		case FIELD_UUID:
			return "\"type\":\"string\",\"format\":\"uuid\"";
		case FIELD_POINT:
			return "\"format\":\"geometry-point\"";
		case FIELD_GEOMETRY:
			return "\"format\":\"geometry-any\"";
		default:
			return "\"type\":\"string\"";
	}
}

/* What the field is for the features, in words of part 5; NULL: a property as others. */
static const char *
RoleName(const Resource *resource, const ResourceField *field)
{
	if (field == resource->geometry)
		return "primary-geometry";
	if (resource->nkeys == 1 && field == resource->keys[0])
		return "id";
	return field == resource->time ? "primary-instant" : NULL;
}

/* The queryables as members of an object, each with its schema. */
static void
WriteProperties(StringInfo out, const DataQuery *query)
{
	const Resource *resource = query->resource;
	bool first = true;

	appendStringInfoChar(out, '{');
	for (int i = 0; i < resource->nfields; i++)
	{
		const ResourceField *field = &resource->fields[i];
		const char *words = query->chinese ? field->title_zh : field->title;
		const char *role = RoleName(resource, field);

		if (!IsQueryable(query, field))
			continue;
		appendStringInfo(out, "%s%s{%s", first ? "" : ",", field->json_key, SchemaOf(query, field));
		first = false;
		if (words[0] != '\0')
			JsonField(out, "title", words);
		if (role != NULL)
			JsonField(out, "x-ogc-role", role);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, '}');
}

void
WriteQueryables(StringInfo out, const DataQuery *query, const char *base, const char *title)
{
	appendStringInfoString(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
	JsonField(out, "$id", psprintf("%s/collections/%s/queryables", base, query->resource->code));
	JsonField(out, "type", "object");
	JsonField(out, "title", title);
	appendStringInfoString(out, ",\"properties\":");
	WriteProperties(out, query);
	appendStringInfoString(out, ",\"additionalProperties\":false}");
}

void
WriteApiCollection(StringInfo out, DataQuery *query, const char *base, const OgcWords *words)
{
	appendStringInfoChar(out, '{');
	JsonField(out, "id", query->resource->code);
	JsonField(out, "title", words->title);
	appendStringInfoString(out, ",\"queryables\":");
	WriteProperties(out, query);
	appendStringInfoChar(out, '}');
}

/* The time of the reply, in UTC. */
static void
WriteTimeStamp(StringInfo out)
{
	struct pg_tm tm;
	fsec_t fraction;

	if (timestamp2tm(GetCurrentTimestamp(), NULL, &tm, &fraction, NULL, NULL) == 0)
		appendStringInfo(out, ",\"timeStamp\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", tm.tm_year, tm.tm_mon,
						 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void
WritePageEnd(DataQuery *query, const OgcRequest *request)
{
	StringInfo out = &query->out;
	const char *code = query->resource->code;
	const char *title = query->chinese ? query->resource->title_zh : code;
	const QueryParam *cursor = FindParam(query, "cursor");
	const char *own = cursor == NULL ? NULL : cursor->values[0];
	char *items = psprintf("%s/collections/%s/items", request->base, code);

	appendStringInfo(out, "],\"numberReturned\":%d", query->rows);
	if (query->total >= 0)
		appendStringInfo(out, ",\"numberMatched\":" INT64_FORMAT, query->total);
	WriteTimeStamp(out);
	appendStringInfoString(out, ",\"links\":[");
	AddLink(out, psprintf("%s%s", items, QueryPart(request, own, "json")), "self", TYPE_GEOJSON, title);
	AddLink(out, psprintf("%s%s", items, QueryPart(request, own, "html")), "alternate", TYPE_HTML, title);
	if (query->next_cursor != NULL)
		AddLink(out, psprintf("%s%s", items, QueryPart(request, query->next_cursor, "json")), "next",
				TYPE_GEOJSON, title);
	AddLink(out, psprintf("%s/collections/%s?f=json", request->base, code), "collection", TYPE_JSON, title);
	appendStringInfoString(out, "]}");
}

void
WriteFeatureEnd(DataQuery *query, const OgcRequest *request, const char *fid)
{
	StringInfo out = &query->out;
	const char *code = query->resource->code;
	const char *title = query->chinese ? query->resource->title_zh : code;
	char *item = psprintf("%s/collections/%s/items/%s", request->base, code, Encoded(fid, ""));

	/* the feature is complete: its brace goes again */
	out->data[--out->len] = '\0';
	appendStringInfoString(out, ",\"links\":[");
	AddLink(out, psprintf("%s%s", item, QueryPart(request, NULL, "json")), "self", TYPE_GEOJSON, title);
	AddLink(out, psprintf("%s%s", item, QueryPart(request, NULL, "html")), "alternate", TYPE_HTML, title);
	AddLink(out, psprintf("%s/collections/%s?f=json", request->base, code), "collection", TYPE_JSON, title);
	appendStringInfoString(out, "]}");
}
