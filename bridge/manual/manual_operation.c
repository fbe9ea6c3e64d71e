/* One operation of an OpenAPI document as HTML; everything that is put in is escaped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual/manual.h"
#include "wire/status_codes.h"

#define DEPTH_LIMIT 4 /* of members shown in one table */

static const char *
String(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

static bool
Is(const json_t *object, const char *name, const char *wanted)
{
	return strcmp(String(object, name), wanted) == 0;
}

/* Messages of a description, whose \< is a plain < (openapi_resource.c). */
static void
AddDescription(Text *text, const char *messages, size_t length)
{
	const char *end = messages + length, *escape;

	while ((escape = memmem(messages, (size_t) (end - messages), "\\<", 2)) != NULL)
	{
		TextAddHtml(text, messages, (size_t) (escape - messages));
		messages = escape + 1;
	}
	TextAddHtml(text, messages, (size_t) (end - messages));
}

/* `messages` between grave accents are code; an empty line begins a paragraph. */
void
ParagraphsWrite(Text *text, const char *messages)
{
	bool code = false;

	if (messages[0] == '\0')
		return;
	TextAddString(text, "<p>");
	for (const char *at = messages; *at != '\0';)
	{
		size_t plain = strcspn(at, "`\n");

		AddDescription(text, at, plain);
		at += plain;
		if (*at == '`')
		{
			TextAddString(text, code ? "</code>" : "<code>");
			code = !code;
			at++;
		}
		else if (at[0] == '\n' && at[1] == '\n')
		{
			TextAddString(text, "</p><p>");
			at += 2;
		}
		else if (*at == '\n')
			TextAdd(text, at++, 1);
	}
	TextAddString(text, code ? "</code></p>\n" : "</p>\n");
}

static void
AddCode(Text *text, const char *code)
{
	TextAddString(text, "<code>");
	TextAddHtml(text, code, strlen(code));
	TextAddString(text, "</code>");
}

/* Last part of {"$ref": "#/components/schemas/Case"}, or "". */
static const char *
ReferenceName(const json_t *schema)
{
	const char *slash = strrchr(String(schema, "$ref"), '/');

	return slash == NULL ? "" : slash + 1;
}

static const json_t *
Resolve(const json_t *spec, const json_t *object, const char *kind)
{
	const char *name = ReferenceName(object);

	return name[0] == '\0'
			   ? object
			   : json_object_get(json_object_get(json_object_get(spec, "components"), kind), name);
}

/* A parameter that every resource takes (openapi_data.c)? */
static bool
IsStandard(const json_t *parameter)
{
	return strncmp(ReferenceName(parameter), "data.", 5) == 0;
}

/* ---- types ---- */

static const char *
TypeName(Language language, const char *type)
{
	static const char *const names[][2] = {{"string", "字符串"}, {"integer", "整数"}, {"number", "数值"},
										   {"boolean", "布尔"},  {"object", "对象"},  {"array", "数组"}};

	for (size_t i = 0; language == CHINESE && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], type) == 0)
			return names[i][1];
	return type;
}

static void
AddType(Text *text, Language language, const json_t *schema)
{
	const json_t *type = json_object_get(schema, "type"), *choice = json_object_get(schema, "oneOf");
	const char *name = ReferenceName(schema);
	json_t *one;
	size_t i;

	if (strchr(name, '.') != NULL) /* a resource's item: its fields follow */
		TextAddString(text, TypeName(language, "object"));
	else if (name[0] != '\0')
	{
		TextAddString(text, "<a href=\"#schema-");
		TextAddHtml(text, name, strlen(name));
		TextAddString(text, "\">");
		TextAddHtml(text, name, strlen(name));
		TextAddString(text, "</a>");
	}
	json_array_foreach(choice, i, one)
	{
		TextAddString(text, i > 0 ? " / " : "");
		AddType(text, language, one);
	}
	if (json_is_array(type))
	{
		bool first = true;

		json_array_foreach(type, i, one)
		{
			if (strcmp(json_string_value(one), "null") == 0)
				continue;
			TextAddString(text, first ? "" : " / ");
			TextAddString(text, TypeName(language, json_string_value(one)));
			first = false;
		}
	}
	else if (json_is_string(type) && Is(schema, "type", "array"))
	{
		AddType(text, language, json_object_get(schema, "items"));
		TextAddString(text, Say(language, "[]", " 数组"));
	}
	else if (json_is_string(type))
		TextAddString(text, TypeName(language, json_string_value(type)));
}

