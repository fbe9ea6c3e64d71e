/*
 * Kinds of reply. A row of the route table names one, and what differs from kind to kind is a function here:
 * nobody asks which kind a request has. A new kind is a file of bridge/kind/ with one constant struct, and
 * its rows in the table.
 *
 *   the header is complete   `formats`                what the client may choose          negotiate.c
 *   a field of the request   other(request, field)    one that is no parameter of the row  params.c
 *   all fields are bound     begin(request)           before anything is asked             params.c
 *   a job is to be sent      lane(request)            its lane                             run.c
 *   its result has come      took(request, time)                                           run.c
 *                            take(request)            request->frame is there              run.c
 *   the outcome is decided   http(status)             HTTP status                          reply/send.c
 *                            make(request, reply)     the reply's bytes, refusals too      reply/send.c
 *                            headers(request, reply)  what goes with it                    reply/send.c
 *   the frame has a `more`   more->…                  pieces while the reply is sent       reply/stream.c
 *   the request goes         end(request)             what it holds beside its memory      request.c
 *
 * What a kind remembers of a request is behind request->own. Functions that are NULL: what every request
 * does.
 */
#ifndef BRIDGE_KIND_H
#define BRIDGE_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/accept.h"
#include "base/status.h"
#include "base/text.h"
#include "db/db.h"
#include "wire/frame.h"

typedef struct Kind Kind;
typedef struct Request Request; /* request.h */
typedef struct Field Field;     /* fields.h */
typedef struct Reply Reply;     /* reply/reply.h */

/* Formats that a kind offers: bits of ReplyFormat, and these two. */
#define FORMAT_BIT(format) (1u << (format))
#define FORMATS_ENVELOPE   (FORMAT_BIT(FORMAT_JSON) | FORMAT_BIT(FORMAT_XML))
#define FORMATS_OTHER      (1u << 31) /* the extension knows which there are */
#define FORMATS_PAGE       (1u << 30) /* JSON or HTML, by `f` or Accept */

/*
 * How a reply goes on behind its first piece. A piece is the body of a frame; the frame's `more` gets the
 * next one. The functions return a status: any but CBD_OK breaks the reply off.
 */
typedef struct More
{
	/* Fills request->job for the next piece: lane, statement, values. `more` stays until the job is done. */
	int (*fill)(Request *request, Span more);
	/* A piece has come, the first one too; NULL: nothing to do. */
	int (*take)(Request *request, const Frame *frame);
	/* Says why the reply broke off, to the client; NULL: the format has no place for it. */
	void (*last_words)(Request *request, int status, Text *text);
} More;

/* What `take` of a kind may say instead of a status: another job is under way, its result is the outcome. */
#define TAKE_ASKED (-1)

struct Kind
{
	const char *name;
	const char *const
		*parameters;         /* which it looks up by name: each of its routes has them all; NULL: none */
	unsigned formats;        /* 0: nothing can be chosen, `format` and `charset` are no parameters */
	const char *under;       /* path below which what is no route is told by it too; NULL: nowhere */
	const char *array_field; /* a JSON body that is an array is the field of that name; NULL: it is refused */
	bool own_challenge;      /* headers() says how to log in: no Bearer (RFC 6750) */

	/* what the manual says of its replies */
	bool envelope;        /* successes are in the envelope */
	bool ranges;          /* successful replies can be asked for in parts (RFC 9110 14) */
	bool tagged;          /* they have an ETag, and there is a 304 */
	bool oauth;           /* OAuth 2.0: bodies are forms, refusals are its own JSON */
	bool document;        /* for everybody, and with more in it for a caller who is known */
	bool page;            /* HTML for a browser */
	const char *refusals; /* schema of its refusals; NULL: OAuth's, or the envelope */
	bool msg;             /* they are {code, msg, data}, with the status code as a text */
	bool exceptions;      /* they are {code, description}, or HTML for a browser */

	void (*other)(Request *request, Field *field); /* NULL: FieldUnknown (params.h) */
	void (*begin)(Request *request);
	Lane (*lane)(const Request *request);
	void (*took)(Request *request, uint64_t milliseconds);
	/* CBD_OK: the outcome is the frame's status. Another status: that. TAKE_ASKED. */
	int (*take)(Request *request);
	unsigned (*http)(int status);
	void (*make)(Request *request, Reply *reply);
	void (*headers)(Request *request, Reply *reply);
	void (*end)(Request *request); /* the request goes; `own` may be NULL */
	const More *more;
};

/* HTTP status of a code in replies of the kind. */
static inline unsigned
KindHttp(const Kind *kind, int status)
{
	return kind->http == NULL ? StatusHttp(status) : kind->http(status);
}

#endif
