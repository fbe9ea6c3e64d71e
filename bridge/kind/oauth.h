/* The OAuth endpoints (RFC 6749, 7009, 7662, 8414, 9207): replies without the envelope. The log-in and
 * consent page is oauth_page.c's. */
#ifndef BRIDGE_OAUTH_H
#define BRIDGE_OAUTH_H

/* The `error` (RFC 6749 5.2) of a refusal with that HTTP status which the extension never saw. */
extern const char *OauthErrorName(unsigned http);

#endif
