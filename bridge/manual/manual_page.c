/* The page of the manual: introduction, chapters, structures, sample programs, status codes; one file with
 * style and script. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "manual/manual.h"
#include "request/request.h"
#include "wire/status_codes.h"

EMBED(manual_css, "web/manual/manual.css");
EMBED(manual_script, "web/manual/manual.js");
EMBED(intro_english, "web/manual/intro.en.html");
EMBED(intro_chinese, "web/manual/intro.zh.html");
EMBED(sample_curl, "../docs/samples/query.sh");
EMBED(sample_python, "../docs/samples/query.py");
EMBED(sample_java, "../docs/samples/Query.java");
EMBED(sample_c, "../docs/samples/query.c");

static const struct
{
	const char *language, *file, *text;
} samples[] = {{"curl", "query.sh", sample_curl},
			   {"Python", "query.py", sample_python},
			   {"Java", "Query.java", sample_java},
			   {"C", "query.c", sample_c}};
#define SAMPLES ((int) (sizeof(samples) / sizeof(samples[0])))

static char *policy;

/* 'sha256-…' of an inline style or script. */
static void
HashOf(char *hash, const char *text)
{
	Arena arena = {NULL};

	EVP_EncodeBlock((unsigned char *) hash, (const unsigned char *) Digest(&arena, text, strlen(text)),
					DIGEST_LENGTH);
	ArenaFree(&arena);
}

void
PageStart(void)
{
	char style[64], script[64];
	Text text = {NULL, 0, 0};

	HashOf(style, manual_css);
	HashOf(script, manual_script);
	TextPrint(&text,
			  "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; connect-src 'self'; "
			  "form-action 'none'; "
			  "frame-ancestors 'none'; base-uri 'none'",
			  style, script);
	policy = text.bytes;
}

void
PageStop(void)
{
	free(policy);
	policy = NULL;
}

const char *
PagePolicy(void)
{
	return policy;
}

static void
AddHead(Text *text, Language language, const json_t *spec)
{
	const char *server =
		json_string_value(json_object_get(json_array_get(json_object_get(spec, "servers"), 0), "url"));

	TextPrint(text, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
			  Say(language, "en", "zh-CN"));
	TextAddString(text, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
						"name=\"robots\" content=\"noindex\">\n");
	TextPrint(text, "<title>%s</title>\n<style>", Say(language, "Interface manual", "接口说明书"));
	TextAddString(text, manual_css);
	TextAddString(text, "</style>\n</head>\n<body>\n");
	TextPrint(text,
			  "<a class=\"skip\" href=\"#main\">%s</a>\n<header class=\"top\"><div><p "
			  "class=\"platform\">%s</p><h1>%s</h1>",
			  Say(language, "To the text", "跳到正文"),
			  Say(language, "City-management big data platform", "城市管理大数据平台"),
			  Say(language, "Interface manual", "接口说明书"));
	TextPrint(text, "<p class=\"about\">%s %s · <code>", Say(language, "Version", "版本"), CBD_VERSION);
	TextAddHtml(text, server, strlen(server));
	TextPrint(text,
			  "</code> · <a href=\"/openapi.json?lang=%s\">OpenAPI 3.1</a> · <a href=\"/docs?lang=%s\" "
			  "lang=\"%s\" hreflang=\"%s\">%s</a></p></div>\n",
			  Say(language, "en", "zh"), Say(language, "zh", "en"), Say(language, "zh-CN", "en"),
			  Say(language, "zh-CN", "en"), Say(language, "中文", "English"));
	TextPrint(text,
			  "<form class=\"token script\" id=\"token-form\" hidden><label for=\"token\">%s</label><input "
			  "id=\"token\" type=\"password\" "
			  "autocomplete=\"off\" spellcheck=\"false\" placeholder=\"%s\"><button>%s</button><output "
			  "id=\"token-state\" role=\"status\"></output></form>\n",
			  Say(language, "Your access token", "访问令牌"),
			  Say(language, "for the resources you may use", "显示已授权给您的服务资源"),
			  Say(language, "Show", "显示"));
	TextAddString(text, "</header>\n");
}

