/*
 * Sealed service addresses; see sealed_url.h. The client gets one answer for all
 * that can be wrong with an address; the audit row says which it was.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "access/judge.h"
#include "access/seal.h"
#include "access/sealed_url.h"
#include "core/digest.h"
#include "core/guarded.h"
#include "core/guc.h"
#include "core/interval.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "text/hex.h"
#include "wire/paths.h"

/* What its seal is bound to: one address, or a base. */
#define PURPOSE_URL  "url"
#define PURPOSE_BASE "base"

/* Seconds without a wish; the most uses that may be wished for. */
#define DEFAULT_EXPIRES_IN 3600
#define MAX_USES           1000000
/* The address must stay well below what clients and proxies take. */
#define PARAMS_MAX 4096

/* $1 number of the address, $2 application, $3 uses allowed, $4 end. */
static SpiQuery count_from_zero = {
	"INSERT INTO citybigdata.sealed_use (seal_id, app_id, max_uses, expires_at) VALUES ($1, $2, $3, $4)",
	4,
	{UUIDOID, INT4OID, INT4OID, TIMESTAMPTZOID},
	NULL};

/* The one conditional UPDATE: of two concurrent last uses one gets the row. */
static SpiQuery count_use = {"UPDATE citybigdata.sealed_use SET uses = uses + 1 WHERE seal_id = $1 AND uses "
							 "< max_uses RETURNING max_uses - uses",
							 1,
							 {UUIDOID},
							 NULL};
/* $1 number of the address: how many uses are left. */
static SpiQuery uses_left = {
	"SELECT max_uses - uses FROM citybigdata.sealed_use WHERE seal_id = $1 AND uses <= max_uses",
	1,
	{UUIDOID},
	NULL};

/* $1 what was sealed (our own writing, authenticated), $2 the client's address */
static SpiQuery read_contents = {"SELECT (p->>'a')::int4, p->>'r', (p->'p')::text, (p->>'e')::int8, p ? 'c',"
								 " coalesce($2 <<= (p->>'c')::cidr, false), (p->>'i')::uuid, (p->>'l')::int4,"
								 " (p->>'k')::int4, (p->>'u')::int4, p ? 'x', decode(p->>'t', 'hex')"
								 " FROM (SELECT $1::jsonb) AS t(p)",
								 2,
								 {TEXTOID, INETOID},
								 NULL};

/* A client's text, on its way through the functions of a type. */
typedef struct TypedText
{
	PGFunction input, output;
	const char *text;
	char *result;
} TypedText;

/* GuardedWork */
static bool
ReadTyped(void *state)
{
	TypedText *typed = state;
	Datum value = DirectFunctionCall1(typed->input, CStringGetDatum(typed->text));

	typed->result = DatumGetCString(DirectFunctionCall1(typed->output, value));
	return true;
}

/* A client's text through a type's input function, which may raise, and back: the canonical text; NULL when
 * it is none. */
static char *
CanonicalText(PGFunction input, PGFunction output, const char *text)
{
	TypedText typed = {input, output, text, NULL};
	ErrorData *error;

	return RunGuarded(ReadTyped, &typed, EndsStatement, &error) == GUARDED_FAILED ? NULL : typed.result;
}

const char *
CheckSealParams(ErrorList *errors, const char *text)
{
	char *canonical;

	if (text == NULL)
		return "{}";
	canonical = strlen(text) > 4 * PARAMS_MAX ? NULL : CanonicalText(jsonb_in, jsonb_out, text);
	if (canonical == NULL || canonical[0] != '{')
		ErrorAdd(errors, "/params", CBD_FIELD_TYPE,
				 "A JSON object, for example {\"divisionCode\":\"110101\"}");
	else if (strlen(canonical) > PARAMS_MAX)
		ErrorAdd(errors, "/params", CBD_FIELD_TOO_LONG, SaidBoth("At most %d{limit} bytes", PARAMS_MAX));
	else
		return canonical;
	return NULL;
}

/* An integer within limits; absent: `otherwise`. */
static int64
CheckInteger(ErrorList *errors, const char *pointer, const char *text, int64 otherwise, int64 min, int64 max)
{
	char *end;
	long long value;

	if (text == NULL)
		return otherwise;
	/* a text that strtoll would cut or skip is no integer */
	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || text[strspn(text, "-0123456789")] != '\0')
		ErrorAdd(errors, pointer, CBD_FIELD_TYPE, "An integer");
	else if (errno != 0 || value < min || value > max)
		ErrorAdd(errors, pointer, CBD_FIELD_OUT_OF_RANGE,
				 SaidBoth(INT64_FORMAT "{min} to " INT64_FORMAT "{max}", min, max));
	else
		return value;
	return otherwise;
}

const char *
CheckSealCidr(ErrorList *errors, const char *text)
{
	char *canonical;

	if (text == NULL)
		return NULL;
	/* without a mask cidr would guess one by address classes */
	canonical =
		strlen(text) > 49 || strchr(text, '/') == NULL ? NULL : CanonicalText(cidr_in, cidr_out, text);
	if (canonical == NULL)
		ErrorAdd(errors, "/cidr", CBD_INVALID_PARAMETER,
				 "An address range in CIDR notation, for example 203.0.113.0/24");
	return canonical;
}

