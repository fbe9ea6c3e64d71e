/*
 * Requests signed by their client (5.5-c): X-Signature (scheme 'signature') or X-Ca-Signature ('artemis').
 * What was signed becomes the credential that extension/signature_block.h describes, first of the header,
 * then of the body as it came.
 */
#ifndef BRIDGE_SIGNED_H
#define BRIDGE_SIGNED_H

#include "request/request.h"

#define SIGNED_FORM_LIMIT                                                                                    \
	((size_t) 1024 * 1024) /* bytes of a form under 'artemis', which is handed on whole */

/* The header is there and has X-Signature. */
extern void SignedHeader(Request *request);

/* The header is there and has X-Ca-Signature; key: X-Ca-Key, or NULL. */
extern void ArtemisHeader(Request *request, const char *key);

/* The body is complete, and not yet decoded in place. */
extern void SignedBody(Request *request);

extern bool SignedStart(void);

#endif
