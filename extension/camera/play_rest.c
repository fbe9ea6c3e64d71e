/*
 * Plays: GET /admin/camera-plays (who watched what), POST /admin/camera-plays/{playId}/revoke, and POST
 * /cameras/plays/{playId}/revoke by the application that has the address. A play that runs ends within some
 * seconds: the media servers ask (extension/camera/camera.h).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "camera/camera.h"
#include "core/spi.h"
#include "core/text_check.h"

/* clang-format off */
/* $1 camera, $2 appCode, $3 state, each null: any; $4 before this number, 0: from the last; $5 rows. The latest come first. */
static SpiQuery plays_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object('playId', p.play_id, 'cameraIndexCode', p.camera_index_code,"
	" 'cameraName', (SELECT c.camera_name FROM citybigdata.camera c WHERE c.camera_index_code = p.camera_index_code), 'provider', p.provider_code,"
	" 'streamType', p.stream_type, 'protocol', p.protocol, 'transport', p.transport, 'transcode', p.transcode, 'application', p.app_code,"
	" 'account', p.user_name, 'state', p.state, 'givenAt', " SHOWN_TIME("p.given_at") ", 'givenTo', host(p.given_to), 'openUntil', " SHOWN_TIME("p.open_until")
	", 'openedAt', " SHOWN_TIME("p.opened_at") ", 'openedFrom', host(p.opened_from), 'seenAt', " SHOWN_TIME("p.seen_at") ", 'endedAt', " SHOWN_TIME("p.ended_at")
	", 'endReason', p.end_reason, 'seconds', extract(epoch FROM coalesce(p.ended_at, p.seen_at, p.opened_at) - p.opened_at)::integer)"
	" ORDER BY p.play_id DESC), '[]'::json), 'nextCursor', CASE WHEN count(*) = $5 THEN min(p.play_id)::text END)::text FROM"
	" (SELECT * FROM (SELECT y.*, a.app_code, CASE WHEN y.ended_at IS NOT NULL THEN 'ended' WHEN y.opened_at IS NOT NULL THEN 'running'"
	"   WHEN y.open_until <= statement_timestamp() THEN 'unused' ELSE 'given' END AS state"
	"   FROM citybigdata.camera_play y LEFT JOIN citybigdata.application a ON a.app_id = y.app_id"
	"   WHERE ($1 IS NULL OR y.camera_index_code = $1::uuid) AND ($2 IS NULL OR a.app_code = $2) AND ($4 = 0 OR y.play_id < $4)) l"
	"  WHERE $3 IS NULL OR l.state = $3 ORDER BY l.play_id DESC LIMIT $5) p",
	5, {TEXTOID, TEXTOID, TEXTOID, INT8OID, INT4OID}, NULL};

/* $1 play, $2 application, null: any. One that has stopped might be opened again: it is revoked as well. */
static SpiQuery revoke_query = {
	"UPDATE citybigdata.camera_play SET ended_at = coalesce(ended_at, clock_timestamp()), end_reason = 'revoked'"
	" WHERE play_id = $1 AND ($2 IS NULL OR app_id = $2) RETURNING camera_index_code::text",
	2, {INT8OID, INT4OID}, NULL, true};
/* clang-format on */

/* rest_admin_camera_plays(..., camera, application, state, cursor, page_size): {items, nextCursor} */
static Datum
AdminPlays(Call *call)
{
	ARGUMENTS(ARG_CAMERA, ARG_APPLICATION, ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"camera", "application", "state", "cursor", "pageSize", NULL};
	static const char *const states[] = {"given", "running", "ended", "unused", NULL};
	static const TextRule application_rule = {"/application", 1, 32, false, true};
	const char *camera = CallText(call, ARG_CAMERA);
	char uuid[CAMERA_UUID_SIZE] = "";
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SECURITY | ADMIN_AUDITOR, filters, &refusal))
		return refusal;
	if (camera != NULL && !CameraUuid(camera, uuid))
		ErrorAdd(&call->errors, "/camera", CBD_CAMERA_CODE, NULL);
	values[0] = TextOrNull(uuid[0] == '\0' ? NULL : uuid, &nulls[0]);
	values[1] =
		TextOrNull(CheckText(&call->errors, &application_rule, CallText(call, ARG_APPLICATION)), &nulls[1]);
	values[2] = TextOrNull(CheckChoice(call, "/state", CallText(call, ARG_STATE), states, false,
									   "given, running, ended, unused"),
						   &nulls[2]);
	values[3] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &plays_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_camera_plays, "camera.plays", AdminPlays);

/* Ends the play that argument 0 names; app_id 0: whosever it is. */
static Datum
Revoke(Call *call, CbdStatus status, int32 app_id)
{
	char *text = CallText(call, 0);
	int64 number = text == NULL ? 0 : PathNumber(text);
	Datum values[] = {Int64GetDatum(number), Int32GetDatum(app_id)};
	bool nulls[] = {false, app_id == 0};

	if (text != NULL)
		call->object = ShortText(text, strlen(text));
	if (status == CBD_OK && number != 0)
	{
		SpiBegin();
		if (SpiRun(&revoke_query, values, nulls, SPI_OK_UPDATE_RETURNING, 0) == 1)
			call->detail = SpiText(0, 1);
		SpiEnd();
	}
	if (status == CBD_OK && call->detail == NULL)
		status = CBD_NO_SUCH_PLAY;
	return Answer(call, status, status == CBD_OK ? "{\"state\":\"ended\"}" : NULL);
}

/* rest_camera_play_revoke(..., play_id): its application ends it: {state} */
static Datum
PlayRevoke(Call *call)
{
	CbdStatus status = CallAuthorise(call, CAMERA_RESOURCE);

	return Revoke(call, status == CBD_OK && call->caller.app_id == 0 ? CBD_FORBIDDEN : status,
				  call->caller.app_id);
}

ENDPOINT(cbd_rest_camera_play_revoke, "camera.revoke", PlayRevoke);

/* rest_admin_camera_play_revoke(..., play_id): a security administrator ends it: {state} */
static Datum
AdminPlayRevoke(Call *call)
{
	return Revoke(call, AuthoriseAdministrator(call, ADMIN_SECURITY), 0);
}

ENDPOINT(cbd_rest_admin_camera_play_revoke, "camera.revoke", AdminPlayRevoke);