/* What belongs to the meaning: values, default, unit, level, codes. */
static void
AddLimits(Text *text, Language language, const json_t *schema)
{
	const json_t *values = json_object_get(schema, "enum");
	const json_t *codes = json_object_get(schema, "x-codes");
	json_t *one;
	size_t i;

	if (values == NULL)
		values = json_object_get(json_object_get(schema, "items"), "enum");
	json_array_foreach(values, i, one)
	{
		TextAddString(
			text,
			i == 0 ? Say(language, " <span class=\"values\">One of ", " <span class=\"values\">取值 ") : " ");
		if (json_is_string(one))
			AddCode(text, json_string_value(one));
		else
			TextPrint(text, "<code>%" JSON_INTEGER_FORMAT "</code>", json_integer_value(one));
		TextAddString(text, i + 1 == json_array_size(values) ? "</span>" : "");
	}
	if (json_is_integer(json_object_get(schema, "maxLength")))
		TextPrint(text,
				  Say(language, " <span class=\"values\">At most %d characters</span>",
					  " <span class=\"values\">最长 %d 个字符</span>"),
				  (int) json_integer_value(json_object_get(schema, "maxLength")));
	if (json_is_string(json_object_get(schema, "default")))
	{
		TextAddString(text,
					  Say(language, " <span class=\"values\">Default ", " <span class=\"values\">默认 "));
		AddCode(text, String(schema, "default"));
		TextAddString(text, "</span>");
	}
	if (json_is_string(json_object_get(schema, "x-unit")))
	{
		TextAddString(text, Say(language, " <span class=\"values\">Unit ", " <span class=\"values\">单位 "));
		TextAddHtml(text, String(schema, "x-unit"), strlen(String(schema, "x-unit")));
		TextAddString(text, "</span>");
	}
	if (json_integer_value(json_object_get(schema, "x-level")) > 1)
		TextPrint(text,
				  Say(language, " <span class=\"values\">Level %d</span>",
					  " <span class=\"values\">级别 %d</span>"),
				  (int) json_integer_value(json_object_get(schema, "x-level")));
	if (json_is_string(json_object_get(schema, "x-codeTable")))
	{
		TextAddString(
			text, Say(language, " <span class=\"values\">Code table ", " <span class=\"values\">代码表 "));
		AddCode(text, String(schema, "x-codeTable"));
		json_array_foreach(codes, i, one)
		{
			TextAddString(text, i == 0 ? Say(language, ": ", "：") : Say(language, ", ", "，"));
			AddCode(text, String(one, "code"));
			TextAddString(text, " ");
			TextAddHtml(text, String(one, "name"), strlen(String(one, "name")));
		}
		TextAddString(text, "</span>");
	}
}

/* ---- tables ---- */

static void
BeginTable(Text *text, Language language, bool place)
{
	TextAddString(text, "<div class=\"table fields\"><table><thead><tr><th>");
	TextAddString(text, Say(language, "Name", "名称"));
	TextAddString(text, place ? Say(language, "</th><th>In", "</th><th>位置") : "");
	TextAddString(text, Say(language, "</th><th>Type</th><th>Meaning</th></tr></thead><tbody>\n",
							"</th><th>类型</th><th>说明</th></tr></thead><tbody>\n"));
}

static void
EndTable(Text *text)
{
	TextAddString(text, "</tbody></table></div>\n");
}

static void
AddName(Text *text, Language language, const char *prefix, const char *name, bool required)
{
	TextAddString(text, "<tr><td><code>");
	TextAddHtml(text, prefix, strlen(prefix));
	TextAddHtml(text, name, strlen(name));
	TextAddString(text, "</code>");
	if (required)
		TextAddString(text, Say(language, "<b class=\"must\">required</b>", "<b class=\"must\">必填</b>"));
	TextAddString(text, "</td><td>");
}

static bool
Requires(const json_t *schema, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i,
					   one) if (strcmp(json_string_value(one), name) == 0) return true;
	return false;
}

