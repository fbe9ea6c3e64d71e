/*
 * Members of a case in a process: light, deadlines, facts. Worked out at each read, so that they are right
 * whatever housekeeping has run. Hook of event_case.h; see step.h.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/json_write.h"
#include "deadline/clock.h"
#include "duplicate/duplicate.h"
#include "indicator/fact_row.h"
#include "process/step.h"

#define USECS_OF_MINUTE (60 * USECS_PER_SEC)

/* ,"name":time, or null. */
static void
WriteTime(StringInfo out, const char *name, TimestampTz value, const CaseFormat *format)
{
	appendStringInfo(out, ",\"%s\":", name);
	if (value == CLOCK_NEVER)
		appendStringInfoString(out, "null");
	else
		WriteCaseTime(out, value, format);
}

/* The counters, {"report":1,...}: names of columns with a capital in the place of each underline. */
static void
WriteFacts(StringInfo out, int32 rec_id)
{
#define FACT_NAME(name, number) #name,
	static const char *const names[] = {FACT_COUNTERS(FACT_NAME)};
#undef FACT_NAME
	CaseFacts facts;

	if (!FactRowRead(rec_id, &facts))
	{
		appendStringInfoString(out, ",\"facts\":null");
		return;
	}
	appendStringInfoString(out, ",\"facts\":{");
	for (int i = 0; i < lengthof(names); i++)
	{
		appendStringInfoString(out, i == 0 ? "\"" : ",\"");
		for (const char *c = names[i]; *c != '\0'; c++)
			appendStringInfoChar(out, (char) (*c == '_' ? pg_toupper((unsigned char) *++c) : *c));
		appendStringInfo(out, "\":%d", facts.counter[i]);
	}
	appendStringInfoChar(out, '}');
}

void
WriteCaseMembers(StringInfo out, const CaseRow *row, const CaseFormat *format)
{
	int32 rec_id = row->rec_id;
	TimestampTz now = GetCurrentTimestamp();
	ClockState stage, chain;
	const ClockState *shown;
	bool open;

	(void) ClockRead(rec_id, CLOCK_STAGE, now, &stage);
	(void) ClockRead(rec_id, CLOCK_CHAIN, now, &chain);
	shown = stage.exists && !stage.stopped ? &stage : &chain;
	open = shown->exists && !shown->stopped;
	JsonField(out, "light", LightName(CaseLight(&stage, &chain, now)));
	WriteTime(out, "deadline", open ? shown->deadline : CLOCK_NEVER, format);
	WriteTime(out, "warningTime", open ? shown->warning_time : CLOCK_NEVER, format);
	if (open)
		appendStringInfo(out, ",\"remaining\":" INT64_FORMAT, shown->remaining / USECS_OF_MINUTE);
	else
		appendStringInfoString(out, ",\"remaining\":null");
	WriteTime(out, "chainDeadline", chain.exists && !chain.stopped ? chain.deadline : CLOCK_NEVER, format);
	WriteCaseLinks(out, row);
	WriteFacts(out, rec_id);
}
