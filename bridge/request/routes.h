/*
 * Routes: one table (routes.c) makes dispatch, 404, 405 with Allow, HEAD and OPTIONS, the SQL statements and
 * the binding of parameters by name.
 */
#ifndef BRIDGE_ROUTES_H
#define BRIDGE_ROUTES_H

#include <stdbool.h>

#include "db/db.h"
#include "base/target.h"

typedef struct Request Request;

typedef enum Method
{
	METHOD_GET = 1, /* HEAD too */
	METHOD_POST = 2,
	METHOD_OPTIONS = 4,
	METHOD_OTHER = 8
} Method;

typedef enum ParamKind
{
	KIND_TEXT,
	KIND_BOOL,
	KIND_LIST,        /* text[]: JSON array, repeated parameter, or one text with commas */
	KIND_JSON,        /* JSON text: a string's value, or an object as it stands */
	KIND_DIGEST,      /* bytea: SHA-256 of the value, which goes no further */
	KIND_BODY_DIGEST, /* bytea: SHA-256 of the body */
	KIND_RESERVED,    /* boolean: the attempt was reserved by rest_login_reserve */
	KIND_ISSUER,      /* text: public_url */
	KIND_PAIRS, /* text[]: names or values of the parameters that are none of the route's own (data.h) */
	KIND_HEAD,  /* boolean: the method is HEAD */
	KIND_LOCAL  /* for the local part only, not given to the function: behind all others */
} ParamKind;

enum ParamSource
{
	IN_PATH = 1,
	IN_QUERY = 2,
	IN_BODY = 4,
	IN_HEADER = 8
};

/* Marks of a route. */
enum RouteFlag
{
	ROUTE_OPEN = 1,        /* needs no authentication: Basic is ignored */
	ROUTE_BASIC = 2,       /* HTTP Basic of the account is accepted: log-in lane, attempt reserved */
	ROUTE_PASSWORD = 4,    /* log-in lane and attempt reserved when a password is given */
	ROUTE_HASHES = 8,      /* log-in lane always: makes a password hash */
	ROUTE_VENDOR = 16,     /* HTTP 200 for every application outcome, always JSON, unknown fields ignored */
	ROUTE_EVENT_BODY = 32, /* body up to max_event_body */
	ROUTE_NO_CONTEXT = 64, /* the function takes no call context */
	ROUTE_ALWAYS = 128,    /* not refused while audit records cannot be written */
	ROUTE_OAUTH = 256, /* replies without envelope, unknown fields ignored, Basic is the client's (oauth.h) */
	ROUTE_PAGE = 512,  /* with ROUTE_OAUTH: HTML for a browser */
	ROUTE_ONCE = 1024, /* shows what it shows once: a HEAD, whose reply is thrown away, is refused */
	ROUTE_SECRET = 2048,     /* the reply carries a credential: never compressed (encode.c) */
	ROUTE_DATA = 4096,       /* the open data interface (data.h) */
	ROUTE_MEDIA = 8192,      /* bytes of a medium, in slices (media.h) */
	ROUTE_REFERENCE = 16384, /* tagged, and with 304 (reference.h) */
	ROUTE_DOCUMENT = 65536,  /* the reply is made by manual.h; with ROUTE_PAGE: HTML */
};

typedef struct Param
{
	const char *name;
	ParamKind kind;
	int from;
	const char *alias; /* accepted too */
} Param;

#define ROUTE_PARAMS  14
#define PATH_SEGMENTS 8

typedef struct Route
{
	Method method;
	const char *path; /* /api/v1/events/{taskNum} */
	Lane lane;
	const char *function;     /* citybigdata.<function>; NULL: answered here */
	void (*local)(Request *); /* sets the outcome */
	int flags;
	Param params[ROUTE_PARAMS];
	const char *resource; /* the function asks for a grant on it */
	const char *role;     /* the function asks for an administrator of it */
} Route;

#define CONTEXT_PARAMS 5 /* extension/rest.h */

/* Prepares segments and SQL; before the first worker. */
extern void RoutesStart(void);
extern void RoutesStop(void);

typedef struct RouteMatch
{
	const Route *route;
	int methods;                /* of all routes with that path; 0: no such path */
	const char *path;           /* theirs, with {} in the place of what may be secret */
	Span values[PATH_SEGMENTS]; /* of the {} segments, in order, not decoded */
} RouteMatch;

/* The route of a raw path. match->route is NULL when the path or the method is unknown. */
extern void RouteFind(Span path, Method method, RouteMatch *match);

/* Row of the table; NULL behind the last. */
extern const Route *RouteAt(int row);

extern const Statement *RouteStatement(const Route *route);
extern int RouteParamCount(const Route *route);
extern const Statement *ReserveStatement(void);  /* rest_login_reserve */
extern const Statement *SliceStatement(void);    /* rest_media_slice */
extern const Statement *AuditStatement(void);    /* rest_audit_batch */
extern const Statement *MaintainStatement(void); /* rest_maintain */

/* The table as JSON lines on standard output, for tests and reviewers. */
extern void RoutesPrint(void);

/* Text of an Allow header; `route` is the one found, if any. */
extern const char *AllowedMethods(int methods, const Route *route);

#endif
