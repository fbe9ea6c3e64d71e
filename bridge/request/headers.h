/*
 * Headers of a request, found in one pass by one table.
 *
 * Values lie in libmicrohttpd's buffer and are good until the body comes; those that are used later are
 * copied into the request (Request.headers), and only those can be parameters of a route.
 */
#ifndef BRIDGE_HEADERS_H
#define BRIDGE_HEADERS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* What a header that stands more than once means. */
typedef enum Repeat
{
	REPEAT_LAST,    /* the last one counts */
	REPEAT_FIRST,   /* the first one */
	REPEAT_LIST,    /* all of them are one list, the last one at its end */
	REPEAT_REFUSED, /* could be read in two ways */
} Repeat;

/* The headers that are read. The first ones, up to KEPT_HEADERS, are kept with the request. */
#define HEADERS(X)                                                                                           \
	X(HEADER_CONTENT_TYPE, "Content-Type", REPEAT_REFUSED)                                                   \
	X(HEADER_COOKIE, "Cookie", REPEAT_FIRST)                                                                 \
	X(HEADER_IDEMPOTENCY_KEY, "Idempotency-Key", REPEAT_REFUSED)                                             \
	X(HEADER_IF_MATCH, "If-Match", REPEAT_REFUSED)                                                           \
	X(HEADER_IF_NONE_MATCH, "If-None-Match", REPEAT_LIST)                                                    \
	X(HEADER_IF_RANGE, "If-Range", REPEAT_REFUSED)                                                           \
	X(HEADER_RANGE, "Range", REPEAT_REFUSED)                                                                 \
	X(HEADER_TOTP, "X-TOTP", REPEAT_REFUSED)                                                                 \
	X(HEADER_ACCESS_TOKEN, "access_token", REPEAT_REFUSED)                                                   \
	X(HEADER_ACCEPT, "Accept", REPEAT_LAST)                                                                  \
	X(HEADER_ACCEPT_CHARSET, "Accept-Charset", REPEAT_LAST)                                                  \
	X(HEADER_ACCEPT_ENCODING, "Accept-Encoding", REPEAT_LAST)                                                \
	X(HEADER_ACCEPT_LANGUAGE, "Accept-Language", REPEAT_LAST)                                                \
	X(HEADER_APP_CODE, "X-App-Code", REPEAT_REFUSED)                                                         \
	X(HEADER_AUTHORIZATION, "Authorization", REPEAT_REFUSED)                                                 \
	X(HEADER_CA_KEY, "X-Ca-Key", REPEAT_REFUSED)                                                             \
	X(HEADER_CA_SIGNATURE, "X-Ca-Signature", REPEAT_REFUSED)                                                 \
	X(HEADER_CONNECTION, "Connection", REPEAT_LAST)                                                          \
	X(HEADER_CONTENT_ENCODING, "Content-Encoding", REPEAT_LIST)                                              \
	X(HEADER_CONTENT_LENGTH, "Content-Length", REPEAT_REFUSED)                                               \
	X(HEADER_EXPECT, "Expect", REPEAT_LAST)                                                                  \
	X(HEADER_FORWARDED_FOR, "X-Forwarded-For", REPEAT_LIST)                                                  \
	X(HEADER_HOST, "Host", REPEAT_REFUSED)                                                                   \
	X(HEADER_ORIGIN, "Origin", REPEAT_REFUSED)                                                               \
	X(HEADER_REQUEST_ID, "X-Request-Id", REPEAT_LAST)                                                        \
	X(HEADER_SIGNATURE, "X-Signature", REPEAT_REFUSED)                                                       \
	X(HEADER_TRANSFER_ENCODING, "Transfer-Encoding", REPEAT_REFUSED)

typedef enum HeaderName
{
#define HEADER_MEMBER(member, name, repeat) member,
	HEADERS(HEADER_MEMBER)
#undef HEADER_MEMBER
} HeaderName;

#define HEADER_COUNT (HEADER_TRANSFER_ENCODING + 1)
#define KEPT_HEADERS (HEADER_TOTP + 1)

typedef struct Headers
{
	const char *values[HEADER_COUNT]; /* NULL: absent */
	bool repeated;                    /* one that may stand only once stands twice */
	bool malformed;                   /* a name that is none, a value with a control character or folded */
	size_t size;                      /* bytes of all of them */
	const char *end, *block_end;      /* of the last value read; of all of them, in libmicrohttpd's buffer */
	Arena *arena;                     /* for lists */
} Headers;

/*
 * Reads the connection's headers. `start` is the request line, the beginning of libmicrohttpd's buffer,
 * `version` its end: a value with a NUL is a shorter one to libmicrohttpd, and only the bytes behind it tell.
 */
extern void HeadersRead(Headers *headers, struct MHD_Connection *connection, const char *start,
						const char *version, Arena *arena);

/* The kept header of that name, as it stands in the table; -1: there is none. */
extern int HeaderKept(const char *name);

/* Is it visible ASCII and blanks alone? */
extern bool HeaderPrintable(const char *value);

#endif
