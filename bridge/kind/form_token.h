/*
 * What ties the log-in and consent form to the browser that asked for it. The page keeps no session: a random
 * cookie is the browser's secret, and the form carries a token, the HMAC under that secret of the time until
 * which it is good and of every parameter that was shown. Nobody else knows the cookie (__Host-: only this
 * host can set it, over TLS), so nobody else can make a form that is accepted; any number of bridges agree.
 */
#ifndef BRIDGE_FORM_TOKEN_H
#define BRIDGE_FORM_TOKEN_H

#include "request/request.h"

#define FORM_COOKIE "__Host-cbd-form"

/* The parameters that a page shows, and a form sends back; NULL-ended. */
extern const char *const form_shown[];

/* The browser's secret: from its cookie, or new. */
extern const char *FormSecret(Request *request);

/* The token of the request's parameters under the secret, good until that time (Unix seconds). */
extern char *FormToken(Request *request, const char *secret, long until);

/* Was the form made here, for this browser, for these parameters, not long ago? `given`: the token that it
 * carries, or NULL. */
extern bool FormTokenGood(Request *request, const char *given);

#endif
