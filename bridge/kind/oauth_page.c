/* The log-in and consent page and the error page: templates of web/, compiled in; everything that is put in
 * is escaped. */
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/embed.h"
#include "kind/oauth.h"
#include "wire/status_codes.h"

#define FORM_TIME 600 /* seconds that a form may lie open */

EMBED(web_css, "web/page.css");
EMBED(web_consent, "web/consent.html");
EMBED(web_error, "web/error.html");

/* What the pages say. */
static const struct
{
	const char *name, *english, *chinese;
} phrases[] = {
	{"lang", "en", "zh-CN"},
	{"platform", "City-management big data platform", "城市管理大数据平台"},
	{"heading", "Allow access?", "授权登录"},
	{"asks", "An application asks for access to:", "该应用申请访问以下服务资源："},
	{"application_label", "Application", "应用识别码"},
	{"organization_label", "Organisation", "所属单位"},
	{"target_label", "Sends you to", "授权后前往"},
	{"user_label", "User name", "用户名"},
	{"password_label", "Password", "密码"},
	{"allow", "Log in and allow", "登录并授权"},
	{"deny", "Deny", "拒绝"},
	{"note",
	 "Log in with the account that owns this application, and only if you began this yourself. Your password "
	 "stays with the platform.",
	 "请使用该应用所属的用户登录；如非本人操作，请点击“拒绝”。密码仅由本平台核验，不会提供给该应用。"},
	{"failed", "The request cannot be completed", "无法完成请求"},
	{"advice",
	 "Go back to the application and begin again. If it happens again, tell its operator the number below.",
	 "请返回应用重新发起。如仍出现此提示，请将下方编号告知应用管理员。"},
};

/* What a template's names stand for in one page. */
typedef struct Names
{
	bool chinese;
	const char *names[16], *texts[16];
	int count;
} Names;

static void
SetName(Names *names, const char *name, const char *text)
{
	if (names->count == (int) (sizeof(names->names) / sizeof(names->names[0])))
		abort();
	names->names[names->count] = name;
	names->texts[names->count++] = text == NULL ? "" : text;
}

static const char *
FindName(const Names *names, const char *name, size_t length)
{
	for (int i = 0; i < names->count; i++)
		if (strlen(names->names[i]) == length && memcmp(names->names[i], name, length) == 0)
			return names->texts[i];
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (strlen(phrases[i].name) == length && memcmp(phrases[i].name, name, length) == 0)
			return names->chinese ? phrases[i].chinese : phrases[i].english;
	return "";
}

static void
AddEscaped(Text *text, const char *string)
{
	TextAddHtml(text, string, strlen(string));
}

/* {{name}} is escaped, {{{name}}} was made of escaped parts here. */
static void
Render(Text *text, const char *template, const Names *names)
{
	const char *open;

	while ((open = strstr(template, "{{")) != NULL)
	{
		bool raw = open[2] == '{';
		const char *name = open + 2 + raw;
		const char *close = strstr(name, "}}");
		const char *value = FindName(names, name, (size_t) (close - name));

		TextAdd(text, template, (size_t) (open - template));
		if (raw)
			TextAddString(text, value);
		else
			AddEscaped(text, value);
		template = close + 2 + raw;
	}
	TextAddString(text, template);
}

/* The text as a string of the request's own; frees it. */
static const char *
Keep(Request *request, Text *text)
{
	const char *kept = ArenaCopy(&request->arena, text->bytes == NULL ? "" : text->bytes, text->length);

	free(text->bytes);
	return kept;
}

static const Value *
Locales(const Request *request)
{
	return &request->values[request->route->method == METHOD_POST ? AUTHORIZE_POST_LOCALES
																  : AUTHORIZE_GET_LOCALES];
}

/* ui_locales says it, else Accept-Language. */
static bool
InChinese(const Request *request)
{
	const Value *locales = Locales(request);

	if (locales->text != NULL && strncasecmp(locales->text, "zh", 2) == 0)
		return true;
	return request->chinese && !(locales->text != NULL && strncasecmp(locales->text, "en", 2) == 0);
}

