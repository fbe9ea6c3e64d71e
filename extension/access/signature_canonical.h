/*
 * The text that a request's signature is made of (clause 5.5-c). Plain C: no palloc, no ereport, no
 * PostgreSQL header.
 *
 * Canonical request: six lines joined by one LF, no LF at the end:
 *   method, path, canonical query, digest of the body, timestamp, nonce
 * Canonical query: the pairs of the query (or form) string, each name and value decoded (%XX, and + as a
 * blank: what the server's own parameters see), encoded again with A-Za-z0-9-._~ kept and %XX in upper case,
 * sorted by name then value (as encoded, byte by byte), joined as name=value by &. A pair without = has an
 * empty value, an empty pair is dropped.
 *
 * Artemis string: the rule of Hikvision's Artemis gateway, written down at ArtemisString.
 */
#ifndef CBD_SIGNATURE_CANONICAL_H
#define CBD_SIGNATURE_CANONICAL_H

#include <stdbool.h>
#include <stddef.h>

#include "text/span.h"

/* The parts of a request that the platform's own signature covers. */
typedef struct SignedRequest
{
	Span method;
	Span path;        /* as sent, from the leading / to before ? */
	Span query;       /* as sent, after ?; empty: none */
	Span body_digest; /* lower-case hexadecimal */
	Span timestamp;
	Span nonce;
} SignedRequest;

/* More pairs than this are refused: nobody signs that, and the work to sort them is bounded. */
#define QUERY_PAIRS_MAX 1000

/*
 * Which order the pairs are in. The rule is ORDER_ENCODED. Libraries that sort the decoded pairs (Python's
 * sorted(parse_qsl(...))) arrive at another text where a byte above 'z' meets one below; either text stands
 * for the same set of pairs, so a verifier may accept both.
 */
typedef enum QueryOrder
{
	ORDER_ENCODED,
	ORDER_DECODED
} QueryOrder;

/* Room that the canonical form of a query of `length` bytes needs at most, the closing NUL included. */
#define CANONICAL_QUERY_SIZE(length) (4 * (length) + 2)

/*
 * Writes the canonical query with a closing NUL into out[size]. False: a % without two hexadecimal digits,
 * more than QUERY_PAIRS_MAX pairs, or size < CANONICAL_QUERY_SIZE(query.length).
 */
extern bool CanonicalQuery(Span query, QueryOrder order, char *out, size_t size, size_t *written);

/* Room that a canonical request needs at most, the closing NUL included. */
extern size_t CanonicalRequestSize(const SignedRequest *request);

/* Writes the canonical request with a closing NUL into out[size]. False as CanonicalQuery. */
extern bool CanonicalRequest(const SignedRequest *request, QueryOrder order, char *out, size_t size,
							 size_t *written);

/* A header that the Artemis signature covers. */
typedef struct ArtemisHeader
{
	Span name; /* in any case */
	Span value;
} ArtemisHeader;

/* The parts of a request that the Artemis signature covers; empty parts are left out of the text. */
typedef struct ArtemisRequest
{
	Span method;
	Span path;           /* as sent */
	Span query;          /* as sent, after ? */
	Span form;           /* the body when it is application/x-www-form-urlencoded, else empty */
	Span signed_headers; /* X-Ca-Signature-Headers: names with commas between */
	const ArtemisHeader *headers;
	size_t header_count;
} ArtemisRequest;

/* More signed headers than this are refused. */
#define ARTEMIS_HEADERS_MAX 64

/* Room that the Artemis string needs at most, the closing NUL included. */
extern size_t ArtemisStringSize(const ArtemisRequest *request);

/*
 * Writes the string that Artemis signs with a closing NUL into out[size]:
 *   METHOD LF, then the values of Accept, Content-MD5, Content-Type and Date, an LF after each, an absent one
 * without its line; then for each name of X-Ca-Signature-Headers, sorted byte by byte and written as listed
 * there, name:value LF (a header that was not sent has an empty value); then the path, and ? with the pairs
 * of query and form, decoded, sorted by name, as name=value or, where the value is blank, name alone, joined
 * by &. The same name in query and form, or twice, is refused: the SDK keeps one of them, so they could not
 * both be signed. False also as CanonicalQuery.
 */
extern bool ArtemisString(const ArtemisRequest *request, char *out, size_t size, size_t *written);

/* The value of a header by its name in any case; false when it was not sent. */
extern bool ArtemisHeaderFind(const ArtemisRequest *request, const char *name, Span *value);

/* Is the header one of those that the signature covers by name? */
extern bool ArtemisHeaderSigned(const ArtemisRequest *request, const char *name);

#endif
