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
#include "kind/form_token.h"
#include "kind/kinds.h"
#include "kind/oauth_page.h"
#include "reply/reply.h"
#include "request/cookie.h"
#include "request/params.h"
#include "wire/status_codes.h"

#define FORM_TIME 600 /* seconds that a form may lie open */

EMBED(web_css, "web/page.css");
EMBED(web_consent, "web/consent.html");
EMBED(web_error, "web/error.html");
EMBED(web_words, "web/page.json");

static const TemplateFile files[] = {
	{"page.css", web_css, true}, {"consent.html", web_consent}, {"error.html", web_error}};

static Pages pages;

/* request->own */
typedef struct PageCall
{
	const char *location;    /* of a redirect */
	const char *form_secret; /* for the cookie of the page's form */
	const char *form_target; /* origin that the form may lead to */
	const char *session;     /* for the cookie of who signed in; NULL: it stays as it is */
} PageCall;

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

/* A value of a parameter that not every route of the page has; NULL: absent. */
static const char *
TextOf(Request *request, const char *name)
{
	int number = RouteParam(request->route, name);

	return number < 0 ? NULL : request->values[number].text;
}

/* What the reply's headers need; made when there is none. */
static PageCall *
CallOf(Request *request)
{
	if (request->own == NULL)
	{
		request->own = ArenaAlloc(&request->arena, sizeof(PageCall));
		memset(request->own, 0, sizeof(PageCall));
	}
	return request->own;
}

/* Kind.begin: a form that comes back must be one of ours. */
static void
PageBegin(Request *request)
{
	const char *decision = TextOf(request, "decision");

	if (request->route->method != METHOD_POST)
		return;
	if (!FormTokenGood(request, TextOf(request, "form_token")))
		Refuse(request, CBD_FORM_EXPIRED, NULL, NULL);
	/* what was typed before saying no is nobody's log-in, and counts as none */
	if (decision == NULL || strcmp(decision, "allow") != 0)
		ValueOf(request, "userName")->text = ValueOf(request, "password")->text =
			ValueOf(request, "totp")->text = NULL;
}