/* A row a member, members of members behind it. `must`: what is required is marked. */
static void
AddRows(Text *text, Language language, const json_t *spec, const json_t *schema, const char *prefix,
		bool must, int depth)
{
	json_t *one;
	const char *name;

	json_object_foreach(json_object_get((json_t *) schema, "properties"), name, one)
	{
		const json_t *member = IsStandard(one) ? Resolve(spec, one, "schemas") : one;
		const json_t *inner = Is(member, "type", "array") ? json_object_get(member, "items") : member;
		const char *about = String(member, "description");
		char longer[160];

		AddName(text, language, prefix, name, must && Requires(schema, name));
		AddType(text, language, member);
		TextAddString(text, "</td><td>");
		AddDescription(text, about, strlen(about));
		AddLimits(text, language, member);
		TextAddString(text, "</td></tr>\n");
		snprintf(longer, sizeof(longer), "%s%s%s.", prefix, name, inner == member ? "" : "[]");
		if (depth < DEPTH_LIMIT && ReferenceName(inner)[0] == '\0')
			AddRows(text, language, spec, inner, longer, must, depth + 1);
	}
}

void
SchemaWrite(Text *text, Language language, const json_t *spec, const char *name, const json_t *schema)
{
	const json_t *part;
	size_t i;

	TextPrint(text, "<article class=\"schema\" id=\"schema-%s\"><h3>%s</h3>\n", name, name);
	ParagraphsWrite(text, String(schema, "description"));
	BeginTable(text, language, false);
	AddRows(text, language, spec, schema, "", true, 0);
	json_array_foreach(json_object_get(schema, "allOf"), i, part)
		AddRows(text, language, spec, part, "", true, 0);
	EndTable(text);
	TextAddString(text, "</article>\n");
}

/* They are described once, with the platform's own address of published data. */
static void
AddStandardNames(Text *text, Language language, const json_t *parameters)
{
	json_t *one;
	size_t i;

	TextPrint(text, "<p>%s <a href=\"#getData\">%s</a>: ", Say(language, "Those of", "通用参数见"),
			  Say(language, "every resource", "查询数据"));
	json_array_foreach(parameters, i, one)
	{
		if (!IsStandard(one))
			continue;
		AddCode(text, strchr(ReferenceName(one), '.') + 1);
		TextAddString(text, " ");
	}
	TextPrint(text, "</p>\n<p>%s</p>\n",
			  Say(language,
				  "Its own; a filter takes the operators <code>.ne .lt .le .gt .ge .in .like .isNull</code> "
				  "behind its name, too:",
				  "本资源参数；筛选字段名后还可加 <code>.ne .lt .le .gt .ge .in .like .isNull</code>："));
}

/* `brief`: the parameters that every resource takes are only named. */
static void
AddParameters(Text *text, Language language, const json_t *spec, const json_t *parameters, bool brief)
{
	static const char *const places[][2] = {{"path", "路径"}, {"query", "查询"}, {"header", "请求头"}};
	json_t *one;
	size_t i;

	if (json_array_size(parameters) == 0)
		return;
	TextPrint(text, "<h4>%s</h4>\n", Say(language, "Parameters", "参数"));
	if (brief)
		AddStandardNames(text, language, parameters);
	BeginTable(text, language, true);
	json_array_foreach(parameters, i, one)
	{
		const json_t *parameter = Resolve(spec, one, "parameters");
		const char *about = String(parameter, "description"), *place = String(parameter, "in");

		if (brief && IsStandard(one))
			continue;
		AddName(text, language, "", String(parameter, "name"),
				json_is_true(json_object_get(parameter, "required")));
		for (size_t n = 0; language == CHINESE && n < sizeof(places) / sizeof(places[0]); n++)
			if (strcmp(places[n][0], place) == 0)
			{
				place = places[n][1];
				break;
			}
		TextAddString(text, place);
		TextAddString(text, "</td><td>");
		AddType(text, language, json_object_get(parameter, "schema"));
		TextAddString(text, "</td><td>");
		AddDescription(text, about, strlen(about));
		AddLimits(text, language, json_object_get(parameter, "schema"));
		TextAddString(text, "</td></tr>\n");
	}
	EndTable(text);
}

/* First content type of a body or response, and its media type object. */
static const json_t *
Media(const json_t *object, const char **type)
{
	json_t *content = json_object_get(object, "content");
	void *first = json_object_iter(content);

	*type = first == NULL ? "" : json_object_iter_key(first);
	return first == NULL ? NULL : json_object_iter_value(first);
}

