/*
 * What is derived of the route table; see routes.h.
 *
 * A request's path is compared with the rows in their order, segment by segment, after percent decoding:
 * some seventy rows, most of which differ in their second segment. Statements are made once, and rows that
 * call the same function share one, since a name is prepared once on a connection.
 */
#include "request/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "request/headers.h"
#include "request/kind.h"
#include "wire/call_context.h"

_Static_assert(CONTEXT_ARGUMENTS + ROUTE_PARAMS <= JOB_PARAMETERS,
			   "a job holds the parameters of every route");

/* Of one row. */
typedef struct Prepared
{
	Span segments[PATH_SEGMENTS]; /* text "{" for a parameter */
	int count;
	int params;
	signed char headers[ROUTE_PARAMS]; /* HeaderName of each parameter that is a header */
	Statement statement;
	const Statement *shared;      /* of the first row with the same function: a name is prepared once */
	Statement more;               /* of the function that continues its replies */
	const Statement *shared_more; /* of an earlier row with the same one, or its own */
} Prepared;

static const Route *routes;
static int route_count;
static Prepared *prepared;

static Statement reserve = {
	.name = "login_reserve",
	.sql = "SELECT citybigdata.rest_login_reserve($1::text,$2::inet,$3::text,$4::text,$5::bytea,$6::text)",
	.parameters = CONTEXT_ARGUMENTS + 1};

static Statement upload = {
	.name = "may_upload",
	.sql = "SELECT citybigdata.rest_may_upload($1::text,$2::inet,$3::text,$4::text,$5::bytea)",
	.parameters = CONTEXT_ARGUMENTS};

static Statement spend = {
	.name = "spend_code",
	.sql = "SELECT citybigdata.rest_spend_code($1::text,$2::inet,$3::text,$4::text,$5::bytea)",
	.parameters = CONTEXT_ARGUMENTS};

/* The statement of an earlier row that calls the same function, or NULL. */
static const Statement *
EarlierStatement(int row)
{
	for (int i = 0; i < row; i++)
		if (routes[i].function != NULL && strcmp(routes[i].function, routes[row].function) == 0)
			return &prepared[i].statement;
	return NULL;
}

/* Segments of "/a/b": false when there are too many, or the text does not begin with a slash. */
static bool
Split(Span path, Span *segments, int *count)
{
	const char *end = path.text + path.length;
	const char *at = path.text;

	*count = 0;
	if (path.length == 0 || *at != '/')
		return false;
	while (at < end)
	{
		const char *slash = memchr(at + 1, '/', (size_t) (end - at) - 1);

		if (slash == NULL)
			slash = end;
		if (*count == PATH_SEGMENTS)
			return false;
		segments[(*count)++] = (Span){at + 1, (size_t) (slash - at) - 1};
		at = slash;
	}
	return true;
}

/* SELECT citybigdata.f($1::text, …): context first, then the row's parameters. */
static void
MakeStatement(const Route *route, Statement *statement)
{
	static const char *const types[] = {
		[PARAM_TEXT] = "text",          [PARAM_BOOL] = "boolean",  [PARAM_LIST] = "text[]",
		[PARAM_JSON] = "text",          [PARAM_DIGEST] = "bytea",  [PARAM_BODY_DIGEST] = "bytea",
		[PARAM_RESERVED] = "boolean",   [PARAM_ISSUER] = "text",   [PARAM_PAIR_NAMES] = "text[]",
		[PARAM_PAIR_VALUES] = "text[]", [PARAM_SESSION] = "bytea", [PARAM_TAGS] = "text",
		[PARAM_HEAD] = "boolean",       [PARAM_BASE] = "text"};
	Text text = {NULL, 0, 0};
	int number = 0;

	TextPrint(&text, "SELECT citybigdata.%s(", route->function);
	if (!(route->flags & ROUTE_NO_CONTEXT))
	{
		TextAddString(&text, "$1::text,$2::inet,$3::text,$4::text,$5::bytea");
		number = CONTEXT_ARGUMENTS;
	}
	for (int i = 0; i < RouteParamCount(route) && route->params[i].type != PARAM_LOCAL; i++, number++)
		TextPrint(&text, "%s$%d::%s", number > 0 ? "," : "", number + 1, types[route->params[i].type]);
	TextAddString(&text, ")");
	*statement = (Statement){StatementNumber(), route->function, text.bytes, number};
}

/* The function that continues a reply: context, the row's first parameter, the frame's `more`. */
static void
MakeMoreStatement(const Route *route, Statement *statement)
{
	Text text = {NULL, 0, 0};

	TextPrint(&text, "SELECT citybigdata.%s($1::text,$2::inet,$3::text,$4::text,$5::bytea,$6::text,$7::text)",
			  route->more);
	*statement = (Statement){StatementNumber(), route->more, text.bytes, CONTEXT_ARGUMENTS + 2};
}

