/*
 * The OAuth endpoints (RFC 6749, 7009, 7662, 8414, 9207): replies without the envelope, and the log-in and
 * consent page.
 *
 * The page keeps no session. A random cookie ties its form to the browser that asked for it: the form carries
 * a token, the HMAC under the cookie's value of the time until which it is good and of every parameter that
 * was shown. Nobody else knows the cookie
 * (__Host-: only this host can set it, over TLS), so nobody else can make a form that is accepted; any number
 * of bridges agree.
 */
#ifndef BRIDGE_OAUTH_H
#define BRIDGE_OAUTH_H

#include <microhttpd.h>

#include "reply/reply.h"
#include "request/request.h"

/* Values of the routes of /oauth/authorize, in the order of their parameters. */
enum AuthorizeValue
{
	AUTHORIZE_CLIENT = 1,
	AUTHORIZE_SHOWN = 7, /* how many were shown: response_type to code_challenge_method */
	AUTHORIZE_USER = 8,  /* POST only, these and the next */
	AUTHORIZE_PASSWORD,
	AUTHORIZE_DECISION,
	AUTHORIZE_TOTP,
	AUTHORIZE_FORM_TOKEN,
	AUTHORIZE_POST_LOCALES, /* ui_locales */
	AUTHORIZE_GET_LOCALES = 8
};

#define FORM_COOKIE        "__Host-cbd-form"
#define FORM_SECRET_LENGTH 43 /* base64url of 32 bytes */

/* Local parts of the routes. */
extern void OauthMetadata(Request *request);
extern void OauthDecide(Request *request); /* before rest_oauth_authorize_decide: the form token */

/* The body of a decided request of a ROUTE_OAUTH; corrects *http. */
extern void OauthBody(Request *request, Text *text, const char **type, unsigned *http);
extern void OauthHeaders(struct MHD_Response *response, Request *request, unsigned http);

/* oauth_page.c: the pages, and the headers that go with them; started before the first worker */
extern void OauthPagesStart(void);
extern void OauthPagesStop(void);
extern void PageBody(Request *request, Text *text, unsigned *http);
extern void PageHeaders(struct MHD_Response *response, Request *request);

/* The form's token under the browser's cookie; NULL when it sent none that is well-formed. */
extern char *FormToken(Request *request, const char *secret, long until);
extern const char *FormSecret(Request *request); /* from the cookie, or new */

#endif
