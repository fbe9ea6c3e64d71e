/* OAuth replies, metadata, and the token that protects the consent form. */
#include "kind/oauth.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/base64.h"
#include "wire/status_codes.h"
#include "text/crypto.h"

#define URL_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* Base64url of 32 bytes. */
static char *
Base64Url(Arena *arena, const unsigned char *bytes)
{
	char *text = ArenaAlloc(arena, BASE64_SIZE(DIGEST_LENGTH));

	Base64Text(bytes, DIGEST_LENGTH, BASE64_URL, text);
	return text;
}

/* The browser's secret from the Cookie header; NULL when there is none that is well-formed. */
static const char *
CookieSecret(Request *request)
{
	const char *at = request->cookie;
	size_t name = strlen(FORM_COOKIE);

	while (at != NULL && *at != '\0')
	{
		at += strspn(at, "; ");
		if (strncmp(at, FORM_COOKIE "=", name + 1) == 0 &&
			strspn(at + name + 1, URL_LETTERS) == FORM_SECRET_LENGTH)
			return ArenaCopy(&request->arena, at + name + 1, FORM_SECRET_LENGTH);
		at = strchr(at, ';');
	}
	return NULL;
}

const char *
FormSecret(Request *request)
{
	const char *secret = CookieSecret(request);
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
	for (int i = 0; i < AUTHORIZE_SHOWN; i++)
	{
		const Value *value = &request->values[i];

		TextPrint(&text, "\n%zu:", value->text == NULL ? (size_t) 0 : value->length);
		if (value->text != NULL)
			TextAdd(&text, value->text, value->length);
	}
	if (!HmacBytes(DIGEST_SHA256, secret, FORM_SECRET_LENGTH, text.bytes, text.length, mac))
		abort(); /* HMAC of memory cannot fail */
	free(text.bytes);
	return ArenaPrint(&request->arena, "%ld.%s", until, Base64Url(&request->arena, mac));
}

/* Was the form made here, for this browser, for these parameters, not long ago? */
static bool
FormTokenGood(Request *request, const char *given)
{
	const char *secret = CookieSecret(request);
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

void
OauthDecide(Request *request)
{
	const char *decision = request->values[AUTHORIZE_DECISION].text;

	if (!FormTokenGood(request, request->values[AUTHORIZE_FORM_TOKEN].text))
		Refuse(request, CBD_FORM_EXPIRED, NULL, NULL);
	/* what was typed before saying no is nobody's log-in, and counts as none */
	if (decision == NULL || strcmp(decision, "allow") != 0)
		request->values[AUTHORIZE_USER].text = request->values[AUTHORIZE_PASSWORD].text =
			request->values[AUTHORIZE_TOTP].text = NULL;
}

void
OauthMetadata(Request *request)
{
	const char *issuer = Issuer(&request->arena);

	if (issuer == NULL)
	{
		Refuse(request, CBD_NOT_SET_UP, NULL, "public_url is not configured");
		return;
	}
	request->data = ArenaPrint(
		&request->arena,
		"{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/oauth/authorize\",\"token_endpoint\":\"%s/oauth/"
		"token\","
		"\"revocation_endpoint\":\"%s/oauth/revoke\",\"introspection_endpoint\":\"%s/oauth/introspect\","
		"\"response_types_supported\":[\"code\"],\"response_modes_supported\":[\"query\"],"
		"\"grant_types_supported\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"
		"\"code_challenge_methods_supported\":[\"S256\"],"
		"\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\",\"none\"],"
		"\"revocation_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\","
		"\"none\"],"
		"\"introspection_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\"],"
		"\"authorization_response_iss_parameter_supported\":true,\"ui_locales_supported\":[\"zh-CN\",\"en\"]"
		"}",
		issuer, issuer, issuer, issuer, issuer);
	request->data_length = strlen(request->data);
}

/* The error of a refusal that the extension never saw. */
static const char *
ErrorName(const Request *request)
{
	int http = StatusFind(request->status)->http;

	if (http == 401)
		return "invalid_client";
	if (http == 503 || http == 429)
		return "temporarily_unavailable";
	return http >= 500 ? "server_error" : "invalid_request";
}

void
OauthBody(Request *request, Text *text, const char **type, unsigned *http)
{
	if (request->route->flags & ROUTE_PAGE)
	{
		*type = "text/html; charset=utf-8";
		PageBody(request, text, http);
		return;
	}
	*type = "application/json";
	if (request->data_length > 0 || request->status == CBD_OK)
		TextAdd(text, request->data == NULL ? "" : request->data, request->data_length);
	else
		TextPrint(text, "{\"error\":\"%s\",\"error_description\":\"%s\"}", ErrorName(request),
				  StatusFind(request->status)->english);
}

void
OauthHeaders(struct MHD_Response *response, Request *request, unsigned http)
{
	MHD_add_response_header(response, "Pragma", "no-cache");
	if (request->route->flags & ROUTE_PAGE)
		PageHeaders(response, request);
	else if (http == 401)
		MHD_add_response_header(response, "WWW-Authenticate",
								"Basic realm=\"citybigdata\", charset=\"UTF-8\"");
}
