/* Lists of errors; see error_list.h. Entries are copied in: callers may format into buffers of their own. */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "core/error_list.h"
#include "core/json_write.h"

void
ErrorsBegin(ErrorList *errors)
{
	memset(errors, 0, sizeof(*errors));
	errors->context = CurrentMemoryContext;
}

/* Room for one more entry; NULL: the list is full. The entry is counted either way. */
static ErrorEntry *
NewEntry(ErrorList *errors, bool warning)
{
	if (warning)
		errors->warnings++;
	else
		errors->count++;
	if (errors->context == NULL)
		errors->context = CurrentMemoryContext;
	/* beyond the limit errors still count, so that the request stays refused */
	if (errors->kept >= ERRORS_LISTED)
		return NULL;
	if (errors->kept == errors->room)
	{
		errors->room = errors->room == 0 ? 8 : errors->room * 2;
		errors->entries = errors->entries == NULL
							  ? MemoryContextAlloc(errors->context, errors->room * sizeof(ErrorEntry))
							  : repalloc(errors->entries, errors->room * sizeof(ErrorEntry));
	}
	return &errors->entries[errors->kept++];
}

/* Copies an entry into the list's memory context. */
static void
Enter(ErrorList *errors, bool warning, const char *pointer, CbdStatus status, const char *message)
{
	ErrorEntry *entry = NewEntry(errors, warning);

	if (entry == NULL)
		return;
	entry->pointer = MemoryContextStrdup(errors->context, pointer);
	entry->status = status;
	entry->message = MemoryContextStrdup(errors->context, message);
	entry->warning = warning;
}

void
ErrorAdd(ErrorList *errors, const char *pointer, CbdStatus status, const char *message)
{
	Enter(errors, false, pointer, status, message == NULL ? StatusMessage(status) : message);
}

void
ErrorPrint(ErrorList *errors, bool warning, const char *pointer, CbdStatus status, const char *format, ...)
{
	StringInfoData message;

	initStringInfo(&message);
	/* again with more room, until the message fits */
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
	Enter(errors, warning, pointer, status, message.data);
	pfree(message.data);
}

void
ErrorsAppend(ErrorList *errors, const ErrorList *more, const char *whole)
{
	for (int i = 0; i < more->kept; i++)
	{
		const ErrorEntry *entry = &more->entries[i];

		Enter(errors, entry->warning, entry->pointer[0] == '\0' ? whole : entry->pointer, entry->status,
			  entry->message);
	}
}

/* The first error that was kept; NULL: there is none. */
static const ErrorEntry *
FirstError(const ErrorList *errors)
{
	for (int i = 0; i < errors->kept; i++)
		if (!errors->entries[i].warning)
			return &errors->entries[i];
	return NULL;
}

CbdStatus
ErrorsStatus(const ErrorList *errors)
{
	const ErrorEntry *first = FirstError(errors);

	if (errors->count == 0)
		return CBD_OK;
	/* one error speaks for itself, but for those that only say "a field is wrong" */
	if (errors->count == 1 && first != NULL && (int) first->status / 100 != (int) CBD_VALIDATION_FAILED / 100)
		return first->status;
	return CBD_VALIDATION_FAILED;
}

CbdStatus
ErrorsParameterStatus(const ErrorList *errors)
{
	const ErrorEntry *first = FirstError(errors);

	if (errors->count == 0)
		return CBD_OK;
	/* all alike: that status; mixed: the one for all */
	for (int i = 0; i < errors->kept; i++)
		if (!errors->entries[i].warning && errors->entries[i].status != first->status)
			return CBD_BAD_REQUEST;
	return first == NULL ? CBD_BAD_REQUEST : first->status;
}

char *
ErrorsJson(const ErrorList *errors, bool warnings)
{
	StringInfoData out;
	int written = 0;

	if ((warnings ? errors->warnings : errors->count) == 0)
		return NULL;
	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < errors->kept; i++)
	{
		const ErrorEntry *entry = &errors->entries[i];

		if (entry->warning != warnings)
			continue;
		if (written++ > 0)
			appendStringInfoChar(&out, ',');
		appendStringInfoString(&out, "{\"pointer\":");
		JsonString(&out, entry->pointer);
		appendStringInfo(&out, ",\"statusCode\":%d,\"message\":", (int) entry->status);
		JsonString(&out, entry->message);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

char *
ErrorsData(const ErrorList *errors)
{
	char *listed = ErrorsJson(errors, false);
	char *warnings = ErrorsJson(errors, true);

	if (listed == NULL)
		return NULL;
	return warnings == NULL ? psprintf("{\"errors\":%s}", listed)
							: psprintf("{\"errors\":%s,\"warnings\":%s}", listed, warnings);
}

char *
ErrorsText(const ErrorList *errors)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < errors->kept; i++)
		if (!errors->entries[i].warning)
			appendStringInfo(&out, "%s%s: %s", out.len > 0 ? "\n" : "", errors->entries[i].pointer,
							 errors->entries[i].message);
	return out.data;
}

char *
ErrorsSummary(const ErrorList *errors)
{
	const ErrorEntry *first = FirstError(errors);

	if (first == NULL)
		return psprintf("%d errors", errors->count);
	return psprintf("%d error%s, first %d %s", errors->count, errors->count == 1 ? "" : "s",
					(int) first->status, first->pointer);
}

void
ErrorsRaise(const ErrorList *errors, const char *hint)
{
	CbdStatus status = ErrorsStatus(errors);

	if (status == CBD_OK)
		return;
	ereport(ERROR, (errcode(StatusSqlstate(status)), errmsg("%s", StatusMessage(status)),
					errdetail("%s", ErrorsText(errors)), hint != NULL ? errhint("%s", hint) : 0));
}
