/*
 * Saving versions of processes; see process_store.h. A version is one row of process and what follows from
 * it: process_stage and process_move, for people and queries. None of them is changed again (kept_rows.h).
 *
 * Shipped versions are numbered from 1; those that a site saves of a shipped process from 1001, so that an
 * upgrade that ships another version meets none of the site's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/own_lock.h"
#include "core/spi.h"
#include "process/process_store.h"

#define FIRST_OWN_VERSION 1001 /* of a process that is shipped */

/* The newest version ($1 process), and whether it has this content ($2). */
static SpiQuery newest_query = {
	"SELECT p.version, p.shipped, p.definition = $2::jsonb FROM citybigdata.process p"
	" WHERE p.process_code = $1 ORDER BY p.version DESC LIMIT 1",
	2,
	{TEXTOID, TEXTOID},
	NULL,
	true};
/* The version ($1, $2), and whether it has this content ($3). */
static SpiQuery version_query = {"SELECT p.definition = $3::jsonb FROM citybigdata.process p"
								 " WHERE p.process_code = $1 AND p.version = $2",
								 3,
								 {TEXTOID, INT4OID, TEXTOID},
								 NULL,
								 true};
/* $1 code, $2 version, $3, $4 titles, $5 definition, $6 shipped, $7 by whom */
static SpiQuery insert_process = {
	"INSERT INTO citybigdata.process (process_code, version, title, title_zh, definition, shipped, saved_by, "
	"saved_at)"
	" VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, CASE WHEN NOT $6 THEN clock_timestamp() END)",
	7,
	{TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID, BOOLOID, TEXTOID}};
/* $1 code, $2 version, $3 stage, $4 state, $5 shipped */
static SpiQuery insert_stage = {
	"INSERT INTO citybigdata.process_stage (process_code, version, stage, state, shipped)"
	" VALUES ($1, $2, $3, $4, $5)",
	5,
	{TEXTOID, INT4OID, TEXTOID, INT4OID, BOOLOID}};
/* $1 code, $2 version, $3 from, $4 action, $5 to, $6 shipped */
static SpiQuery insert_move = {
	"INSERT INTO citybigdata.process_move (process_code, version, from_stage, action, to_stage, shipped)"
	" VALUES ($1, $2, $3, $4, $5, $6)",
	6,
	{TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID, BOOLOID}};

ProcessDefinition *
ProcessExamine(const char *text, size_t length, ErrorList *errors)
{
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, length, &refusal);
	ProcessDefinition *definition;

	if (root == NULL)
	{
		ErrorAdd(errors, "", refusal.status, refusal.message);
		return NULL;
	}
	definition = ProcessRead(root, errors);
	if (definition->graph)
		ProcessLinkStages(&definition->process);
	ProcessCheck(definition, errors);
	return definition;
}

/* Writes the moves of one action. */
static void
InsertMoves(const Process *process, const ProcessAction *action, Datum *values)
{
	for (int i = 0; i < process->stage_count; i++)
		for (int j = 0; j < process->stage_count; j++)
		{
			if (!ProcessMoveAllowed(action, &process->stages[i], &process->stages[j]))
				continue;
			values[2] = CStringGetTextDatum(process->stages[i].name);
			values[3] = CStringGetTextDatum(action->name);
			values[4] = CStringGetTextDatum(process->stages[j].name);
			SpiRun(&insert_move, values, NULL, SPI_OK_INSERT, 0);
		}
}

/* Writes a version, SPI being connected. */
static void
InsertVersion(const Process *process, const char *text, int version, bool shipped, const char *saved_by)
{
	Datum head[7] = {CStringGetTextDatum(process->code),  Int32GetDatum(version),
					 CStringGetTextDatum(process->title), CStringGetTextDatum(process->title_zh),
					 CStringGetTextDatum(text),           BoolGetDatum(shipped),
					 CStringGetTextDatum(saved_by)};
	Datum values[6] = {head[0], head[1]};

	SpiRun(&insert_process, head, NULL, SPI_OK_INSERT, 0);
	for (int i = 0; i < process->stage_count; i++)
	{
		values[2] = CStringGetTextDatum(process->stages[i].name);
		values[3] = Int32GetDatum(process->stages[i].state);
		values[4] = BoolGetDatum(shipped);
		SpiRun(&insert_stage, values, NULL, SPI_OK_INSERT, 0);
	}
	values[5] = BoolGetDatum(shipped);
	for (int i = 0; i < process->action_count; i++)
		InsertMoves(process, &process->actions[i], values);
}

SavedProcess
ProcessSave(const ProcessDefinition *definition, const char *text, const char *saved_by)
{
	const Process *process = &definition->process;
	Datum values[2] = {CStringGetTextDatum(process->code), CStringGetTextDatum(text)};
	SavedProcess saved = {pstrdup(process->code), 1, false};

	/* two who save at a time make two versions, one after the other */
	OwnLock(OwnLockKey(psprintf("process %s", process->code)));
	SpiBegin();
	if (SpiRun(&newest_query, values, NULL, SPI_OK_SELECT, 1) == 1)
	{
		saved.version = SpiInt32(0, 1);
		saved.same = SpiBool(0, 3);
		if (!saved.same)
			saved.version = SpiBool(0, 2) ? Max(saved.version + 1, FIRST_OWN_VERSION) : saved.version + 1;
	}
	if (!saved.same)
		InsertVersion(process, text, saved.version, false, saved_by);
	SpiEnd();
	return saved;
}

void
ProcessInstall(const ProcessDefinition *definition, const char *text, int version)
{
	const Process *process = &definition->process;
	Datum values[3] = {CStringGetTextDatum(process->code), Int32GetDatum(version), CStringGetTextDatum(text)};

	SpiBegin();
	if (SpiRun(&version_query, values, NULL, SPI_OK_SELECT, 1) == 0)
		InsertVersion(process, text, version, true, "citybigdata");
	else if (!SpiBool(0, 1))
		RaiseStatus(CBD_HISTORY_KEPT,
					SaidBoth("Process %s{process} has a version %d{version} with another content.",
							 process->code, version));
	SpiEnd();
}
