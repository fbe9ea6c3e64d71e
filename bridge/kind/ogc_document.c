/*
 * The documents of OGC API Features that are made here: landing page, conformance classes, description of the
 * interface (OpenAPI 3.0). Their texts are files of web/ogc/, in which what people read is
 * ["English", "Chinese"]; addresses and the caller's collections are put in.
 */
#include "kind/ogc_document.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

EMBED(ogc_landing, "web/ogc/landing.json");
EMBED(ogc_conformance, "web/ogc/conformance.json");
EMBED(ogc_api, "web/ogc/api.json");

static json_t *landing[LANGUAGES], *api[LANGUAGES], *conformance;

/* Is it a member that people read? */
static bool
IsRead(const char *name, const json_t *value)
{
	static const char *const names[] = {"title", "description", "summary"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return IsWord(value);
	return false;
}

/* A copy in which those members are in one language; a new reference. */
static json_t *
InLanguage(json_t *value, Language language)
{
	json_t *copy, *member;
	const char *name;
	size_t i;

	if (json_is_array(value))
	{
		copy = json_array();
		json_array_foreach(value, i, member) json_array_append_new(copy, InLanguage(member, language));
		return copy;
	}
	if (!json_is_object(value))
		return json_deep_copy(value);
	copy = json_object();
	json_object_foreach(value, name, member) json_object_set_new(
		copy, name,
		IsRead(name, member) ? json_incref(json_array_get(member, language)) : InLanguage(member, language));
	return copy;
}

/* A file of web/ogc/ in both languages. */
static void
Load(const char *file, const char *text, json_t *in[LANGUAGES])
{
	json_t *both = WordsLoad(file, text);

	for (int i = 0; i < LANGUAGES; i++)
		in[i] = InLanguage(both, (Language) i);
	json_decref(both);
}

void
OgcDocumentsStart(void)
{
	Load("ogc/landing.json", ogc_landing, landing);
	Load("ogc/api.json", ogc_api, api);
	conformance = WordsLoad("ogc/conformance.json", ogc_conformance);
}

void
OgcDocumentsStop(void)
{
	for (int i = 0; i < LANGUAGES; i++)
	{
		json_decref(landing[i]);
		json_decref(api[i]);
	}
	json_decref(conformance);
}

json_t *
OgcLanding(const char *base, Language language)
{
	json_t *document = json_deep_copy(landing[language]), *link;
	size_t i;

	json_array_foreach(json_object_get(document, "links"), i, link)
	{
		json_object_set_new(link, "href",
							json_sprintf("%s%s", base, json_string_value(json_object_get(link, "path"))));
		json_object_del(link, "path");
	}
	return document;
}

json_t *
OgcConformance(void)
{
	return json_deep_copy(conformance);
}

/* ---- the description of the interface ---- */

/* The type of a queryable as OpenAPI 3.0 has it: one name, no null. */
static json_t *
ParameterSchema(const json_t *queryable)
{
	static const char *const kept[] = {"format", "enum", "minimum", "maximum"};
	const json_t *type = json_object_get(queryable, "type");
	json_t *schema = json_object();

	if (json_is_array(type))
		type = json_array_get(type, 0);
	json_object_set_new(schema, "type",
						json_is_string(type) ? json_copy((json_t *) type) : json_string("string"));
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (json_object_get(queryable, kept[i]) != NULL)
			json_object_set(schema, kept[i], json_object_get(queryable, kept[i]));
	return schema;
}

/* Is it what a property is compared with by name=value? Places are asked for by bbox and filter. */
static bool
IsCompared(const json_t *queryable)
{
	const char *format = json_string_value(json_object_get(queryable, "format"));

	return (format == NULL || strncmp(format, "geometry", 8) != 0) &&
		   json_object_get(queryable, "$ref") == NULL;
}

/* Has the operation a parameter of that name already? */
static bool
IsTaken(const json_t *parameters, const json_t *components, const char *name)
{
	json_t *parameter;
	size_t i;

	json_array_foreach((json_t *) parameters, i, parameter)
	{
		const char *reference = json_string_value(json_object_get(parameter, "$ref"));
		const json_t *meant =
			reference == NULL ? parameter : json_object_get(components, strrchr(reference, '/') + 1);
		const char *taken = json_string_value(json_object_get(meant, "name"));

		if (taken != NULL && strcmp(taken, name) == 0)
			return true;
	}
	return false;
}

/* The features of one collection: the operation of all, with the collection's own properties as parameters.
 */
static void
AddCollection(json_t *document, json_t *collection)
{
	json_t *paths = json_object_get(document, "paths");
	json_t *components = json_object_get(json_object_get(document, "components"), "parameters");
	json_t *general = json_object_get(json_object_get(paths, "/collections/{collectionId}/items"), "get");
	json_t *operation = json_deep_copy(general);
	json_t *parameters = json_object_get(operation, "parameters");
	json_t *id = json_object_get(collection, "id"), *title = json_object_get(collection, "title");
	json_t *queryable, *path;
	const char *name;

	json_array_remove(parameters, 0); /* the collection's id, which is in the path */
	json_object_set_new(operation, "operationId", json_sprintf("getFeatures.%s", json_string_value(id)));
	if (json_is_string(title))
		json_object_set(operation, "summary", title);
	json_object_foreach(json_object_get(collection, "queryables"), name, queryable)
	{
		const char *text = json_string_value(json_object_get(queryable, "title"));

		if (!IsCompared(queryable) || IsTaken(parameters, components, name))
			continue;
		json_array_append_new(parameters,
							  json_pack("{s:s,s:s,s:b,s:s,s:o,s:s,s:b}", "name", name, "in", "query",
										"required", 0, "description", text == NULL ? name : text, "schema",
										ParameterSchema(queryable), "style", "form", "explode", 0));
	}
	path = json_sprintf("/collections/%s/items", json_string_value(id));
	json_object_set_new(paths, json_string_value(path), json_pack("{s:o}", "get", operation));
	json_decref(path);
}

json_t *
OgcApi(const char *base, bool sealed, Language language, const json_t *collections)
{
	json_t *document = json_deep_copy(api[language]);
	json_t *components = json_object_get(document, "components");
	json_t *ids = json_array(), *collection;
	size_t i;

	json_object_set_new(document, "servers", json_pack("[{s:s}]", "url", base));
	json_array_foreach((json_t *) collections, i, collection)
	{
		AddCollection(document, collection);
		json_array_append(ids, json_object_get(collection, "id"));
	}
	if (json_array_size(ids) > 0)
		json_object_set(
			json_object_get(json_object_get(json_object_get(components, "parameters"), "collectionId"),
							"schema"),
			"enum", ids);
	json_decref(ids);
	/* the address is the credential */
	if (sealed)
	{
		json_object_del(document, "security");
		json_object_del(components, "securitySchemes");
	}
	return document;
}