/* A chapter's operations: in the order of the document. */
static bool
InChapter(const json_t *operation, const char *method, const char *tag)
{
	const char *own = json_string_value(json_array_get(json_object_get(operation, "tags"), 0));

	if (own == NULL || strcmp(own, tag) != 0)
		return false;
	return strcmp(tag, "resources") != 0 || strcmp(method, "get") == 0; /* POST takes the same */
}

static void
AddEntry(Text *text, const char *id, const char *method, const char *title)
{
	TextPrint(text, "<li><a href=\"#%s\">", id);
	if (method != NULL)
		TextPrint(text, "<span class=\"method %s\">%s</span>", method,
				  strcmp(method, "post") == 0 ? "POST" : "GET");
	TextAddString(text, "<span>");
	TextAddHtml(text, title, strlen(title));
	TextAddString(text, "</span></a></li>\n");
}

static void
AddContents(Text *text, Language language, const json_t *spec)
{
	static const char *const sections[][3] = {{"about", "About", "概述"},
											  {"access-how", "Getting access", "如何获得授权"},
											  {"authorisation", "Ways of authorisation", "认证方式"},
											  {"conventions", "Conventions", "通用约定"},
											  {"samples", "Sample programs", "示例程序"}};
	json_t *tag, *item, *operation;
	const char *path, *method;
	size_t i;

	TextPrint(text,
			  "<nav aria-label=\"%s\">\n<p class=\"search script\" hidden><input id=\"search\" "
			  "type=\"search\" placeholder=\"%s\" aria-label=\"%s\" "
			  "autocomplete=\"off\"><output id=\"found\" role=\"status\" data-none=\"%s\"></output></p>\n<ul "
			  "class=\"plain\">\n",
			  Say(language, "Contents", "目录"), Say(language, "Search ( / )", "搜索（ / ）"),
			  Say(language, "Search", "搜索"), Say(language, "nothing found", "没有找到"));
	for (size_t n = 0; n < sizeof(sections) / sizeof(sections[0]); n++)
		AddEntry(text, sections[n][0], NULL, sections[n][1 + (language == CHINESE)]);
	TextAddString(text, "</ul>\n");
	json_array_foreach(json_object_get(spec, "tags"), i, tag)
	{
		const char *name = json_string_value(json_object_get(tag, "name"));

		TextPrint(text, "<p class=\"chapter\"><a href=\"#chapter-%s\">%s</a></p>\n<ul>\n", name,
				  json_string_value(json_object_get(tag, "x-displayName")));
		json_object_foreach(json_object_get(spec, "paths"), path, item)
			json_object_foreach(item, method, operation)
		{
			if (InChapter(operation, method, name))
				AddEntry(text, json_string_value(json_object_get(operation, "operationId")), method,
						 json_string_value(json_object_get(operation, "summary")));
		}
		TextAddString(text, "</ul>\n");
	}
	TextAddString(text, "<ul class=\"plain\">\n");
	AddEntry(text, "structures", NULL, Say(language, "Structures", "数据结构"));
	AddEntry(text, "status-codes", NULL, Say(language, "Status code table", "状态信息编码表"));
	TextAddString(text, "</ul>\n</nav>\n");
}

static void
AddChapters(Text *text, Language language, const json_t *spec)
{
	json_t *tag, *item, *operation;
	const char *path, *method;
	size_t i;

	json_array_foreach(json_object_get(spec, "tags"), i, tag)
	{
		const char *name = json_string_value(json_object_get(tag, "name"));

		TextPrint(text, "<section id=\"chapter-%s\"><h2>%s</h2>\n", name,
				  json_string_value(json_object_get(tag, "x-displayName")));
		ParagraphsWrite(text, json_string_value(json_object_get(tag, "description")));
		json_object_foreach(json_object_get(spec, "paths"), path, item)
			json_object_foreach(item, method, operation)
		{
			if (InChapter(operation, method, name))
				OperationWrite(text, language, spec, path, method, operation);
		}
		TextAddString(text, "</section>\n");
	}
}

/* The structures that have messages of their own; requests, replies and resources stand at their operations.
 */
static bool
IsStructure(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '.') == NULL && !(length > 7 && strcmp(name + length - 7, "Request") == 0) &&
		   !(length > 5 && strcmp(name + length - 5, "Reply") == 0);
}

