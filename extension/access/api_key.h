/*
 * An application's key as a parameter of the request itself, where a standard or deployed callers have it
 * there (Open311's api_key, tokenId of table A.1).
 */
#ifndef CBD_API_KEY_H
#define CBD_API_KEY_H

#include "postgres.h"

#include "access/endpoint.h"

/*
 * Authorises the call by a key, of which `digest` is the SHA-256, for the resource; counts it towards the
 * limit of the grant. A wrong one counts by address: whoever tries keys does not say whose.
 * CBD_INVALID_CREDENTIALS, CBD_LOCKED_OUT, CBD_METHOD_NOT_GRANTED (the application may not use keys),
 * CBD_FORBIDDEN ...
 */
extern CbdStatus AuthoriseKey(Call *call, Datum digest, const char *resource);

#endif