int64
CheckSealExpiry(ErrorList *errors, const char *text)
{
	return CheckInteger(errors, "/expiresIn", text, Min(DEFAULT_EXPIRES_IN, guc_sealed_url_ttl), 1,
						guc_sealed_url_ttl);
}

int
CheckSealUses(ErrorList *errors, const char *text)
{
	return (int) CheckInteger(errors, "/maxUses", text, 0, 1, MAX_USES);
}

bool
OrdersBase(const char *resource)
{
	return resource != NULL && strcmp(resource, SEALED_BASE) == 0;
}

void
CheckSealBase(ErrorList *errors, const SealOrder *order)
{
	if (!OrdersBase(order->resource))
		return;
	if (order->params != NULL && strcmp(order->params, "{}") != 0)
		ErrorAdd(errors, "/params", CBD_INVALID_PARAMETER,
				 "None here: the requests below the address have their own");
	if (order->max_uses > 0)
		ErrorAdd(errors, "/maxUses", CBD_INVALID_PARAMETER,
				 "Not here: a client sends any number of requests below the address");
}

/* Starts to count the uses of a new address; returns its number as text. */
static char *
StartCounting(int32 app_id, const SealOrder *order, int64 expires_at)
{
	pg_uuid_t *seal_id = palloc(sizeof(pg_uuid_t));
	Datum values[4];

	if (!pg_strong_random(seal_id->data, UUID_LEN))
		elog(ERROR, "no random bytes");
	values[0] = UUIDPGetDatum(seal_id);
	values[1] = Int32GetDatum(app_id);
	values[2] = Int32GetDatum(order->max_uses);
	values[3] = TimestampTzGetDatum(time_t_to_timestamptz((pg_time_t) expires_at));
	SpiBegin();
	SpiRun(&count_from_zero, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	return DatumGetCString(DirectFunctionCall1(uuid_out, values[0]));
}

/* The origin as members: "k" epoch of the application, "u" of the account, "x" by address, "t" digest of the
 * token. */
static void
AppendOrigin(StringInfo contents, const Origin *origin)
{
	char hex[HEX_SIZE(DIGEST_SIZE)];

	appendStringInfo(contents, ",\"k\":%d", origin->app_epoch);
	if (origin->account_epoch != 0)
		appendStringInfo(contents, ",\"u\":%d", origin->account_epoch);
	if (origin->by_address)
		appendStringInfoString(contents, ",\"x\":1");
	if (!origin->by_token)
		return;
	HexText(origin->token_digest, DIGEST_SIZE, hex);
	JsonField(contents, "t", hex);
}

/* The origin in row 0 from a column on. */
static void
ReadOrigin(int column, Origin *origin)
{
	Datum digest;
	bool isnull;

	memset(origin, 0, sizeof(*origin));
	origin->app_epoch = SpiInt32(0, column);
	origin->account_epoch = SpiInt32(0, column + 1);
	origin->by_address = SpiBool(0, column + 2);
	digest = SpiDatum(0, column + 3, &isnull);
	origin->by_token = !isnull;
	if (origin->by_token)
		memcpy(origin->token_digest, VARDATA_ANY(DatumGetByteaPP(digest)), DIGEST_SIZE);
}

/* What is sealed: {"a":app_id,"e":end,"k","u","x","t": origin,"l":level,"r":resource,"c":cidr,"i":number of a
 * counted address,"p":params} */
char *
SealUrl(int32 app_id, const Origin *origin, SealOrder *order)
{
	int64 now = UnixSeconds(GetCurrentTimestamp());
	int64 expires_at;
	StringInfoData contents;
	bool base;
	char *token;

	/* not longer than the token that it was made with */
	if (origin->by_token)
		order->expires_in = Max(Min(order->expires_in, UnixSeconds(origin->ends_at) - now), 0);
	expires_at = now + order->expires_in;
	initStringInfo(&contents);
	appendStringInfo(&contents, "{\"a\":%d,\"e\":" INT64_FORMAT, app_id, expires_at);
	AppendOrigin(&contents, origin);
	if (order->level > 0)
		appendStringInfo(&contents, ",\"l\":%d", order->level);
	JsonField(&contents, "r", order->resource);
	if (order->cidr != NULL)
		JsonField(&contents, "c", order->cidr);
	if (order->max_uses > 0)
		JsonField(&contents, "i", StartCounting(app_id, order, expires_at));
	appendStringInfo(&contents, ",\"p\":%s}", order->params);
	base = OrdersBase(order->resource);
	token = SealBytes(base ? PURPOSE_BASE : PURPOSE_URL, contents.data, contents.len);
	return psprintf("%s%s%s", guc_public_url, base ? OGC_SEALED_PATH : SEALED_PATH, token);
}

/* Counts the use of a counted address, or looks how many are left; false: used up. */
static bool
CountUse(Datum seal_id, bool use, int *left)
{
	uint64 rows = use ? SpiRun(&count_use, &seal_id, NULL, SPI_OK_UPDATE_RETURNING, 0)
					  : SpiRun(&uses_left, &seal_id, NULL, SPI_OK_SELECT, 1);

	*left = rows == 1 ? SpiInt32(0, 1) : 0;
	return rows == 1;
}

/* Where the token of an address starts: behind the last /s/, or the whole text. */
static const char *
TokenStart(const char *text, size_t *length)
{
	for (size_t at = *length; at >= 3; at--)
		if (memcmp(text + at - 3, "/s/", 3) == 0)
		{
			*length -= at;
			return text + at;
		}
	return text;
}

/* What a token holds beside what SealedUrl tells. */
typedef struct Contents
{
	int32 app_id;
	Origin origin;
	int level;     /* 0: that of the grant */
	bool bound;    /* to a range of client addresses */
	bool counted;  /* its uses are, under seal_id */
	bool in_range; /* the client's address is in that range */
	Datum seal_id;
} Contents;

/* Takes a token apart; false: it was not sealed here for that purpose, or was tampered with. */
static bool
ReadSealed(const RestContext *context, const char *purpose, const char *token, size_t length, SealedUrl *url,
		   Contents *contents)
{
	char *plain = OpenBytes(purpose, token, length, &length);
	Datum values[2] = {(Datum) 0, context->client_addr};
	bool nulls[2] = {false, !context->has_client_addr};
	bool uncounted;

	memset(url, 0, sizeof(*url));
	url->uses_left = -1;
	url->detail = "not sealed here, or tampered with";
	if (plain == NULL)
		return false;
	values[0] = PointerGetDatum(cstring_to_text_with_len(plain, (int) length));
	SpiBegin();
	SpiRun(&read_contents, values, nulls, SPI_OK_SELECT, 1);
	contents->app_id = SpiInt32(0, 1);
	url->resource = SpiText(0, 2);
	url->params = SpiText(0, 3);
	url->expires_at = SpiInt64(0, 4);
	contents->bound = SpiBool(0, 5);
	contents->in_range = SpiBool(0, 6);
	contents->seal_id = SpiDatum(0, 7, &uncounted);
	contents->counted = !uncounted;
	contents->level = SpiInt32(0, 8);
	ReadOrigin(9, &contents->origin);
	SpiEnd();
	return true;
}

/* Why a token of an application that counts is good for nothing; NULL: it is good. */
static const char *
Lapsed(const SealedUrl *url, const Contents *contents)
{
	if (url->expires_at <= UnixSeconds(GetCurrentTimestamp()))
		return "expired";
	return contents->bound && !contents->in_range ? "opened from an address outside its range" : NULL;
}

/* The caller gets no more than the token stands for; what is bound to an address makes addresses of media
 * that are bound too. */
static void
NarrowCaller(const Contents *contents, Caller *caller)
{
	if (contents->level > 0)
		caller->level = Min(caller->level, caller->token_level = contents->level);
	caller->to_address = caller->to_address || contents->bound;
}

CbdStatus
OpenUrl(const RestContext *context, const char *text, size_t length, bool use, Caller *caller, SealedUrl *url)
{
	const char *token = TokenStart(text, &length);
	Contents contents;

	memset(caller, 0, sizeof(*caller));
	if (!ReadSealed(context, PURPOSE_URL, token, length, url, &contents))
		return CBD_INVALID_CREDENTIALS;
	/* the application first, so that the audit row names it */
	url->detail = "application, account, grant or credential no longer valid";
	if (AuthoriseApplication(context, contents.app_id, &contents.origin, url->resource, caller) != CBD_OK)
		return CBD_INVALID_CREDENTIALS;
	NarrowCaller(&contents, caller);
	url->detail = Lapsed(url, &contents);
	if (url->detail != NULL)
		return CBD_INVALID_CREDENTIALS;
	url->detail = "used up";
	if (contents.counted)
	{
		bool counted;

		SpiBegin();
		counted = CountUse(contents.seal_id, use, &url->uses_left);
		SpiEnd();
		if (!counted)
			return CBD_INVALID_CREDENTIALS;
	}
	url->detail = NULL;
	return CBD_OK;
}

CbdStatus
OpenBase(const RestContext *context, const char *token, size_t length, const char *resource, Caller *caller)
{
	SealedUrl url;
	Contents contents;
	CbdStatus status;

	memset(caller, 0, sizeof(*caller));
	if (!ReadSealed(context, PURPOSE_BASE, token, length, &url, &contents))
		return CBD_INVALID_CREDENTIALS;
	status = AuthoriseApplication(context, contents.app_id, &contents.origin, resource, caller);
	/* what opens nothing any more tells nothing of the grants either */
	if (!caller->known || status == CBD_ADDRESS_NOT_ALLOWED || Lapsed(&url, &contents) != NULL)
		return CBD_INVALID_CREDENTIALS;
	NarrowCaller(&contents, caller);
	/* the scope of a token is no business of a client that has none */
	return status == CBD_INSUFFICIENT_SCOPE ? CBD_FORBIDDEN : status;
}
