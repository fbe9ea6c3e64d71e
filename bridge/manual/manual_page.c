/* The page of the manual: contents, introduction, chapters, structures, sample programs, status codes; one
 * file with style and script. */
#include "manual/manual_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/pages.h"
#include "manual/manual.h"
#include "wire/status_codes.h"

EMBED(manual_html, "web/manual/page.html");
EMBED(manual_contents, "web/manual/contents.html");
EMBED(manual_samples, "web/manual/samples.html");
EMBED(manual_operation, "web/manual/operation.html");
EMBED(manual_table, "web/manual/table.html");
EMBED(manual_type, "web/manual/type.html");
EMBED(manual_limits, "web/manual/limits.html");
EMBED(manual_text, "web/manual/text.html");
EMBED(manual_words, "web/manual/page.json");
EMBED(manual_css, "web/manual/manual.css");
EMBED(manual_script, "web/manual/manual.js");
EMBED(intro_english, "web/manual/intro.en.html");
EMBED(intro_chinese, "web/manual/intro.zh.html");
EMBED(sample_curl, "../docs/samples/query.sh");
EMBED(sample_python, "../docs/samples/query.py");
EMBED(sample_java, "../docs/samples/Query.java");
EMBED(sample_c, "../docs/samples/query.c");
EMBED(sample_curl_zh, "manual/samples.zh/query.sh");
EMBED(sample_python_zh, "manual/samples.zh/query.py");
EMBED(sample_java_zh, "manual/samples.zh/Query.java");
EMBED(sample_c_zh, "manual/samples.zh/query.c");

/* What web/manual/page.html is made of; plain files are put in as they stand. */
static const TemplateFile files[] = {{"page.html", manual_html},
									 {"contents.html", manual_contents},
									 {"samples.html", manual_samples},
									 {"operation.html", manual_operation},
									 {"table.html", manual_table},
									 {"type.html", manual_type},
									 {"limits.html", manual_limits},
									 {"text.html", manual_text},
									 {"manual.css", manual_css, true},
									 {"manual.js", manual_script, true},
									 {"intro.en.html", intro_english, true},
									 {"intro.zh.html", intro_chinese, true}};

/* The sample programs in the order of the page: the first is shown. The Chinese page has Chinese comments in
 * them (docs/samples/zh.tsv). regress/bridge/test_samples.py runs them as the page shows them. */
static const struct
{
	const char *language, *file, *text[2];
} samples[] = {{"curl", "query.sh", {sample_curl, sample_curl_zh}},
			   {"Python", "query.py", {sample_python, sample_python_zh}},
			   {"Java", "Query.java", {sample_java, sample_java_zh}},
			   {"C", "query.c", {sample_c, sample_c_zh}}};
#define SAMPLES ((int) (sizeof(samples) / sizeof(samples[0])))

/* What samples and examples take from the environment; what each is stands in page.json. */
static const char *const variables[] = {"CBD_URL",         "CBD_CA",       "CBD_APP_CODE",   "CBD_KEY",
										"CBD_SENDER_CODE", "CBD_RESOURCE", "CBD_TIME_RANGE", "CBD_LANGUAGE",
										"TOKEN",           "CBD_USER",     "CBD_PASSWORD"};
#define VARIABLES ((int) (sizeof(variables) / sizeof(variables[0])))

static Pages pages;
static char policy[512];

void
PageStart(void)
{
	char style[PAGE_HASH], script[PAGE_HASH];

	PagesStart(&pages, "manual/", files, (int) (sizeof(files) / sizeof(files[0])), manual_words);
	PageHash(style, manual_css);
	PageHash(script, manual_script);
	snprintf(policy, sizeof(policy),
			 "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; form-action 'none'; "
			 "frame-ancestors 'none'; base-uri 'none'",
			 style, script);
}

void
PageStop(void)
{
	PagesStop(&pages);
}

const char *
PagePolicy(void)
{
	return policy;
}

/* Has the chapter this operation? */
static bool
InChapter(const json_t *operation, const char *method, const char *tag)
{
	const char *own = json_string_value(json_array_get(json_object_get(operation, "tags"), 0));

	if (own == NULL || strcmp(own, tag) != 0)
		return false;
	return strcmp(tag, "resources") != 0 || strcmp(method, "get") == 0; /* POST takes the same */
}

