/*
 * Manuals that were made for callers: making one takes some milliseconds of a worker's time, so that whoever
 * asks again and again must not have it made again and again. What is kept is named by a digest of what the
 * database told, so it is never another caller's, nor one of before a change.
 */
#ifndef BRIDGE_MANUAL_CACHE_H
#define BRIDGE_MANUAL_CACHE_H

#include "reply/reply.h"

#define TAG_LENGTH 24

/* A reply that is ready, in both forms that clients take. */
typedef struct Document
{
	Text text, gzip;      /* gzip without bytes: not worth it */
	char tag[TAG_LENGTH]; /* of either: weak */
} Document;

/* A document of the text, which is taken. */
extern void DocumentMake(Document *document, Text *text);
extern void DocumentFree(Document *document);

/* The document's tag into *tag, its text or, with *gzip, that form behind *text. *gzip becomes false where a
 * form is not worth it. */
extern void DocumentCopy(const Document *document, bool *gzip, Text *text, char *tag);

/* The same of what is kept under the name (DIGEST_LENGTH bytes); false: nothing is. */
extern bool CacheTake(const char *name, bool *gzip, Text *text, char *tag);

/* Keeps the document, which is taken, in the place of another when there are too many. */
extern void CachePut(const char *name, const Document *document);

extern void CacheClear(void);

#endif
