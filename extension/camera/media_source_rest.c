/*
 * POST /gateway/camera/source: where a media server takes a stream from, and whether it may transcode one
 * more; POST /gateway/camera/report: which streams it runs, and the end of plays that nobody was seen at.
 * See play.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "audit/audit.h"
#include "camera/play.h"
#include "camera/transcoder.h"
#include "core/digest.h"
#include "core/json_write.h"
#include "core/secret.h"
#include "core/spi.h"

/* Streams of one report; silent plays that one report ends. */
#define REPORT_MAX 1000
#define SILENT_MAX 200

/* clang-format off */
/* $1 camera, $2 stream; NULL source: none is known */
static SpiQuery read_source = {
	"SELECT s.source, s.codec, s.camera_index_code FROM citybigdata.camera c JOIN citybigdata.camera_stream s ON s.camera_index_code = c.camera_index_code"
	" AND s.stream_type = $2 WHERE c.camera_index_code = $1::uuid AND c.provider_code = $3 AND c.state = 'online'",
	3, {TEXTOID, INT4OID, TEXTOID}, NULL, true};

/* $1 provider, $2 camera, $3 stream, $4 transcode */
static SpiQuery wake = {
	"INSERT INTO citybigdata.camera_source AS s (camera_index_code, stream_type, transcode, provider_code) VALUES ($2::uuid, $3, $4, $1)"
	" ON CONFLICT ON CONSTRAINT camera_source_pkey DO UPDATE SET provider_code = excluded.provider_code, state = 'waking',"
	" woken_at = statement_timestamp(), live_at = NULL, wanted_at = statement_timestamp(), reason = NULL",
	4, {TEXTOID, TEXTOID, INT4OID, BOOLOID}};

/* $1 provider, $2 names that run, $3 those of them that are live, $4 those that failed. Rows that the media server does not know
 * are of an earlier run of it; one that was woken just now may not be in the report yet. */
static SpiQuery note_sources = {
	"WITH own AS (SELECT s.camera_index_code, s.stream_type, s.transcode, replace(s.camera_index_code::text, '-', '') || '_' || s.stream_type"
	"   || CASE WHEN s.transcode THEN '_t' ELSE '' END AS name, s.woken_at"
	"  FROM citybigdata.camera_source s WHERE s.provider_code = $1 FOR UPDATE),"
	" gone AS (DELETE FROM citybigdata.camera_source s USING own o WHERE (s.camera_index_code, s.stream_type, s.transcode)"
	"   = (o.camera_index_code, o.stream_type, o.transcode) AND o.name <> ALL ($2) AND o.name <> ALL ($4)"
	"   AND o.woken_at < statement_timestamp() - interval '10 seconds')"
	" UPDATE citybigdata.camera_source s SET state = CASE WHEN o.name = ANY ($4) THEN 'failed' WHEN o.name = ANY ($3) THEN 'live' ELSE s.state END,"
	" live_at = CASE WHEN o.name = ANY ($3) THEN coalesce(s.live_at, statement_timestamp()) ELSE s.live_at END, wanted_at = statement_timestamp(),"
	" reason = CASE WHEN o.name = ANY ($4) THEN 'sent nothing, or ended' END"
	" FROM own o WHERE (s.camera_index_code, s.stream_type, s.transcode) = (o.camera_index_code, o.stream_type, o.transcode)"
	" AND (o.name = ANY ($2) OR o.name = ANY ($4))",
	4, {TEXTOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID}};

/* $1 provider, $2 seconds, $3 rows: plays that nobody was seen at */
static SpiQuery silent = {
	"SELECT p.token_digest FROM citybigdata.camera_play p WHERE p.provider_code = $1 AND p.ended_at IS NULL"
	" AND p.seen_at < statement_timestamp() - make_interval(secs => $2) ORDER BY p.play_id LIMIT $3 FOR UPDATE SKIP LOCKED",
	3, {TEXTOID, FLOAT8OID, INT4OID}, NULL, true};

/* $1 digest of a play whose camera was removed: nobody is asked about it any more */
static SpiQuery orphan = {
	"UPDATE citybigdata.camera_play SET ended_at = statement_timestamp(), end_reason = 'camera' WHERE token_digest = $1 AND ended_at IS NULL",
	1, {BYTEAOID}, NULL, true};
/* clang-format on */

/* {url, codec} of a stream; palloc'd. */
static char *
SourceData(const char *camera, int stream_type, Datum encrypted, const char *codec)
{
	size_t length;
	char *url = DecryptSecret(psprintf("camera-source %s %d", camera, stream_type), encrypted, &length);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "url", url);
	JsonField(&out, "codec", codec);
	appendStringInfoChar(&out, '}');
	ForgetText(url);
	return out.data;
}

