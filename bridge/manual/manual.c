/* Serving the manual: the documents of both languages, and those with the resources of one caller. */
#include "manual/manual.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind/local.h"
#include "kind/oauth.h"
#include "manual/manual_cache.h"
#include "manual/openapi.h"
#include "kind/reference.h"
#include "request/request.h"
#include "wire/status_codes.h"
#include "kind/xsd.h"

typedef struct Manual
{
	char *server;
	json_t *spec[LANGUAGES];
	Document openapi[LANGUAGES], page[LANGUAGES];
} Manual;

static _Atomic(Manual *) current;
static Manual *previous; /* a worker may be copying from it */

static char *
Server(void)
{
	Arena arena = {NULL};
	const char *issuer = Issuer(&arena);
	char *server = CopyString(issuer == NULL ? "" : issuer);

	ArenaFree(&arena);
	return server;
}

static void
Dump(Text *text, const json_t *spec)
{
	char *bytes = json_dumps(spec, JSON_COMPACT);

	if (bytes == NULL)
		abort(); /* out of memory */
	TextAddString(text, bytes);
	free(bytes);
}

static Manual *
Make(void)
{
	Manual *manual = Allocate(sizeof(*manual));

	memset(manual, 0, sizeof(*manual));
	manual->server = Server();
	for (int i = 0; i < LANGUAGES; i++)
	{
		Text text = {NULL, 0, 0};

		manual->spec[i] = SpecPlatform((Language) i, manual->server);
		Dump(&text, manual->spec[i]);
		DocumentMake(&manual->openapi[i], &text);
		PageWrite(&text, (Language) i, manual->spec[i]);
		DocumentMake(&manual->page[i], &text);
	}
	return manual;
}

static void
Free(Manual *manual)
{
	if (manual == NULL)
		return;
	for (int i = 0; i < LANGUAGES; i++)
	{
		json_decref(manual->spec[i]);
		DocumentFree(&manual->openapi[i]);
		DocumentFree(&manual->page[i]);
	}
	free(manual->server);
	free(manual);
}

void
ManualStart(void)
{
	MessagesStart();
	PageStart();
	atomic_store(&current, Make());
}

void
ManualStop(void)
{
	Free(atomic_exchange(&current, NULL));
	Free(previous);
	previous = NULL;
	CacheClear();
	PageStop();
	MessagesStop();
}

void
ManualReload(void)
{
	char *server = Server();

	if (strcmp(server, atomic_load(&current)->server) != 0)
	{
		Free(previous);
		previous = atomic_exchange(&current, Make());
		CacheClear();
	}
	free(server);
}

/* Number of the pages that are not whole. */
static int
PagesCheck(const char *server)
{
	int errors = 0;

	OauthPagesStart();
	PageStart();
	for (int i = 0; i < LANGUAGES; i++)
	{
		json_t *spec = SpecPlatform((Language) i, server);
		Text text = {NULL, 0, 0};

		errors += !PageWrite(&text, (Language) i, spec);
		free(text.bytes);
		json_decref(spec);
	}
	PageStop();
	OauthPagesStop();
	return errors;
}

bool
ManualPrint(void)
{
	char *server = Server();
	json_t *spec;
	int errors;

	MessagesStart();
	errors = MessagesCheck() + PagesCheck(server);
	if (errors == 0)
	{
		spec = SpecPlatform(ENGLISH, server);
		json_dumpf(spec, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(spec);
	}
	MessagesStop();
	free(server);
	return errors == 0;
}

/* lang= says it, else Accept-Language; a Refuse() when it is neither of the two. */
static Language
LanguageOf(Request *request)
{
	const char *lang = request->values[0].text;

	if (lang == NULL)
		return request->chinese ? CHINESE : ENGLISH;
	if (strcmp(lang, "zh") == 0)
		return CHINESE;
	if (strcmp(lang, "en") != 0)
		Refuse(request, CBD_INVALID_PARAMETER, "/lang", "must be en or zh");
	return ENGLISH;
}

static bool
IsPage(const Request *request)
{
	return request->route->flags & ROUTE_PAGE;
}

/* Without a credential the document is there already; with one the function is asked for the caller's
 * resources. */
void
LocalManual(Request *request)
{
	LanguageOf(request);
	request->decided = strcmp(request->scheme, "none") == 0;
}

/* Is it the XML schema of a resource? */
static bool
IsSchema(const Request *request)
{
	return request->route->local == NULL;
}

/* The text of what the function has told. */
static void
WriteOwn(Request *request, Text *text)
{
	json_t *told = json_loadb(request->data, request->data_length, 0, NULL);
	Language language;
	json_t *spec;

	if (IsSchema(request))
		XsdWrite(text, told);
	else
	{
		language = LanguageOf(request);
		spec = SpecResources(atomic_load(&current)->spec[language], language, told);
		if (IsPage(request))
			PageWrite(text, language, spec);
		else
			Dump(text, spec);
		json_decref(spec);
	}
	json_decref(told);
}

/* Digest of all that makes the document: what was told, for which form of it. */
static const char *
NameOf(Request *request)
{
	char whole[DIGEST_LENGTH + 3];

	memcpy(whole, Digest(&request->arena, request->data, request->data_length), DIGEST_LENGTH);
	whole[DIGEST_LENGTH] = IsSchema(request);
	whole[DIGEST_LENGTH + 1] = IsPage(request);
	whole[DIGEST_LENGTH + 2] = IsSchema(request) ? 0 : (char) LanguageOf(request);
	return Digest(&request->arena, whole, sizeof(whole));
}

/* The document of this caller, made unless it is kept. */
static void
TakeOwn(Request *request, Text *text, char *tag)
{
	const char *name = NameOf(request);
	Document document;
	Text made = {NULL, 0, 0};

	if (CacheTake(name, &request->gzip, text, tag))
		return;
	WriteOwn(request, &made);
	DocumentMake(&document, &made);
	DocumentCopy(&document, &request->gzip, text, tag);
	CachePut(name, &document);
}

void
ManualBody(Request *request, Text *text, const char **type, unsigned *http)
{
	const Manual *manual = atomic_load(&current);
	char *tag = ArenaAlloc(&request->arena, TAG_LENGTH);

	*type = IsPage(request)     ? "text/html; charset=utf-8"
			: IsSchema(request) ? "application/xml; charset=utf-8"
								: "application/json; charset=utf-8";
	request->vary = true;
	if (request->framed)
		TakeOwn(request, text, tag);
	else
		DocumentCopy(&(IsPage(request) ? manual->page : manual->openapi)[LanguageOf(request)], &request->gzip,
					 text, tag);
	request->tag = tag;
	if (request->if_none_match == NULL || !TagListed(request->if_none_match, tag))
		return;
	*http = MHD_HTTP_NOT_MODIFIED;
	request->gzip = false;
	text->length = 0;
	TextAdd(text, "", 0);
}

void
ManualHeaders(struct MHD_Response *response, const Request *request)
{
	if (request->route == NULL || !(request->route->flags & ROUTE_DOCUMENT))
		return;
	MHD_add_response_header(response, "Vary", "Authorization");
	if (!IsPage(request) || request->status != CBD_OK)
		return;
	MHD_add_response_header(response, "Content-Security-Policy", PagePolicy());
	MHD_add_response_header(response, "X-Frame-Options", "DENY");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
}
