/* Signed requests: verification; see signature.h. */
#include "postgres.h"

#include "signature.h"

bool
SignatureAlgorithm(Slice name, DigestKind *kind)
{
	static const char sm3[] = "HMAC-SM3";
	static const char sha256[] = "HMAC-SHA256";

	*kind = DIGEST_SHA256;
	if (name.length == 0)
		return true;
	if (name.length == strlen(sm3) && pg_strncasecmp(name.data, sm3, name.length) == 0)
	{
		*kind = DIGEST_SM3;
		return true;
	}
	return name.length == strlen(sha256) && pg_strncasecmp(name.data, sha256, name.length) == 0;
}
