/*
 * A document of OGC API Features as a page for people: what the template web/ogc/page.html shows, as data.
 * Which parts a page has follows from the members of the document, whoever made it. Pages have no script;
 * every link of theirs leads on to pages (f=html), but for the one to the document itself.
 */
#include "kind/ogc_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/pages.h"
#include "kind/ogc_text.h"
#include "text/utf8.h"

EMBED(ogc_css, "web/ogc/page.css");
EMBED(ogc_html, "web/ogc/page.html");
EMBED(ogc_words, "web/ogc/page.json");

static const TemplateFile files[] = {{"page.css", ogc_css, true}, {"page.html", ogc_html}};

static Pages pages;

/* Which page a document becomes. */
typedef enum PageKind
{
	PAGE_LANDING,
	PAGE_API,
	PAGE_CONFORMANCE,
	PAGE_COLLECTIONS,
	PAGE_COLLECTION,
	PAGE_QUERYABLES,
	PAGE_FEATURES,
	PAGE_FEATURE
} PageKind;

/* A page under construction. */
typedef struct Page
{
	Request *request;
	Language language;
	const char *base;
	const json_t *document;
	json_t *data; /* of the template */
} Page;

void
OgcPagesStart(void)
{
	PagesStart(&pages, "ogc/", files, (int) (sizeof(files) / sizeof(files[0])), ogc_words);
}

void
OgcPagesStop(void)
{
	PagesStop(&pages);
}

const char *
OgcPolicy(Request *request)
{
	char style[PAGE_HASH];

	PageHash(style, ogc_css);
	return ArenaPrint(&request->arena,
					  "default-src 'none'; style-src '%s'; form-action 'none'; frame-ancestors 'none'; "
					  "base-uri 'none'",
					  style);
}

/* A word of a group in page.json. */
static const char *
WordOf(const Page *page, const char *group, const char *name)
{
	return PageWord(&pages, page->language, group, name, name);
}

/* ---- addresses ---- */

/* base and path, encoded where a value may need it; `more` is one segment more, NULL: none. */
static json_t *
Below(const Page *page, const char *path, const char *more)
{
	Text text = {NULL, 0, 0};
	json_t *address;

	TextAddString(&text, page->base);
	TextAddString(&text, path);
	if (more != NULL)
	{
		TextAdd(&text, "/", 1);
		TextAddEncoded(&text, more, strlen(more), "");
	}
	address = OgcAddress(text.bytes, "html");
	TextClear(&text);
	return address;
}

/* The path to the collection that is asked for, encoded; "" when none is. In the request's memory. */
static const char *
CollectionPath(Request *request, const char **name)
{
	int number = request->route == NULL ? -1 : RouteParam(request->route, "collection");
	const char *path;
	Text text = {NULL, 0, 0};

	*name = number < 0 ? NULL : request->values[number].text;
	if (*name == NULL)
		return "";
	TextAddString(&text, "/collections/");
	TextAddEncoded(&text, *name, strlen(*name), "");
	path = ArenaCopy(&request->arena, text.bytes, text.length);
	TextClear(&text);
	return path;
}

/* ---- parts of a page ---- */

static void
Set(Page *page, const char *name, json_t *value)
{
	json_object_set_new(page->data, name, value);
}

/* Adds a step of the trail. */
static void
AddStep(json_t *steps, json_t *address, const char *name)
{
	json_array_append_new(steps, json_pack("{s:o,s:s}", "address", address, "name", name));
}

/* What a link leads to, in the words of the page where it has one. */
static const char *
LinkName(const Page *page, const json_t *link)
{
	static const char queryables[] = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
	const char *rel = OgcString(link, "rel"), *title = OgcString(link, "title");

	if (strcmp(rel, "items") == 0)
		return WordOf(page, "page", "items");
	if (strcmp(rel, queryables) == 0)
		return WordOf(page, "page", "queryables");
	return title == NULL ? rel : title;
}

