/* Documents, and the few of them that are kept; shared by the workers. */
#include "manual/manual_cache.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply/encode.h"
#include "request/request.h"
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

void
DocumentCopy(const Document *document, bool *gzip, Text *text, char *tag)
{
	const Text *form;

	*gzip = *gzip && document->gzip.bytes != NULL;
	form = *gzip ? &document->gzip : &document->text;
	strcpy(tag, document->tag);
	TextAdd(text, form->bytes, form->length);
}

bool
CacheTake(const char *name, bool *gzip, Text *text, char *tag)
{
	bool found = false;

	pthread_mutex_lock(&mutex);
	for (int i = 0; i < PLACES && !found; i++)
	{
		found = places[i].document.text.bytes != NULL && memcmp(places[i].name, name, DIGEST_LENGTH) == 0;
		if (found)
			DocumentCopy(&places[i].document, gzip, text, tag);
	}
	pthread_mutex_unlock(&mutex);
	return found;
}

void
CachePut(const char *name, const Document *document)
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
CacheClear(void)
{
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < PLACES; i++)
		DocumentFree(&places[i].document);
	pthread_mutex_unlock(&mutex);
}
