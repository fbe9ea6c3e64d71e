/* The chapters of the manual: loading, finding, languages, and the comparison with the routes. */
#include "manual/messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "reply/reply.h"

EMBED(messages_common, "web/manual/common.json");
EMBED(messages_data_parameters, "manual/data_parameters.json");
EMBED(messages_access, "web/manual/access.json");
EMBED(messages_auth, "web/manual/auth.json");
EMBED(messages_oauth, "web/manual/oauth.json");
EMBED(messages_data, "web/manual/data.json");
EMBED(messages_map, "web/manual/map.json");
EMBED(messages_events, "web/manual/events.json");
EMBED(messages_cases, "web/manual/cases.json");
EMBED(messages_open311, "web/manual/open311.json");
EMBED(messages_ogc, "web/manual/ogc.json");
EMBED(messages_callbacks, "web/manual/callbacks.json");
EMBED(messages_sms, "web/manual/sms.json");
EMBED(messages_sms_reports, "web/manual/sms-reports.json");
EMBED(messages_media_servers, "web/manual/media_servers.json");
EMBED(messages_cameras, "web/manual/cameras.json");
EMBED(messages_analysis, "web/manual/analysis.json");
EMBED(messages_reference, "web/manual/reference.json");
EMBED(messages_admin, "web/manual/admin.json");
EMBED(messages_organisation, "web/manual/organisation.json");
EMBED(messages_operation, "web/manual/operation.json");

/* In the order of the manual. */
static struct
{
	const char *tag;
	const char *text;
	json_t *root;
} chapters[] = {{"access", messages_access},
				{"auth", messages_auth},
				{"oauth", messages_oauth},
				{"data", messages_data},
				{"ogc", messages_ogc},
				{"map", messages_map},
				{"events", messages_events},
				{"cases", messages_cases},
				{"callbacks", messages_callbacks},
				{"sms", messages_sms},
				{"sms-reports", messages_sms_reports},
				{"cameras", messages_cameras},
				{"analysis", messages_analysis},
				{"open311", messages_open311},
				{"media_servers", messages_media_servers},
				{"reference", messages_reference},
				{"admin", messages_admin},
				{"organisation", messages_organisation},
				{"operation", messages_operation}};
#define CHAPTERS ((int) (sizeof(chapters) / sizeof(chapters[0])))

static json_t *common, *data_parameters;

static json_t *
Load(const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "manual/%s.json", file);
	return WordsLoad(path, text);
}

void
MessagesStart(void)
{
	for (int i = 0; i < CHAPTERS; i++)
		chapters[i].root = Load(chapters[i].tag, chapters[i].text);
	common = Load("common", messages_common);
	data_parameters = Load("data_parameters", messages_data_parameters);
}

void
MessagesStop(void)
{
	for (int i = 0; i < CHAPTERS; i++)
		json_decref(chapters[i].root);
	json_decref(common);
	json_decref(data_parameters);
}

const json_t *
Chapter(int number)
{
	return number < CHAPTERS ? chapters[number].root : NULL;
}

const char *
ChapterTag(int number)
{
	return chapters[number].tag;
}

const json_t *
CommonMessages(void)
{
	return common;
}

const json_t *
DataParameters(void)
{
	return data_parameters;
}

const char *
RouteKey(const Route *route, char *text, size_t size)
{
	snprintf(text, size, "%s %s", route->method == METHOD_POST ? "POST" : "GET", route->path);
	return text;
}

const json_t *
MessagesOf(const Route *route, int *chapter)
{
	char key[128];

	RouteKey(route, key, sizeof(key));
	for (int i = 0; i < CHAPTERS; i++)
	{
		const json_t *entry = json_object_get(json_object_get(chapters[i].root, "operations"), key);

		*chapter = i;
		if (entry != NULL)
			return entry;
	}
	return NULL;
}

static bool
NamesWord(const char *name)
{
	return strcmp(name, "text") == 0 || strcmp(name, "title") == 0;
}

const char *
Word(const json_t *object, const char *name, Language language)
{
	const char *text = json_string_value(json_array_get(json_object_get(object, name), language));

	return text == NULL ? "" : text;
}

json_t *
Worded(const json_t *value, Language language)
{
	json_t *copy, *member;
	const char *name;
	size_t i;

	if (json_is_array(value))
	{
		copy = json_array();
		json_array_foreach(value, i, member) json_array_append_new(copy, Worded(member, language));
		return copy;
	}
	if (!json_is_object(value))
		return json_incref((json_t *) value);
	copy = json_object();
	json_object_foreach((json_t *) value, name, member)
	{
		if (NamesWord(name) && IsWord(member))
			json_object_set(copy, strcmp(name, "text") == 0 ? "description" : name,
							json_array_get(member, language));
		else
			json_object_set_new(copy, name, Worded(member, language));
	}
	return copy;
}

/* ---- the comparison ---- */

static int complaints;

