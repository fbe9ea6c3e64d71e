/* Serving the manual: the documents of both languages, and those with the resources of one caller. */
#include "manual/manual.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "kind/document.h"
#include "kind/oauth_page.h"
#include "kind/ogc_document.h"
#include "kind/ogc_page.h"
#include "manual/openapi.h"
#include "reply/envelope.h"
#include "request/params.h"
#include "wire/status_codes.h"

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
	char *bytes = json_dumps(spec, JSON_COMPACT | SPEC_NUMBERS);

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
	DocumentsClear();
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
		DocumentsClear();
	}
	free(server);
}

/* Number of the pages that are not whole. */
static int
PagesCheck(const char *server)
{
	int errors = 0;

	OauthPagesStart();
	OgcPagesStart();
	OgcDocumentsStart();
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
	OgcDocumentsStop();
	OgcPagesStop();
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
		json_dumpf(spec, stdout, JSON_INDENT(2) | SPEC_NUMBERS);
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
	const char *lang = ValueOf(request, "lang")->text;

	if (lang == NULL)
		return request->wanted.chinese ? CHINESE : ENGLISH;
	if (strcmp(lang, "zh") == 0)
		return CHINESE;
	if (strcmp(lang, "en") != 0)
		Refuse(request, CBD_INVALID_PARAMETER, "/lang", "must be en or zh");
	return ENGLISH;
}

/* Kind.begin: without a credential the document is there already; with one the function is asked for the
 * caller's resources. */
static void
ManualBegin(Request *request)
{
	LanguageOf(request);
	request->decided = request->caller.scheme == SCHEME_NONE;
}

/* The document with the resources that the function has told, as JSON or as a page. */
static void
WriteOwn(Request *request, Text *text)
{
	json_t *told = json_loadb(request->data.text, request->data.length, 0, NULL);
	Language language = LanguageOf(request);
	json_t *spec = SpecResources(atomic_load(&current)->spec[language], language, told);

	if (request->kind->page)
		PageWrite(text, language, spec);
	else
		Dump(text, spec);
	json_decref(spec);
	json_decref(told);
}

/* Kind.make */
static void
ManualMake(Request *request, Reply *reply)
{
	const Manual *manual = atomic_load(&current);
	bool page = request->kind->page;
	const char *type = page ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
	Language language;

	if (request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	language = LanguageOf(request);
	if (request->answered)
		DocumentReplyMade(request, reply, type,
						  ArenaPrint(&request->arena, "%s %d", request->kind->name, language), WriteOwn);
	else
		DocumentReply(request, reply, type, &(page ? manual->page : manual->openapi)[language]);
}

/* Kind.headers of the page */
static void
PageHeaders(Request *request, Reply *reply)
{
	DocumentHeaders(request, reply);
	if (request->status != CBD_OK)
		return;
	ReplyHeader(reply, "Content-Security-Policy", PagePolicy());
	ReplyHeader(reply, "X-Frame-Options", "DENY");
	ReplyHeader(reply, "Referrer-Policy", "no-referrer");
	ReplyHeader(reply, "Cross-Origin-Opener-Policy", "same-origin");
}

static const char *const parameters[] = {"lang", NULL};

const Kind kind_openapi = {.name = "openapi",
						   .parameters = parameters,
						   .formats = FORMATS_ENVELOPE,
						   .tagged = true,
						   .document = true,
						   .begin = ManualBegin,
						   .make = ManualMake,
						   .headers = DocumentHeaders};

const Kind kind_manual = {.name = "manual",
						  .parameters = parameters,
						  .formats = FORMATS_ENVELOPE,
						  .tagged = true,
						  .document = true,
						  .page = true,
						  .begin = ManualBegin,
						  .make = ManualMake,
						  .headers = PageHeaders};
