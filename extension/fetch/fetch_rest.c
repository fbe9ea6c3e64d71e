/* GET /admin/media-fetches: what became of media that were reported as an address, for the system
 * administrator; see fetch.h. Hosts are shown, addresses are not. Trying again is POST /admin/outbox. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "core/field.h"
#include "core/say.h"
#include "fetch/fetch.h"

#define TASK_NUM_CHARACTERS 64

/* clang-format off */
/* $1 state, null: those that something is to be said of; $2 taskNum, null: any; $3 after this number, $4 rows;
 * $5 in Chinese. One whose message was discarded, or that could not be made a request, has failed. */
static SpiQuery page = {
	PAGE_OF("'fetchId', p.fetch_no, 'taskNum', p.task_num, 'mediaNo', p.media_no, 'mediaType', p.media_type, 'host', p.host,"
			" 'state', p.state, 'statusCode', p.status_code, 'message',"
			" (SELECT CASE WHEN $5 THEN s.message_zh ELSE s.message END FROM citybigdata.status_code s WHERE s.status_code = p.status_code AND s.status_code <> 0),"
			" 'error', citybigdata.say(p.error), 'httpStatus', p.http_status, 'attempts', p.attempts, 'nextAttempt', " SHOWN_TIME("p.due_at")
			", 'distance', p.distance, 'messageId', p.message_id, 'changedAt', " SHOWN_TIME("p.changed_at"), "fetch_no", "4")
	"(SELECT f.fetch_no, e.task_num, f.media_no, m.media_type, lower(substring(m.media_url FROM '^[A-Za-z]+://(?:[^/?#]*@)?([^/?#@]+)')) AS host,"
	"   CASE WHEN f.state = 'waiting' AND r.state IS NOT NULL THEN 'failed' ELSE f.state END AS state, f.status_code,"
	"   coalesce(q.error, r.error) AS error, f.http_status, coalesce(q.attempts, r.attempts) AS attempts, q.due_at, f.distance, f.message_id, f.changed_at"
	" FROM citybigdata.media_fetch f"
	" JOIN (SELECT rec_id, task_num FROM citybigdata.event UNION ALL SELECT rec_id, task_num FROM citybigdata.event_archive) e ON e.rec_id = f.rec_id"
	" JOIN (SELECT rec_id, media_no, media_type, media_url FROM citybigdata.event_media UNION ALL"
	"   SELECT rec_id, media_no, media_type, media_url FROM citybigdata.event_media_archive) m ON m.rec_id = f.rec_id AND m.media_no = f.media_no"
	" LEFT JOIN citybigdata.outbox_message o ON o.message_id = f.message_id"
	" LEFT JOIN citybigdata.outbox_queue q ON q.destination_id = o.destination_id AND q.message_id = o.message_id"
	" LEFT JOIN citybigdata.outbox_result r ON r.message_id = o.message_id AND r.state = 'dead'"
	" WHERE f.fetch_no > $3 AND ($2 IS NULL OR f.rec_id = citybigdata.task_rec_id($2))"
	"  AND CASE WHEN $1 IS NULL THEN f.status_code <> 0 OR r.state IS NOT NULL"
	"      ELSE $1 = CASE WHEN f.state = 'waiting' AND r.state IS NOT NULL THEN 'failed' ELSE f.state END END"
	" ORDER BY f.fetch_no LIMIT $4) p",
	5, {TEXTOID, TEXTOID, INT8OID, INT4OID, BOOLOID}, NULL};
/* clang-format on */

static const TextRule task_rule = {"/taskNum", 1, TASK_NUM_CHARACTERS, false, true};

/* rest_admin_media_fetches(..., state, task_num, cursor, page_size) */
static Datum
AdminMediaFetches(Call *call)
{
	ARGUMENTS(ARG_STATE, ARG_TASK_NUM, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"state", "taskNum", "cursor", "pageSize", NULL};
	static const char *const states[] = {"waiting", "kept", "refused", "failed", NULL};
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckChoice(call, "/state", CallText(call, ARG_STATE), states, false,
									   "waiting, kept, refused, failed"),
						   &nulls[0]);
	values[1] = TextOrNull(CheckText(&call->errors, &task_rule, CallText(call, ARG_TASK_NUM)), &nulls[1]);
	values[2] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	values[4] = BoolGetDatum(SayChinese());
	return AnswerPage(call, &page, values, nulls);
}

ENDPOINT(cbd_rest_admin_media_fetches, "media.fetches", AdminMediaFetches);
