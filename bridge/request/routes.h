/*
 * Routes: one table (server/route_table.c) makes dispatch, 404, 405 with Allow, HEAD and OPTIONS, the SQL
 * statements and the binding of parameters by name. Here is what a row says, and what is derived of all rows
 * at start; the process ends there when a row is wrong.
 *
 * A row names the kind of its replies (kind.h). Its flags are facts of their own, which any kind may have.
 */
#ifndef BRIDGE_ROUTES_H
#define BRIDGE_ROUTES_H

#include <stdbool.h>

#include "base/target.h"
#include "db/db.h"

typedef struct Kind Kind;
typedef struct Request Request;

typedef enum Method
{
	METHOD_GET = 1, /* HEAD too */
	METHOD_POST = 2,
	METHOD_OPTIONS = 4,
	METHOD_OTHER = 8
} Method;

typedef enum ParamType
{
	PARAM_TEXT,
	PARAM_BOOL,
	PARAM_LIST,        /* text[]: JSON array, repeated parameter, or one text with commas */
	PARAM_JSON,        /* JSON text: a string's value, or an object as it stands */
	PARAM_DIGEST,      /* bytea: SHA-256 of the value, which goes no further */
	PARAM_BODY_DIGEST, /* bytea: SHA-256 of the body */
	PARAM_RESERVED,    /* boolean: the attempt was reserved by rest_login_reserve */
	PARAM_ISSUER,      /* text: public_url */
	PARAM_PAIR_NAMES,  /* text[]: of the parameters that are none of the route's own, which the kind collects
						*/
	PARAM_PAIR_VALUES, /* text[]: their values */
	PARAM_SESSION,     /* bytea: SHA-256 of the session's cookie (cookie.h) */
	PARAM_TAGS,        /* text: the header If-None-Match, which the extension reads (text/entity_tag.h) */
	PARAM_HEAD,        /* boolean: the method is HEAD */
	PARAM_BASE,        /* text: where the addresses of the reply begin, which the kind knows */
	PARAM_LOCAL        /* for the bridge only, not given to the function: behind all others */
} ParamType;

enum ParamSource
{
	IN_PATH = 1,
	IN_QUERY = 2,
	IN_BODY = 4,
	IN_HEADER = 8, /* one that is kept (headers.h) */
	OR_TRUTH = 16  /* beside IN_BODY: a text that JSON's true and false may stand for */
};

enum RouteFlag
{
	ROUTE_OPEN = 1,          /* needs no authentication: Basic is ignored */
	ROUTE_BASIC = 2,         /* HTTP Basic of the account is accepted: log-in lane, attempt reserved */
	ROUTE_CLIENT_BASIC = 4,  /* HTTP Basic of an OAuth client is accepted (RFC 6749 2.3.1) */
	ROUTE_PASSWORD = 8,      /* log-in lane and attempt reserved when userName and password are given */
	ROUTE_HASHES = 16,       /* log-in lane always: makes a password hash */
	ROUTE_EVENT_BODY = 32,   /* body up to max_event_body */
	ROUTE_NO_CONTEXT = 64,   /* the function takes no call context */
	ROUTE_ALWAYS = 128,      /* not refused while audit records cannot be written */
	ROUTE_ONCE = 256,        /* shows what it shows once: a HEAD, whose reply is thrown away, is refused */
	ROUTE_SECRET = 512,      /* the reply carries a credential: never compressed (reply/encode.c) */
	ROUTE_BODY_TOKEN = 1024, /* takes accessToken in the body of a POST */
	ROUTE_ADDRESS = 2048,    /* a client address alone may be the caller (method ip) */
	ROUTE_SUFFIX = 4096,     /* the path may end with .json or .xml, which is the kind's business */
	ROUTE_KEY = 8192,        /* api_key in the query or the body may be the caller (Open311) */
	ROUTE_FILES = 16384,     /* parts of multipart with a file name are bytes: their value is their base64 */
	ROUTE_TOKEN_HEADER = 32768, /* takes a token in the header access_token */
	ROUTE_SLASH = 65536         /* the path may end with a slash */
};

typedef struct Param
{
	const char *name; /* "": of no field */
	ParamType type;
	int from;          /* enum ParamSource, or 0 */
	const char *alias; /* accepted too */
} Param;

#define ROUTE_PARAMS  18
#define PATH_SEGMENTS 8

typedef struct Route
{
	Method method;
	const char *path; /* /api/v1/events/{taskNum} */
	Lane lane;
	const Kind *kind;
	const char *function; /* citybigdata.<function>; NULL: answered by `local` */
	int flags;
	Param params[ROUTE_PARAMS];
	const char *resource;     /* whose grant the call needs: a code, or {name} of a parameter; NULL: none */
	const char *role;         /* administrators who may call; NULL: anybody */
	void (*local)(Request *); /* sets the outcome, or refuses, before a function is asked; NULL: nothing */
	const char *more; /* citybigdata.<more> continues its replies; NULL: none, or the function itself */
	const char *const *columns; /* of the rows of a table (kind/reference.c) */
} Route;

typedef struct RouteMatch
{
	const Route *route;
	int methods;                /* of all routes with that path; 0: no such path */
	const char *path;           /* theirs, with {} in the place of what may be secret */
	Span values[PATH_SEGMENTS]; /* of the {} segments, in order, not decoded */
} RouteMatch;

/* The kind of replies to a path that no row has: the one whose addresses all begin as it does (Kind.under).
 * NULL: there is none. */
extern const Kind *RouteKindUnder(Span path);

/* Takes the table, which stays the caller's, and looks whether it is right. */
extern void RoutesUse(const Route *table, int count);

/* Makes the statements of all rows; before the first worker. */
extern void RoutesPrepare(void);
extern void RoutesStop(void);

/* The route of a raw path. match->route is NULL when the path or the method is unknown. */
extern void RouteFind(Span path, Method method, RouteMatch *match);

/* Does the path end with the suffix, with something before it? */
extern bool PathSuffix(Span path, const char *suffix);

/* Row of the table; NULL behind the last. */
extern const Route *RouteAt(int row);

extern const Statement *RouteStatement(const Route *route);
extern const Statement *RouteMoreStatement(const Route *route);
extern int RouteParamCount(const Route *route);

/* Number of the parameter of that name; -1: the route has none. */
extern int RouteParam(const Route *route, const char *name);

extern int RouteParamOfType(const Route *route, ParamType type); /* the first one */

/* The HeaderName of a parameter that is a header. */
extern int RouteHeader(const Route *route, int parameter);

/* rest_login_reserve */
extern const Statement *ReserveStatement(void);

/* rest_may_upload */
extern const Statement *UploadStatement(void);

/* rest_spend_code */
extern const Statement *SpendStatement(void);

/* GET or POST, of a row. */
extern const char *MethodName(Method method);

/* The table as JSON lines on standard output, for tests and reviewers. */
extern void RoutesPrint(void);

/* Text of an Allow header; `route` is the one found, if any. */
extern const char *AllowedMethods(int methods, const Route *route);

#endif
