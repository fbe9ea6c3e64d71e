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

void
ErrorEnter(ErrorList *errors, bool warning, const char *pointer, CbdStatus status, const char *message,
		   const char *said)
{
	ErrorEntry *entry = NewEntry(errors, warning);

	if (entry == NULL)
		return;
	entry->pointer = MemoryContextStrdup(errors->context, pointer);
	entry->status = status;
	entry->message = MemoryContextStrdup(errors->context, message);
	entry->said = strcmp(message, said) == 0 ? entry->message : MemoryContextStrdup(errors->context, said);
	entry->warning = warning;
}

void
ErrorAdd(ErrorList *errors, const char *pointer, CbdStatus status, const char *message)
{
	if (message == NULL)
		ErrorEnter(errors, false, pointer, status, StatusMessage(status), SaidStatus(status));
	else
		ErrorEnter(errors, false, pointer, status, SaidOf(false, message), SaidOf(SayChinese(), message));
}

void
ErrorSay(ErrorList *errors, const char *pointer, CbdStatus status, const char *said)
{
	/* what the words are in English is not known any more: the status stands for them */
	ErrorEnter(errors, false, pointer, status, SayChinese() ? StatusMessage(status) : said, said);
}

void
ErrorCopy(ErrorList *errors, const char *pointer, const ErrorEntry *entry)
{
	ErrorEnter(errors, entry->warning, pointer, entry->status, entry->message, entry->said);
}

void
ErrorPrint(ErrorList *errors, bool warning, const char *pointer, CbdStatus status, const char *format, ...)
{
	va_list arguments;
	char *english, *said;

	va_start(arguments, format);
	english = SaidIn(false, format, arguments);
	said = SayChinese() ? SaidIn(true, format, arguments) : english;
	va_end(arguments);
	ErrorEnter(errors, warning, pointer, status, english, said);
	if (said != english)
		pfree(said);
	pfree(english);
}

void
ErrorsAppend(ErrorList *errors, const ErrorList *more, const char *whole)
{
	for (int i = 0; i < more->kept; i++)
	{
		const ErrorEntry *entry = &more->entries[i];

		ErrorCopy(errors, entry->pointer[0] == '\0' ? whole : entry->pointer, entry);
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

/* The errors or the warnings as JSON, as they were said or in English; NULL: there are none. */
static char *
EntriesJson(const ErrorList *errors, bool warnings, bool english)
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
		JsonString(&out, english ? entry->message : entry->said);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

char *
ErrorsJson(const ErrorList *errors, bool warnings)
{
	return EntriesJson(errors, warnings, false);
}

char *
ErrorsStored(const ErrorList *errors, bool warnings)
{
	return EntriesJson(errors, warnings, true);
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

/* One error a line, as they were said or in English. */
static char *
EntriesText(const ErrorList *errors, bool english)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < errors->kept; i++)
		if (!errors->entries[i].warning)
			appendStringInfo(&out, "%s%s: %s", out.len > 0 ? "\n" : "", errors->entries[i].pointer,
							 english ? errors->entries[i].message : errors->entries[i].said);
	return out.data;
}

char *
ErrorsText(const ErrorList *errors)
{
	return EntriesText(errors, true);
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
	ereport(ERROR, (errcode(StatusSqlstate(status)), errmsg_internal("%s", SaidStatus(status)),
					errdetail_internal("%s", EntriesText(errors, false)),
					hint != NULL ? errhint("%s", SaidOf(SayChinese(), hint)) : 0));
}
