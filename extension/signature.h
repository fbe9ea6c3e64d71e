/*
 * Signed requests (clause 5.5-c): schemes 'signature' and 'artemis' of the call context. The credential is the block
 * described in signature_block.h; the appCode in the context comes from X-App-Code or X-Ca-Key.
 */
#ifndef CBD_SIGNATURE_H
#define CBD_SIGNATURE_H

#include "postgres.h"
#include "crypto.h"
#include "rest.h"
#include "signature_canonical.h"

/* The digest of X-Signature-Method; empty means HMAC-SHA256. False: unknown. */
extern bool SignatureAlgorithm(Slice name, DigestKind *kind);

typedef struct SignatureResult
{
	int32		app_id;			/* the application of the appCode; 0: there is none */
	bool		counts;			/* a wrong signature: counts towards the lock-out of the application and the address */
	const char *detail;			/* for the audit row: why it was refused; NULL */
} SignatureResult;

/*
 * Checks the signature of the request and uses its nonce up. CBD_OK: the request was signed with the application's
 * secret; whether the application may do what it asks is the caller's to check, before anything else happens.
 * CBD_INVALID_HEADER: something is missing or malformed; CBD_INVALID_SIGNATURE: unknown application, no secret, wrong signature, stale
 * timestamp or used nonce, all with the same answer. Runs SQL; the caller has no SPI connection open.
 */
extern CbdStatus SignatureVerify(const CallContext *context, SignatureResult *result);

#endif
