/* Errors of a report, collected so that all are told at once. */
#include "postgres.h"

#include "event/event.h"
#include "core/call.h"

void
AddError(EventErrors *errors, bool warning, const char *pointer, CbdStatus status, const char *format, ...)
{
	StringInfoData message;
	EventError *error;

	if (warning)
		errors->warnings++;
	else
		errors->errors++;
	/* beyond the limit errors still count, so that the report stays refused */
	if (errors->count >= EVENT_ERRORS)
		return;
	if (errors->count == errors->size)
	{
		errors->size = errors->size == 0 ? 8 : errors->size * 2;
		errors->list = errors->list == NULL ? palloc(errors->size * sizeof(EventError))
											: repalloc(errors->list, errors->size * sizeof(EventError));
	}
	initStringInfo(&message);
	for (;;)
	{
		va_list args;
		int needed;

		va_start(args, format);
		needed = appendStringInfoVA(&message, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&message, needed);
	}
	error = &errors->list[errors->count++];
	error->pointer = pstrdup(pointer);
	error->status = status;
	error->message = message.data;
	error->warning = warning;
}

char *
ErrorsJson(const EventErrors *errors, bool warnings)
{
	StringInfoData out;
	int written = 0;

	if ((warnings ? errors->warnings : errors->errors) == 0)
		return NULL;
	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < errors->count; i++)
	{
		const EventError *error = &errors->list[i];

		if (error->warning != warnings)
			continue;
		if (written++ > 0)
			appendStringInfoChar(&out, ',');
		appendStringInfoString(&out, "{\"pointer\":");
		JsonString(&out, error->pointer);
		appendStringInfo(&out, ",\"statusCode\":%d,\"message\":", (int) error->status);
		JsonString(&out, error->message);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

char *
ErrorsSummary(const EventErrors *errors)
{
	for (int i = 0; i < errors->count; i++)
		if (!errors->list[i].warning)
			return psprintf("%d fault%s, first %d %s", errors->errors, errors->errors == 1 ? "" : "s",
							(int) errors->list[i].status, errors->list[i].pointer);
	return psprintf("%d faults", errors->errors);
}