static void __attribute__((format(printf, 2, 3))) Complain(int chapter, const char *format, ...)
{
	va_list values;

	fprintf(stderr, "bridge/web/manual/%s.json: ", chapter < 0 ? "*" : chapters[chapter].tag);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
	complaints++;
}

/* Every word has both languages. */
static void
CheckMessages(int chapter, const char *where, const json_t *value)
{
	json_t *member;
	const char *name;
	size_t i;

	if (json_is_array(value))
		json_array_foreach(value, i, member) CheckMessages(chapter, where, member);
	if (!json_is_object(value))
		return;
	json_object_foreach((json_t *) value, name, member)
	{
		if (NamesWord(name) && !json_is_object(member) && !IsWord(member))
			Complain(chapter, "\"%s\": \"%s\" must be [\"English\", \"中文\"]", where, name);
		else if (strcmp(name, "example") != 0 && strcmp(name, "request") != 0)
			CheckMessages(chapter, where, member);
	}
}

bool
RouteTakes(const Route *route, const char *name)
{
	for (int i = 0; i < ROUTE_PARAMS && route->params[i].name != NULL; i++)
		if (strcmp(route->params[i].name, name) == 0)
			return true;
	return false;
}

static void
CheckParameters(int chapter, const char *key, const Route *route, const json_t *entry)
{
	const json_t *messages = json_object_get(entry, "parameters");
	json_t *member;
	const char *name;

	for (int i = 0; i < ROUTE_PARAMS && route->params[i].name != NULL; i++)
		if (route->params[i].name[0] != '\0' &&
			!IsWord(json_object_get(json_object_get(messages, route->params[i].name), "text")))
			Complain(chapter,
					 "\"%s\" takes the parameter %s and does not say what it means: add \"%s\": {\"text\": "
					 "[\"English\", \"中文\"], "
					 "\"example\": …} to its \"parameters\"",
					 key, route->params[i].name, route->params[i].name);
	json_object_foreach((json_t *) messages, name, member)
	{
		if (!RouteTakes(route, name) && json_object_get(json_object_get(common, "parameters"), name) == NULL)
			Complain(chapter,
					 "\"%s\" documents the parameter %s, which the route does not take (bridge/routes.c): "
					 "remove it",
					 key, name);
	}
}

static void
CheckEntry(int chapter, const char *key, const Route *route, const json_t *entry)
{
	json_t *code;
	size_t i;

	if (json_string_length(json_object_get(entry, "id")) == 0)
		Complain(chapter, "\"%s\" needs an \"id\", for example \"getEvent\"", key);
	if (!IsWord(json_object_get(entry, "title")))
		Complain(chapter, "\"%s\" needs a \"title\": [\"English\", \"中文\"]", key);
	if (!IsWord(json_object_get(entry, "text")))
		Complain(chapter, "\"%s\" needs a \"text\": [\"English\", \"中文\"] that says what it does", key);
	CheckMessages(chapter, key, entry);
	CheckParameters(chapter, key, route, entry);
	json_array_foreach(json_object_get(entry, "codes"), i, code)
	{
		if (StatusFind((int) json_integer_value(code))->number != json_integer_value(code))
			Complain(chapter, "\"%s\": there is no status code %d (extension/status_codes.txt)", key,
					 (int) json_integer_value(code));
	}
}

/* Entries for which there is no route. */
static void
CheckStale(int chapter)
{
	json_t *entry;
	const char *key;

	json_object_foreach(json_object_get(chapters[chapter].root, "operations"), key, entry)
	{
		bool found = false;
		char text[128];

		for (int i = 0; RouteAt(i) != NULL && !found; i++)
			found = strcmp(RouteKey(RouteAt(i), text, sizeof(text)), key) == 0;
		if (!found)
			Complain(chapter, "\"%s\" is documented, but there is no such route (bridge/routes.c): remove it",
					 key);
	}
}

int
MessagesCheck(void)
{
	char key[128];
	int chapter;

	complaints = 0;
	for (int i = 0; RouteAt(i) != NULL; i++)
	{
		const json_t *entry = MessagesOf(RouteAt(i), &chapter);

		RouteKey(RouteAt(i), key, sizeof(key));
		if (entry != NULL)
			CheckEntry(chapter, key, RouteAt(i), entry);
		else
			Complain(-1,
					 "the route \"%s\" is not documented: add \"%s\": {\"id\": …, \"title\": [\"English\", "
					 "\"中文\"], \"text\": …, "
					 "\"parameters\": {…}, \"reply\": …, \"example\": …, \"codes\": […]} to \"operations\" "
					 "of the chapter it belongs to",
					 key, key);
	}
	for (int i = 0; i < CHAPTERS; i++)
	{
		CheckStale(i);
		CheckMessages(i, "schemas", json_object_get(chapters[i].root, "schemas"));
	}
	CheckMessages(-1, "common", common);
	return complaints;
}
