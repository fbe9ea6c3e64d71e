/*
 * Page tokens; see page_token.h. Sealed bytes of our own layout: whoever changes SealedPageToken changes
 * PURPOSE, so that tokens of before are refused and not misread.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "access/page_token.h"
#include "core/digest.h"
#include "access/seal.h"

/* What its seal is bound to: no other sealed text is read as a page token. */
#define PURPOSE  "continuation"
#define LIFETIME (2 * USECS_PER_HOUR) /* a slow reader may take its time over one page, but not a day */

/* What is sealed; the digest is of all that it is bound to. */
typedef struct SealedPageToken
{
	PageToken right;
	TimestampTz ends_at;
	uint8 bound_to[DIGEST_SIZE];
} SealedPageToken;

/* Digest of request and resource. Neither holds a line feed: the bridge and the catalogue see to that. */
static void
Bind(const RestContext *context, const char *resource, uint8 *digest)
{
	char *text = psprintf("%s\n%s", context->request_id == NULL ? "" : context->request_id, resource);

	Sha256(text, strlen(text), digest);
}

char *
PageTokenMake(const RestContext *context, const Caller *caller, const char *resource)
{
	SealedPageToken sealed;

	memset(&sealed, 0, sizeof(sealed));
	sealed.right.origin = caller->origin;
	sealed.right.app_id = caller->app_id;
	sealed.right.level = caller->level;
	sealed.ends_at = GetCurrentTimestamp() + LIFETIME;
	Bind(context, resource, sealed.bound_to);
	return SealBytes(PURPOSE, &sealed, sizeof(sealed));
}

bool
PageTokenRead(const RestContext *context, const char *resource, PageToken *page_token)
{
	SealedPageToken sealed;
	uint8 bound_to[DIGEST_SIZE];
	size_t length;
	char *plain;

	if (resource == NULL || context->credential == NULL)
		return false;
	plain = OpenBytes(PURPOSE, context->credential, context->credential_len, &length);
	if (plain == NULL || length != sizeof(sealed))
		return false;
	memcpy(&sealed, plain, sizeof(sealed));
	Bind(context, resource, bound_to);
	if (memcmp(bound_to, sealed.bound_to, DIGEST_SIZE) != 0 || sealed.ends_at <= GetCurrentTimestamp())
		return false;
	*page_token = sealed.right;
	return true;
}