/* Is the link one that does not stand elsewhere on the page? */
static bool
IsListed(const json_t *link)
{
	static const char *const elsewhere[] = {"self", "alternate", "next", "collection"};
	const char *rel = OgcString(link, "rel");
	bool listed = rel != NULL;

	for (size_t i = 0; listed && i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		listed = strcmp(rel, elsewhere[i]) != 0;
	return listed;
}

/* The document's links, each address once: a page and its JSON are the same here. */
static void
AddLinks(Page *page)
{
	json_t *items = json_array(), *seen = json_object(), *link;
	size_t i;

	json_array_foreach(json_object_get(page->document, "links"), i, link)
	{
		bool description = IsListed(link) && strcmp(OgcString(link, "rel"), "service-desc") == 0;
		json_t *address =
			IsListed(link) ? OgcAddress(OgcString(link, "href"), description ? "json" : "html") : json_null();
		const char *text = json_string_value(address);

		if (text != NULL && json_object_get(seen, text) == NULL)
		{
			json_object_set_new(seen, text, json_true());
			json_array_append_new(items, json_pack("{s:O,s:s,s:s}", "address", address, "name",
												   LinkName(page, link), "type", description ? "JSON" : ""));
		}
		json_decref(address);
	}
	if (json_array_size(items) > 0)
		Set(page, "links", json_pack("{s:O}", "items", items));
	json_decref(seen);
	json_decref(items);
}

/* Adds a fact with one value, which is taken; nothing when it is empty. */
static void
AddFact(json_t *rows, const char *name, json_t *value)
{
	if (json_string_length(value) > 0)
		json_array_append_new(rows, json_pack("{s:s,s:[O]}", "name", name, "values", value));
	json_decref(value);
}

/* A cell of a table; both are taken. */
static json_t *
Cell(json_t *address, json_t *text)
{
	return json_pack("{s:o,s:o}", "address", address, "text", text);
}

/* The table of the page; all but the texts are taken. */
static void
AddTable(Page *page, const char *label, json_t *caption, json_t *columns, json_t *rows)
{
	Set(page, "table",
		json_pack("{s:s,s:o,s:o,s:b,s:o}", "label", label, "caption", caption, "columns", columns, "empty",
				  json_array_size(rows) == 0, "rows", rows));
}

/* ---- pages ---- */

/* Collections, each with its title. */
static void
ShowCollections(Page *page, const json_t *collections)
{
	json_t *items = json_array(), *collection;
	size_t i;

	json_array_foreach((json_t *) collections, i, collection)
	{
		const char *id = OgcString(collection, "id"), *title = OgcString(collection, "title");
		const char *text = OgcString(collection, "description");

		if (id != NULL)
			json_array_append_new(
				items, json_pack("{s:o,s:s,s:s,s:s}", "address", Below(page, "/collections", id), "name",
								 title == NULL ? id : title, "id", id, "text", text == NULL ? "" : text));
	}
	if (json_array_size(items) == 0)
		Set(page, "text", json_string(WordOf(page, "page", "nothing")));
	Set(page, "cards", json_pack("{s:o}", "items", items));
}

/* Numbers of a box or ends of an interval with commas between; `open` stands for null. */
static json_t *
Range(const json_t *list, size_t first, size_t count, const char *open)
{
	Text text = {NULL, 0, 0};
	json_t *range;

	for (size_t i = first; i < first + count; i++)
	{
		const json_t *value = json_array_get(list, i);
		json_t *printed = json_is_null(value) ? json_string(open) : OgcText(value);

		TextPrint(&text, "%s", i > first ? ", " : "");
		TextAddString(&text, json_string_value(printed));
		json_decref(printed);
	}
	range = json_string(text.bytes == NULL ? "" : text.bytes);
	TextClear(&text);
	return range;
}

/* The extent: first corner and last one of the box, and the interval of time. */
static void
AddExtent(Page *page, json_t *rows)
{
	const json_t *extent = json_object_get(page->document, "extent");
	const json_t *box = json_array_get(json_object_get(json_object_get(extent, "spatial"), "bbox"), 0);
	const json_t *interval =
		json_array_get(json_object_get(json_object_get(extent, "temporal"), "interval"), 0);
	size_t half = json_array_size(box) / 2;

	if (half >= 2)
		json_array_append_new(rows, json_pack("{s:s,s:[o,o]}", "name", WordOf(page, "fact", "place"),
											  "values", Range(box, 0, half, ""), Range(box, half, half, "")));
	if (json_is_string(json_array_get(interval, 0)) || json_is_string(json_array_get(interval, 1)))
		AddFact(rows, WordOf(page, "fact", "time"), Range(interval, 0, 2, ".."));
}

/* One collection: what is known of it, and where to go on. */
static void
ShowCollection(Page *page)
{
	json_t *rows = json_array(), *crs = json_object_get(page->document, "crs");

	AddFact(rows, WordOf(page, "fact", "id"), OgcText(json_object_get(page->document, "id")));
	AddExtent(page, rows);
	AddFact(rows, WordOf(page, "fact", "storageCrs"), OgcText(json_object_get(page->document, "storageCrs")));
	if (json_array_size(crs) > 0)
		json_array_append_new(rows,
							  json_pack("{s:s,s:O}", "name", WordOf(page, "fact", "crs"), "values", crs));
	Set(page, "facts", json_pack("{s:o}", "rows", rows));
}

/* The type of a queryable: what its format says more exactly, else its type. */
static json_t *
TypeText(const json_t *queryable)
{
	const json_t *format = json_object_get(queryable, "format"), *type = json_object_get(queryable, "type");

	return OgcText(json_is_string(format) ? format : type);
}

/* Queryables: name, title, type. */
static void
ShowQueryables(Page *page)
{
	json_t *rows = json_array(), *queryable;
	const char *name;

	json_object_foreach(json_object_get(page->document, "properties"), name, queryable)
		json_array_append_new(rows, json_pack("{s:[o,o,o]}", "cells", Cell(json_null(), json_string(name)),
											  Cell(json_null(), OgcText(json_object_get(queryable, "title"))),
											  Cell(json_null(), TypeText(queryable))));
	Set(page, "text", OgcText(json_object_get(page->document, "title")));
	AddTable(page, WordOf(page, "page", "queryables"), json_null(),
			 json_pack("[s,s,s]", WordOf(page, "column", "name"), WordOf(page, "column", "title"),
					   WordOf(page, "column", "type")),
			 rows);
}

/* How many features the page has, and how many there are. */
static json_t *
CountText(const Page *page)
{
	const json_t *some = json_object_get(page->document, "numberReturned");
	const json_t *all = json_object_get(page->document, "numberMatched");
	json_int_t shown = json_integer_value(some);

	if (!json_is_integer(some))
		return json_null();
	if (!json_is_integer(all))
		return json_sprintf(
			Say(page->language, "%" JSON_INTEGER_FORMAT " on this page", "本页 %" JSON_INTEGER_FORMAT " 个"),
			shown);
	return json_sprintf(Say(page->language,
							"%" JSON_INTEGER_FORMAT " on this page, %" JSON_INTEGER_FORMAT " in all",
							"本页 %" JSON_INTEGER_FORMAT " 个，共 %" JSON_INTEGER_FORMAT " 个"),
						shown, json_integer_value(all));
}

#define SHOWN_CELL 300 /* bytes of a text in the table; the feature's own page has all of it */

/* A property in the table of features. */
static json_t *
ShortText(const json_t *value)
{
	json_t *text = OgcText(value);
	size_t length = json_string_length(text), kept = Utf8Cut(json_string_value(text), length, SHOWN_CELL);
	json_t *cut;

	if (kept == length)
		return text;
	cut = json_sprintf("%.*s ...", (int) kept, json_string_value(text));
	json_decref(text);
	return cut;
}

/* A row of the table of features: id, the properties of the first one, geometry. */
static json_t *
FeatureRow(const Page *page, const char *path, const json_t *first, const json_t *feature)
{
	const json_t *properties = json_object_get(feature, "properties");
	json_t *id = OgcText(json_object_get(feature, "id")), *cells = json_array(), *value;
	const char *name;

	json_array_append_new(cells, Cell(Below(page, path, json_string_value(id)), json_incref(id)));
	json_object_foreach((json_t *) first, name, value)
		json_array_append_new(cells, Cell(json_null(), ShortText(json_object_get(properties, name))));
	json_array_append_new(cells, Cell(json_null(), OgcGeometry(json_object_get(feature, "geometry"), false)));
	json_decref(id);
	return json_pack("{s:o}", "cells", cells);
}

/* Features of a collection, a page of them. */
static void
ShowFeatures(Page *page, const json_t *features)
{
	const json_t *first = json_object_get(json_array_get(features, 0), "properties");
	json_t *columns = json_pack("[s]", WordOf(page, "column", "id")), *rows = json_array(), *feature, *value;
	const char *collection, *name, *path = CollectionPath(page->request, &collection);
	size_t i;

	path = ArenaPrint(&page->request->arena, "%s/items", path);
	json_object_foreach((json_t *) first, name, value) json_array_append_new(columns, json_string(name));
	json_array_append_new(columns, json_string(WordOf(page, "column", "geometry")));
	json_array_foreach((json_t *) features, i, feature)
		json_array_append_new(rows, FeatureRow(page, path, first, feature));
	AddTable(page, WordOf(page, "page", "items"), CountText(page), columns, rows);
	Set(page, "next", OgcLinkAddress(page->document, "next", "html"));
}

/* One feature. */
static void
ShowFeature(Page *page)
{
	json_t *rows = json_array(), *value;
	const char *name;

	json_object_foreach(json_object_get(page->document, "properties"), name, value)
		AddFact(rows, name, OgcText(value));
	AddFact(rows, WordOf(page, "fact", "geometry"),
			OgcGeometry(json_object_get(page->document, "geometry"), true));
	Set(page, "facts", json_pack("{s:o}", "rows", rows));
}

/* Conformance classes. */
static void
ShowConformance(Page *page, const json_t *classes)
{
	json_t *rows = json_array(), *uri;
	size_t i;

	json_array_foreach((json_t *) classes, i, uri)
		json_array_append_new(rows, json_pack("{s:[o]}", "cells", Cell(json_null(), json_copy(uri))));
	AddTable(page, WordOf(page, "page", "conformance"), json_null(),
			 json_pack("[s]", WordOf(page, "column", "class")), rows);
}

/* The addresses of the interface, and what they mean. */
static void
ShowApi(Page *page)
{
	json_t *rows = json_array(), *item;
	const char *path;

	json_object_foreach(json_object_get(page->document, "paths"), path, item)
	{
		const json_t *operation = json_object_get(item, "get");
		bool one = strchr(path, '{') == NULL;

		json_array_append_new(
			rows, json_pack("{s:[o,o,o]}", "cells",
							Cell(one ? Below(page, strcmp(path, "/") == 0 ? "" : path, NULL) : json_null(),
								 json_string(path)),
							Cell(json_null(), OgcText(json_object_get(operation, "summary"))),
							Cell(json_null(), OgcText(json_object_get(operation, "description")))));
	}
	Set(page, "text", OgcText(json_object_get(json_object_get(page->document, "info"), "description")));
	AddTable(page, WordOf(page, "page", "api"), json_null(),
			 json_pack("[s,s,s]", WordOf(page, "column", "address"), WordOf(page, "column", "title"),
					   WordOf(page, "column", "meaning")),
			 rows);
	Set(page, "json", OgcAddress(ArenaPrint(&page->request->arena, "%s/api", page->base), "json"));
}

/* A page without any part. */
static void
Begin(Page *page, Request *request, const char *base, const json_t *document)
{
	*page = (Page){request, request->wanted.chinese ? CHINESE : ENGLISH, base, document, NULL};
	page->data = json_pack("{s:s,s:n,s:n,s:n,s:n,s:n,s:n,s:n,s:n,s:n}", "title", "", "trail", "wrong", "text",
						   "cards", "facts", "table", "next", "links", "json");
}

/* By the member that only documents of this kind have. */
static PageKind
KindOf(const json_t *document)
{
	const char *type = OgcString(document, "type");

	if (json_object_get(document, "openapi") != NULL)
		return PAGE_API;
	if (json_object_get(document, "conformsTo") != NULL)
		return PAGE_CONFORMANCE;
	if (json_object_get(document, "collections") != NULL)
		return PAGE_COLLECTIONS;
	if (type != NULL && strcmp(type, "FeatureCollection") == 0)
		return PAGE_FEATURES;
	if (type != NULL && strcmp(type, "Feature") == 0)
		return PAGE_FEATURE;
	if (json_object_get(document, "$schema") != NULL)
		return PAGE_QUERYABLES;
	return json_object_get(document, "id") != NULL ? PAGE_COLLECTION : PAGE_LANDING;
}

/* The part of the page that the document has. */
static void
Show(Page *page, PageKind kind)
{
	const json_t *document = page->document;

	Set(page, "text", OgcText(json_object_get(document, "description")));
	switch (kind)
	{
		case PAGE_API:
			ShowApi(page);
			break;
		case PAGE_CONFORMANCE:
			ShowConformance(page, json_object_get(document, "conformsTo"));
			break;
		case PAGE_COLLECTIONS:
			ShowCollections(page, json_object_get(document, "collections"));
			break;
		case PAGE_COLLECTION:
			ShowCollection(page);
			break;
		case PAGE_QUERYABLES:
			ShowQueryables(page);
			break;
		case PAGE_FEATURES:
			ShowFeatures(page, json_object_get(document, "features"));
			break;
		case PAGE_FEATURE:
			ShowFeature(page);
			break;
		case PAGE_LANDING:
			break;
	}
}

/* The heading of the page, in the request's memory or the document's. */
static const char *
TitleOf(Page *page, PageKind kind)
{
	static const char *const words[] = {"home",        "api",        "conformance", "collections",
										"collections", "queryables", "items",       "items"};
	const char *title = OgcString(page->document, "title");
	json_t *id = OgcText(json_object_get(page->document, "id"));
	const char *text = json_string_value(id);

	text = ArenaCopy(&page->request->arena, text, strlen(text));
	json_decref(id);
	if (kind == PAGE_FEATURE)
		return text;
	if ((kind == PAGE_LANDING || kind == PAGE_COLLECTION) && title != NULL)
		return title;
	return kind == PAGE_COLLECTION ? text : WordOf(page, "page", words[kind]);
}

/* Where the page is: the steps that lead to it. */
static void
AddTrail(Page *page, PageKind kind, const char *here)
{
	const char *name, *path = CollectionPath(page->request, &name);
	json_t *steps = json_array();

	AddStep(steps, Below(page, "", NULL), WordOf(page, "page", "home"));
	if (name != NULL)
		AddStep(steps, Below(page, "/collections", NULL), WordOf(page, "page", "collections"));
	if (name != NULL && kind != PAGE_COLLECTION)
		AddStep(steps, Below(page, path, NULL), name);
	if (kind == PAGE_FEATURE)
		AddStep(steps, Below(page, path, "items"), WordOf(page, "page", "items"));
	Set(page, "trail", json_pack("{s:o,s:s}", "steps", steps, "here", here));
}

void
OgcPage(Request *request, const char *base, const json_t *document, Text *text)
{
	PageKind kind = KindOf(document);
	Page page;

	Begin(&page, request, base, document);
	Set(&page, "title", json_string(TitleOf(&page, kind)));
	Set(&page, "json", OgcLinkAddress(document, "self", "json"));
	Show(&page, kind);
	if (kind != PAGE_LANDING)
		AddTrail(&page, kind, json_string_value(json_object_get(page.data, "title")));
	AddLinks(&page);
	PagesWrite(&pages, "page.html", page.language, page.data, text);
}

void
OgcErrorPage(Request *request, unsigned http, const char *code, const char *description, Text *text)
{
	Page page;
	const char *advice;

	Begin(&page, request, NULL, NULL);
	advice = WordOf(&page, "advice", http == MHD_HTTP_UNAUTHORIZED ? "unauthorized" : "other");
	Set(&page, "title", json_string(WordOf(&page, "page", "failed")));
	Set(&page, "wrong",
		json_pack("{s:s,s:s,s:s,s:s}", "description", description, "advice", advice, "code", code,
				  "requestId", request->id));
	PagesWrite(&pages, "page.html", page.language, page.data, text);
}