static void
AddBody(Text *text, Language language, const json_t *spec, const json_t *operation)
{
	const json_t *body = json_object_get(operation, "requestBody");
	const char *type;
	const json_t *media = Media(body, &type);
	json_t *one;
	const char *name, *between = "";

	if (media == NULL)
		return;
	TextPrint(text, "<h4>%s</h4>\n<p class=\"types\">", Say(language, "Request body", "请求体"));
	json_object_foreach(json_object_get((json_t *) body, "content"), name, one)
	{
		TextPrint(text, "%s<code>%s</code>", between, name);
		between = " · ";
	}
	TextAddString(text, "</p>\n");
	BeginTable(text, language, false);
	AddRows(text, language, spec, Resolve(spec, json_object_get(media, "schema"), "schemas"), "", true, 0);
	EndTable(text);
}

static void
AddJson(Text *text, const char *class, const json_t *value)
{
	char *printed = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);

	TextPrint(text, "<pre class=\"%s\"><code>", class);
	TextAddHtml(text, printed, strlen(printed));
	TextAddString(text, "</code></pre>\n");
	free(printed);
}

/* The schema of `data` inside the envelope; NULL: there is none. */
static const json_t *
DataSchema(const json_t *spec, const json_t *schema)
{
	const json_t *all = json_object_get(Resolve(spec, schema, "schemas"), "allOf");

	return json_object_get(json_object_get(json_array_get(all, 1), "properties"), "data");
}

static void
AddReply(Text *text, Language language, const json_t *spec, const json_t *operation)
{
	const json_t *response = json_object_get(json_object_get(operation, "responses"), "200");
	const char *type;
	const json_t *media = Media(response, &type);
	const json_t *data = DataSchema(spec, json_object_get(media, "schema"));
	const json_t *schema = data == NULL ? json_object_get(media, "schema") : data;
	const char *about = String(schema, "description");

	TextPrint(text, "<h4>%s</h4>\n", Say(language, "Reply", "返回"));
	if (data != NULL && Is(data, "type", "null"))
		TextPrint(text, "<p>%s</p>\n",
				  Say(language, "<code>data</code> is null.", "<code>data</code> 为 null。"));
	else if (ReferenceName(schema)[0] != '\0' && strstr(ReferenceName(schema), ".Page") == NULL)
	{
		TextAddString(text, data == NULL ? "<p>" : "<p><code>data</code>: ");
		AddType(text, language, schema);
		TextAddString(text, "</p>\n");
	}
	else
	{
		const json_t *shown = Resolve(spec, schema, "schemas");
		const json_t *item = Resolve(
			spec, json_object_get(json_object_get(json_object_get(shown, "properties"), "items"), "items"),
			"schemas");

		if (data == NULL)
			TextPrint(text, "<p class=\"types\"><code>%s</code></p>\n", type);
		else
			ParagraphsWrite(text, about);
		if (json_object_size(json_object_get(shown, "properties")) > 0)
		{
			BeginTable(text, language, false);
			AddRows(text, language, spec, shown, "", false, 0);
			if (strstr(ReferenceName(schema), ".Page") != NULL)
				AddRows(text, language, spec, item, "items[].", false, 1);
			EndTable(text);
		}
	}
	if (json_object_get(media, "example") != NULL)
		AddJson(text, "reply", json_object_get(media, "example"));
}

/* What a call without credentials rests on. */
static const char *
Anonymous(Language language, const json_t *operation)
{
	const char *tag = json_string_value(json_array_get(json_object_get(operation, "tags"), 0));

	if (strcmp(tag, "oauth") == 0)
		return Say(language, "client_id in the body", "请求体中的 client_id");
	return strcmp(tag, "events") == 0 ? Say(language, "client address", "客户端地址")
									  : Say(language, "none", "无");
}

/* What the ways of authorisation are called. */
static void
AddSecurity(Text *text, Language language, const json_t *operation)
{
	static const char *const names[][3] = {{"bearer", "access token (Bearer)", "访问令牌（Bearer）"},
										   {"oauth2", "OAuth 2.0", "OAuth 2.0"},
										   {"basic", "HTTP Basic", "HTTP Basic"},
										   {"authCode", "one-time code", "一次性授权码"},
										   {"signatureAppCode", "signature", "签名"}};
	json_t *one;
	size_t i;
	bool first = true;

	TextPrint(text, "<p class=\"auth\"><b>%s</b> ", Say(language, "Authorisation", "认证"));
	if (json_array_size(json_object_get(operation, "security")) == 0)
		TextAddString(text, Say(language, "none", "无需认证"));
	json_array_foreach(json_object_get(operation, "security"), i, one)
	{
		TextAddString(text, first ? "" : " · ");
		if (json_object_size(one) == 0)
			TextAddString(text, Anonymous(language, operation));
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (json_object_get(one, names[n][0]) != NULL)
				TextAddString(text, names[n][1 + (language == CHINESE)]);
		first = false;
	}
	TextAddString(text, "</p>\n");
}

