/*
 * Signed requests (clause 5.5-c): schemes 'signature' and 'artemis' of the call context. The credential is
 * the block described in signature_block.h; the appCode in the context comes from X-App-Code or X-Ca-Key.
 */
#ifndef CBD_SIGNATURE_H
#define CBD_SIGNATURE_H

#include "postgres.h"
#include "text/crypto.h"
#include "core/call.h"
#include "core/status.h"
#include "access/signature_canonical.h"

/* The application that signed. */
typedef struct Signer
{
	int32 app_id;
	bool granted; /* it has the method signature */
	int32 epoch;  /* of the application, as it was with this secret */
} Signer;

/* The digest of X-Signature-Method; empty means HMAC-SHA256. False: unknown. */
extern bool SignatureAlgorithm(Span name, DigestKind *kind);

/*
 * Checks the signature of the request and uses its nonce up, with lock-out: a wrong signature counts as a
 * wrong key does. CBD_OK: signed with the secret of application signer->app_id; whether it counts now is the
 * caller's to judge. CBD_INVALID_HEADER: something is missing or
 * malformed; CBD_INVALID_SIGNATURE: unknown application, no secret, wrong signature, stale timestamp or used
 * nonce, all with the same answer; CBD_LOCKED_OUT with *retry_after. Runs SQL; the caller has no SPI
 * connection open.
 */
extern CbdStatus SignatureLogin(const RestContext *context, Signer *signer, int *retry_after);

#endif
