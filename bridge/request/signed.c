/*
 * The credential of a signed request; see signed.h.
 *
 * The extension checks the signature, so the credential is a text of lines "key=value" with all that was
 * signed: method, path and query as they came, headers, and digests of the body under every algorithm that
 * the client may have used. A line feed inside a value would be a line of its own: headers that have one
 * are refused, and in forms it is written as %0A.
 */
#include "request/signed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "request/credentials.h"
#include "text/crypto.h"
#include "text/hex.h"
#include "wire/status_codes.h"

/* Where the library does not offer these, their line is left out. */
static bool has_sm3, has_md5;

bool
SignedStart(void)
{
	has_sm3 = DigestAvailable(DIGEST_SM3);
	has_md5 = DigestAvailable(DIGEST_MD5);
	return DigestAvailable(DIGEST_SHA256);
}

/* Space for `more` bytes at the end of the credential; what it was is left in the arena, which is overwritten
 * in the end. */
static char *
Extend(Request *request, size_t more)
{
	Caller *caller = &request->caller;
	size_t length = caller->credential_length;
	char *larger = ArenaAlloc(&request->arena, length + more);

	if (length > 0)
		memcpy(larger, caller->credential, length);
	caller->credential = larger;
	caller->credential_length = length + more;
	return larger + length;
}

/* Has the credential a line that begins so? The first line, method, is never asked for. */
static bool
HasLine(const Request *request, const char *key, size_t length)
{
	const char *at = request->caller.credential;
	const char *end = at + request->caller.credential_length;

	while ((at = memchr(at, '\n', (size_t) (end - at))) != NULL)
	{
		at++;
		if ((size_t) (end - at) > length && memcmp(at, key, length) == 0 && at[length] == '=')
			return true;
	}
	return false;
}

/* A line key=value of the credential. */
static void
AddLine(Request *request, const char *key, const char *value, size_t length)
{
	size_t key_length = strlen(key);
	char *at = Extend(request, key_length + 1 + length + 1);

	memcpy(at, key, key_length);
	at[key_length] = '=';
	if (length > 0)
		memcpy(at + key_length + 1, value, length);
	at[key_length + 1 + length] = '\n';
}

/* Method, path and query, and who claims to have signed them. */
static bool
Begin(Request *request, AuthScheme scheme)
{
	if (!UseScheme(request, scheme, NULL, 0))
		return false;
	AddLine(request, "method", request->method_name, strlen(request->method_name));
	AddLine(request, "path", request->path.text, request->path.length);
	AddLine(request, "query", request->query.text, request->query.length);
	return true;
}

/* A header as a line, without the blanks around its value; sent twice, nobody knows which one was signed. */
static void
AddHeader(Request *request, const char *key, const char *value, size_t length)
{
	while (length > 0 && (*value == ' ' || *value == '\t'))
		value++, length--;
	while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
		length--;
	for (size_t i = 0; i < length; i++)
		if (value[i] == '\n' || value[i] == '\r' || value[i] == '\0')
		{
			Refuse(request, CBD_INVALID_HEADER, NULL, "a signed header has a control character");
			return;
		}
	if (HasLine(request, key, strlen(key)))
		Refuse(request, CBD_INVALID_HEADER, NULL, "a signed header is repeated");
	else
		AddLine(request, key, value, length);
}

/* A header of a signed request that says how it was signed. */
static enum MHD_Result
SignatureField(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
			   size_t length)
{
	static const struct
	{
		const char *name, *key;
	} fields[] = {{"X-Signature", "signature"},
				  {"X-Timestamp", "timestamp"},
				  {"X-Nonce", "nonce"},
				  {"X-Signature-Method", "algorithm"}};
	Request *request = cls;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcasecmp(name, fields[i].name) == 0)
			AddHeader(request, fields[i].key, value == NULL ? "" : value, value == NULL ? 0 : length);
	return MHD_YES;
}

void
SignedHeader(Request *request)
{
	static const char line[] = "\nalgorithm=HMAC-SM3\n";

	if (!Begin(request, SCHEME_SIGNATURE))
		return;
	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, SignatureField, request);
	for (size_t i = 0; i + sizeof(line) - 1 <= request->caller.credential_length; i++)
		if (strncasecmp(request->caller.credential + i, line, sizeof(line) - 1) == 0)
			request->caller.needs_sm3 = true;
}

/* Is the name in a list with commas and blanks between? */
static bool
Listed(const char *list, const char *name, size_t length)
{
	while (*list != '\0')
	{
		size_t word;

		list += strspn(list, ", \t");
		word = strcspn(list, ", \t");
		if (word == length && strncasecmp(list, name, length) == 0)
			return true;
		list += word;
	}
	return false;
}

