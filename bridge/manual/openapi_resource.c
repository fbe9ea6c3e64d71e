/* OpenAPI of published resources, from the catalogue's documents (citybigdata.resource_document()). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual/openapi.h"
#include "reply/reply.h"
#include "wire/paths.h"

#define ADDRESS API_PATH "/data/"

/* Lets the values of a schema be of one more type. */
static void
AllowType(json_t *schema, const char *name)
{
	json_t *type = json_object_get(schema, "type");

	if (json_is_string(type))
		json_object_set_new(schema, "type", json_pack("[O,s]", type, name));
	else if (json_is_array(type))
		json_array_append_new(type, json_string(name));
}

static json_t *
ItemSchema(const Spec *spec, const json_t *document, const json_t *tables)
{
	static const char *const place[] = {"longitude", "latitude", "coordinateX", "coordinateY"};
	json_t *properties = json_object();
	json_t *field;
	size_t i;

	json_array_foreach(json_object_get(document, "fields"), i, field)
	{
		const char *name = json_string_value(json_object_get(field, "name"));
		const char *type = json_string_value(json_object_get(field, "type"));
		json_t *schema = TypeSchema(type);

		if (json_is_true(json_object_get(field, "isExact"))) /* with bigint=text */
			AllowType(schema, "string");
		AllowType(schema, "null"); /* masked, or empty */
		json_object_set_new(schema, "description", TitleAndText(spec, field));
		AddCodeTable(schema, field, tables);
		if (json_is_string(json_object_get(field, "unit")))
			json_object_set(schema, "x-unit", json_object_get(field, "unit"));
		json_object_set(schema, "x-level", json_object_get(field, "level"));
		json_object_set_new(properties, name, schema);
		if (!json_is_true(json_object_get(field, "isPlace")))
			continue;
		for (size_t n = 0; n < sizeof(place) / sizeof(place[0]); n++)
			json_object_set_new(
				properties, place[n],
				json_pack("{s:[s,s],s:s}", "type", "number", "null", "description",
						  n < 2 ? Say(spec->language, "Of a point, in EPSG:4490 unless crs says otherwise",
									  "点的坐标，默认 EPSG:4490，由 crs 指定")
								: Say(spec->language, "Of a point, where crs is a plane (X east, Y north)",
									  "点的平面坐标，crs 为平面坐标系时（X 东，Y 北）")));
	}
	return json_pack("{s:s,s:o}", "type", "object", "properties", properties);
}

static json_t *
PageSchema(const Spec *spec, const char *item)
{
	return json_pack(
		"{s:s,s:[s,s],s:{s:{s:s,s:o},s:{s:[s,s],s:s},s:{s:s,s:{s:s},s:s},s:{s:s,s:s},s:{s:s,s:s}}}", "type",
		"object", "required", "items", "nextCursor", "properties", "items", "type", "array", "items",
		Reference("schemas", item), "nextCursor", "type", "string", "null", "description",
		Say(spec->language, "For cursor of the next page; null: this is the last",
			"下一页的 cursor；null 表示最后一页"),
		"codeTables", "type", "object", "additionalProperties", "type", "string", "description",
		Say(spec->language, "Code table of each coded field", "代码字段对应的代码表地址"), "totalCount",
		"type", "integer", "description",
		Say(spec->language, "With count: items of all pages", "给出 count 时：总条数"), "countMethod", "type",
		"string", "description", Say(spec->language, "estimate or exact", "estimate 或 exact"));
}

/* Those of the document (declared, then standard), and the filters of each field. */
static void
AddQueries(Spec *spec, json_t *parameters, json_t *body, const json_t *document, const json_t *tables)
{
	json_t *about;
	size_t i;

	json_array_foreach(json_object_get(document, "parameters"), i, about)
	{
		const char *name = json_string_value(json_object_get(about, "name"));

		if (json_object_get(DataParameters(), name) != NULL)
			AddStandard(parameters, body, name);
		else
			(void) AddOwn(parameters, body, name,
						  TypeSchema(json_string_value(json_object_get(about, "type"))),
						  TitleAndText(spec, about), about);
	}
	json_array_foreach(json_object_get(document, "fields"), i, about)
		AddFilters(spec, parameters, body, about, tables);
}

/* The name of the resource's industry; NULL: it has none. */
static json_t *
IndustryName(const json_t *document, const json_t *tables)
{
	const char *industry = json_string_value(json_object_get(document, "industry"));
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(tables, "industry"), i, row)
	{
		if (industry != NULL && strcmp(json_string_value(json_object_get(row, "code")), industry) == 0)
			return json_object_get(row, "name");
	}
	return NULL;
}

/* What the page says of a resource beside its operation. */
static json_t *
About(const json_t *document, const json_t *tables)
{
	static const char *const names[] = {"code",   "layer",       "industry", "source",
										"level",  "version",     "owner",    "updateCycle",
										"sunset", "publishedAt", "crs",      "latencyBudget"};
	json_t *about = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		json_t *value = json_object_get(document, names[i]);

		if (value != NULL && !json_is_null(value))
			json_object_set(about, names[i], value);
	}
	if (IndustryName(document, tables) != NULL)
		json_object_set(about, "industryName", IndustryName(document, tables));
	return about;
}