/* {"name", "title", "text", "operations"}: in the order of the document. */
static json_t *
ChapterData(const ManualSource *source, const json_t *tag)
{
	json_t *operations = json_array(), *item, *operation;
	const char *name = StringOf(tag, "name"), *path, *method;

	json_object_foreach(json_object_get(source->spec, "paths"), path, item)
	{
		json_object_foreach(item, method, operation)
		{
			if (InChapter(operation, method, name))
				json_array_append_new(operations, OperationData(source, path, method, operation));
		}
	}
	return json_pack("{s:s,s:s,s:o,s:o}", "name", name, "title", StringOf(tag, "x-displayName"), "text",
					 TextData(StringOf(tag, "description")), "operations", operations);
}

/* All of them: contents and text are shown from the same list, so that neither has what the other lacks. */
static json_t *
ChaptersData(const ManualSource *source)
{
	json_t *chapters = json_array(), *tag;
	size_t i;

	json_array_foreach(json_object_get(source->spec, "tags"), i, tag)
		json_array_append_new(chapters, ChapterData(source, tag));
	return chapters;
}

/* The structures that have words of their own; requests, replies and resources stand at their operations. */
static bool
IsStructure(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '.') == NULL && !(length > 7 && strcmp(name + length - 7, "Request") == 0) &&
		   !(length > 5 && strcmp(name + length - 5, "Reply") == 0);
}

/* A table with "name" and "text". */
static json_t *
StructureData(const ManualSource *source, const char *name, const json_t *schema)
{
	json_t *table = TableData(false), *part;
	size_t i;

	json_object_set_new(table, "name", json_string(name));
	json_object_set_new(table, "text", TextData(StringOf(schema, "description")));
	AddMembers(source, table, schema, "", true);
	json_array_foreach(json_object_get(schema, "allOf"), i, part) AddMembers(source, table, part, "", true);
	return table;
}

static json_t *
StructuresData(const ManualSource *source)
{
	json_t *structures = json_array(), *schema;
	const char *name;

	json_object_foreach(json_object_get(json_object_get(source->spec, "components"), "schemas"), name, schema)
	{
		if (IsStructure(name))
			json_array_append_new(structures, StructureData(source, name, schema));
	}
	return structures;
}

/* [{"number", "first", "language", "file", "source"}] */
static json_t *
SamplesData(Language language)
{
	json_t *list = json_array();

	for (int i = 0; i < SAMPLES; i++)
		json_array_append_new(list, json_pack("{s:i,s:b,s:s,s:s,s:s}", "number", i, "first", i == 0,
											  "language", samples[i].language, "file", samples[i].file,
											  "source", samples[i].text[language]));
	return list;
}

/* [{"name", "meaning"}] */
static json_t *
VariablesData(const ManualSource *source)
{
	json_t *list = json_array();

	for (int i = 0; i < VARIABLES; i++)
		json_array_append_new(list, json_pack("{s:s,s:s}", "name", variables[i], "meaning",
											  ManualWord(source, "variables", variables[i], "")));
	return list;
}

/* [{"number", "http", "name", "english", "chinese"}]: both languages stand in both pages, for whoever gets
 * the other one in a reply. */
static json_t *
StatusTable(void)
{
	json_t *list = json_array();

	for (int i = 0; i < status_row_count; i++)
	{
		const StatusRow *row = &status_rows[i];

		json_array_append_new(list,
							  json_pack("{s:i,s:i,s:s,s:s,s:s}", "number", row->number, "http", row->http,
										"name", row->name, "english", row->english, "chinese", row->chinese));
	}
	return list;
}

bool
PageWrite(Text *text, Language language, const json_t *spec)
{
	const ManualSource source = {spec, language, &pages};
	const json_t *server = json_array_get(json_object_get(spec, "servers"), 0);
	json_t *data = json_pack("{s:s,s:s,s:b}", "version", CBD_VERSION, "server", StringOf(server, "url"),
							 "chinese", language == CHINESE);

	json_object_set_new(data, "chapters", ChaptersData(&source));
	json_object_set_new(data, "structures", StructuresData(&source));
	json_object_set_new(data, "samples", SamplesData(language));
	json_object_set_new(data, "variables", VariablesData(&source));
	json_object_set_new(data, "statusCodes", StatusTable());
	return PagesWrite(&pages, "page.html", language, data, text);
}
