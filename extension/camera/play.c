/* The rows of plays and media servers; see play.h. */
#include "postgres.h"

#include <arpa/inet.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/inet.h"

#include "access/judge.h"
#include "camera/play.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/spi.h"
#include "text/crypto.h"

/* clang-format off */
/* $1 digest, $2 client; the order of columns is that of ReadPlay() */
static SpiQuery read_play = {
	"SELECT p.play_id, p.camera_index_code, replace(p.camera_index_code::text, '-', '') || '_' || p.stream_type"
	"  || CASE WHEN p.transcode AND s.codec = 'h265' THEN '_t' ELSE '' END,"
	" CASE WHEN p.transcode THEN 'h264' ELSE s.codec END, p.protocol, p.transport, p.provider_code, c.level,"
	" c.state = 'online' AND c.provider_code = p.provider_code AND r.state = 'active', coalesce(p.app_id, 0), coalesce(p.account_id, 0), p.user_name,"
	" coalesce(p.app_epoch, 0), coalesce(p.account_epoch, 0), p.by_address, p.access_token_digest,"
	" p.access_token_until > statement_timestamp(), p.given_to, p.open_until > statement_timestamp(), p.opened_at IS NOT NULL,"
	" coalesce(p.opened_from = $2, true), p.ended_at IS NULL AND p.seen_at > statement_timestamp() - make_interval(secs => $3), p.end_reason,"
	" to_char(p.opened_at AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS'),"
	" extract(epoch FROM coalesce(p.seen_at, p.opened_at) - p.opened_at)::bigint, p.opened_from"
	" FROM citybigdata.camera_play p"
	" JOIN citybigdata.camera c ON c.camera_index_code = p.camera_index_code"
	" JOIN citybigdata.camera_stream s ON s.camera_index_code = p.camera_index_code AND s.stream_type = p.stream_type"
	" JOIN citybigdata.camera_provider r ON r.provider_code = p.provider_code AND r.kind = 'media'"
	" WHERE p.token_digest = $1 FOR UPDATE OF p",
	3, {BYTEAOID, INETOID, FLOAT8OID}, NULL, true};

/* $1 number, $2 client, $3 an opening */
static SpiQuery seen = {
	"UPDATE citybigdata.camera_play SET seen_at = statement_timestamp(), ended_at = NULL, end_reason = NULL,"
	" opened_at = CASE WHEN opened_at IS NULL OR $3 AND ended_at IS NOT NULL THEN statement_timestamp() ELSE opened_at END,"
	" opened_from = coalesce(opened_from, $2) WHERE play_id = $1",
	3, {INT8OID, INETOID, BOOLOID}, NULL, true};

static SpiQuery end_play = {
	"UPDATE citybigdata.camera_play SET ended_at = statement_timestamp(), end_reason = $2 WHERE play_id = $1 AND ended_at IS NULL",
	2, {INT8OID, TEXTOID}, NULL, true};

/* $1 role: the data level at which it may ask for addresses; null: it may not (any more) */
static SpiQuery role_level = {
	"SELECT max(CASE WHEN pg_has_role(r.oid, 'citybigdata_analyst_personal', 'USAGE') THEN 3 ELSE 2 END) FROM pg_roles r"
	" WHERE r.rolname = $1 AND has_function_privilege(r.oid, 'citybigdata.camera_preview_url(text,integer,text,integer,text)', 'EXECUTE')",
	1, {TEXTOID}, NULL};

/* $1 provider, $2 the caller's address; without networks: this machine */
static SpiQuery read_server = {
	"SELECT p.secret, $2 <<= ANY (CASE WHEN p.networks = '{}' THEN '{127.0.0.0/8,::1/128}'::inet[] ELSE p.networks::inet[] END)"
	" FROM citybigdata.camera_provider p WHERE p.provider_code = $1 AND p.kind = 'media' AND p.state = 'active'",
	2, {TEXTOID, INETOID}, NULL, true};
/* clang-format on */

/* The origin of row 0, from column `col`: epochs, by address, token and whether that lasts. A token that has
 * ended since is not asked for any more: the play goes on without it. */
static void
ReadOrigin(int col, Origin *origin)
{
	bool isnull;
	Datum digest;

	memset(origin, 0, sizeof(*origin));
	origin->app_epoch = SpiInt32(0, col);
	origin->account_epoch = SpiInt32(0, col + 1);
	origin->by_address = SpiBool(0, col + 2);
	digest = SpiDatum(0, col + 3, &isnull);
	if (!isnull && SpiBool(0, col + 4))
	{
		origin->by_token = true;
		memcpy(origin->token_digest, VARDATA_ANY(DatumGetPointer(digest)), DIGEST_SIZE);
	}
}

