/*
 * Signatures from SQL, for tests, samples and whoever debugs a client: canonical_request(), sign_request(),
 * artemis_string(), sign_artemis(). They show what a signature is made of; the secret is the caller's.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "text/crypto.h"
#include "core/call.h"
#include "core/own_statement.h"
#include "access/signature.h"
#include "access/signature_canonical.h"
#include "core/say.h"
#include "text/hex.h"
#include "text/base64.h"

PG_FUNCTION_INFO_V1(cbd_canonical_request);
PG_FUNCTION_INFO_V1(cbd_sign_request);
PG_FUNCTION_INFO_V1(cbd_artemis_string);
PG_FUNCTION_INFO_V1(cbd_sign_artemis);

/* A text argument as a span; null is the empty one. */
static Span
ArgSlice(FunctionCallInfo fcinfo, int n)
{
	text *value;

	if (PG_ARGISNULL(n))
		return (Span){"", 0};
	value = PG_GETARG_TEXT_PP(n);
	return (Span){VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

/* An argument that the request cannot be without. */
static void
CheckGiven(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), saymsg("%s{name} must not be null", name)));
}

/* HMAC-SHA256 or HMAC-SM3; anything else is an error. */
static DigestKind
ArgAlgorithm(FunctionCallInfo fcinfo, int n)
{
	DigestKind kind;

	CheckGiven(fcinfo, n, "algorithm");
	if (!SignatureAlgorithm(ArgSlice(fcinfo, n), &kind))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						saymsg("unknown signature algorithm: %s{name}", ArgText(fcinfo, n)),
						sayhint("HMAC-SHA256 or HMAC-SM3.")));
	return kind;
}

/*
 * The canonical request of arguments `first`...: method, path, query (null: none), body (null: none),
 * timestamp, nonce, algorithm.
 */
static char *
ArgCanonicalRequest(FunctionCallInfo fcinfo, int first, DigestKind *kind, size_t *length)
{
	static const char *const names[] = {"method", "path", NULL, NULL, "timestamp", "nonce"};
	SignedRequest request;
	bytea *body = PG_ARGISNULL(first + 3) ? NULL : PG_GETARG_BYTEA_PP(first + 3);
	unsigned char digest[DIGEST_MAX];
	char hex[HEX_SIZE(DIGEST_MAX)];
	char timestamp[24];
	size_t size;
	char *out;

	for (int i = 0; i < lengthof(names); i++)
		if (names[i] != NULL)
			CheckGiven(fcinfo, first + i, names[i]);
	*kind = ArgAlgorithm(fcinfo, first + 6);
	if (!DigestBytes(*kind, body == NULL ? "" : VARDATA_ANY(body), body == NULL ? 0 : VARSIZE_ANY_EXHDR(body),
					 digest))
		elog(ERROR, "the digest of the body failed");
	HexText(digest, DigestSize(*kind), hex);
	snprintf(timestamp, sizeof(timestamp), INT64_FORMAT, PG_GETARG_INT64(first + 4));
	request.method = ArgSlice(fcinfo, first);
	request.path = ArgSlice(fcinfo, first + 1);
	request.query = ArgSlice(fcinfo, first + 2);
	request.body_digest = (Span){hex, strlen(hex)};
	request.timestamp = (Span){timestamp, strlen(timestamp)};
	request.nonce = ArgSlice(fcinfo, first + 5);
	size = CanonicalRequestSize(&request);
	out = palloc(size);
	if (!CanonicalRequest(&request, ORDER_ENCODED, out, size, length))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("the query string cannot be signed"),
			 saydetail(
				 "A %% is not followed by two hexadecimal digits, or there are more than %d{limit} pairs.",
				 QUERY_PAIRS_MAX),
			 sayhint("A valid query is divisionCode=110101&name=%%E4%%B8%%9C.")));
	return out;
}

/* The base64 of the HMAC of canonical[length] under the ASCII bytes of the secret. */
static text *
SignText(Span secret, DigestKind kind, const char *canonical, size_t length)
{
	unsigned char mac[DIGEST_MAX];
	char base64[BASE64_SIZE(DIGEST_MAX)];

	if (!HmacBytes(kind, secret.text, secret.length, canonical, length, mac))
		elog(ERROR, "the message authentication code failed");
	(void) Base64Text(mac, DigestSize(kind), BASE64, base64);
	return cstring_to_text(base64);
}

