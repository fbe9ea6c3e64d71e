/* Rows that are kept; see kept_rows.h. */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/rel.h"

#include "core/kept_rows.h"
#include "core/say.h"
#include "core/status.h"

/* A statement that may change kept rows is running. */
static bool may_change = false;

uint64
KeptRun(SpiQuery *query, const Datum *values, const bool *nulls, int expected, long limit)
{
	bool before = may_change;
	volatile uint64 count = 0;

	may_change = true;
	PG_TRY();
	{
		count = SpiRun(query, values, nulls, expected, limit);
	}
	PG_FINALLY();
	{
		may_change = before;
	}
	PG_END_TRY();
	return count;
}

/* kept_rows(): trigger before UPDATE and DELETE of a row, and before TRUNCATE. Error 40931. */
PG_FUNCTION_INFO_V1(cbd_kept_rows);
extern Datum cbd_kept_rows(PG_FUNCTION_ARGS);

Datum
cbd_kept_rows(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						saymsg("this function is a trigger before UPDATE, DELETE or TRUNCATE")));
	if (!may_change)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_HISTORY_KEPT)),
						saymsg("rows of %s{table} are not changed or deleted",
							   RelationGetRelationName(trigger->tg_relation)),
						saydetail("They are the record of what happened, or a version that cases follow."),
						sayhint("Add a step or a version; citybigdata.erase_person() erases a person."),
						errtable(trigger->tg_relation)));
	if (TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		return PointerGetDatum(NULL);
	return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																	  : trigger->tg_trigtuple);
}
