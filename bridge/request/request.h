/*
 * One request, from its first line to its reply.
 *
 *            server/http.c      headers.c  negotiate.c  credentials.c  signed.c
 *   HEADER   the request line is there; its header is read: route and kind, reply format, credential, body
 *   BODY     the body comes in (body.c)
 *            run.c, params.c    fields.c  body_charset.c  json_input.c
 *   WAITING  parameters are bound, a job is queued or in flight (db/), suspended in libmicrohttpd
 *   READY    the outcome is decided: status, errors, frame or data
 *            reply/send.c       the kind makes the bytes
 *   REPLYING the reply is being sent (reply/stream.c where it comes in pieces)
 *
 * What differs from one kind of reply to another is in the request's kind (kind.h) and behind `own`.
 *
 * Ownership: libmicrohttpd owns the request until OnCompleted; a job in flight keeps it alive beyond that
 * (job_busy). All small memory is the arena's and goes with the request. Texts that are not in the arena say
 * where they are. Everything runs on the worker's thread.
 *
 * Errors: what a client does wrong is refused (Refuse), and the first refusal decides the status; nothing is
 * raised, and only a status code tells how it ended.
 */
#ifndef BRIDGE_REQUEST_H
#define BRIDGE_REQUEST_H

#include <microhttpd.h>

#include "base/accept.h"
#include "base/arena.h"
#include "base/charset.h"
#include "base/text.h"
#include "db/db.h"
#include "request/body.h"
#include "request/client.h"
#include "request/headers.h"
#include "request/routes.h"
#include "request/worker.h"
#include "text/message.h"
#include "wire/call_context.h"
#include "wire/frame.h"

typedef struct Kind Kind;     /* kind.h */
typedef struct Stream Stream; /* reply/stream.h */

typedef enum Phase
{
	PHASE_HEADER,
	PHASE_BODY,
	PHASE_WAITING,
	PHASE_READY,
	PHASE_REPLYING
} Phase;

/* A refusal of one part of a request. */
typedef struct Error
{
	struct Error *next;
	const char *pointer; /* RFC 6901 */
	int status;
	const char *message; /* English */
	const char *chinese;
} Error;

/* An element of a list parameter on its way to an array literal. */
typedef struct Element
{
	struct Element *next;
	const char *text;
	size_t length;
} Element;

/* Value of a parameter of the route. */
typedef struct Value
{
	const char *text; /* NULL: absent */
	size_t length;
	int source;            /* enum ParamSource of where it came from */
	Element *first, *last; /* PARAM_LIST */
	int elements;
} Value;

/* Who calls: arguments of the call context (wire/call_context.h). */
typedef struct Caller
{
	const char *app_code; /* as claimed; NULL: not given */
	AuthScheme scheme;
	const char *credential; /* bytes; NULL: none */
	size_t credential_length;
	bool needs_sm3; /* signed by HMAC-SM3 */
} Caller;

/* What the client takes, by its headers and the query (negotiate.h). */
typedef struct Wanted
{
	ReplyFormat format; /* of the data, among those that the kind offers */
	bool xml;           /* of the envelope, which refusals are in too */
	bool html;          /* of kinds that offer it (FORMATS_PAGE) */
	Charset charset;
	bool gzip;
	bool chinese;
} Wanted;

struct Request
{
	Worker *worker;
	Client *client;                    /* NULL once it is gone */
	struct MHD_Connection *connection; /* NULL once libmicrohttpd has let go */
	Request *next;                     /* free list */
	Arena arena;
	Phase phase;
	bool suspended;
	bool job_busy;
	bool dropped;     /* the client left: no reply */
	bool close;       /* close the connection after the reply */
	uint64_t started; /* ms */

	/* as received */
	Span target;      /* raw */
	Span path, query; /* of the target */
	Method method;
	const char *method_name;
	bool head;
	bool encoded;    /* the body has a Content-Encoding, and is refused for it */
	bool one_record; /* the reply may be corked */
	RouteMatch match;
	const Route *route; /* NULL: none was found */
	const Kind *kind;   /* of the route, or of replies without one */
	char id[65];
	char address[ADDRESS_TEXT];        /* the client's, proxies resolved; "": nobody knows it */
	bool loopback;                     /* client and peer both */
	const char *origin;                /* allowed CORS origin, or NULL */
	const char *headers[KEPT_HEADERS]; /* by HeaderName; NULL: absent */
	Wanted wanted;
	Body body;

	/* what is asked, and for whom */
	Caller caller;
	Value values[ROUTE_PARAMS];
	Span reserve;   /* user name whose attempt is to be reserved first; text NULL: none */
	bool reserving; /* the job under way is that */
	Job job;
	void *own;      /* of the kind's own type, in the arena; NULL: it has none yet */
	Stream *stream; /* NULL: the reply is one piece */
	AskJob *ask;    /* another system is asked; NULL: none is */

	/* outcome */
	int status;
	int retry_after; /* seconds; 0: nothing is said */
	Error *errors, *last_error;
	const char *allow; /* for 405 */
	bool decided;      /* by the bridge itself: no function is asked */
	bool answered;     /* the extension has answered, and with that audited, the request */
	PGresult *result;  /* holds the frame; NULL once a stream has it */
	Frame frame;       /* when answered */
	Span data;         /* the frame's body, or what the bridge has made */
};

extern Request *RequestNew(Worker *worker, Client *client, struct MHD_Connection *connection,
						   const Kind *kind);

/* No stream of it is left (StreamFree). */
extern void RequestFree(Request *request);

/*
 * Refuses the request; the first refusal decides the status, every one adds an error when it has a message.
 * The format's conversions have names (text/message.h): what the client takes may be known only later, so the
 * error is kept in both languages.
 */
extern void Refuse(Request *request, int status, const char *pointer, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* public_url without a / at its end; NULL: it is not configured, and the request is refused. */
extern const char *IssuerOrRefuse(Request *request);

/* A text into the request's memory, with a NUL behind it; NULL: the span is empty. */
extern const char *KeepSpan(Request *request, Span span);

/* The text becomes the request's data, in its memory. */
extern void KeepData(Request *request, Text *text);

/* Reads the frame in a result, into what points into the result. False: it is none. */
extern bool ResultFrame(const PGresult *result, Frame *frame);

/* Overwrites and frees a result that held a reply; NULL: nothing. */
extern void ResultFree(PGresult *result);

/* Hands the audit record of a frame on; false: there is no room, so its data must not be told. */
extern bool RecordFrame(Request *request, const Frame *frame);

#endif
