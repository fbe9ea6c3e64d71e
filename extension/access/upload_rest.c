/*
 * May a large body come? The bridge asks before it takes in more than the first 64 KiB of one: nothing is
 * used up, counted towards a limit or decided for the request itself, which is authorised as ever when its
 * body is there.
 *
 *   token           as Authorise() says
 *   code            one that is not used and not over; what it may do is found out when it is spent
 *   signature       of the body, which is not there: the application must exist and may sign
 *   api_key         of an application that may call with its key (Open311); wrong ones count by address
 *   nothing         an address inside the range of an application that reports by its address
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/endpoint.h"
#include "access/lockout.h"
#include "core/digest.h"
#include "core/spi.h"

static SpiQuery fresh_code = {
	"SELECT 1 FROM citybigdata.auth_code WHERE code_digest = $1 AND used_at IS NULL AND "
	"expires_at > clock_timestamp()",
	1,
	{BYTEAOID}};

static SpiQuery signing_application = {
	"SELECT 1 FROM citybigdata.application WHERE app_code = $1 AND state = 'active' AND "
	"'signature' = ANY (methods) AND (valid_until IS NULL OR valid_until > clock_timestamp())",
	1,
	{TEXTOID}};

static SpiQuery key_application = {
	"SELECT 1 FROM citybigdata.application WHERE (key_digest = $1 OR (previous_key_digest = $1 AND "
	"previous_valid_until > now())) AND state = 'active' AND 'key' = ANY (methods) AND "
	"(valid_until IS NULL OR valid_until > clock_timestamp())",
	1,
	{BYTEAOID}};

static SpiQuery address_grant = {
	"SELECT 1 FROM citybigdata.application a JOIN citybigdata.account c USING (account_id) "
	"WHERE a.state = 'active' AND 'ip' = ANY (a.methods) AND c.state = 'active' "
	"AND (a.valid_until IS NULL OR a.valid_until > clock_timestamp()) "
	"AND (c.valid_until IS NULL OR c.valid_until > clock_timestamp()) "
	"AND EXISTS (SELECT FROM unnest(a.ip_ranges) AS r WHERE $1 <<= r)",
	1,
	{INETOID}};

static bool
Found(SpiQuery *query, Datum value)
{
	bool found;

	SpiBegin();
	found = SpiRun(query, &value, NULL, SPI_OK_SELECT, 1) == 1;
	SpiEnd();
	return found;
}

/* The key of some application? */
static CbdStatus
KeyStatus(Call *call)
{
	const RestContext *context = &call->context;
	Attempt attempt;

	MakeAttempt(context, APPLICATION, "open311", &attempt);
	call->retry_after = LockedFor(&attempt);
	if (call->retry_after > 0)
		return CBD_LOCKED_OUT;
	if (context->credential_len == DIGEST_SIZE &&
		Found(&key_application, DigestDatum((const uint8 *) context->credential)))
		return CBD_OK;
	return CountFailure(&attempt, &call->retry_after) ? CBD_INVALID_CREDENTIALS : CBD_LOCKED_OUT;
}

/* rest_may_upload() */
static Datum
MayUpload(Call *call)
{
	const RestContext *context = &call->context;
	CbdStatus status;

	switch (context->scheme)
	{
		case SCHEME_CODE:
			if (context->credential_len == DIGEST_SIZE &&
				Found(&fresh_code, DigestDatum((const uint8 *) context->credential)))
				return AnswerUnaudited(call, NULL);
			status = CBD_INVALID_GRANT;
			break;
		case SCHEME_SIGNATURE:
		case SCHEME_ARTEMIS:
			if (context->app_code != NULL &&
				Found(&signing_application, CStringGetTextDatum(context->app_code)))
				return AnswerUnaudited(call, NULL);
			status = CBD_INVALID_SIGNATURE;
			break;
		case SCHEME_KEY:
			status = KeyStatus(call);
			if (status == CBD_OK)
				return AnswerUnaudited(call, NULL);
			break;
		case SCHEME_NONE:
			if (context->has_client_addr && Found(&address_grant, context->client_addr))
				return AnswerUnaudited(call, NULL);
			status = CBD_ADDRESS_NOT_ALLOWED;
			break;
		default:
			status = CallAuthorise(call, NULL);
			if (status == CBD_OK)
				return AnswerUnaudited(call, NULL);
	}
	return Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_may_upload, "upload.check", MayUpload);
