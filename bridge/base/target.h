/*
 * Request target and text: percent decoding, UTF-8, addresses. Plain C over (buffer, length), no state, so
 * that sanitizers and fuzzers see it. libmicrohttpd's own decoding is not used: it ends a path at %00 and
 * leaves %zz.
 */
#ifndef BRIDGE_TARGET_H
#define BRIDGE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "text/span.h"

/* What is wrong with a text, and where (byte offset into the undecoded text). */
typedef struct TextError
{
	size_t offset;
	int status; /* CBD_INVALID_ENCODING or CBD_INVALID_CHARACTER */
	const char *what;
} TextError;

/*
 * Decodes %XX, and + as blank when `plus`, of in[0..length) into out, which may be `in` itself and gets a NUL
 * only if the caller has room for it. The result must be UTF-8 without NUL. Returns the decoded length, or -1
 * with *error filled.
 */
extern ptrdiff_t PercentDecode(const char *in, size_t length, char *out, bool plus, TextError *error);

/*
 * For forms in other charsets: writes in[0..length) with all of its %XX decoded but those of "%", "&", "+"
 * and "=", which have a meaning in a form. Returns the length, or -1 with *error filled. FormOffset: where
 * byte `letter` of it came from.
 */
extern ptrdiff_t FormLetters(const char *in, size_t length, char *out, TextError *error);
extern size_t FormOffset(const char *in, size_t length, size_t letter);

/*
 * Splits a raw request target into path and query ("?" belongs to neither; has_query false when there was
 * none). The absolute form loses scheme and authority. False: not a target.
 */
extern bool SplitTarget(const char *target, size_t length, Span *path, Span *query);

/* Takes the next name=value of a query or form off *rest; false at the end. Empty pairs are skipped. */
extern bool NextPair(Span *rest, Span *name, Span *value);

/* Is it a Host: name, IPv4 or [IPv6], optional port? */
extern bool ValidHost(const char *text, size_t length);

/* A well-formed X-Request-Id: 1-64 of A-Za-z0-9._- */
extern bool ValidRequestId(const char *text, size_t length);

/* Address range. IPv4 is kept as IPv4-mapped IPv6. */
typedef struct AddressRange
{
	uint8_t address[16];
	int bits; /* 0..128 */
} AddressRange;

extern bool ParseAddress(const char *text, size_t length, uint8_t address[16]);

/*
 * An element of X-Forwarded-For or of what proxies make of it: address, address:port, [address],
 * [address]:port. False: none of those, such as "unknown".
 */
extern bool ParseForwarded(Span text, uint8_t address[16]);

/* Without blanks and tabs around it. */
extern Span SpanTrim(Span span);

/* Cuts the last element off a list with commas, blanks around it trimmed; list->text NULL: it was the only
 * one. */
extern Span LastElement(Span *list);

/* False for IPv4 addresses in IPv6 notation with a mask that is wider than IPv4. */
extern bool ParseRange(const char *text, size_t length, AddressRange *range);
extern bool InRange(const AddressRange *range, const uint8_t address[16]);
extern bool IsLoopback(const uint8_t address[16]);
extern bool SocketAddress(const struct sockaddr *socket_address, uint8_t address[16]);

#define ADDRESS_TEXT 46 /* INET6_ADDRSTRLEN */
extern void AddressText(const uint8_t address[16], char text[ADDRESS_TEXT]);

#endif