/* rest_camera_source(context, provider, key, source): {url, codec} */
static Datum
CameraSource(Call *call)
{
	ARGUMENTS(ARG_PROVIDER, ARG_KEY, ARG_SOURCE);
	const char *provider = CallText(call, ARG_PROVIDER);
	char *name = CallText(call, ARG_SOURCE);
	CbdStatus status = EnterMediaServer(call, provider, ARG_KEY);
	Datum values[4];
	Datum encrypted = (Datum) 0;
	bool isnull = true;
	char *camera = NULL;
	char *codec = NULL;
	int stream_type;
	bool transcode;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (!ReadStreamName(name, &camera, &stream_type, &transcode))
		return Answer(call, CBD_NO_SUCH_SOURCE, NULL);
	call->object = name;
	values[0] = CStringGetTextDatum(camera);
	values[1] = Int32GetDatum(stream_type);
	values[2] = CStringGetTextDatum(provider);
	SpiBegin();
	if (SpiRun(&read_source, values, NULL, SPI_OK_SELECT, 1) > 0)
	{
		encrypted = SpiDatum(0, 1, &isnull);
		codec = SpiText(0, 2);
		camera = SpiText(0, 3);
	}
	SpiEnd();
	if (isnull || (transcode && strcmp(codec, "h265") != 0))
		return Answer(call, CBD_NO_SUCH_SOURCE, NULL);
	values[0] = CStringGetTextDatum(provider);
	values[1] = CStringGetTextDatum(camera);
	values[2] = Int32GetDatum(stream_type);
	values[3] = BoolGetDatum(transcode);
	if (transcode && !TranscoderFree(provider, camera, stream_type, true))
		return Answer(call, CBD_TRANSCODERS_BUSY, NULL);
	SpiBegin();
	SpiRun(&wake, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	return Answer(call, CBD_OK, SourceData(camera, stream_type, encrypted, transcode ? "h264" : codec));
}

ENDPOINT(cbd_rest_camera_source, "camera.source", CameraSource);

/* Texts without those of another state: `NAME=state`, the name alone is kept. */
static Datum
NamesInState(char **texts, int count, const char *const *states)
{
	char **kept = palloc(sizeof(char *) * Max(count, 1));
	int taken = 0;

	for (int i = 0; i < count; i++)
	{
		char *mark = strchr(texts[i], '=');

		if (mark != NULL && IsOneOf(mark + 1, states))
			kept[taken++] = pnstrdup(texts[i], mark - texts[i]);
	}
	return TextArrayDatum(kept, taken);
}

/* Ends the plays of the provider that nobody was seen at, an audit row each. */
static void
EndSilentPlays(const Call *call, const char *provider)
{
	Datum values[3] = {CStringGetTextDatum(provider), Float8GetDatum(PLAY_SILENT_SECONDS),
					   Int32GetDatum(SILENT_MAX)};
	Datum *digests = palloc(sizeof(Datum) * SILENT_MAX);
	int count;
	bool isnull;

	SpiBegin();
	count = (int) SpiRun(&silent, values, NULL, SPI_OK_SELECT, SILENT_MAX);
	for (int i = 0; i < count; i++)
		digests[i] = SpiDatum(i, 1, &isnull);
	SpiEnd();
	for (int i = 0; i < count; i++)
	{
		RestContext player = call->context;
		Caller caller;
		Play play;

		if (!ReadPlay(digests[i], (Datum) 0, &play))
		{
			SpiBegin();
			SpiRun(&orphan, &digests[i], NULL, SPI_OK_UPDATE, 0);
			SpiEnd();
			continue;
		}
		JudgePlay(&play, &caller);
		player.has_client_addr = play.opened_from != (Datum) 0;
		player.client_addr = play.opened_from;
		if (PlayEnd(&play, "silent"))
			AuditWrite(&player, &caller, "camera.play", play.stream, CBD_OK, PlayStory(&play, "silent"));
	}
}

/* rest_camera_report(context, provider, key, sources): NAME=waking|live|failed|ended, all that it runs */
static Datum
CameraReport(Call *call)
{
	ARGUMENTS(ARG_PROVIDER, ARG_KEY, ARG_SOURCES);
	static const char *const running[] = {"waking", "live", NULL};
	static const char *const live[] = {"live", NULL};
	static const char *const failed[] = {"failed", NULL};
	const char *provider = CallText(call, ARG_PROVIDER);
	CbdStatus status = EnterMediaServer(call, provider, ARG_KEY);
	Datum values[4];
	char **texts;
	int count;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	texts = CallTexts(call, ARG_SOURCES, &count);
	if (count > REPORT_MAX)
	{
		ErrorPrint(&call->errors, false, "/sources", CBD_INVALID_PARAMETER, "at most %d{limit} elements",
				   REPORT_MAX);
		return Answer(call, CBD_INVALID_PARAMETER, ErrorsData(&call->errors));
	}
	values[0] = CStringGetTextDatum(provider);
	values[1] = NamesInState(texts, count, running);
	values[2] = NamesInState(texts, count, live);
	values[3] = NamesInState(texts, count, failed);
	SpiBegin();
	SpiRun(&note_sources, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
	EndSilentPlays(call, provider);
	return AnswerUnaudited(call, NULL);
}

ENDPOINT(cbd_rest_camera_report, "camera.report", CameraReport);
