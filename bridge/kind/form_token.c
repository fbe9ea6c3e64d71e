/* The token that protects the consent form; see form_token.h. */
#include "kind/form_token.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "base/text.h"
#include "request/cookie.h"
#include "request/params.h"
#include "text/base64.h"
#include "text/crypto.h"

const char *const form_shown[] = {
	"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
	"prompt",        NULL};

/* Base64url of 32 bytes. */
static char *
Base64Url(Arena *arena, const unsigned char *bytes)
{
	char *text = ArenaAlloc(arena, BASE64_SIZE(DIGEST_LENGTH));

	Base64Text(bytes, DIGEST_LENGTH, BASE64_URL, text);
	return text;
}

const char *
FormSecret(Request *request)
{
	const char *secret = CookieValue(request, FORM_COOKIE);
	unsigned char random[DIGEST_LENGTH];

	if (secret != NULL)
		return secret;
	if (RAND_bytes(random, sizeof(random)) != 1)
		abort(); /* no random numbers: nothing here is safe */
	return Base64Url(&request->arena, random);
}

char *
FormToken(Request *request, const char *secret, long until)
{
	unsigned char mac[DIGEST_LENGTH];
	Text text = {NULL, 0, 0};

	TextPrint(&text, "%ld", until);
	for (const char *const *name = form_shown; *name != NULL; name++)
	{
		const Value *value = ValueOf(request, *name);

		TextPrint(&text, "\n%zu:", value->text == NULL ? (size_t) 0 : value->length);
		if (value->text != NULL)
			TextAdd(&text, value->text, value->length);
	}
	if (!HmacBytes(DIGEST_SHA256, secret, COOKIE_LENGTH, text.bytes, text.length, mac))
		abort(); /* HMAC of memory cannot fail */
	TextClear(&text);
	return ArenaPrint(&request->arena, "%ld.%s", until, Base64Url(&request->arena, mac));
}

bool
FormTokenGood(Request *request, const char *given)
{
	const char *secret = CookieValue(request, FORM_COOKIE);
	long until;
	char *wanted;

	if (given == NULL || secret == NULL || strspn(given, "0123456789") > 12)
		return false;
	until = strtol(given, NULL, 10);
	if (until < time(NULL))
		return false;
	wanted = FormToken(request, secret, until);
	return strlen(wanted) == strlen(given) && EqualBytes(wanted, given, strlen(wanted));
}
