/*
 * The log-in and consent page and the error page: what they show as data; the markup is web/consent.html and
 * web/error.html, the words are web/page.json.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/embed.h"
#include "base/pages.h"
#include "kind/oauth.h"
#include "wire/status_codes.h"

#define FORM_TIME 600 /* seconds that a form may lie open */

EMBED(web_css, "web/page.css");
EMBED(web_consent, "web/consent.html");
EMBED(web_error, "web/error.html");
EMBED(web_words, "web/page.json");

static const TemplateFile files[] = {
	{"page.css", web_css, true}, {"consent.html", web_consent}, {"error.html", web_error}};

static Pages pages;

void
OauthPagesStart(void)
{
	PagesStart(&pages, "", files, (int) (sizeof(files) / sizeof(files[0])), web_words);
}

void
OauthPagesStop(void)
{
	PagesStop(&pages);
}

static const Value *
Locales(const Request *request)
{
	return &request->values[request->route->method == METHOD_POST ? AUTHORIZE_POST_LOCALES
																  : AUTHORIZE_GET_LOCALES];
}

/* ui_locales says it, else Accept-Language. */
static Language
PageLanguage(const Request *request)
{
	const Value *locales = Locales(request);

	if (locales->text != NULL && strncasecmp(locales->text, "zh", 2) == 0)
		return CHINESE;
	if (locales->text != NULL && strncasecmp(locales->text, "en", 2) == 0)
		return ENGLISH;
	return request->chinese ? CHINESE : ENGLISH;
}

/* A string of what the extension tells, or "". */
static const char *
Member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

/* What was shown goes along with the decision; the token binds it. [{"name", "value"}] */
static json_t *
HiddenFields(const Request *request)
{
	json_t *fields = json_array();

	for (int i = 0; i < AUTHORIZE_SHOWN; i++)
		if (request->values[i].text != NULL)
			json_array_append_new(fields, json_pack("{s:s,s:s}", "name", request->route->params[i].name,
													"value", request->values[i].text));
	return fields;
}

/* The same as pairs of a query, for the link to the page in the other language. ["name=value"] */
static json_t *
QueryPairs(const Request *request)
{
	json_t *pairs = json_array();

	for (int i = 0; i < AUTHORIZE_SHOWN; i++)
	{
		const Value *value = &request->values[i];
		Text text = {NULL, 0, 0};

		if (value->text == NULL)
			continue;
		TextPrint(&text, "%s=", request->route->params[i].name);
		TextAddEncoded(&text, value->text, strlen(value->text), "");
		json_array_append_new(pairs, json_string(text.bytes));
		free(text.bytes);
	}
	return pairs;
}

/* [{"title", "code"}] of what the extension tells. */
static json_t *
ResourceItems(const json_t *resources, Language language)
{
	const char *title = Say(language, "title", "titleZh");
	json_t *items = json_array(), *resource;
	size_t i;

	json_array_foreach(resources, i, resource) json_array_append_new(
		items, json_pack("{s:s,s:s}", "title", Member(resource, title), "code", Member(resource, "code")));
	return items;
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

/* Why the page is shown again, or no form is: {"text", "minutes" until it may be tried again or null}; null
 * when nothing is wrong. */
static json_t *
Wrong(const Request *request, Language language)
{
	const StatusRow *row = StatusFind(request->status);
	const char *text = Say(language, row->english, row->chinese);
	json_t *wrong;

	if (request->status == CBD_OK)
		return json_null();
	if (request->status == CBD_INVALID_CREDENTIALS)
		text = PageWord(&pages, language, "wrong", "credentials", text);
	else if (request->status == CBD_FIELD_REQUIRED)
		text = PageWord(&pages, language, "wrong", "required", text);
	wrong = json_pack("{s:s,s:n}", "text", text, "minutes");
	if (request->retry_after > 0)
		json_object_set_new(wrong, "minutes", json_integer((request->retry_after + 59) / 60));
	return wrong;
}

/* The page of what the extension tells of the client; sets the form's secret and its target. */
static void
ConsentPage(Request *request, Text *text, const json_t *page)
{
	Language language = PageLanguage(request);
	const char *user = request->route->method == METHOD_POST ? request->values[AUTHORIZE_USER].text : NULL;
	const char *target = Member(page, "redirectUri"), *token;
	json_t *data;

	request->form_target = OriginOf(request, target);
	request->form_secret = FormSecret(request);
	token = FormToken(request, request->form_secret, (long) time(NULL) + FORM_TIME);
	data =
		json_pack("{s:s,s:s,s:s,s:s,s:s,s:b,s:b}", "clientId", Member(page, "clientId"), "organization",
				  Member(page, "organization"), "target",
				  request->form_target[0] != '\0' ? request->form_target : target, "formToken", token, "user",
				  user == NULL ? "" : user, "focusUser", user == NULL, "focusPassword", user != NULL);
	json_object_set_new(data, "wrong", Wrong(request, language));
	json_object_set_new(data, "resources", ResourceItems(json_object_get(page, "resources"), language));
	json_object_set_new(data, "hidden", HiddenFields(request));
	json_object_set_new(data, "query", QueryPairs(request));
	PagesWrite(&pages, "consent.html", language, data, text);
}

/* No form, no link back: only what is wrong, and the number by which the operator finds it in the log. */
static void
ErrorPage(Request *request, Text *text)
{
	Language language = PageLanguage(request);

	PagesWrite(&pages, "error.html", language,
			   json_pack("{s:o,s:i,s:s}", "wrong", Wrong(request, language), "status", request->status,
						 "requestId", request->id),
			   text);
}

/* The body of a decided request: what the extension tells is {"redirect"} or {"page"}; a refusal without
 * either is an error page, never a redirect, because the client that would be told is not known to be one
 * (RFC 6749 4.1.2.1). */
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
	char style[PAGE_HASH];

	PageHash(style, web_css);
	MHD_add_response_header(response, "Content-Security-Policy",
							ArenaPrint(&request->arena,
									   "default-src 'none'; style-src '%s'; form-action 'self' %s; "
									   "frame-ancestors 'none'; base-uri 'none'",
									   style, request->form_target == NULL ? "" : request->form_target));
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
