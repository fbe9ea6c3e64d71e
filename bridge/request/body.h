/*
 * Bodies of requests: their memory, all of which is counted over all workers, and what was in it is
 * overwritten before it is given back. Pieces of streams (reply/stream.h) are counted with them.
 */
#ifndef BRIDGE_BODY_H
#define BRIDGE_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/charset.h"
#include "request/share.h"

/* Bytes of a body that are taken from anybody. */
#define UNKNOWN_BODY ((size_t) 64 * 1024)

typedef enum BodyForm
{
	BODY_NONE,
	BODY_JSON,
	BODY_FORM,
	BODY_MULTIPART,
	BODY_UNKNOWN
} BodyForm;

typedef struct Body
{
	BodyForm form;
	Charset charset;
	char *bytes; /* NUL behind the last one; NULL: nothing has come */
	size_t length;
	size_t capacity;
	size_t limit;     /* bytes that are taken at most */
	size_t announced; /* Content-Length; 0: none */
	bool discard;     /* refused already: read on only to keep the connection */
	bool lingers;     /* it is refused and comes nevertheless */
	bool allowed;     /* more than UNKNOWN_BODY may come: whoever sends it was looked at */
	Share *share;     /* of the client; NULL: it needs none */
	uint64_t since;   /* ms, when it began */
} Body;

/* What a Content-Type says of a body. */
extern BodyForm BodyFormOf(const char *content_type, Charset *charset);

/*
 * Appends what has come. CBD_OK; CBD_TOO_LARGE; CBD_OVERLOADED: all bodies together are too many bytes, or
 * those of this client.
 */
extern int BodyAdd(Body *body, const char *bytes, size_t length);

/* A body under way to another charset: room for `capacity` bytes and a NUL. CBD_OK or CBD_OVERLOADED. */
extern int BodyMake(Body *body, size_t capacity);

/* `other` becomes what the body holds. */
extern void BodyReplace(Body *body, Body *other);

/* Overwrites and frees what it holds; a body that holds nothing: nothing. */
extern void BodyFree(Body *body);

/* Bytes of all bodies, and of all else that is accounted for, that are held now. */
extern int64_t BytesInFlight(void);
extern void BytesTake(size_t bytes);
extern void BytesGive(size_t bytes);

#endif
