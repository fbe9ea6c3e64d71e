/*
 * Cameras from SQL: camera_preview_url() (annex A.3), and what the loading functions need of C.
 *
 * A role's data level is that at which it sees cases (citybigdata.analyst_level()). An address of an upstream
 * platform takes a request to it, which the bridge makes: from SQL that is refused.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "audit/audit.h"
#include "camera/camera.h"
#include "core/own_statement.h"
#include "core/say.h"
#include "core/secret.h"
#include "core/spi.h"

PG_FUNCTION_INFO_V1(cbd_camera_preview_url);
PG_FUNCTION_INFO_V1(cbd_camera_encrypt);
extern Datum cbd_camera_preview_url(PG_FUNCTION_ARGS);
extern Datum cbd_camera_encrypt(PG_FUNCTION_ARGS);

/* The data level of the role that called. */
static int
RoleLevel(void)
{
	static SpiQuery query = {
		"SELECT CASE WHEN pg_has_role($1, 'citybigdata_analyst_personal', 'USAGE') THEN 3 ELSE 2 END",
		1,
		{OIDOID},
		NULL};
	Datum value = ObjectIdGetDatum(GetSessionUserId());
	int level;

	SpiBegin();
	SpiRead(&query, &value, NULL, 1);
	level = SpiInt32(0, 1);
	SpiEnd();
	return level;
}

/* A number as the checks read it; NULL stays NULL. */
static char *
NumberText(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : psprintf("%d", PG_GETARG_INT32(n));
}

/* camera_preview_url(camera, stream_type, protocol, transmode, expand) returns text */
Datum
cbd_camera_preview_url(PG_FUNCTION_ARGS)
{
	PreviewForm form = {ArgText(fcinfo, 0), NumberText(fcinfo, 1), ArgText(fcinfo, 2), NumberText(fcinfo, 3),
						ArgText(fcinfo, 4)};
	ErrorList errors;
	PreviewOrder order;
	Camera camera;
	CbdStatus status;
	Play play;

	RequireOwnStatement(fcinfo, "camera_preview_url");
	ErrorsBegin(&errors);
	CheckPreview(&errors, &form, &order);
	ErrorsRaise(&errors, NULL);
	(void) FindCamera(&order, &camera);
	status = JudgePreview(&camera, &order, RoleLevel(), &errors);
	if (status != CBD_OK && status != CBD_VALIDATION_FAILED)
		ereport(ERROR, (errcode(StatusSqlstate(status)), errmsg_internal("%s", SaidStatus(status))));
	ErrorsRaise(&errors, NULL);
	if (camera.upstream)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_UPSTREAM_REFUSED)),
						saymsg("cameras of an upstream platform are asked for through the bridge"),
						errhint("POST /api/v1/cameras/previewURLs")));
	GivePlay(&camera, &order, NULL, NULL, NULL, 0, &play);
	AuditWrite(NULL, NULL, "camera.preview", camera.uuid, CBD_OK, PreviewDetail(&order, &play));
	PG_RETURN_TEXT_P(cstring_to_text(play.url));
}

/* camera_encrypt(purpose, plain) returns bytea */
Datum
cbd_camera_encrypt(PG_FUNCTION_ARGS)
{
	char *purpose = ArgText(fcinfo, 0);
	char *plain = ArgText(fcinfo, 1);
	size_t length = strlen(plain);
	Datum encrypted = EncryptSecret(purpose, plain, length);

	explicit_bzero(plain, length);
	PG_RETURN_DATUM(encrypted);
}
