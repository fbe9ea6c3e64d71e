/*
 * Processes over REST, for the system administrator (docs/access.md): GET /admin/processes lists the
 * versions, POST /admin/processes saves one or, with dryRun, only looks at it. What is wrong with a
 * definition is told with pointers into the body, all at once.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "process/process_store.h"

#define CURSOR_CHARACTERS 80 /* process, slash, ten digits */

/* clang-format off */
/* $1 process, null: any; $2 version, null: any; $3 after this one, $4 rows. With a version the definition is there. */
static SpiQuery processes_page = {
	PAGE_OF("'process', p.process_code, 'version', p.version, 'title', p.title, 'titleZh', p.title_zh,"
			" 'newest', NOT EXISTS (SELECT FROM citybigdata.process n WHERE n.process_code = p.process_code"
			"  AND n.version > p.version), 'shipped', p.shipped, 'savedAt', " SHOWN_TIME("p.saved_at")
			", 'savedBy', p.saved_by, 'definition', CASE WHEN $2 IS NOT NULL THEN p.definition END", "place", "4")
	"(SELECT * FROM (SELECT v.*, v.process_code || '/' || lpad(v.version::text, 10, '0') AS place"
	"  FROM citybigdata.process v) v WHERE ($1 IS NULL OR v.process_code = $1)"
	"  AND ($2 IS NULL OR v.version = $2) AND v.place COLLATE \"C\" > $3 ORDER BY v.place COLLATE \"C\" LIMIT $4) p",
	4, {TEXTOID, INT8OID, TEXTOID, INT4OID}, NULL};
/* clang-format on */

/* rest_admin_processes(..., process, version, cursor, page_size) */
static Datum
AdminProcesses(Call *call)
{
	ARGUMENTS(ARG_PROCESS, ARG_VERSION, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"process", "version", "cursor", "pageSize", NULL};
	static const TextRule process_rule = {"/process", 1, 63, false, false};
	Datum values[4];
	bool nulls[4] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckText(&call->errors, &process_rule, CallText(call, ARG_PROCESS)), &nulls[0]);
	values[1] = Int64GetDatum(CheckId(call, "/version", CallText(call, ARG_VERSION), "a version's number"));
	nulls[1] = DatumGetInt64(values[1]) == 0;
	values[2] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), CURSOR_CHARACTERS));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &processes_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_processes, "process.list", AdminProcesses);

/* {process, version, changed}: the version that has the content; a dry run has none. */
static char *
SavedData(const char *code, int version, bool changed)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "process", code);
	if (version > 0)
		appendStringInfo(&data, ",\"version\":%d,\"changed\":%s}", version, changed ? "true" : "false");
	else
		appendStringInfoString(&data, ",\"dryRun\":true}");
	return data.data;
}

/* rest_process_save(..., definition, dry_run): {process, version, changed} or {process, dryRun} */
static Datum
ProcessSaveCall(Call *call)
{
	ARGUMENTS(ARG_DEFINITION, ARG_DRY_RUN);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	char *text = CallText(call, ARG_DEFINITION);
	bool dry_run = CallBool(call, ARG_DRY_RUN);
	ProcessDefinition *definition;
	SavedProcess saved;
	ErrorList errors;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&errors);
	if (text == NULL || text[0] == '\0')
	{
		ErrorAdd(&call->errors, "/definition", CBD_FIELD_REQUIRED, NULL);
		return AnswerErrors(call);
	}
	definition = ProcessExamine(text, strlen(text), &errors);
	for (int i = 0; i < errors.kept; i++)
		ErrorCopy(&call->errors, psprintf("/definition%s", errors.entries[i].pointer), &errors.entries[i]);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->object = definition->process.code;
	if (dry_run)
	{
		call->detail = "dry run";
		return Answer(call, CBD_OK, SavedData(call->object, 0, false));
	}
	saved = ProcessSave(definition, text, ReviewerName(&call->caller));
	call->detail = psprintf("version %d%s", saved.version, saved.same ? ", as it was" : "");
	return Answer(call, CBD_OK, SavedData(saved.code, saved.version, !saved.same));
}

ENDPOINT(cbd_rest_process_save, "process.save", ProcessSaveCall);
