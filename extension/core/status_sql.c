/* Status codes from SQL: refuse(). */
#include "postgres.h"

#include "fmgr.h"

#include "core/call.h"
#include "core/status.h"

/* refuse(status_code, detail): raises a refusal from a function written in SQL */
PG_FUNCTION_INFO_V1(cbd_refuse);
Datum
cbd_refuse(PG_FUNCTION_ARGS)
{
	RaiseStatus((CbdStatus) PG_GETARG_INT32(0), ArgText(fcinfo, 1));
	PG_RETURN_VOID();
}
