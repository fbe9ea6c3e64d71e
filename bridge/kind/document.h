/*
 * Documents: replies that are long, made of little, and asked for again and again. One is kept in both forms
 * that clients take, with an entity tag.
 *
 * What is made for one caller takes some milliseconds of a worker's time, so a few of them are kept, shared
 * by the workers. A document is kept under a digest of what the database told and of its form, so it is never
 * another caller's, nor one of before a change.
 */
#ifndef BRIDGE_DOCUMENT_H
#define BRIDGE_DOCUMENT_H

#include "reply/reply.h"

#define TAG_LENGTH 24

typedef struct Document
{
	Text text, gzip;      /* gzip without bytes: not worth it */
	char tag[TAG_LENGTH]; /* of either: weak */
} Document;

/* A document of the text, which is taken. */
extern void DocumentMake(Document *document, Text *text);
extern void DocumentFree(Document *document);

/* The document as a reply; 304 when the client has it. */
extern void DocumentReply(Request *request, Reply *reply, const char *type, const Document *document);

/*
 * The document that `write` makes of the request's data, as a reply, made unless it is kept. `form` says what
 * else decides how it looks.
 */
extern void DocumentReplyMade(Request *request, Reply *reply, const char *type, const char *form,
							  void (*write)(Request *request, Text *text));

/* Kind.headers: it is another one for another caller. */
extern void DocumentHeaders(Request *request, Reply *reply);

/* Forgets those that are kept. */
extern void DocumentsClear(void);

#endif