/* What was shown goes along with the decision; the token binds it. */
static const char *
HiddenFields(Request *request)
{
	const Route *route = request->route;
	Text text = {NULL, 0, 0};

	for (int i = 0; i < AUTHORIZE_SHOWN; i++)
	{
		if (request->values[i].text == NULL)
			continue;
		TextPrint(&text, "<input type=\"hidden\" name=\"%s\" value=\"", route->params[i].name);
		AddEscaped(&text, request->values[i].text);
		TextAddString(&text, "\">\n");
	}
	request->form_secret = FormSecret(request);
	TextPrint(&text,
			  "<input type=\"hidden\" name=\"ui_locales\" value=\"%s\">\n<input type=\"hidden\" "
			  "name=\"form_token\" value=\"%s\">",
			  InChinese(request) ? "zh-CN" : "en",
			  FormToken(request, request->form_secret, (long) time(NULL) + FORM_TIME));
	return Keep(request, &text);
}

/* A link to the same page in the other language. */
static const char *
OtherLanguage(Request *request, bool chinese)
{
	Text text = {NULL, 0, 0};

	TextAddString(&text, "<a href=\"?");
	for (int i = 0; i < AUTHORIZE_SHOWN; i++)
	{
		const char *at = request->values[i].text;

		if (at == NULL)
			continue;
		TextPrint(&text, "%s=", request->route->params[i].name);
		TextAddEncoded(&text, at, strlen(at), "");
		TextAddString(&text, "&amp;");
	}
	TextAddString(&text, chinese ? "ui_locales=en\" lang=\"en\">English</a>"
								 : "ui_locales=zh-CN\" lang=\"zh-CN\">中文</a>");
	return Keep(request, &text);
}

static const char *
ResourceItems(Request *request, const json_t *resources, bool chinese)
{
	Text text = {NULL, 0, 0};
	size_t i;
	json_t *resource;

	json_array_foreach(resources, i, resource)
	{
		const char *title = json_string_value(json_object_get(resource, chinese ? "titleZh" : "title"));
		const char *code = json_string_value(json_object_get(resource, "code"));

		TextAddString(&text, "<li>");
		AddEscaped(&text, title == NULL ? "" : title);
		TextAddString(&text, "<code>");
		AddEscaped(&text, code == NULL ? "" : code);
		TextAddString(&text, "</code></li>");
	}
	return Keep(request, &text);
}

/* Scheme, host and port of an address, for the Content-Security-Policy; "" when it has characters that do not
 * belong there. */
static const char *
OriginOf(Request *request, const char *address)
{
	const char *host = strstr(address, "://");
	size_t length;

	if (host == NULL)
		return "";
	host += 3;
	length = strcspn(host, "/?#");
	if (strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]") < length)
		return "";
	return ArenaCopy(&request->arena, address, (size_t) (host - address) + length);
}

static const char *
WrongText(Request *request, bool chinese)
{
	const StatusRow *row = StatusFind(request->status);
	Text text = {NULL, 0, 0};

	if (request->status == CBD_OK)
		return "";
	TextAddString(&text, "<p class=\"wrong\" role=\"alert\">");
	if (request->status == CBD_INVALID_CREDENTIALS)
		TextAddString(
			&text, chinese ? "用户名或密码不正确，或该用户不是此应用的所属用户。"
						   : "Wrong user name or password, or not the account that owns this application.");
	else if (request->status == CBD_FIELD_REQUIRED)
		TextAddString(&text, chinese ? "请输入用户名和密码。" : "Enter your user name and password.");
	else
		AddEscaped(&text, chinese ? row->chinese : row->english);
	if (request->retry_after > 0)
		TextPrint(&text, chinese ? " 请在 %d 分钟后重试。" : " Try again in %d min.",
				  (request->retry_after + 59) / 60);
	TextAddString(&text, "</p>");
	return Keep(request, &text);
}

