/* Application codes from SQL: app_code_parts(), make_app_code(). */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "access/app_code.h"
#include "core/result_row.h"
#include "core/say.h"
#include "core/status.h"

/* app_code_parts(text): platform_code, serial; an error (UD, 40013) when the code is malformed. */
PG_FUNCTION_INFO_V1(cbd_app_code_parts);
Datum
cbd_app_code_parts(PG_FUNCTION_ARGS)
{
	char *app_code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	size_t length = strlen(app_code);
	Datum values[2];
	bool nulls[2] = {false, false};

	if (!AppCodeWellFormed(app_code))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_INVALID_APP_CODE)),
						errmsg_internal("%s", SaidStatus(CBD_INVALID_APP_CODE)),
						sayhint("Platform code, 8 digits and an ISO 7064 MOD 37,36 check character, for "
								"example %s{example}.",
								MakeAppCode("110000", 1))));
	values[0] = PointerGetDatum(cstring_to_text_with_len(app_code, length - 9));
	values[1] = Int32GetDatum(strtol(pnstrdup(app_code + length - 9, 8), NULL, 10));
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

/* make_app_code(platform_code text, app_id integer): text */
PG_FUNCTION_INFO_V1(cbd_make_app_code);
Datum
cbd_make_app_code(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(MakeAppCode(text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_INT32(1))));
}
