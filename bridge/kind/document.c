/*
 * Documents, and the few of them that are kept.
 *
 * They are shared by all workers, behind one lock that is held while a document is found and copied (some
 * hundred kilobytes), not while one is made. So two workers may make the same document at the same time;
 * one of the two is kept twice, and falls out in its turn.
 */
#include "kind/document.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "reply/encode.h"
#include "text/hex.h"

#define PLACES  16                /* callers and forms whose manual is kept */
#define LARGEST (4 * 1024 * 1024) /* bytes of one; beyond that it is made every time */

static struct
{
	char name[DIGEST_LENGTH];
	Document document;
} places[PLACES];
static unsigned next_place;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void
DocumentMake(Document *document, Text *text)
{
	Arena arena = {NULL};
	const unsigned char *digest = (const unsigned char *) Digest(&arena, text->bytes, text->length);
	char *tag = document->tag + sprintf(document->tag, "W/\"");

	HexText(digest, 8, tag);
	strcat(tag, "\"");
	ArenaFree(&arena);
	document->text = *text;
	document->gzip = (Text){NULL, 0, 0};
	TextAdd(&document->gzip, text->bytes, text->length);
	if (!EncodeWhole(&document->gzip, (Encoding){CHARSET_UTF8, true}))
	{
		free(document->gzip.bytes);
		document->gzip = (Text){NULL, 0, 0};
	}
	*text = (Text){NULL, 0, 0};
}

void
DocumentFree(Document *document)
{
	free(document->text.bytes);
	free(document->gzip.bytes);
	memset(document, 0, sizeof(*document));
}

/* The form of the document that the client takes. */
static void
Copy(Request *request, Reply *reply, const Document *document)
{
	const Text *form;

	reply->gzip = request->wanted.gzip && document->gzip.bytes != NULL;
	form = reply->gzip ? &document->gzip : &document->text;
	TextAdd(&reply->text, form->bytes, form->length);
	reply->tag = ArenaCopy(&request->arena, document->tag, strlen(document->tag));
}

/* What is the same of all documents: type, the Accept headers chose it, 304 when the client has it. */
static void
Describe(Request *request, Reply *reply, const char *type)
{
	reply->type = type;
	reply->vary = true;
	ReplyUnchanged(request, reply);
}

void
DocumentReply(Request *request, Reply *reply, const char *type, const Document *document)
{
	Copy(request, reply, document);
	Describe(request, reply, type);
}

/* Is it kept under that name (DIGEST_LENGTH bytes)? Then it is the reply's. */
static bool
Take(Request *request, Reply *reply, const char *name)
{
	bool found = false;

	pthread_mutex_lock(&mutex);
	for (int i = 0; i < PLACES && !found; i++)
	{
		found = places[i].document.text.bytes != NULL && memcmp(places[i].name, name, DIGEST_LENGTH) == 0;
		if (found)
			Copy(request, reply, &places[i].document);
	}
	pthread_mutex_unlock(&mutex);
	return found;
}

/* Keeps the document, which is taken, in the place of another when there are too many. */
static void
Put(const char *name, const Document *document)
{
	Document old = *document;

	if (document->text.length <= LARGEST)
	{
		pthread_mutex_lock(&mutex);
		old = places[next_place].document;
		memcpy(places[next_place].name, name, DIGEST_LENGTH);
		places[next_place].document = *document;
		next_place = (next_place + 1) % PLACES;
		pthread_mutex_unlock(&mutex);
	}
	DocumentFree(&old);
}

void
DocumentReplyMade(Request *request, Reply *reply, const char *type, const char *form,
				  void (*write)(Request *request, Text *text))
{
	size_t length = strlen(form);
	char *whole = ArenaAlloc(&request->arena, DIGEST_LENGTH + length);
	const char *name;
	Document document;
	Text made = {NULL, 0, 0};

	memcpy(whole, Digest(&request->arena, request->data.text, request->data.length), DIGEST_LENGTH);
	memcpy(whole + DIGEST_LENGTH, form, length);
	name = Digest(&request->arena, whole, DIGEST_LENGTH + length);
	if (!Take(request, reply, name))
	{
		write(request, &made);
		DocumentMake(&document, &made);
		Copy(request, reply, &document);
		Put(name, &document);
	}
	Describe(request, reply, type);
}

void
DocumentHeaders(Request *request, Reply *reply)
{
	ReplyHeader(reply, "Vary", "Authorization");
}

void
DocumentsClear(void)
{
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < PLACES; i++)
		DocumentFree(&places[i].document);
	pthread_mutex_unlock(&mutex);
}
