/*
 * Cameras near a place: with a case, for callers who hold the right; and citybigdata.cameras_near().
 *
 * With a case they stand only where its place is shown to the caller, since they tell where it is; at most
 * NEAR_CASE of them, within citybigdata.camera_near_metres.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "access/judge.h"
#include "camera/camera.h"
#include "core/guc.h"
#include "core/say.h"
#include "core/spi.h"
#include "event/event_case.h"
#include "place/geometry_io.h"

#define NEAR_CASE  5
#define METRES_MAX 20000
#define ROWS_MAX   1000

/* clang-format off */
/* The cameras up to a level, near the point p.point, nearest first; $1 metres, $2 level, $3 rows */
#define NEAR_OF(members, place) \
	"SELECT " members " FROM " place " p CROSS JOIN LATERAL (SELECT n.* FROM (SELECT c.*, citybigdata.metres_between(@postgis@.ST_X(c.geom)," \
	"  @postgis@.ST_Y(c.geom), @postgis@.ST_X(p.point), @postgis@.ST_Y(p.point)) AS metres FROM citybigdata.camera c" \
	"  WHERE c.level <= $2 AND c.state <> 'closed' AND c.geom OPERATOR(@postgis@.&&) @postgis@.ST_Expand(p.point," \
	"   $1 / 110000 / greatest(cos(radians(@postgis@.ST_Y(p.point))), 0.01), $1 / 110000)) n" \
	"  WHERE n.metres <= $1 ORDER BY n.metres, n.camera_index_code LIMIT $3) n ORDER BY n.metres, n.camera_index_code"

/* $4 case */
static SpiQuery near_case = {
	NEAR_OF("json_build_object('cameraIndexCode', n.camera_index_code, 'cameraName', n.camera_name, 'state', n.state,"
			" 'metres', round(n.metres::numeric, 1))::text",
			"(SELECT e.geom AS point FROM citybigdata.event e WHERE e.rec_id = $4 UNION ALL"
			" SELECT a.geom FROM citybigdata.event_archive a WHERE a.rec_id = $4 LIMIT 1)"),
	4, {FLOAT8OID, INT4OID, INT4OID, INT4OID}, NULL, true};

/* $4 point, as EWKB */
static SpiQuery near_point = {
	NEAR_OF("n.camera_index_code, n.camera_name, n.state, n.metres", "(SELECT $4::@postgis@.geometry AS point)"),
	4, {FLOAT8OID, INT4OID, INT4OID, BYTEAOID}, NULL};
/* clang-format on */

/* CaseShownHook: ,"cameras":[…] behind the members of a case; nothing for who may not see cameras. */
static void
WriteNearCameras(StringInfo out, const CaseRow *row)
{
	const Call *call = row->reader->call;
	Caller judged;
	Datum values[4];
	uint64 count;

	if (guc_camera_near_metres == 0 || call->caller.app_id == 0 ||
		AuthoriseApplication(&call->context, call->caller.app_id, &call->caller.origin, CAMERA_RESOURCE,
							 &judged) != CBD_OK)
		return;
	values[0] = Float8GetDatum(guc_camera_near_metres);
	values[1] = Int32GetDatum(judged.level);
	values[2] = Int32GetDatum(NEAR_CASE);
	values[3] = Int32GetDatum(row->rec_id);
	count = SpiRead(&near_case, values, NULL, NEAR_CASE);
	appendStringInfoString(out, ",\"cameras\":[");
	for (uint64 i = 0; i < count; i++)
		appendStringInfo(out, "%s%s", i > 0 ? "," : "", JsonCompact(SpiText(i, 1)));
	appendStringInfoChar(out, ']');
}

/* cameras_near(place, metres) returns setof (camera_index_code, camera_name, state, metres): up to the role's
 * level. */
PG_FUNCTION_INFO_V1(cbd_cameras_near);
extern Datum cbd_cameras_near(PG_FUNCTION_ARGS);

Datum
cbd_cameras_near(PG_FUNCTION_ARGS)
{
	GeometryIo *io = GeometryCasts(fcinfo, 0);
	double metres = PG_GETARG_FLOAT8(1);
	int level = PG_GETARG_INT32(2);
	Datum values[] = {Float8GetDatum(metres), Int32GetDatum(level), Int32GetDatum(ROWS_MAX),
					  PointerGetDatum(GeometryToEwkb(io, PG_GETARG_DATUM(0)))};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	uint64 count;

	if (!(metres > 0 && metres <= METRES_MAX))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						saymsg("metres: more than 0, at most %d{limit}", METRES_MAX)));
	InitMaterializedSRF(fcinfo, 0);
	SpiBegin();
	count = SpiRead(&near_point, values, NULL, ROWS_MAX);
	for (uint64 i = 0; i < count; i++)
	{
		Datum row[4];
		bool nulls[4];

		for (int column = 0; column < 4; column++)
			row[column] = SpiDatum(i, column + 1, &nulls[column]);
		tuplestore_putvalues(result->setResult, result->setDesc, row, nulls);
	}
	SpiEnd();
	return (Datum) 0;
}

void
CamerasInstall(void)
{
	OutboxRegister(&camera_purpose);
	CaseShownHook = WriteNearCameras;
}
