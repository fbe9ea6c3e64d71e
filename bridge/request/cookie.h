/*
 * Cookies (RFC 6265): one value of the Cookie header. The bridge sets two, both of this host alone (__Host-)
 * and of no use to scripts: the secret that ties the log-in form to its browser (kind/form_token.h), and the
 * session of who signed in at the operators' client. Neither authorises a call; every other endpoint leaves
 * them unread.
 */
#ifndef BRIDGE_COOKIE_H
#define BRIDGE_COOKIE_H

#include "request/request.h"

/* The session: read by /oauth/authorize and /oauth/logout only (PARAM_SESSION). */
#define SESSION_COOKIE "__Host-cbd-session"

/* Length of the values: base64url of 32 bytes. */
#define COOKIE_LENGTH 43

/* The value of that cookie; NULL when there is none that is well formed. */
extern const char *CookieValue(Request *request, const char *name);

#endif
