/*
 * What a caller may see of cameras: GET /cameras, and the vendor's list, POST
 * /artemis/api/resource/v1/cameras.
 *
 * Cameras above the caller's data level, and those that are given up, are not there. Pages of GET /cameras go
 * by the key; near a place, nearest first, there is one page. The vendor's pages are numbered.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "camera/camera.h"
#include "core/spi.h"
#include "place/division.h"
#include "text/param_parse.h"

#define NEAR_METRES     500 /* where metres is not given */
#define NEAR_METRES_MAX 20000
#define PAGE_NUMBER_MAX 1000000

/* clang-format off */
#define CAMERA_MEMBERS \
	"'cameraIndexCode', p.camera_index_code, 'cameraName', p.camera_name, 'gbCode', p.gb_code, 'cameraType', p.camera_type," \
	" 'divisionCode', p.division_code, 'address', p.address, 'longitude', @postgis@.ST_X(p.geom), 'latitude', @postgis@.ST_Y(p.geom)," \
	" 'protocols', p.protocols, 'transports', p.transports, 'state', p.state, 'streams', (SELECT coalesce(json_agg(json_build_object(" \
	"'streamType', s.stream_type, 'codec', s.codec, 'width', s.width, 'height', s.height) ORDER BY s.stream_type), '[]'::json)" \
	" FROM citybigdata.camera_stream s WHERE s.camera_index_code = p.camera_index_code)"
/* $1 level, $2 begin of the division code, $3 state, $4 to $7 box, each null: any */
#define CAMERA_FILTERS \
	" c.level <= $1 AND c.state <> 'closed' AND ($2 IS NULL OR starts_with(c.division_code, $2))" \
	" AND ($3 IS NULL OR c.state = $3)" \
	" AND ($4 IS NULL OR c.geom OPERATOR(@postgis@.&&) @postgis@.ST_MakeEnvelope($4, $5, $6, $7, 4490))"

/* $8 after this UUID, $9 rows */
static SpiQuery list_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object(" CAMERA_MEMBERS ") ORDER BY p.camera_index_code), '[]'::json),"
	" 'nextCursor', CASE WHEN count(*) = $9 THEN (array_agg(p.camera_index_code ORDER BY p.camera_index_code))[$9]::text END)::text FROM"
	" (SELECT c.* FROM citybigdata.camera c WHERE" CAMERA_FILTERS " AND ($8 IS NULL OR c.camera_index_code > $8::uuid)"
	" ORDER BY c.camera_index_code LIMIT $9) p",
	9, {INT4OID, TEXTOID, TEXTOID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, TEXTOID, INT4OID}, NULL};

/* $8, $9 the place, $10 metres, $11 rows. The box is a degree of latitude of 110 km, wider to the north. */
static SpiQuery near_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object(" CAMERA_MEMBERS ", 'metres', round(p.metres::numeric, 1))"
	" ORDER BY p.metres, p.camera_index_code), '[]'::json), 'nextCursor', NULL)::text FROM"
	" (SELECT n.* FROM (SELECT c.*, citybigdata.metres_between(@postgis@.ST_X(c.geom), @postgis@.ST_Y(c.geom), $8, $9) AS metres"
	"   FROM citybigdata.camera c WHERE" CAMERA_FILTERS
	"   AND c.geom OPERATOR(@postgis@.&&) @postgis@.ST_Expand(@postgis@.ST_SetSRID(@postgis@.ST_MakePoint($8, $9), 4490),"
	"    $10 / 110000 / greatest(cos(radians($9)), 0.01), $10 / 110000)) n"
	"  WHERE n.metres <= $10 ORDER BY n.metres, n.camera_index_code LIMIT $11) p",
	11, {INT4OID, TEXTOID, TEXTOID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, INT4OID}, NULL};

