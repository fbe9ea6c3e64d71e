/*
 * Cameras as system administrators keep them: GET and POST /admin/cameras. A POST has items, features of
 * GeoJSON, or csv; all errors are told at once, and then nothing is stored.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "camera/camera.h"
#include "core/spi.h"
#include "organisation/organisation_item.h"

#define ERRORS_READ 1000 /* rows of errors that are looked at */

/* Members of an item, as citybigdata.organisation_columns('cameras') has them. */
static const char *const item_fields[] = {
	"camera",   "name",     "gbCode",    "gbEdition",  "type",   "division", "address",  "longitude",
	"latitude", "geometry", "protocols", "transports", "state",  "level",    "provider", "upstreamCode",
	"codec",    "subCodec", "source",    "subSource",  "remove", NULL};

/* clang-format off */
/* $1 provider, $2 state, $3 a part of the name, each null: any; $4 after this UUID, null: from the first; $5 rows */
static SpiQuery cameras_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object('camera', p.camera_index_code, 'name', p.camera_name,"
	" 'gbCode', p.gb_code, 'gbEdition', p.gb_edition, 'type', p.camera_type, 'division', p.division_code, 'address', p.address,"
	" 'longitude', @postgis@.ST_X(p.geom), 'latitude', @postgis@.ST_Y(p.geom), 'protocols', p.protocols, 'transports', p.transports,"
	" 'state', p.state, 'stateSince', " SHOWN_TIME("p.state_at") ", 'level', p.level, 'provider', p.provider_code,"
	" 'upstreamCode', p.upstream_code, 'codec', m.codec, 'subCodec', s.codec, 'source', m.source_place, 'subSource', s.source_place,"
	" 'updatedAt', " SHOWN_TIME("p.updated_at") ") ORDER BY p.camera_index_code), '[]'::json),"
	" 'nextCursor', CASE WHEN count(*) = $5 THEN (array_agg(p.camera_index_code ORDER BY p.camera_index_code))[$5]::text END)::text"
	" FROM (SELECT c.* FROM citybigdata.camera c WHERE ($1 IS NULL OR c.provider_code = $1) AND ($2 IS NULL OR c.state = $2)"
	"  AND ($3 IS NULL OR strpos(lower(c.camera_name), lower($3)) > 0) AND ($4 IS NULL OR c.camera_index_code > $4::uuid)"
	"  ORDER BY c.camera_index_code LIMIT $5) p"
	" LEFT JOIN citybigdata.camera_stream m ON m.camera_index_code = p.camera_index_code AND m.stream_type = 0"
	" LEFT JOIN citybigdata.camera_stream s ON s.camera_index_code = p.camera_index_code AND s.stream_type = 1",
	5, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL};

/* $1 items, $2 CSV, one of them null */
static SpiQuery save_query = {
	"SELECT s.n, s.line, s.member, s.status_code, s.message, s.changed FROM citybigdata.camera_save($1::jsonb, $2) s",
	2, {TEXTOID, TEXTOID}, NULL};
/* clang-format on */

/* rest_admin_cameras(..., provider, state, q, cursor, page_size): {items, nextCursor} */
static Datum
AdminCameras(Call *call)
{
	ARGUMENTS(ARG_PROVIDER, ARG_STATE, ARG_Q, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"provider", "state", "q", "cursor", "pageSize", NULL};
	static const char *const states[] = {"online", "offline", "closed", NULL};
	static const TextRule provider_rule = {"/provider", 1, 32, false, false};
	static const TextRule name_rule = {"/q", 1, 64, false, false};
	const char *cursor = CallText(call, ARG_CURSOR);
	char after[CAMERA_UUID_SIZE] = "";
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckText(&call->errors, &provider_rule, CallText(call, ARG_PROVIDER)), &nulls[0]);
	values[1] = TextOrNull(
		CheckChoice(call, "/state", CallText(call, ARG_STATE), states, false, "online, offline, closed"),
		&nulls[1]);
	values[2] = TextOrNull(CheckText(&call->errors, &name_rule, CallText(call, ARG_Q)), &nulls[2]);
	if (cursor != NULL && !CameraUuid(cursor, after))
		ErrorAdd(&call->errors, "/cursor", CBD_FIELD_OUT_OF_RANGE, "nextCursor of the page before");
	values[3] = TextOrNull(after[0] == '\0' ? NULL : after, &nulls[3]);
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &cameras_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_cameras, "camera.list", AdminCameras);

/* Adds what row `row` of the last result says is wrong. */
static void
AddRow(ErrorList *errors, const Items *items, uint64 row)
{
	char *member = SpiText(row, 3);
	CbdStatus status = SpiInt32(row, 4);
	char *message = SpiText(row, 5);

	if (SpiIsNull(row, 2))
		ErrorSay(errors, ItemErrorPointer(items, SpiInt64(row, 1), member), status, message);
	else if (member == NULL || member[0] == '\0')
		ErrorSay(errors, ItemErrorPointer(items, 0, NULL), status,
				 Said("line %d{line}: %s{message}", SpiInt32(row, 2), message));
	else
		ErrorSay(errors, ItemErrorPointer(items, 0, NULL), status,
				 Said("line %d{line}, column %s{column}: %s{message}", SpiInt32(row, 2), member, message));
}

/* rest_camera_save(..., items, csv, features): {changed} */
static Datum
CameraSave(Call *call)
{
	ARGUMENTS(ARG_ITEMS, ARG_CSV, ARG_FEATURES);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	Items items;
	Datum values[2];
	bool nulls[2];
	int changed = 0;
	uint64 count;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ReadManyItems(call, item_fields, ARG_ITEMS, ARG_CSV, ARG_FEATURES, &items);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = TextOrNull(items.json, &nulls[0]);
	values[1] = TextOrNull(items.csv, &nulls[1]);
	SpiBegin();
	count = SpiRun(&save_query, values, nulls, SPI_OK_SELECT, ERRORS_READ);
	for (uint64 i = 0; i < count; i++)
		if (SpiInt32(i, 4) != 0)
			AddRow(&call->errors, &items, i);
		else
			changed = SpiInt32(i, 6);
	SpiEnd();
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->detail = psprintf("%d changed", changed);
	return Answer(call, CBD_OK, psprintf("{\"changed\":%d}", changed));
}

ENDPOINT(cbd_rest_camera_save, "camera.save", CameraSave);
