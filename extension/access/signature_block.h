/*
 * The credential that the bridge hands over for a signed request: a block of lines, each key=value LF. Plain
 * C: no palloc, no ereport, no PostgreSQL header.
 *
 * Both schemes:
 *   method      as sent (POST)
 *   path        raw, from the leading / to before ?
 *   query       raw, after ?; empty or left out: none
 *   sha256      hexadecimal digest of the body as received (of zero bytes when there is none), lower case
 *   signature   X-Signature or X-Ca-Signature
 * Scheme 'signature' besides:
 *   sm3         the same by SM3; may be left out unless algorithm is HMAC-SM3
 *   timestamp   X-Timestamp
 *   nonce       X-Nonce
 *   algorithm   X-Signature-Method; left out: HMAC-SHA256
 * Scheme 'artemis' besides:
 *   signed      X-Ca-Signature-Headers
 *   md5         hexadecimal MD5 of the body; needed when Content-MD5 was sent
 *   form        the body as received when it is application/x-www-form-urlencoded; LF written as %0A
 *   header.N    value of header N (lower case) for accept, content-md5, content-type, date and every name in
 * X-Ca-Signature-Headers that was sent; x-ca-timestamp and x-ca-nonce among them A header that was not sent
 * has no line; one that was sent empty has an empty value. Header values are passed without the blanks around
 * them. The appCode (X-App-Code, X-Ca-Key) is the context's, not in the block. A key twice, an unknown key or
 * a line without = is an error. No value can hold an LF: HTTP has none in a request line or a header.
 */
#ifndef CBD_SIGNATURE_BLOCK_H
#define CBD_SIGNATURE_BLOCK_H

#include "access/signature_canonical.h"

#define BLOCK_HEADERS_MAX 32

/* The lines of the block; all point into it. Empty: the line was not there. */
typedef struct SignatureBlock
{
	Span method;
	Span path;
	Span query;
	Span sha256;
	Span sm3;
	Span md5;
	Span timestamp;
	Span nonce;
	Span algorithm;
	Span signature;
	Span signed_headers;
	Span form;
	ArtemisHeader headers[BLOCK_HEADERS_MAX];
	size_t header_count;
} SignatureBlock;

/* Reads the block; what has no line has data NULL. The slices point into text. False: malformed. */
extern bool SignatureBlockRead(const char *text, size_t length, SignatureBlock *block);

#endif