static void
AddStructures(Text *text, Language language, const json_t *spec)
{
	json_t *schema;
	const char *name;

	TextPrint(text, "<section id=\"structures\"><h2>%s</h2>\n", Say(language, "Structures", "数据结构"));
	json_object_foreach(json_object_get(json_object_get(spec, "components"), "schemas"), name, schema)
	{
		if (IsStructure(name))
			SchemaWrite(text, language, spec, name, schema);
	}
	TextAddString(text, "</section>\n");
}

/* All four stand in the page; style shows the chosen one, print all. */
static void
AddSamples(Text *text, Language language)
{
	TextPrint(text, "<section id=\"samples\"><h2>%s</h2>\n<p>%s</p>\n<div class=\"tabs\">\n",
			  Say(language, "Sample programs", "示例程序"),
			  Say(language,
				  "Each gets a token by key, reports an event, reads published data page by page and shows "
				  "what to do on refusals. "
				  "They take <code>CBD_URL</code>, <code>CBD_CA</code>, <code>CBD_APP_CODE</code>, "
				  "<code>CBD_KEY</code> and <code>CBD_SENDER_CODE</code> from the environment.",
				  "各示例均以密钥获取令牌、上报问题、按游标逐页读取数据，并处理失败情况。环境变量：<code>CBD_"
				  "URL</code>、<code>CBD_CA</code>、"
				  "<code>CBD_APP_CODE</code>、<code>CBD_KEY</code>、<code>CBD_SENDER_CODE</code>。"));
	for (int i = 0; i < SAMPLES; i++)
		TextPrint(
			text,
			"<input type=\"radio\" name=\"sample\" id=\"sample-%d\"%s><label for=\"sample-%d\">%s</label>\n",
			i, i == 0 ? " checked" : "", i, samples[i].language);
	for (int i = 0; i < SAMPLES; i++)
	{
		TextPrint(text,
				  "<div class=\"tab\"><p class=\"file\">%s · <code>docs/samples/%s</code></p><pre><code>",
				  samples[i].language, samples[i].file);
		TextAddHtml(text, samples[i].text, strlen(samples[i].text));
		TextAddString(text, "</code></pre></div>\n");
	}
	TextAddString(text, "</div></section>\n");
}

static void
AddStatusCodes(Text *text, Language language)
{
	TextPrint(text, "<section id=\"status-codes\"><h2>%s</h2>\n<p>%s</p>\n",
			  Say(language, "Status code table", "状态信息编码表"),
			  Say(language, "<code>statusCode</code> is HTTP status × 100 + nn; 0 is success.",
				  "<code>statusCode</code> 为 HTTP 状态 × 100 + 序号；0 表示成功。"));
	TextPrint(text,
			  "<div class=\"table\"><table "
			  "class=\"status\"><thead><tr><th>%s</th><th>HTTP</th><th>%s</th><th>English</th><th>中文</th></"
			  "tr></thead><tbody>\n",
			  Say(language, "Number", "编码"), Say(language, "Name", "名称"));
	for (int i = 0; i < status_row_count; i++)
	{
		const StatusRow *row = &status_rows[i];

		TextPrint(text, "<tr id=\"s%d\"><td>%d</td><td>%d</td><td><code>%s</code></td><td>", row->number,
				  row->number, row->http, row->name);
		TextAddHtml(text, row->english, strlen(row->english));
		TextAddString(text, "</td><td>");
		TextAddHtml(text, row->chinese, strlen(row->chinese));
		TextAddString(text, "</td></tr>\n");
	}
	TextAddString(text, "</tbody></table></div></section>\n");
}

void
PageWrite(Text *text, Language language, const json_t *spec)
{
	AddHead(text, language, spec);
	TextAddString(text, "<div class=\"columns\">\n");
	AddContents(text, language, spec);
	TextAddString(text, "<main id=\"main\">\n");
	TextAddString(text, language == CHINESE ? intro_chinese : intro_english);
	AddSamples(text, language);
	AddChapters(text, language, spec);
	AddStructures(text, language, spec);
	AddStatusCodes(text, language);
	TextAddString(text, "</main>\n</div>\n<script>");
	TextAddString(text, manual_script);
	TextAddString(text, "</script>\n</body>\n</html>\n");
}