/* $1 level, $2 begin of the division code, $3 rows, $4 rows before */
static SpiQuery vendor_page = {
	"SELECT json_build_object('total', (SELECT count(*) FROM citybigdata.camera c WHERE c.level <= $1 AND c.state <> 'closed'"
	"   AND ($2 IS NULL OR starts_with(c.division_code, $2))), 'pageNo', $4 / $3 + 1, 'pageSize', $3,"
	" 'list', coalesce(json_agg(json_build_object('cameraIndexCode', replace(p.camera_index_code::text, '-', ''), 'cameraName', p.camera_name,"
	" 'name', p.camera_name, 'gbIndexCode', p.gb_code, 'cameraType', p.camera_type, 'cameraTypeName', (ARRAY['枪机', '半球', '快球', '带云台枪机'])[p.camera_type + 1],"
	" 'longitude', @postgis@.ST_X(p.geom)::text, 'latitude', @postgis@.ST_Y(p.geom)::text, 'regionIndexCode', p.division_code,"
	" 'status', CASE p.state WHEN 'online' THEN 1 ELSE 2 END, 'statusName', CASE p.state WHEN 'online' THEN '在线' ELSE '离线' END,"
	" 'transType', CASE WHEN 'tcp' = ANY (p.transports) AND p.gb_edition IS DISTINCT FROM '2011' THEN 1 ELSE 0 END,"
	" 'createTime', to_char(p.created_at AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYY-MM-DD\"T\"HH24:MI:SS'),"
	" 'updateTime', to_char(p.updated_at AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYY-MM-DD\"T\"HH24:MI:SS'))"
	" ORDER BY p.camera_index_code), '[]'::json))::text FROM"
	" (SELECT c.* FROM citybigdata.camera c WHERE c.level <= $1 AND c.state <> 'closed'"
	"  AND ($2 IS NULL OR starts_with(c.division_code, $2)) ORDER BY c.camera_index_code LIMIT $3 OFFSET $4) p",
	4, {INT4OID, TEXTOID, INT4OID, INT4OID}, NULL};
/* clang-format on */

/* A division and all below it, as what their codes begin with: a code of 6 digits ends with pairs of zeros
 * for what it is not divided into. */
static void
SetDivision(Call *call, const char *pointer, const char *code, Datum *value, bool *isnull)
{
	size_t length;

	*isnull = code == NULL || code[0] == '\0';
	if (*isnull)
		return;
	if (!IsDivisionCode(code))
	{
		ErrorAdd(&call->errors, pointer, CBD_UNKNOWN_DIVISION,
				 "6, 9 or 12 digits of GB/T 2260, for example 110101");
		*isnull = true;
		return;
	}
	length = strlen(code);
	if (length == 6 && strcmp(code + 2, "0000") == 0)
		length = 2;
	else if (length == 6 && strcmp(code + 4, "00") == 0)
		length = 4;
	*value = PointerGetDatum(cstring_to_text_with_len(code, (int) length));
}

/* bbox=minX,minY,maxX,maxY */
static void
SetBox(Call *call, const char *text, Datum *values, bool *nulls)
{
	const char *error = NULL;
	double box[4];

	for (int i = 0; i < 4; i++)
		nulls[i] = true;
	if (text == NULL)
		return;
	if (!bbox_parse(text, strlen(text), box, &error) || box[0] < -180 || box[2] > 180 || box[1] < -90 ||
		box[3] > 90)
	{
		ErrorAdd(&call->errors, "/bbox", CBD_INVALID_COORDINATE,
				 "west,south,east,north in degrees; for example bbox=116.3,39.8,116.5,40.0");
		return;
	}
	for (int i = 0; i < 4; i++)
	{
		values[i] = Float8GetDatum(box[i]);
		nulls[i] = false;
	}
}

/* near=lon,lat and metres; false: not given. */
static bool
ReadNear(Call *call, const char *near, const char *metres, double place[2], double *within)
{
	const char *comma = near == NULL ? NULL : strchr(near, ',');

	*within = NEAR_METRES;
	if (metres != NULL &&
		(!double_parse(metres, strlen(metres), within) || *within <= 0 || *within > NEAR_METRES_MAX))
		ErrorPrint(&call->errors, false, "/metres", CBD_FIELD_OUT_OF_RANGE, "more than 0, at most %d{limit}",
				   NEAR_METRES_MAX);
	if (near == NULL)
	{
		if (metres != NULL)
			ErrorAdd(&call->errors, "/near", CBD_FIELD_REQUIRED, "metres goes with near");
		return false;
	}
	if (comma == NULL || !double_parse(near, (size_t) (comma - near), &place[0]) ||
		!double_parse(comma + 1, strlen(comma + 1), &place[1]) || fabs(place[0]) > 180 || fabs(place[1]) > 90)
		ErrorAdd(&call->errors, "/near", CBD_INVALID_COORDINATE,
				 "longitude,latitude in degrees; for example near=116.4,39.9");
	return true;
}