static const char *
Member(Request *request, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : ArenaCopy(&request->arena, text, strlen(text));
}

static void
ConsentPage(Request *request, Text *text, const json_t *page)
{
	Names names = {.chinese = InChinese(request)};
	const char *target = Member(request, page, "redirectUri");
	const char *user = request->route->method == METHOD_POST ? request->values[AUTHORIZE_USER].text : NULL;

	request->form_target = OriginOf(request, target);
	SetName(&names, "css", web_css);
	SetName(&names, "wrong", WrongText(request, names.chinese));
	SetName(&names, "resources", ResourceItems(request, json_object_get(page, "resources"), names.chinese));
	SetName(&names, "client_id", Member(request, page, "clientId"));
	SetName(&names, "organization", Member(request, page, "organization"));
	SetName(&names, "target", request->form_target[0] != '\0' ? request->form_target : target);
	SetName(&names, "hidden", HiddenFields(request));
	SetName(&names, "user", user);
	SetName(&names, "focus_user", user == NULL ? " autofocus" : "");
	SetName(&names, "focus_password", user == NULL ? "" : " autofocus");
	SetName(&names, "other_language", OtherLanguage(request, names.chinese));
	Render(text, web_consent, &names);
}

static void
ErrorPage(Request *request, Text *text)
{
	Names names = {.chinese = InChinese(request)};
	char status[16];

	snprintf(status, sizeof(status), "%d", request->status);
	SetName(&names, "css", web_css);
	SetName(&names, "wrong", WrongText(request, names.chinese));
	SetName(&names, "status", status);
	SetName(&names, "request_id", request->id);
	Render(text, web_error, &names);
}

void
PageBody(Request *request, Text *text, unsigned *http)
{
	json_t *data = request->data_length > 0 ? json_loadb(request->data, request->data_length, 0, NULL) : NULL;
	const char *redirect = json_string_value(json_object_get(data, "redirect"));
	const json_t *page = json_object_get(data, "page");

	if (request->status == CBD_OK && redirect != NULL)
	{
		request->location = ArenaCopy(&request->arena, redirect, strlen(redirect));
		*http = MHD_HTTP_SEE_OTHER; /* never 307: that would send the password on (RFC 9700 4.12) */
		TextAdd(text, "", 0);
	}
	else if (page != NULL)
		ConsentPage(request, text, page);
	else
	{
		if (request->status == CBD_OK)
			request->status = CBD_INTERNAL_ERROR;
		ErrorPage(request, text);
	}
	/* a browser would answer a 401 with a window of its own */
	if (*http == MHD_HTTP_UNAUTHORIZED)
		*http = MHD_HTTP_FORBIDDEN;
	json_decref(data);
}

void
PageHeaders(struct MHD_Response *response, Request *request)
{
	const char *digest = Digest(&request->arena, web_css, strlen(web_css));
	unsigned char hash[4 * ((DIGEST_LENGTH + 2) / 3) + 1];

	EVP_EncodeBlock(hash, (const unsigned char *) digest, DIGEST_LENGTH);
	MHD_add_response_header(response, "Content-Security-Policy",
							ArenaPrint(&request->arena,
									   "default-src 'none'; style-src 'sha256-%s'; form-action 'self' %s; "
									   "frame-ancestors 'none'; base-uri 'none'",
									   (const char *) hash,
									   request->form_target == NULL ? "" : request->form_target));
	MHD_add_response_header(response, "X-Frame-Options", "DENY");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
	if (request->location != NULL)
		MHD_add_response_header(response, "Location", request->location);
	if (request->form_secret != NULL)
		/* Lax: a second page of the same browser shares the cookie, and no other site's form carries it */
		MHD_add_response_header(response, "Set-Cookie",
								ArenaPrint(&request->arena,
										   FORM_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax",
										   request->form_secret));
}