/* ui_locales says it, else Accept-Language. */
static Language
PageLanguage(Request *request)
{
	const char *locales = TextOf(request, "ui_locales");

	if (locales != NULL && strncasecmp(locales, "zh", 2) == 0)
		return CHINESE;
	if (locales != NULL && strncasecmp(locales, "en", 2) == 0)
		return ENGLISH;
	return request->wanted.chinese ? CHINESE : ENGLISH;
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
HiddenFields(Request *request)
{
	json_t *fields = json_array();

	for (const char *const *name = form_shown; *name != NULL; name++)
		if (ValueOf(request, *name)->text != NULL)
			json_array_append_new(
				fields, json_pack("{s:s,s:s}", "name", *name, "value", ValueOf(request, *name)->text));
	return fields;
}

/* The same as pairs of a query, for the link to the page in the other language. ["name=value"] */
static json_t *
QueryPairs(Request *request)
{
	json_t *pairs = json_array();

	for (const char *const *name = form_shown; *name != NULL; name++)
	{
		const Value *value = ValueOf(request, *name);
		Text text = {NULL, 0, 0};

		if (value->text == NULL)
			continue;
		TextPrint(&text, "%s=", *name);
		TextAddEncoded(&text, value->text, strlen(value->text), "");
		json_array_append_new(pairs, json_string(text.bytes));
		TextClear(&text);
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

/* Scheme, host and port of an address, to be shown; "" when it has characters that do not belong there. */
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
Wrong(const Request *request, Language language, bool sign_in)
{
	const char *text = StatusText(request->status, language == CHINESE);
	json_t *wrong;

	if (request->status == CBD_OK)
		return json_null();
	if (request->status == CBD_INVALID_CREDENTIALS)
		text = PageWord(&pages, language, "wrong", sign_in ? "signIn" : "credentials", text);
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
	PageCall *call = CallOf(request);
	const char *user = TextOf(request, "userName");
	const char *target = Member(page, "redirectUri"), *token;
	bool sign_in = json_is_true(json_object_get(page, "signIn"));
	json_t *data;

	call->form_target = OriginOf(request, target);
	call->form_secret = FormSecret(request);
	token = FormToken(request, call->form_secret, (long) time(NULL) + FORM_TIME);
	data = json_pack("{s:b,s:s,s:s,s:s,s:s,s:s,s:b,s:b}", "signIn", sign_in, "clientId",
					 Member(page, "clientId"), "organization", Member(page, "organization"), "target",
					 call->form_target[0] != '\0' ? call->form_target : target, "formToken", token, "user",
					 user == NULL ? "" : user, "focusUser", user == NULL, "focusPassword", user != NULL);
	json_object_set_new(data, "wrong", Wrong(request, language, sign_in));
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
			   json_pack("{s:o,s:i,s:s}", "wrong", Wrong(request, language, false), "status", request->status,
						 "requestId", request->id),
			   text);
}

/* Kind.make: what the extension tells is {"redirect"} or {"page"}; a refusal without either is an error page,
 * never a redirect, because the client that would be told is not known to be one (RFC 6749 4.1.2.1). */
static void
PageMake(Request *request, Reply *reply)
{
	json_t *data =
		request->data.length > 0 ? json_loadb(request->data.text, request->data.length, 0, NULL) : NULL;
	const char *redirect = json_string_value(json_object_get(data, "redirect"));
	const char *session = json_string_value(json_object_get(data, "session"));
	const json_t *page = json_object_get(data, "page");

	reply->type = "text/html; charset=utf-8";
	if (request->status == CBD_OK && redirect != NULL)
	{
		CallOf(request)->location = ArenaCopy(&request->arena, redirect, strlen(redirect));
		if (session != NULL)
			CallOf(request)->session = ArenaCopy(&request->arena, session, strlen(session));
		reply->http = MHD_HTTP_SEE_OTHER; /* never 307: that would send the password on (RFC 9700 4.12) */
	}
	else if (page != NULL)
		ConsentPage(request, &reply->text, page);
	else
	{
		if (request->status == CBD_OK) /* it has told neither */
		{
			request->status = CBD_INTERNAL_ERROR;
			reply->http = MHD_HTTP_INTERNAL_SERVER_ERROR;
		}
		ErrorPage(request, &reply->text);
	}
	json_decref(data);
}

/* Kind.http: a browser would answer a 401 with a window of its own. */
static unsigned
PageHttp(int status)
{
	unsigned http = StatusHttp(status);

	return http == MHD_HTTP_UNAUTHORIZED ? MHD_HTTP_FORBIDDEN : http;
}

/* Kind.headers */
static void
PageHeaders(Request *request, Reply *reply)
{
	const PageCall *call = CallOf(request);
	char style[PAGE_HASH];

	PageHash(style, web_css);
	/*
	 * Chromium holds form-action against every redirect that follows the form: the client's own address may
	 * lead on to any other, and [::1] and _ have no place in a source expression (CSP 3, 2.3.1). So the page
	 * with the form names none; no script runs there, and what is shown is escaped.
	 */
	ReplyHeader(reply, "Pragma", "no-cache"); /* RFC 6749 5.1 */
	ReplyHeader(reply, "Content-Security-Policy",
				ArenaPrint(&request->arena,
						   "default-src 'none'; style-src '%s'; %sframe-ancestors 'none'; base-uri 'none'",
						   style, call->form_secret == NULL ? "form-action 'none'; " : ""));
	ReplyHeader(reply, "X-Frame-Options", "DENY");
	ReplyHeader(reply, "Referrer-Policy", "no-referrer");
	/* a client that opened the page in a window of its own is called back through window.opener there;
	 * no other page can put this one into a frame, and none reads it */
	ReplyHeader(reply, "Cross-Origin-Opener-Policy", "unsafe-none");
	ReplyHeader(reply, "Location", call->location);
	if (call->session != NULL)
		/* Strict: the console is of this host, and no link of another site brings a code about. It ends with
		 * the browser, and earlier as the extension says */
		ReplyHeader(reply, "Set-Cookie",
					ArenaPrint(&request->arena,
							   SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict",
							   call->session));
	if (call->form_secret != NULL)
		/* Lax: a second page of the same browser shares the cookie, and no other site's form carries it */
		ReplyHeader(reply, "Set-Cookie",
					ArenaPrint(&request->arena, FORM_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax",
							   call->form_secret));
}

/* Of the GET and of the POST, which has more: form_shown and what the language is told by. */
static const char *const parameters[] = {
	"response_type",         "client_id", "redirect_uri", "scope", "state", "code_challenge",
	"code_challenge_method", "prompt",    "ui_locales",   NULL};

const Kind kind_page = {.name = "page",
						.parameters = parameters,
						.oauth = true,
						.page = true,
						.other = FieldIgnored,
						.begin = PageBegin,
						.http = PageHttp,
						.make = PageMake,
						.headers = PageHeaders,
						.own_challenge = true}; /* people log in by the form */
