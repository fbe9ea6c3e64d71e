/* Lists for administrators: their parameters, their audit row, their page. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"

#include "access/account.h"
#include "admin/admin_page.h"

#define FILTER_SHOWN 64 /* bytes of a filter in the audit row */

int32
CheckPageSize(Call *call, const char *text)
{
	double size;

	return CheckNumber(call, "/pageSize", text, 1, LIST_PAGE_MAX, true, &size) ? (int32) size : LIST_PAGE;
}

int64
CheckId(Call *call, const char *pointer, const char *text, const char *wanted)
{
	if (text == NULL || text[0] == '\0')
		return 0;
	if (PathNumber(text) == 0)
		ErrorAdd(&call->errors, pointer, CBD_FIELD_OUT_OF_RANGE, wanted);
	return PathNumber(text);
}

int64
CheckCursor(Call *call, const char *text)
{
	return CheckId(call, "/cursor", text, "nextCursor of the page before");
}

Datum
CheckState(Call *call, const char *text, const char *const *states, bool *isnull)
{
	static const TextRule rule = {"/state", 1, 64, false, false};
	StringInfoData names;

	text = CheckText(&call->errors, &rule, text);
	if (text == NULL || IsOneOf(text, states))
		return TextOrNull(text, isnull);
	initStringInfo(&names);
	for (int i = 0; states[i] != NULL; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", states[i]);
	ErrorPrint(&call->errors, false, "/state", CBD_FIELD_OUT_OF_RANGE, "%s{states}", names.data);
	return TextOrNull(NULL, isnull);
}

const char *
CheckTextCursor(Call *call, const char *text, int longest)
{
	const TextRule rule = {"/cursor", 1, longest, false, false};
	const char *cursor = CheckText(&call->errors, &rule, text);

	return cursor == NULL ? "" : cursor;
}

/* What was asked for, as the audit row tells it: the filters, which are the first arguments, by their names
 * (NULL-terminated). */
static char *
Filters(const Call *call, const char *const *names)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; names[i] != NULL; i++)
	{
		char *value = CallText(call, i);

		if (value != NULL && value[0] != '\0')
			appendStringInfo(&text, "%s%s=%.*s", text.len > 0 ? " " : "", names[i],
							 pg_mbcliplen(value, strlen(value), FILTER_SHOWN), value);
	}
	return text.len > 0 ? text.data : NULL;
}

bool
BeginList(Call *call, int roles, const char *const *filters, Datum *refusal)
{
	CbdStatus status;

	call->detail = Filters(call, filters);
	status = AuthoriseAdministrator(call, roles);
	if (status != CBD_OK)
		*refusal = Answer(call, status, NULL);
	return status == CBD_OK;
}

Datum
AnswerPage(Call *call, SpiQuery *page, const Datum *values, const bool *nulls)
{
	char *data;

	if (call->errors.count > 0)
		return AnswerErrors(call);
	SpiBegin();
	SpiRun(page, values, nulls, SPI_OK_SELECT, 1);
	data = JsonCompact(SpiText(0, 1));
	SpiEnd();
	return Answer(call, CBD_OK, data);
}