/* Codes of its own with what they mean, those of every call of its kind as links into the table. */
static void
AddCodes(Text *text, Language language, const json_t *spec, const json_t *operation)
{
	const json_t *own = json_object_get(operation, "x-ownCodes");
	json_t *response, *code;
	const char *http;
	size_t i;

	TextPrint(text, "<h4>%s</h4>\n<p class=\"codes\">", Say(language, "Status codes", "状态信息编码"));
	json_object_foreach(json_object_get((json_t *) operation, "responses"), http, response)
	{
		json_array_foreach(json_object_get(Resolve(spec, response, "responses"), "x-statusCodes"), i, code)
		{
			int number = (int) json_integer_value(code);
			const StatusRow *row = StatusFind(number);
			bool mine = false;
			json_t *one;
			size_t n;

			json_array_foreach(own, n, one) mine = mine || json_integer_value(one) == number;
			TextPrint(text, "<a href=\"#s%d\"%s title=\"", number, mine ? " class=\"own\"" : "");
			TextAddHtml(text, Say(language, row->english, row->chinese),
						strlen(Say(language, row->english, row->chinese)));
			TextPrint(text, "\">%d", number);
			if (mine)
				TextPrint(text, " %s", Say(language, row->english, row->chinese));
			TextAddString(text, "</a> ");
		}
	}
	TextAddString(text, "</p>\n");
}

/* Layer, owner and so on of a published resource. */
static void
AddFacts(Text *text, Language language, const json_t *facts)
{
	static const char *const names[][3] = {{"layer", "Layer", "层次"},
										   {"industry", "Industry", "行业"},
										   {"source", "Source", "数据来源"},
										   {"level", "Level", "级别"},
										   {"version", "Version", "版本"},
										   {"owner", "Owner", "数据提供单位"},
										   {"updateCycle", "Updated", "更新周期"},
										   {"publishedAt", "Published", "发布时间"},
										   {"sunset", "Ends", "停用日期"},
										   {"crs", "Coordinates", "坐标系"}};
	bool first = true;

	if (facts == NULL)
		return;
	TextAddString(text, "<p class=\"types\">");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		const json_t *value = json_object_get(facts, names[i][0]);

		if (value == NULL)
			continue;
		TextPrint(text, "%s%s ", first ? "" : " · ", names[i][1 + (language == CHINESE)]);
		first = false;
		if (json_is_integer(value))
			TextPrint(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		else
			TextAddHtml(text, json_string_value(value), strlen(json_string_value(value)));
	}
	TextPrint(text, " · <a href=\"/api/v1/resources/%s/schema.xsd\">XSD</a></p>\n", String(facts, "code"));
}

void
OperationWrite(Text *text, Language language, const json_t *spec, const char *path, const char *method,
			   const json_t *operation)
{
	const json_t *sample = json_array_get(json_object_get(operation, "x-codeSamples"), 0);
	const char *id = String(operation, "operationId"), *summary = String(operation, "summary");

	TextPrint(text, "<article class=\"op\" id=\"%s\"><h3>", id);
	TextAddHtml(text, summary, strlen(summary));
	TextPrint(text,
			  " <a class=\"here\" href=\"#%s\" aria-label=\"#\">#</a></h3>\n<p class=\"call\"><span "
			  "class=\"method %s\">%s</span> ",
			  id, method, strcmp(method, "post") == 0 ? "POST" : "GET");
	AddCode(text, path);
	TextAddString(text, "</p>\n");
	ParagraphsWrite(text, String(operation, "description"));
	AddSecurity(text, language, operation);
	AddFacts(text, language, json_object_get(operation, "x-resource"));
	AddParameters(text, language, spec, json_object_get(operation, "parameters"),
				  json_object_get(operation, "x-resource") != NULL);
	AddBody(text, language, spec, operation);
	if (sample != NULL)
	{
		TextPrint(text, "<h4>%s</h4>\n<pre class=\"request\"><code>", Say(language, "Example", "调用示例"));
		TextAddHtml(text, String(sample, "source"), strlen(String(sample, "source")));
		TextAddString(text, "</code></pre>\n");
	}
	AddReply(text, language, spec, operation);
	AddCodes(text, language, spec, operation);
	TextAddString(text, "</article>\n");
}