/* The page as the reply of a successful read; errors first. */
static Datum
AnswerList(Call *call, SpiQuery *query, const Datum *values, const bool *nulls)
{
	char *data;

	if (call->errors.count > 0)
	{
		call->detail = ErrorsSummary(&call->errors);
		return Answer(call, ErrorsParameterStatus(&call->errors), ErrorsData(&call->errors));
	}
	SpiBegin();
	SpiRead(query, values, nulls, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return AnswerRead(call, JsonCompact(data));
}

/* rest_cameras(..., bbox, division_code, state, near, metres, page_size, cursor): {items, nextCursor} */
static Datum
Cameras(Call *call)
{
	ARGUMENTS(ARG_BBOX, ARG_DIVISION, ARG_STATE, ARG_NEAR, ARG_METRES, ARG_PAGE_SIZE, ARG_CURSOR);
	static const char *const states[] = {"online", "offline", NULL};
	CbdStatus status = CallAuthorise(call, CAMERA_RESOURCE);
	char after[CAMERA_UUID_SIZE];
	double place[2], within;
	const char *cursor;
	Datum values[11];
	bool nulls[11] = {false};
	int32 rows;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	values[0] = Int32GetDatum(call->caller.level);
	SetDivision(call, "/divisionCode", CallText(call, ARG_DIVISION), &values[1], &nulls[1]);
	values[2] = TextOrNull(
		CheckChoice(call, "/state", CallText(call, ARG_STATE), states, false, "online, offline"), &nulls[2]);
	SetBox(call, CallText(call, ARG_BBOX), &values[3], &nulls[3]);
	rows = CheckPageSize(call, CallText(call, ARG_PAGE_SIZE));
	cursor = CallText(call, ARG_CURSOR);
	if (cursor != NULL && !CameraUuid(cursor, after))
		ErrorAdd(&call->errors, "/cursor", CBD_FIELD_OUT_OF_RANGE, "nextCursor of the page before");
	if (ReadNear(call, CallText(call, ARG_NEAR), CallText(call, ARG_METRES), place, &within))
	{
		if (cursor != NULL)
			ErrorAdd(&call->errors, "/cursor", CBD_FIELD_OUT_OF_RANGE,
					 "near has one page: ask for a larger one");
		values[7] = Float8GetDatum(place[0]);
		values[8] = Float8GetDatum(place[1]);
		values[9] = Float8GetDatum(within);
		values[10] = Int32GetDatum(rows);
		return AnswerList(call, &near_page, values, nulls);
	}
	nulls[7] = cursor == NULL;
	values[7] = cursor == NULL || call->errors.count > 0 ? (Datum) 0 : CStringGetTextDatum(after);
	values[8] = Int32GetDatum(rows);
	return AnswerList(call, &list_page, values, nulls);
}

ENDPOINT(cbd_rest_cameras, "camera.list", Cameras);

/* A number of the vendor's pages; the one given where it is absent. */
static int32
PageNumber(Call *call, const char *pointer, const char *text, int absent, int limit)
{
	int64 number = absent;

	if (text != NULL && (!integer_parse(text, strlen(text), &number) || number < 1 || number > limit))
	{
		ErrorPrint(&call->errors, false, pointer, CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit}", limit);
		return absent;
	}
	return (int32) number;
}

/* rest_artemis_cameras(..., page_no, page_size, region_index_code): {total, pageNo, pageSize, list} */
static Datum
ArtemisCameras(Call *call)
{
	ARGUMENTS(ARG_PAGE_NO, ARG_PAGE_SIZE, ARG_REGION);
	CbdStatus status = CallAuthorise(call, CAMERA_RESOURCE);
	Datum values[4];
	bool nulls[4] = {false};
	int32 page, size;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	values[0] = Int32GetDatum(call->caller.level);
	SetDivision(call, "/regionIndexCode", CallText(call, ARG_REGION), &values[1], &nulls[1]);
	page = PageNumber(call, "/pageNo", CallText(call, ARG_PAGE_NO), 1, PAGE_NUMBER_MAX);
	size = PageNumber(call, "/pageSize", CallText(call, ARG_PAGE_SIZE), LIST_PAGE, LIST_PAGE_MAX);
	values[2] = Int32GetDatum(size);
	values[3] = Int32GetDatum((page - 1) * size);
	return AnswerList(call, &vendor_page, values, nulls);
}

ENDPOINT(cbd_rest_artemis_cameras, "camera.list", ArtemisCameras);
