/*
 * Addresses of media: sealing and opening.
 *
 * What is sealed: application, end, level of a narrowed token (else 0), client addresses, resource, field,
 * each as text with a closing NUL; then the origin of who made the address (core/caller.h), as it stands in
 * memory; then the key of the row.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "access/judge.h"
#include "core/guc.h"
#include "core/interval.h"
#include "media/media.h"
#include "wire/paths.h"

/* What the seal of a medium's address is bound to. */
#define PURPOSE_MEDIA "media"

/* Beyond this an address would not fit into a request line with room for proxies. */
#define SEALED_KEY_MAX 2048

void
MediaSealerBegin(MediaSealer *sealer, const RestContext *context, const Caller *caller)
{
	memset(sealer, 0, sizeof(*sealer));
	sealer->app_id = caller->app_id;
	sealer->level = caller->token_level;
	sealer->expires_at = UnixSeconds(GetCurrentTimestamp()) + guc_media_url_ttl;
	sealer->origin = caller->origin;
	if (caller->origin.by_token)
		sealer->expires_at = Min(sealer->expires_at, UnixSeconds(caller->origin.ends_at));
	/* who was let in from this address alone must not hand out what opens from any */
	if (context->has_client_addr && (guc_media_url_bound || caller->by_address || caller->to_address))
		sealer->cidr = TextDatumGetCString(DirectFunctionCall1(network_host, context->client_addr));
}

void
MediaSealerOpen(MediaSealer *sealer)
{
	if (sealer->open || sealer->app_id == 0)
		return;
	SealerOpen(&sealer->sealer);
	sealer->open = true;
}

void
MediaSealerEnd(MediaSealer *sealer)
{
	if (sealer->open)
		SealerClose(&sealer->sealer);
	sealer->open = false;
}

/* A text with its closing NUL. */
static void
AppendPart(StringInfo contents, const char *text)
{
	appendBinaryStringInfo(contents, text, strlen(text) + 1);
}

char *
MediaUrl(MediaSealer *sealer, const MediaRef *ref)
{
	StringInfoData contents;
	char *token;
	char *url;

	if (sealer == NULL || sealer->app_id == 0 || ref->key_length > SEALED_KEY_MAX)
		return NULL;
	MediaSealerOpen(sealer);
	initStringInfo(&contents);
	AppendPart(&contents, psprintf("%d", sealer->app_id));
	AppendPart(&contents, psprintf(INT64_FORMAT, sealer->expires_at));
	AppendPart(&contents, psprintf("%d", sealer->level));
	AppendPart(&contents, sealer->cidr == NULL ? "" : sealer->cidr);
	AppendPart(&contents, ref->resource);
	AppendPart(&contents, ref->field);
	appendBinaryStringInfo(&contents, (const char *) &sealer->origin, sizeof(Origin));
	appendBinaryStringInfo(&contents, ref->key, (int) ref->key_length);
	token = SealerSeal(&sealer->sealer, PURPOSE_MEDIA, contents.data, contents.len);
	url = psprintf("%s" MEDIA_PATH "%s", guc_public_url, token);
	pfree(token);
	pfree(contents.data);
	return url;
}

/* The next part of opened contents; NULL when there is none. */
static char *
TakePart(char **at, const char *end)
{
	char *part = *at;
	char *close = memchr(part, '\0', end - part);

	if (close == NULL)
		return NULL;
	*at = close + 1;
	return part;
}

/* Is the client inside the range? The range is text of our own. */
static bool
FromRange(const RestContext *context, const char *range)
{
	return context->has_client_addr &&
		   DatumGetBool(DirectFunctionCall2(network_subeq, context->client_addr,
											DirectFunctionCall1(inet_in, CStringGetDatum(range))));
}

CbdStatus
OpenMedia(const RestContext *context, const char *token, bool under_way, Caller *caller, OpenedMedia *opened)
{
	size_t length;
	char *contents = OpenBytes(PURPOSE_MEDIA, token, strlen(token), &length);
	char *at = contents;
	char *parts[6];
	Origin origin;
	const MediaSource *source;
	CbdStatus status;

	memset(caller, 0, sizeof(*caller));
	memset(opened, 0, sizeof(*opened));
	opened->detail = "not sealed here, or tampered with";
	if (contents == NULL)
		return CBD_INVALID_CREDENTIALS;
	for (int i = 0; i < lengthof(parts); i++)
		if ((parts[i] = TakePart(&at, contents + length)) == NULL)
			return CBD_INVALID_CREDENTIALS;
	if (contents + length - at < (ptrdiff_t) sizeof(origin))
		return CBD_INVALID_CREDENTIALS;
	memcpy(&origin, at, sizeof(origin));
	at += sizeof(origin);
	opened->ref = (MediaRef){parts[4], parts[5], at, contents + length - at};
	/* the application first, so that the audit row names it */
	opened->detail = "application, account, grant or credential no longer valid";
	source = MediaSourceOf(parts[4]);
	status = source->authorise != NULL
				 ? source->authorise(context, atoi(parts[0]), &origin, caller)
				 : AuthoriseApplication(context, atoi(parts[0]), &origin, parts[4], caller);
	if (status != CBD_OK)
		return CBD_INVALID_CREDENTIALS;
	caller->token_level = atoi(parts[2]);
	if (caller->token_level > 0)
		caller->level = Min(caller->level, caller->token_level);
	opened->detail = "expired";
	if (!under_way && strtoll(parts[1], NULL, 10) <= UnixSeconds(GetCurrentTimestamp()))
		return CBD_INVALID_CREDENTIALS;
	opened->detail = "opened from an address outside its range";
	if (parts[3][0] != '\0' && !FromRange(context, parts[3]))
		return CBD_INVALID_CREDENTIALS;
	opened->detail = NULL;
	return CBD_OK;
}
