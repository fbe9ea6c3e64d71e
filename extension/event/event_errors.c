/* Faults of a report, collected so that all are told at once. */
#include "postgres.h"

#include "event/event.h"
#include "core/call.h"

void
AddFault(EventFaults *faults, bool warning, const char *pointer, CbdStatus status, const char *format, ...)
{
	StringInfoData message;
	EventFault *fault;

	if (warning)
		faults->warnings++;
	else
		faults->errors++;
	/* beyond the limit errors still count, so that the report stays refused */
	if (faults->count >= EVENT_FAULTS)
		return;
	if (faults->count == faults->size)
	{
		faults->size = faults->size == 0 ? 8 : faults->size * 2;
		faults->list = faults->list == NULL ? palloc(faults->size * sizeof(EventFault))
											: repalloc(faults->list, faults->size * sizeof(EventFault));
	}
	initStringInfo(&message);
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, format);
		needed = appendStringInfoVA(&message, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&message, needed);
	}
	fault = &faults->list[faults->count++];
	fault->pointer = pstrdup(pointer);
	fault->status = status;
	fault->message = message.data;
	fault->warning = warning;
}

char *
FaultsJson(const EventFaults *faults, bool warnings)
{
	StringInfoData out;
	int			written = 0;

	if ((warnings ? faults->warnings : faults->errors) == 0)
		return NULL;
	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < faults->count; i++)
	{
		const EventFault *fault = &faults->list[i];

		if (fault->warning != warnings)
			continue;
		if (written++ > 0)
			appendStringInfoChar(&out, ',');
		appendStringInfoString(&out, "{\"pointer\":");
		JsonString(&out, fault->pointer);
		appendStringInfo(&out, ",\"statusCode\":%d,\"message\":", (int) fault->status);
		JsonString(&out, fault->message);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

char *
FaultsSummary(const EventFaults *faults)
{
	for (int i = 0; i < faults->count; i++)
		if (!faults->list[i].warning)
			return psprintf("%d fault%s, first %d %s", faults->errors, faults->errors == 1 ? "" : "s",
							(int) faults->list[i].status, faults->list[i].pointer);
	return psprintf("%d faults", faults->errors);
}
