/*
 * check_template: what templates show, and which mistakes are found when they are read. Prints what is wrong;
 * exit code 0 when nothing is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/template.h"

#define WORDS "{\"lang\": \"zh-CN\", \"hello\": \"Say `a<b` \\\"now\\\"\"}"

static int errors;

#define WRONG(...) (errors++, printf(__VA_ARGS__), putchar('\n'))

/* A template that is shown: by which data, and what comes out; `told` is the mistake, NULL when there is
 * none. */
typedef struct Shown
{
	const char *template, *data, *page, *told;
} Shown;

static const Shown shown[] = {
	/* values */
	{"{{a}} {{ n }}", "{\"a\": \"x\", \"n\": -7}", "x -7", NULL},
	{"{{a}}", "{\"a\": \"<b> & \\\"q\\\" 'r'\"}", "&#60;b&#62; &#38; &#34;q&#34; &#39;r&#39;", NULL},
	{"{{a}}", "{\"a\": \"{{b}} `c`\", \"b\": \"no\"}", "{{b}} `c`", NULL},
	{"<i title=\"{{a}}\">", "{\"a\": \"\\\" onclick=\\\"x\"}", "<i title=\"&#34; onclick=&#34;x\">", NULL},
	{"[{{b}}]", "{\"a\": 1}", "[]", "page.html line 1: {{b}} is not given"},
	{"x\n\n{{b}}", "{\"b\": null}", "x\n\n", "page.html line 3: {{b}} is neither a string nor an integer"},
	{"{{b}}", "{\"b\": true}", "", "page.html line 1: {{b}} is neither a string nor an integer"},
	/* words */
	{"<p lang=\"{{word.lang}}\">{{word.hello}}", "{}",
	 "<p lang=\"zh-CN\">Say <code>a&#60;b</code> &#34;now&#34;", NULL},
	{"<p title=\"{{word.hello}}\">", "{}", "<p title=\"Say `a&#60;b` &#34;now&#34;\">", NULL},
	/* sections */
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": true}", "x", NULL},
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": 0}", "x", NULL},
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": {}}", "x", NULL},
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": false}", "y", NULL},
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": null}", "y", NULL},
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": \"\"}", "y", NULL},
	{"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": []}", "y", NULL},
	{"{{#a}}x{{/a}}", "{}", "", "page.html line 1: {{a}} is not given"},
	{"{{#a}}<{{.}}>{{/a}}", "{\"a\": [1, \"<\"]}", NULL,
	 "page.html line 1: a value in a tag must stand in the quotes of an attribute"},
	{"{{#a}}({{.}}){{/a}}", "{\"a\": [1, \"<\"]}", "(1)(&#60;)", NULL},
	{"{{#a}}({{.}}{{b}}){{/a}}", "{\"a\": \"x\", \"b\": \"y\"}", "(xy)", NULL},
	{"{{#a}}{{#b}}{{c}}{{/b}}{{/a}}", "{\"a\": {\"b\": [{\"c\": 1}, {\"c\": 2}]}}", "12", NULL},
	/* names of the objects around are not seen */
	{"{{#a}}{{b}}{{/a}}", "{\"a\": {}, \"b\": 1}", "", "page.html line 1: {{b}} is not given"},
	/* lines of one tag are left out */
	{"a\n  {{#a}}\nb\n  {{/a}}\nc\n", "{\"a\": true}", "a\nb\nc\n", NULL},
	{"{{! a note }}\nb {{! no }}\n", "{}", "b \n", NULL},
	{"{{#a}}\n{{/a}}", "{\"a\": [1, 2]}", "", NULL},
	{"a {{#a}}\nb{{/a}}\n", "{\"a\": true}", "a \nb\n", NULL},
	/* files */
	{"[{{>part.html}}]\n{{>part.html}}\n.", "{\"a\": 1}", "[part 1]\npart 1\n.", NULL},
	{"<style>{{{plain.css}}}</style>", "{}", "<style>p{x:\"{{a}}\"}\n</style>", NULL},
};