static json_t *
DataOperation(Spec *spec, const json_t *document, const char *code, const char *verb, const char *page)
{
	json_t *content = json_object();
	const char *title = TextOf(spec, document, "title", "titleZh");
	const char *text = TextOf(spec, document, "description", "descriptionZh");
	json_t *operation =
		json_pack("{s:[s],s:o,s:s,s:o,s:o,s:[],s:{s:{s:s,s:o}}}", "tags", "resources", "operationId",
				  json_sprintf("%sData-%s", verb, code), "summary", title, "description",
				  MarkdownOf(text[0] == '\0' ? title : text), "security",
				  json_pack("[{s:[]},{s:[]},{s:[]},{s:[],s:[],s:[],s:[]}]", "bearer", "oauth2", "authCode",
							"signatureAppCode", "signatureTimestamp", "signatureNonce", "signature"),
				  "parameters", "responses", "200", "description", Say(spec->language, "A page", "一页数据"),
				  "content", content);
	json_t *schema = json_pack("{s:[o,{s:s,s:{s:o}}]}", "allOf", Reference("schemas", "Envelope"), "type",
							   "object", "properties", "data", Reference("schemas", page));

	json_object_set_new(content, "application/json", json_pack("{s:O}", "schema", schema));
	json_object_set_new(content, "application/xml", json_pack("{s:o}", "schema", schema));
	json_object_set_new(content, "text/csv", json_pack("{s:{s:s}}", "schema", "type", "string"));
	json_object_set_new(content, "application/x-ndjson", json_pack("{s:{s:s}}", "schema", "type", "string"));
	if (json_is_string(json_object_get(document, "crs")))
		json_object_set_new(content, "application/geo+json",
							json_pack("{s:{s:s}}", "schema", "type", "object"));
	return operation;
}

static void
AddResource(Spec *spec, const json_t *document, const json_t *tables)
{
	const char *code = json_string_value(json_object_get(document, "code"));
	json_t *parameters, *body = json_object(), *get, *post;
	char path[160], sample[176], item[128], page[128], query[128];

	snprintf(path, sizeof(path), ADDRESS "%s", code);
	snprintf(item, sizeof(item), "%s.Item", code);
	snprintf(page, sizeof(page), "%s.Page", code);
	snprintf(query, sizeof(query), "%s.Query", code);
	json_object_set_new(spec->schemas, item, ItemSchema(spec, document, tables));
	json_object_set_new(spec->schemas, page, PageSchema(spec, item));
	get = DataOperation(spec, document, code, "get", page);
	post = DataOperation(spec, document, code, "post", page);
	json_object_set_new(get, "x-resource", About(document, tables));
	parameters = json_object_get(get, "parameters");
	AddQueries(spec, parameters, body, document, tables);
	json_object_del(post, "parameters");
	json_object_set_new(post, "requestBody",
						json_pack("{s:{s:{s:o},s:{s:o}}}", "content", "application/json", "schema",
								  Reference("schemas", query), "application/x-www-form-urlencoded", "schema",
								  Reference("schemas", query)));
	json_object_set_new(spec->schemas, query, json_pack("{s:s,s:o}", "type", "object", "properties", body));
	CopyResponses(spec, get, ADDRESS "{resource}", "get");
	CopyResponses(spec, post, ADDRESS "{resource}", "post");
	snprintf(sample, sizeof(sample), "%s?pageSize=10", path);
	AddSample(spec, get, "get", sample);
	SetPath(spec, path, "get", get);
	SetPath(spec, path, "post", post);
}

/* Where the chapter of the resources goes: behind that of their interface. */
static size_t
BehindData(const json_t *tags)
{
	json_t *tag;
	size_t i;

	json_array_foreach(tags, i, tag)
	{
		if (strcmp(json_string_value(json_object_get(tag, "name")), "data") == 0)
			return i + 1;
	}
	return 0;
}

json_t *
SpecResources(const json_t *platform, Language language, const json_t *documents)
{
	json_t *root = json_copy((json_t *) platform);
	json_t *components = json_copy(json_object_get(root, "components"));
	Spec spec = {language, root, json_copy(json_object_get(root, "paths")),
				 json_copy(json_object_get(components, "schemas")),
				 json_copy(json_object_get(components, "responses"))};
	json_t *tags = json_copy(json_object_get(root, "tags"));
	json_t *document;
	size_t i;

	json_object_set_new(root, "paths", spec.paths);
	json_object_set_new(root, "components", components);
	json_object_set_new(components, "schemas", spec.schemas);
	json_object_set_new(components, "responses", spec.responses);
	json_object_set_new(root, "tags", tags);
	json_array_insert_new(
		tags, BehindData(tags),
		json_pack("{s:s,s:s,s:s}", "name", "resources", "x-displayName",
				  Say(spec.language, "Published resources", "已发布的服务资源"), "description",
				  Say(spec.language, "The resources that you may use.", "您可以使用的服务资源。")));
	json_array_foreach(json_object_get(documents, "resources"), i, document)
	{
		/* events and its like have endpoints of their own */
		if (strcmp(json_string_value(json_object_get(document, "kind")), "algorithm") == 0)
			AddAlgorithm(&spec, document, json_object_get(documents, "codeTables"));
		else if (json_is_array(json_object_get(document, "fields")))
			AddResource(&spec, document, json_object_get(documents, "codeTables"));
	}
	return root;
}