bool
ReadPlay(Datum digest, Datum client, Play *play)
{
	Datum values[3] = {digest, client, Float8GetDatum(PLAY_SILENT_SECONDS)};
	bool nulls[3] = {false, client == (Datum) 0, false};
	bool found;
	bool isnull;

	memset(play, 0, sizeof(*play));
	SpiBegin();
	found = SpiRun(&read_play, values, nulls, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		play->play_id = SpiInt64(0, 1);
		play->camera = SpiText(0, 2);
		play->stream = SpiText(0, 3);
		play->codec = SpiText(0, 4);
		play->protocol = SpiText(0, 5);
		play->transport = SpiText(0, 6);
		play->provider = SpiText(0, 7);
		play->level = SpiInt32(0, 8);
		play->online = SpiBool(0, 9);
		play->app_id = SpiInt32(0, 10);
		play->account_id = SpiInt64(0, 11);
		play->user_name = SpiText(0, 12);
		ReadOrigin(13, &play->origin);
		play->given_to = SpiDatum(0, 18, &isnull);
		if (isnull)
			play->given_to = (Datum) 0;
		play->may_open = SpiBool(0, 19);
		play->opened = SpiBool(0, 20);
		play->same_client = SpiBool(0, 21);
		play->running = SpiBool(0, 22);
		play->end_reason = SpiText(0, 23);
		play->opened_at = SpiText(0, 24);
		play->seconds = SpiInt64(0, 25);
		play->opened_from = SpiDatum(0, 26, &isnull);
		if (isnull)
			play->opened_from = (Datum) 0;
	}
	SpiEnd();
	return found;
}

/* The same of an address that was given to a role: it may be gone, or have lost the right. */
static CbdStatus
JudgeRole(const Play *play, Caller *caller)
{
	Datum value = CStringGetTextDatum(play->user_name == NULL ? "" : play->user_name);
	CbdStatus status = CBD_FORBIDDEN;

	memset(caller, 0, sizeof(*caller));
	caller->known = true;
	caller->user_name = play->user_name;
	SpiBegin();
	SpiRead(&role_level, &value, NULL, 1);
	if (!SpiIsNull(0, 1))
	{
		caller->level = SpiInt32(0, 1);
		status = play->level > caller->level ? CBD_LEVEL_TOO_LOW : CBD_OK;
	}
	SpiEnd();
	return status;
}

CbdStatus
JudgePlay(const Play *play, Caller *caller)
{
	/* ranges of addresses are those of whoever asked for the address; the player's is another matter */
	RestContext asked = {.client_addr = play->given_to, .has_client_addr = play->given_to != (Datum) 0};
	CbdStatus status;

	if (play->app_id == 0)
		return JudgeRole(play, caller);
	status = AuthoriseApplication(&asked, play->app_id, &play->origin, "cameras", caller);
	return status == CBD_OK && play->level > caller->level ? CBD_LEVEL_TOO_LOW : status;
}

void
PlaySeen(const Play *play, Datum client, bool opening)
{
	Datum values[3] = {Int64GetDatum(play->play_id), client, BoolGetDatum(opening)};

	SpiBegin();
	SpiRun(&seen, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

bool
PlayEnd(const Play *play, const char *reason)
{
	Datum values[2] = {Int64GetDatum(play->play_id), CStringGetTextDatum(reason)};
	bool ended;

	SpiBegin();
	ended = SpiRun(&end_play, values, NULL, SPI_OK_UPDATE, 0) > 0;
	SpiEnd();
	return ended && play->opened;
}

char *
PlayStory(const Play *play, const char *reason)
{
	return psprintf("%s, stream %s, opened %s, %lld s, %s", play->protocol, play->stream,
					play->opened_at == NULL ? "never" : play->opened_at, (long long) play->seconds, reason);
}

/* The key of a media server against its digest, in constant time. */
static bool
KeyFits(const char *provider, Datum encrypted, Datum digest)
{
	size_t length;
	char *secret = DecryptSecret(psprintf("camera-provider %s", provider), encrypted, &length);
	uint8 wanted[DIGEST_SIZE];
	bool fits;

	Sha256(secret, length, wanted);
	ForgetText(secret);
	fits = VARSIZE_ANY_EXHDR(DatumGetPointer(digest)) == DIGEST_SIZE &&
		   EqualBytes(VARDATA_ANY(DatumGetPointer(digest)), wanted, DIGEST_SIZE);
	explicit_bzero(wanted, sizeof(wanted));
	return fits;
}

CbdStatus
EnterMediaServer(Call *call, const char *provider, int key)
{
	Datum values[2];
	bool nulls[2] = {false, !call->context.has_client_addr};
	Datum secret = (Datum) 0;
	bool listed = false;
	bool found;

	if (provider == NULL || !CallGiven(call, key))
		return CBD_INVALID_CREDENTIALS;
	values[0] = CStringGetTextDatum(provider);
	values[1] = call->context.has_client_addr ? call->context.client_addr : (Datum) 0;
	SpiBegin();
	found = SpiRun(&read_server, values, nulls, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		secret = SpiDatum(0, 1, &nulls[0]);
		listed = SpiBool(0, 2);
	}
	SpiEnd();
	if (!found || !KeyFits(provider, secret, CallDatum(call, key)))
		return CBD_INVALID_CREDENTIALS;
	return listed ? CBD_OK : CBD_ADDRESS_NOT_ALLOWED;
}

bool
ReadStreamName(const char *name, char **camera, int *stream_type, bool *transcode)
{
	const size_t digits = 32;

	if (name == NULL || strspn(name, "0123456789abcdef") != digits || name[digits] != '_' ||
		(name[digits + 1] != '0' && name[digits + 1] != '1'))
		return false;
	*camera = pnstrdup(name, digits);
	*stream_type = name[digits + 1] - '0';
	*transcode = strcmp(name + digits + 2, "_t") == 0;
	return *transcode || name[digits + 2] == '\0';
}

Datum
ReadClient(const char *text)
{
	unsigned char bytes[16];

	if (text == NULL || (inet_pton(AF_INET, text, bytes) != 1 && inet_pton(AF_INET6, text, bytes) != 1))
		return (Datum) 0;
	return PlainAddress(DirectFunctionCall1(inet_in, CStringGetDatum(text)));
}
