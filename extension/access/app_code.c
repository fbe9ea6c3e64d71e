/* Application codes. */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "access/app_code.h"
#include "text/check_char.h"
#include "core/status.h"

bool
AppCodeWellFormed(const char *app_code)
{
	size_t length = strlen(app_code);

	if (length < APP_CODE_MIN || length > APP_CODE_MAX || !CheckCharacterValid(app_code, length))
		return false;
	for (size_t i = length - 9; i < length - 1; i++)
		if (app_code[i] < '0' || app_code[i] > '9')
			return false;
	return true;
}

char *
MakeAppCode(const char *platform_code, int32 app_id)
{
	char *text = psprintf("%s%08d", platform_code, app_id);

	return psprintf("%s%c", text, CheckCharacter(text, strlen(text)));
}

/* app_code_parts(text): platform_code, serial; an error (UD, 40013) when the code is malformed. */
PG_FUNCTION_INFO_V1(cbd_app_code_parts);
Datum
cbd_app_code_parts(PG_FUNCTION_ARGS)
{
	char *app_code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	size_t length = strlen(app_code);
	TupleDesc desc;
	Datum values[2];
	bool nulls[2] = {false, false};

	if (!AppCodeWellFormed(app_code))
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_INVALID_APP_CODE)),
				 errmsg("%s", StatusMessage(CBD_INVALID_APP_CODE)),
				 errhint("Platform code, 8 digits and an ISO 7064 MOD 37,36 check character, for example %s.",
						 MakeAppCode("110000", 1))));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "a row type is expected");
	values[0] = PointerGetDatum(cstring_to_text_with_len(app_code, length - 9));
	values[1] = Int32GetDatum(strtol(pnstrdup(app_code + length - 9, 8), NULL, 10));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