/* The statement of an earlier row that the same function continues; NULL: there is none. */
static const Statement *
EarlierMore(int row)
{
	for (int i = 0; i < row; i++)
		if (routes[i].more != NULL && strcmp(routes[i].more, routes[row].more) == 0)
			return prepared[i].shared_more;
	return NULL;
}

/* A mistake in the table. */
static void __attribute__((noreturn)) Wrong(const Route *route, const char *what, const char *name)
{
	fprintf(stderr, "route table: %s: %s %s\n", route->path, what, name);
	exit(1);
}

/* The parameters of a row, and what others look for among them. */
static void
PrepareParams(const Route *route, Prepared *row)
{
	while (row->params < ROUTE_PARAMS && route->params[row->params].name != NULL)
		row->params++;
	for (int i = 0; i < row->params; i++)
		if (route->params[i].from == IN_HEADER)
		{
			row->headers[i] = (signed char) HeaderKept(route->params[i].name);
			if (row->headers[i] < 0)
				Wrong(route, "no header that is kept:", route->params[i].name);
		}
	for (const char *const *name = route->kind->parameters; name != NULL && *name != NULL; name++)
		if (RouteParam(route, *name) < 0)
			Wrong(route, "its kind asks for the parameter", *name);
	if ((route->flags & ROUTE_PASSWORD) &&
		(RouteParam(route, "userName") < 0 || RouteParam(route, "password") < 0))
		Wrong(route, "it reserves an attempt and has no parameter", "userName or password");
}

void
RoutesUse(const Route *table, int count)
{
	routes = table;
	route_count = count;
	prepared = Allocate((size_t) count * sizeof(Prepared));
	memset(prepared, 0, (size_t) count * sizeof(Prepared));
	for (int i = 0; i < count; i++)
	{
		if (!Split((Span){routes[i].path, strlen(routes[i].path)}, prepared[i].segments, &prepared[i].count))
			Wrong(&routes[i], "too many segments", "");
		PrepareParams(&routes[i], &prepared[i]);
	}
}

void
RoutesPrepare(void)
{
	for (int i = 0; i < route_count; i++)
	{
		if (routes[i].more != NULL && (prepared[i].shared_more = EarlierMore(i)) == NULL)
		{
			prepared[i].shared_more = &prepared[i].more;
			MakeMoreStatement(&routes[i], &prepared[i].more);
		}
		if (routes[i].function == NULL || (prepared[i].shared = EarlierStatement(i)) != NULL)
			continue;
		prepared[i].shared = &prepared[i].statement;
		MakeStatement(&routes[i], &prepared[i].statement);
	}
	reserve.number = StatementNumber();
	upload.number = StatementNumber();
	spend.number = StatementNumber();
}

void
RoutesStop(void)
{
	for (int i = 0; i < route_count; i++)
	{
		free((char *) prepared[i].statement.sql);
		free((char *) prepared[i].more.sql);
	}
	free(prepared);
}

/* Does the raw segment, decoded where something is encoded, equal the literal? */
static bool
SegmentEquals(Span raw, Span literal, bool encoded)
{
	char decoded[64];
	TextError error;
	ptrdiff_t length;

	if (SpanEquals(raw, literal))
		return true;
	if (!encoded || raw.length > sizeof(decoded))
		return false;
	length = PercentDecode(raw.text, raw.length, decoded, false, &error);
	return length >= 0 && SpanEquals((Span){decoded, (size_t) length}, literal);
}

/* Does a value stand at this segment of the row's path? */
static bool
IsValue(Span segment)
{
	return segment.length > 0 && segment.text[0] == '{';
}

/* Is the raw segment a value with what the row has behind it, ".mvt" of "{y}.mvt"? *value: without that. */
static bool
SegmentValue(Span raw, Span wanted, Span *value)
{
	const char *brace = memchr(wanted.text, '}', wanted.length);
	size_t behind = (size_t) (wanted.text + wanted.length - brace) - 1;

	if (raw.length <= behind || memcmp(raw.text + raw.length - behind, brace + 1, behind) != 0)
		return false;
	*value = (Span){raw.text, raw.length - behind};
	return true;
}

/* Do the segments of a path fit those of the row? Looked at from the end: paths begin alike. *values: what
 * stands where the row has {}. */
static bool
PathMatches(int row, const Span *segments, int count, bool encoded, Span *values)
{
	const Span *wanted = prepared[row].segments;
	Span value;
	int found = 0;

	if (count != prepared[row].count)
		return false;
	for (int i = count - 1; i >= 0; i--)
		if (IsValue(wanted[i]) ? !SegmentValue(segments[i], wanted[i], &value)
							   : !SegmentEquals(segments[i], wanted[i], encoded))
			return false;
	for (int i = 0; i < count; i++)
		if (IsValue(wanted[i]))
			SegmentValue(segments[i], wanted[i], &values[found++]);
	return true;
}

bool
PathSuffix(Span path, const char *suffix)
{
	size_t length = strlen(suffix);

	return path.length > length && memcmp(path.text + path.length - length, suffix, length) == 0;
}

