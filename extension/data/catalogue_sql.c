/* The trigger of the catalogue's tables. */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "core/say.h"

/* Trigger of the catalogue's tables: at commit every backend hears that the table changed. */
PG_FUNCTION_INFO_V1(cbd_catalogue_changed);
Datum
cbd_catalogue_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						saymsg("catalogue_changed() is a trigger function")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	return PointerGetDatum(NULL);
}
