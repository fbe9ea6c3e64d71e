/*
 * One request, from its first line to its reply.
 *
 *   HEADER   the request line is there, the header not yet
 *   BODY     the body comes in
 *   WAITING  suspended in libmicrohttpd, a job is queued or in flight
 *   READY    the outcome is decided, the reply can be made
 *   REPLYING the reply is being sent
 *
 * libmicrohttpd owns the request until OnCompleted; a job in flight keeps it alive beyond that (job_busy).
 */
#ifndef BRIDGE_REQUEST_H
#define BRIDGE_REQUEST_H

#include <microhttpd.h>

#include "base/accept.h"
#include "base/arena.h"
#include "base/charset.h"
#include "kind/data.h"
#include "kind/media.h"
#include "db/db.h"
#include "request/routes.h"
#include "request/client.h"
#include "request/worker.h"

typedef enum Phase
{
	PHASE_HEADER,
	PHASE_BODY,
	PHASE_WAITING,
	PHASE_READY,
	PHASE_REPLYING
} Phase;

typedef enum BodyKind
{
	BODY_NONE,
	BODY_JSON,
	BODY_FORM,
	BODY_MULTIPART,
	BODY_UNKNOWN
} BodyKind;

typedef struct Error
{
	struct Error *next;
	const char *pointer; /* RFC 6901 */
	int status;
	const char *message;
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
	int source;
	Element *first, *last; /* KIND_LIST */
	int elements;
} Value;

struct Request
{
	Worker *worker;
	Client *client;
	struct MHD_Connection *connection; /* NULL once libmicrohttpd has let go */
	Request *next;                     /* free list */
	Arena arena;
	Phase phase;
	bool suspended;
	bool job_busy;
	bool dropped; /* the client left: no reply */
	bool close;   /* close the connection after the reply */
	bool head;
	bool xml;
	bool gzip;            /* the client takes it; in the end: the reply is */
	bool vary;            /* the reply was chosen by the Accept headers */
	ReplyFormat accepted; /* what Accept asks for, of published data */
	ReplyFormat listing;  /* CSV or NDJSON of a table of reference data (reference.h); JSON: the envelope */
	bool chinese;
	bool framed;       /* the extension has answered, and with that audited, the request */
	bool one_record;   /* the reply may be corked */
	bool discard_body; /* refused already: read on only to keep the connection */
	uint64_t started;  /* ms */

	/* as received */
	const char *target;
	size_t target_length;
	Span path, query; /* of target, raw */
	Method method;
	const char *method_name;
	RouteMatch match;
	const Route *route;
	char id[65];
	char address[ADDRESS_TEXT]; /* the client's, proxies resolved */
	bool loopback;              /* client and peer both */
	const char *origin;         /* allowed CORS origin, or NULL */
	const char *idempotency_key;
	const char *if_none_match, *range, *if_range;
	const char *media_type; /* Content-Type */
	const char *cookie;
	Charset charset; /* of the reply */
	BodyKind body_kind;
	Charset body_charset;
	char *body;
	size_t body_length, body_capacity, body_limit;
	size_t body_announced; /* Content-Length; 0: none */

	/* who calls */
	const char *app_code;
	const char *scheme;
	const char *credential; /* bytes */
	size_t credential_length;
	bool needs_sm3; /* signed by HMAC-SM3 */

	/* what is asked */
	Value values[ROUTE_PARAMS];
	const char *reserve_user; /* name whose attempt is to be reserved first; NULL: none */
	size_t reserve_user_length;
	bool reserving; /* the job under way is that */
	bool opening;   /* the job under way opens a sealed address (sealed.h) */
	Job job;
	MediaReply *media;     /* of a medium that was found; NULL: another route */
	DataCall *data_call;   /* of the open data interface; NULL: another route */
	struct Stream *stream; /* the reply is one (stream.h) */

	/* outcome */
	int status;
	unsigned http; /* HTTP status that the extension names; 0: that of the status */
	int retry_after;
	const char *rate_policy; /* values of the RateLimit headers; NULL: no limit */
	const char *rate;
	/* values of headers that the extension names; NULL: absent */
	const char *etag, *last_modified, *content_range, *content_disposition;
	Error *errors, *last_error;
	const char *allow; /* for 405 */
	const char *data;  /* JSON, or any text with content_type */
	size_t data_length;
	const char *content_type; /* NULL: envelope */
	const char *prefix;       /* before data that has a content_type; NULL: nothing */
	bool decided;             /* by the local part: no function is asked */
	PGresult *frame;          /* holds data */
	const char *tag;          /* of reference data and of the manual: the ETag */
	bool unchanged;           /* the client has what the tag is of: 304 */
	const char *location;     /* of a redirect */
	const char *form_secret;  /* for the cookie of a page's form (oauth.h) */
	const char *form_target;  /* origin that the form may lead to */
};

/* request.c */
extern Request *RequestNew(Worker *worker, Client *client, struct MHD_Connection *connection);
extern void RequestFree(Request *request);

/* Refuses the request; the first refusal decides the status, every one adds an error when it has a message.
 */
extern void Refuse(Request *request, int status, const char *pointer, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The request is complete: binds parameters and either decides the outcome or sends a job and suspends. */
extern void RequestRun(Request *request);

/* The outcome is decided: a suspended connection goes on. */
extern void RequestFinish(Request *request, int status);

/* The job's statement and values: context, then the route's parameters in order. */
extern void RequestFillJob(Request *request);

/* The audit record of a reply frame that nobody waits for. */
extern void KeepRecord(Request *request, const PGresult *result);

/* Overwrites and frees a result that held a reply; NULL: nothing. */
extern void ResultFree(PGresult *result);

extern void RequestTimeout(Request *request);    /* its deadline has passed */
extern void RequestClientLeft(Request *request); /* its client has closed the connection */

/* params.c: query, path, header and body into values; false after Refuse. */
extern bool BindParameters(Request *request);

extern void ListAdd(Request *request, Value *value, const char *text, size_t length,
					const char *pointer); /* an element of a list */
extern const char *
Issuer(Arena *arena); /* public_url without a / at its end; NULL when it is not configured */

/* credentials.c */
extern void ReadAuthorization(Request *request, const char *header);
extern void UseAuthCode(Request *request, const char *code, size_t length);
extern void UseToken(Request *request, const char *token, size_t length);
extern char *Digest(Arena *arena, const char *text, size_t length); /* SHA-256, 32 bytes */
extern bool DigestStart(void);                                      /* before the first worker */

#define DIGEST_LENGTH 32

#endif