/* Without .json or .xml at its end. */
static Span
WithoutSuffix(Span segment)
{
	if (PathSuffix(segment, ".json"))
		segment.length -= strlen(".json");
	else if (PathSuffix(segment, ".xml"))
		segment.length -= strlen(".xml");
	return segment;
}

void
RouteFind(Span path, Method method, RouteMatch *match)
{
	Span segments[PATH_SEGMENTS];
	bool encoded = memchr(path.text, '%', path.length) != NULL;
	Span last;
	int count;
	bool slash;

	match->route = NULL;
	match->methods = 0;
	if (!Split(path, segments, &count))
		return;
	last = segments[count - 1];
	slash = count > 1 && last.length == 0;
	for (int i = 0; i < route_count && match->route == NULL; i++)
	{
		/* the first path that fits is meant: /events/steps is no taskNum, with another method neither */
		if (match->methods != 0 && strcmp(routes[i].path, match->path) != 0)
			continue;
		segments[count - 1] = routes[i].flags & ROUTE_SUFFIX ? WithoutSuffix(last) : last;
		if (!PathMatches(i, segments, count - (slash && (routes[i].flags & ROUTE_SLASH)), encoded,
						 match->values))
			continue;
		match->methods |= routes[i].method;
		match->path = routes[i].path;
		if (routes[i].method == method)
			match->route = &routes[i];
	}
}

/* Is the path the prefix, or below it? */
static bool
IsUnder(Span path, const char *prefix)
{
	size_t length = strlen(prefix);

	return SpanStarts(path, prefix) && (path.length == length || path.text[length] == '/');
}

const Kind *
RouteKindUnder(Span path)
{
	for (int i = 0; i < route_count; i++)
		if (routes[i].kind->under != NULL && IsUnder(path, routes[i].kind->under))
			return routes[i].kind;
	return NULL;
}

const Route *
RouteAt(int row)
{
	return row < route_count ? &routes[row] : NULL;
}

const Statement *
RouteStatement(const Route *route)
{
	return prepared[route - routes].shared;
}

const Statement *
RouteMoreStatement(const Route *route)
{
	return prepared[route - routes].shared_more;
}

int
RouteParamCount(const Route *route)
{
	return prepared[route - routes].params;
}

int
RouteParam(const Route *route, const char *name)
{
	for (int i = 0; i < RouteParamCount(route); i++)
		if (strcmp(route->params[i].name, name) == 0)
			return i;
	return -1;
}

int
RouteParamOfType(const Route *route, ParamType type)
{
	for (int i = 0; i < RouteParamCount(route); i++)
		if (route->params[i].type == type)
			return i;
	return -1;
}

int
RouteHeader(const Route *route, int parameter)
{
	return prepared[route - routes].headers[parameter];
}

const Statement *
ReserveStatement(void)
{
	return &reserve;
}

const Statement *
UploadStatement(void)
{
	return &upload;
}

const Statement *
SpendStatement(void)
{
	return &spend;
}

/* Who may call: nobody need be known, an account by HTTP Basic too, or whoever Authorise() of the extension
 * knows. */
static const char *
Authentication(const Route *route)
{
	return route->flags & ROUTE_OPEN ? "open" : route->flags & ROUTE_BASIC ? "basic" : "caller";
}

/* A member of a printed row: text, or null. */
static void
PrintText(const char *name, const char *text)
{
	if (text == NULL)
		printf(",\"%s\":null", name);
	else
		printf(",\"%s\":\"%s\"", name, text);
}

/* A truth value of a printed row. */
static const char *
JsonBool(int flag)
{
	return flag ? "true" : "false";
}

void
RoutesPrint(void)
{
	for (int i = 0; i < route_count; i++)
	{
		const Route *route = &routes[i];

		printf("{\"method\":\"%s\"", MethodName(route->method));
		PrintText("path", route->path);
		PrintText("lane", lane_names[route->lane]);
		PrintText("kind", route->kind->name);
		PrintText("authentication", Authentication(route));
		PrintText("resource", route->resource);
		PrintText("role", route->role);
		PrintText("function", route->function);
		printf(",\"password\":%s,\"once\":%s,\"parameters\":[",
			   JsonBool(route->flags & (ROUTE_PASSWORD | ROUTE_HASHES)), JsonBool(route->flags & ROUTE_ONCE));
		for (int n = 0, named = 0; n < RouteParamCount(route); n++)
			if (route->params[n].name[0] != '\0')
				printf("%s\"%s\"", named++ > 0 ? "," : "", route->params[n].name);
		puts("]}");
	}
}

const char *
MethodName(Method method)
{
	return method == METHOD_POST ? "POST" : "GET";
}

const char *
AllowedMethods(int methods, const Route *route)
{
	if (route != NULL && (route->flags & ROUTE_ONCE))
		return methods & METHOD_POST ? "GET, POST" : "GET";
	switch (methods & (METHOD_GET | METHOD_POST))
	{
		case METHOD_GET:
			return "GET, HEAD";
		case METHOD_POST:
			return "POST";
		default:
			return "GET, HEAD, POST";
	}
}