/* canonical_request(method, path, query, body, timestamp, nonce, algorithm) */
Datum
cbd_canonical_request(PG_FUNCTION_ARGS)
{
	DigestKind kind;
	size_t length;
	char *canonical = ArgCanonicalRequest(fcinfo, 0, &kind, &length);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(canonical, (int) length));
}

/* sign_request(secret, method, path, query, body, timestamp, nonce, algorithm) */
Datum
cbd_sign_request(PG_FUNCTION_ARGS)
{
	DigestKind kind;
	size_t length;
	char *canonical;

	HideStatement();
	CheckGiven(fcinfo, 0, "secret");
	canonical = ArgCanonicalRequest(fcinfo, 1, &kind, &length);
	PG_RETURN_TEXT_P(SignText(ArgSlice(fcinfo, 0), kind, canonical, length));
}

/* The headers of an array of "Name: value" lines. */
static ArtemisHeader *
ArgHeaders(FunctionCallInfo fcinfo, int n, size_t *count)
{
	Datum *lines;
	bool *nulls;
	int total;
	ArtemisHeader *headers;

	*count = 0;
	if (PG_ARGISNULL(n))
		return NULL;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(n), TEXTOID, -1, false, TYPALIGN_INT, &lines, &nulls, &total);
	headers = palloc(sizeof(ArtemisHeader) * Max(total, 1));
	for (int i = 0; i < total; i++)
	{
		char *line = nulls[i] ? pstrdup("") : TextDatumGetCString(lines[i]);
		char *colon = strchr(line, ':');
		char *value;

		if (colon == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("not a header: \"%s{line}\"", line),
					 sayhint("A valid header is x-ca-nonce: 2f6b0d8e.")));
		value = colon + 1 + strspn(colon + 1, " \t");
		headers[i].name = (Span){line, colon - line};
		headers[i].value = (Span){value, strlen(value)};
		(*count)++;
	}
	return headers;
}

/* The Artemis string of arguments `first`...: method, path, query, form, headers text[], signed header names.
 */
static char *
ArgArtemisString(FunctionCallInfo fcinfo, int first, size_t *length)
{
	ArtemisRequest request;
	size_t size;
	char *out;

	CheckGiven(fcinfo, first, "method");
	CheckGiven(fcinfo, first + 1, "path");
	request.method = ArgSlice(fcinfo, first);
	request.path = ArgSlice(fcinfo, first + 1);
	request.query = ArgSlice(fcinfo, first + 2);
	request.form = ArgSlice(fcinfo, first + 3);
	request.headers = ArgHeaders(fcinfo, first + 4, &request.header_count);
	request.signed_headers = ArgSlice(fcinfo, first + 5);
	size = ArtemisStringSize(&request);
	out = palloc(size);
	if (!ArtemisString(&request, out, size, length))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("the request cannot be signed"),
				 saydetail("A parameter is given twice, a %% is not followed by two hexadecimal digits, "
						   "or there are more than %d{parameters} parameters or %d{headers} signed headers.",
						   QUERY_PAIRS_MAX, ARTEMIS_HEADERS_MAX)));
	return out;
}

/* artemis_string(method, path, query, form, headers, signed_headers) */
Datum
cbd_artemis_string(PG_FUNCTION_ARGS)
{
	size_t length;
	char *string = ArgArtemisString(fcinfo, 0, &length);

	/* decoded parameters may be anything */
	(void) pg_verifymbstr(string, (int) length, false);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(string, (int) length));
}

/* sign_artemis(secret, method, path, query, form, headers, signed_headers) */
Datum
cbd_sign_artemis(PG_FUNCTION_ARGS)
{
	size_t length;
	char *string;

	HideStatement();
	CheckGiven(fcinfo, 0, "secret");
	string = ArgArtemisString(fcinfo, 1, &length);
	PG_RETURN_TEXT_P(SignText(ArgSlice(fcinfo, 0), DIGEST_SHA256, string, length));
}