/* What OneArtemisField needs to know. */
typedef struct ArtemisFields
{
	Request *request;
	const char *listed; /* X-Ca-Signature-Headers */
	int count;
} ArtemisFields;

#define ARTEMIS_FIELDS 32 /* BLOCK_HEADERS_MAX of the extension */
#define ARTEMIS_NAME   100

/* A header of a request signed in the other way: how it was signed, or one that was signed with it. */
static enum MHD_Result
ArtemisField(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
			 size_t length)
{
	ArtemisFields *fields = cls;
	Request *request = fields->request;
	char key[sizeof("header.") + ARTEMIS_NAME] = "header.";
	size_t used = strlen(key);

	if (value == NULL)
		value = "", length = 0;
	if (strcasecmp(name, "X-Ca-Signature") == 0)
		AddHeader(request, "signature", value, length);
	else if (strcasecmp(name, "X-Ca-Signature-Headers") == 0)
		AddHeader(request, "signed", value, length);
	if (!Listed("accept,content-md5,content-type,date", name, name_length) &&
		!Listed(fields->listed, name, name_length))
		return MHD_YES;
	if (name_length > ARTEMIS_NAME || ++fields->count > ARTEMIS_FIELDS)
	{
		Refuse(request, CBD_INVALID_HEADER, NULL,
			   "at most %d{limit} signed headers, with names of %d{length} characters", ARTEMIS_FIELDS,
			   ARTEMIS_NAME);
		return MHD_NO;
	}
	for (size_t i = 0; i < name_length; i++)
		key[used++] = (char) tolower((unsigned char) name[i]);
	key[used] = '\0';
	AddHeader(request, key, value, length);
	return MHD_YES;
}

void
ArtemisHeader(Request *request, const char *key)
{
	ArtemisFields fields = {.request = request};
	Caller *caller = &request->caller;

	if (!Begin(request, SCHEME_ARTEMIS))
		return;
	if (caller->app_code != NULL && key != NULL && strcmp(caller->app_code, key) != 0)
	{
		Refuse(request, CBD_INVALID_HEADER, NULL, "X-App-Code and X-Ca-Key differ");
		return;
	}
	caller->app_code = key == NULL ? NULL : ArenaCopy(&request->arena, key, strlen(key));
	fields.listed =
		MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Ca-Signature-Headers");
	if (fields.listed == NULL)
		fields.listed = "";
	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, ArtemisField, &fields);
}

/* Digest of the body as it came, in hexadecimal. */
static void
AddDigest(Request *request, const char *key, DigestKind kind)
{
	const Body *body = &request->body;
	unsigned char digest[DIGEST_MAX];
	char text[HEX_SIZE(DIGEST_MAX)];

	if (!DigestBytes(kind, body->bytes == NULL ? "" : body->bytes, body->length, digest))
		abort(); /* a digest of memory cannot fail */
	HexText(digest, DigestSize(kind), text);
	AddLine(request, key, text, 2 * DigestSize(kind));
}

/* The form as it came, on one line. */
static void
AddForm(Request *request)
{
	const char *form = request->body.bytes;
	size_t length = request->body.length;
	size_t feeds = 0;
	char *at;

	if (length > SIGNED_FORM_LIMIT)
	{
		Refuse(request, CBD_TOO_LARGE, NULL, "a signed form has at most %zu{limit} bytes", SIGNED_FORM_LIMIT);
		return;
	}
	for (size_t i = 0; i < length; i++)
		feeds += form[i] == '\n';
	at = Extend(request, strlen("form=") + length + 2 * feeds + 1);
	at = mempcpy(at, "form=", strlen("form="));
	for (size_t i = 0; i < length; i++)
		if (form[i] == '\n')
			at = mempcpy(at, "%0A", 3);
		else
			*at++ = form[i];
	*at = '\n';
}

void
SignedBody(Request *request)
{
	bool artemis = request->caller.scheme == SCHEME_ARTEMIS;

	if (!artemis && request->caller.scheme != SCHEME_SIGNATURE)
		return;
	AddDigest(request, "sha256", DIGEST_SHA256);
	if (request->caller.needs_sm3 && has_sm3)
		AddDigest(request, "sm3", DIGEST_SM3);
	if (!artemis)
		return;
	if (has_md5 && HasLine(request, "header.content-md5", strlen("header.content-md5")))
		AddDigest(request, "md5", DIGEST_MD5);
	if (request->body.form == BODY_FORM && request->body.length > 0)
		AddForm(request);
}
