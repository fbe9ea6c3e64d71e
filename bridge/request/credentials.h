/* Who calls: the Authorization header, codes and tokens, which go to the database as digests. A request has
 * one credential; a second one is refused. */
#ifndef BRIDGE_CREDENTIALS_H
#define BRIDGE_CREDENTIALS_H

#include "request/request.h"

/* The value of an Authorization header. */
extern void ReadAuthorization(Request *request, const char *header);

extern void UseAuthCode(Request *request, const char *code, size_t length);
extern void UseToken(Request *request, const char *token, size_t length);

/* The request's credential becomes this, of that scheme; false after Refuse: it has another one. */
extern bool UseScheme(Request *request, AuthScheme scheme, const char *credential, size_t length);

#endif
