/*
 * Callers from inside.
 *
 * Loopback counts only when both the peer and the client that it speaks for are there: a proxy on this
 * machine brings clients from everywhere.
 */
#include "kind/inside.h"

#include "base/config.h"
#include "base/digest.h"
#include "text/crypto.h"

bool
CallerInside(const Request *request)
{
	const char *token = ConfigNow()->metrics_token;
	Arena arena = {NULL};
	bool same;

	if (request->loopback)
		return true;
	if (token[0] == '\0' || request->caller.scheme != SCHEME_BEARER)
		return false;
	same = EqualBytes(request->caller.credential, Digest(&arena, token, strlen(token)), DIGEST_LENGTH);
	ArenaFree(&arena);
	return same;
}
