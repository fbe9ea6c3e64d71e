/*
 * The call context: the first five arguments of every endpoint function citybigdata.rest_*, by which the
 * bridge says who calls. Functions of its own housekeeping (rest_ready, rest_maintain, rest_audit_batch)
 * have none.
 *
 *   $1 request_id text    X-Request-Id of the request
 *   $2 client_addr inet   the client's address, proxies already resolved
 *   $3 app_code text      appCode as given in query, body or header; null: not given
 *   $4 scheme text        how the caller authenticates: a name of AUTH_SCHEMES; null as none. ";zh" behind
 * it: the caller is told in Chinese, else in English $5 credential bytea   as the scheme has it; null: none
 *
 * The endpoint's own arguments follow: text, text[], boolean, bigint or bytea, null when absent.
 */
#ifndef CBD_CALL_CONTEXT_H
#define CBD_CALL_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Indexes of the arguments, from 0. */
enum ContextArgument
{
	CONTEXT_REQUEST_ID,
	CONTEXT_CLIENT_ADDR,
	CONTEXT_APP_CODE,
	CONTEXT_SCHEME,
	CONTEXT_CREDENTIAL,
	CONTEXT_ARGUMENTS /* how many: the index of the endpoint's first own argument */
};

/*
 * The schemes: enumeration, name, credential. An endpoint refuses a name that is not here.
 *   none       nothing: an application is known by its address, or the endpoint is open
 *   bearer     SHA-256 digest of an access token
 *   code       SHA-256 digest of an authorisation code
 *   basic      the bytes user ':' password
 *   signature  the parts of a signed request (access/signature_block.h)
 *   artemis    the same of a request signed in the way of the camera platform
 *   sealed     the token of a sealed address that was opened (access/seal_sql.c), or of a medium
 *   base       the token of the sealed base of many addresses (access/sealed_url.h)
 *   continued  the page token of the page before (access/page_token.h)
 */
#define AUTH_SCHEMES(X)                                                                                      \
	X(SCHEME_NONE, "none")                                                                                   \
	X(SCHEME_BEARER, "bearer")                                                                               \
	X(SCHEME_CODE, "code")                                                                                   \
	X(SCHEME_BASIC, "basic")                                                                                 \
	X(SCHEME_SIGNATURE, "signature")                                                                         \
	X(SCHEME_ARTEMIS, "artemis")                                                                             \
	X(SCHEME_SEALED, "sealed")                                                                               \
	X(SCHEME_CONTINUED, "continued")                                                                         \
	X(SCHEME_KEY, "key")                                                                                     \
	X(SCHEME_BASE, "base")

/* How the caller proved himself: AUTH_SCHEMES above. */
typedef enum AuthScheme
{
#define SCHEME_MEMBER(member, name) member,
	AUTH_SCHEMES(SCHEME_MEMBER)
#undef SCHEME_MEMBER
} AuthScheme;

/* How many there are. */
#define SCHEMES (SCHEME_BASE + 1)

/* The name of a scheme; constant text. */
extern const char *SchemeName(AuthScheme scheme);

/* What stands behind the name of the scheme where the caller is told in Chinese. */
#define SCHEME_CHINESE ";zh"

/* Takes SCHEME_CHINESE from the end of the text; false: it is not there. */
extern bool SchemeInChinese(const char *text, size_t *length);

/* The scheme with that name; false: there is none. */
extern bool SchemeNamed(const char *name, size_t length, AuthScheme *scheme);

#endif