/* Templates that are not taken. */
static const struct
{
	const char *template, *told;
} refused[] = {
	{"a\n{{b", "line 2: a tag is not closed"},
	{"{{}}", "line 1: a name has letters"},
	{"{{a b}}", "line 1: a name has letters, digits and \"._-\", not \"a b\""},
	{"{{{a}}", "line 1: a tag is not closed"},
	{"{{&a}}", "line 1: a name has letters"},
	{"{{#a}}", "line 1: {{#a}} is not closed"},
	{"{{/a}}", "line 1: {{/a}} closes nothing"},
	{"{{#a}}{{#b}}\n{{/a}}{{/b}}", "line 2: {{/a}} where {{/b}} must stand"},
	{"{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}",
	 "line 1: sections are nested deeper than 16"},
	{"{{word.nothing}}", "line 1: there is no word \"nothing\""},
	{"{{a.b}}", "line 1: only words have a dot"},
	{"{{>nothing.html}}", "line 1: there is no template \"nothing.html\""},
	{"{{>plain.css}}", "line 1: there is no template \"plain.css\""},
	{"{{{part.html}}}", "line 1: there is no plain file \"part.html\""},
	{"{{>page.html}}", "line 1: it contains itself"},
	{"<a title={{a}}>", "line 1: a value in a tag"},
	{"<{{a}}>", "line 1: a value in a tag"},
	{"<a href=\"{{a}}\">", "line 1: an address must not begin with a value"},
	{"<a onclick=\"x({{a}})\">", "line 1: a value must not stand in a handler"},
	{"<a style=\"color:{{a}}\">", "line 1: a value must not stand in a handler or a style"},
	{"<script>{{a}}</script>", "line 1: a value must not stand in <script>"},
	{"<style media=\"x\">{{a}}</style>", "line 1: a value must not stand in <script>"},
	{"{{#a}}<a title=\"{{/a}}", "line 1: {{/a}} ends in another place"},
	{"<a title=\"{{>part.html}}\">", "line 1: part.html must begin and end in text"},
	{"<style>{{{tag.txt}}}</style>", "line 1: tag.txt must begin and end in text"},
	{"<p", "line 1: the file ends in the middle of a tag"},
};

static Templates *
Parse(const char *template, TemplateError *error)
{
	const TemplateFile files[] = {{"page.html", template},
								  {"part.html", "part {{a}}\n"},
								  {"plain.css", "p{x:\"{{a}}\"}\n", true},
								  {"tag.txt", "</style><b>", true}};
	json_t *words = json_loads(WORDS, 0, NULL);
	Templates *templates = TemplatesParse(files, sizeof(files) / sizeof(files[0]), words, error);

	json_decref(words);
	return templates;
}

static void
Check(const Shown *one)
{
	TemplateError error = {""};
	Templates *templates = Parse(one->template, &error);
	json_t *data = json_loads(one->data, 0, NULL), *words = json_loads(WORDS, 0, NULL);
	Text text = {NULL, 0, 0};
	bool good = templates != NULL && TemplateRender(templates, "page.html", data, words, &text, &error);

	if (good != (one->told == NULL) || strcmp(error.text, good ? "" : one->told) != 0)
		WRONG("%s with %s: told \"%s\"", one->template, one->data, error.text);
	if (one->page != NULL && strcmp(text.bytes == NULL ? "" : text.bytes, one->page) != 0)
		WRONG("%s with %s: \"%s\" instead of \"%s\"", one->template, one->data, text.bytes, one->page);
	free(text.bytes);
	json_decref(data);
	json_decref(words);
	TemplatesFree(templates);
}

static void
CheckRefused(const char *template, const char *told)
{
	TemplateError error = {""};
	Templates *templates = Parse(template, &error);

	if (templates != NULL || strncmp(error.text, "page.html ", 10) != 0 ||
		strncmp(error.text + 10, told, strlen(told)) != 0)
		WRONG("%s: told \"%s\" instead of \"%s\"", template, error.text, told);
	TemplatesFree(templates);
}

/* Loops in loops: 100 x 100 texts of 10,000 characters are refused, and not written. */
static void
CheckLength(void)
{
	TemplateError error = {""};
	Templates *templates = Parse("{{#a}}{{#a}}{{b}}{{/a}}{{/a}}", &error);
	json_t *data = json_object(), *list = json_array(), *words = json_object();
	Text text = {NULL, 0, 0};
	char word[10001];

	memset(word, 'x', sizeof(word));
	json_object_set_new(data, "b", json_stringn(word, sizeof(word) - 1));
	for (int i = 0; i < 100; i++)
		json_array_append_new(list, json_integer(1));
	json_object_set_new(data, "a", list);
	if (templates == NULL || TemplateRender(templates, "page.html", data, words, &text, &error) ||
		strcmp(error.text, "page.html line 1: {{b}} makes the page too long") != 0 || text.length > 70000000)
	{
		printf("loops in loops: %zu bytes, \"%s\"\n", text.length, error.text);
		errors++;
	}
	free(text.bytes);
	json_decref(data);
	json_decref(words);
	TemplatesFree(templates);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		Check(&shown[i]);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		CheckRefused(refused[i].template, refused[i].told);
	CheckLength();
	return errors > 0;
}
