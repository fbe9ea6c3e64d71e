/*
 * migrate_cases(): running cases take another version of their process.
 *
 *   filter --> ReadFilter() --> the cases of the old version, one after the other by rec_id:
 *     locked, read again  --> where does its stage lie in the new version?  (the same name, or `stageMap`)
 *     nowhere: refused    --> 42240 in its row; a dry run stops here
 *     step `migrate`, the case, its task: version and stage
 *
 * Each case is locked by itself, so that steps of the others go on; a case that a step has just moved is
 * judged as it is then. What a case waits for stays as it is: its clocks run on, its holder keeps it unless
 * the stage waits for other roles now.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "audit/audit.h"
#include "core/commit.h"
#include "core/say.h"
#include "core/spi.h"
#include "duplicate/duplicate.h"
#include "process/process_definition.h"
#include "process/process_members.h"

#define CASES_LIMIT 1000000 /* of one call */

/* Which cases, and where their stages go. */
typedef struct Filter
{
	Datum lists[5]; /* text[] in the order of list_names; nulls: any */
	bool nulls[5];
	bool closed; /* closed and void ones too */
	int limit;
	const JsonNode *stage_map; /* NULL: none */
} Filter;

static const char *const list_names[] = {"taskNums", "stages", "types", "divisions", "units"};

/* One migration. */
typedef struct Migration
{
	const Process *from;
	const Process *to;
	Filter filter;
	bool dry_run;
	const char *by;
	ReturnSetInfo *result;
	int64 migrated, refused;
} Migration;

/* A case that is migrated, locked unless it is a dry run. */
typedef struct MigratedCase
{
	int32 rec_id;
	char *task_num;
	char *stage;
	int32 state;
	int32 version;
	int32 step_count;
	bool supervised;
	bool suspended;
	bool merged; /* its state is that of its main case */
} MigratedCase;

/* $1 process, $2 version, $3 to $7 lists, $8 how many, $9 closed ones too. Types and divisions stand for all
 * below them. */
#define CASES_WITH(numbers)                                                                                  \
	"SELECT e.rec_id FROM citybigdata.event e WHERE e.process_code = $1 AND e.process_version = $2"          \
	" AND " numbers " AND ($4 IS NULL OR e.stage = ANY ($4))"                                                \
	" AND ($5 IS NULL OR EXISTS (SELECT FROM unnest($5) t WHERE starts_with(coalesce(e.sub_type_code,"       \
	"  e.main_type_code, e.event_type_code), t) OR starts_with(e.event_type_code, t)))"                      \
	" AND ($6 IS NULL OR EXISTS (SELECT FROM unnest($6) d WHERE starts_with(coalesce(e.community_code,"      \
	"  e.street_code, e.district_code), d)))"                                                                \
	" AND ($7 IS NULL OR e.unit_code = ANY ($7)) AND ($9 OR e.base_state NOT IN (6, 7))"                     \
	" ORDER BY e.rec_id LIMIT $8"
#define CASES_TYPES                                                                                          \
	{                                                                                                        \
		TEXTOID, INT4OID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT4OID,     \
			BOOLOID                                                                                          \
	}
static SpiQuery cases_query = {CASES_WITH("$3 IS NULL"), 9, CASES_TYPES};
/* Those of the list $3, by the index of numbers. */
static SpiQuery numbered_query = {CASES_WITH("e.task_num = ANY ($3)"), 9, CASES_TYPES, NULL, true};

#define CASE_OF                                                                                              \
	"SELECT e.task_num, e.stage, e.state, e.version, e.step_count, e.supervised, e.suspended_until IS NOT "  \
	"NULL, EXISTS (SELECT FROM citybigdata.case_link l WHERE l.rec_id = e.rec_id) FROM citybigdata.event e " \
	"WHERE e.rec_id = $1 AND e.process_code = $2 AND e.process_version = $3"

/* The case ($1), if it still is in the version ($2, $3). */
static SpiQuery look_query = {CASE_OF, 3, {INT4OID, TEXTOID, INT4OID}, NULL, true};
/* The same, locked. */
static SpiQuery lock_query = {CASE_OF " FOR UPDATE", 3, {INT4OID, TEXTOID, INT4OID}, NULL, true};

/* $1 case, $2 number, $3 action, $4, $5 states, $6 by whom, $7 note, $8, $9 stages, $10 version */
static SpiQuery insert_step = {
	"INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_state, to_state, step_by, "
	"note,"
	" from_stage, to_stage, version) VALUES ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8, $9, $10)",
	10,
	{INT4OID, INT4OID, TEXTOID, INT4OID, INT4OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT4OID}};
/* $1 case, $2 process version, $3 stage, $4 state, $5 base state, $6 version, $7 steps */
static SpiQuery update_case = {"UPDATE citybigdata.event SET process_version = $2, stage = $3, state = $4, "
							   "base_state = $5, version = $6,"
							   " step_count = $7 WHERE rec_id = $1",
							   7,
							   {INT4OID, INT4OID, TEXTOID, INT4OID, INT4OID, INT4OID, INT4OID},
							   NULL,
							   true};
/* $1 case, $2 stage, $3 state, $4 roles that the stage waits for, $5 the first of them */
static SpiQuery update_task = {"UPDATE citybigdata.case_task SET stage = $2, state = $3,"
							   " role = CASE WHEN role = ANY ($4) THEN role ELSE $5 END,"
							   " holder = CASE WHEN role = ANY ($4) THEN holder END WHERE rec_id = $1",
							   5,
							   {INT4OID, TEXTOID, INT4OID, TEXTARRAYOID, TEXTOID},
							   NULL,
							   true};

/* The text[] of a list of texts; errors for what is none. */
static Datum
ReadList(const JsonNode *node, ErrorList *errors)
{
	Datum *values = palloc(sizeof(Datum) * (node->count + 1));
	int count = 0;

	if (MemberKind(node, JSON_ARRAY, "an array of texts", errors))
		for (const JsonNode *item = node->first; item != NULL; item = item->next)
			if (MemberKind(item, JSON_STRING, "a text", errors))
				values[count++] = CStringGetTextDatum(item->text);
	return PointerGetDatum(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The map of stages: each from a stage of the old version to one of the new. */
static void
CheckStageMap(const Migration *migration, const JsonNode *map, ErrorList *errors)
{
	if (!MemberKind(map, JSON_OBJECT, "an object, for example {\"file\":\"filing\"}", errors))
		return;
	for (const JsonNode *pair = map->first; pair != NULL; pair = pair->next)
	{
		const ProcessStage *from = ProcessStageFind(migration->from, pair->key);
		const ProcessStage *to =
			pair->kind == JSON_STRING ? ProcessStageFind(migration->to, pair->text) : NULL;

		if (from == NULL)
			ErrorPrint(errors, false, JsonPointer(pair), CBD_PROCESS_NO_STAGE,
					   "version %d{version} has no stage %s{stage}", migration->from->version, pair->key);
		if (to == NULL)
			ErrorPrint(errors, false, JsonPointer(pair), CBD_PROCESS_NO_STAGE,
					   "a stage of version %d{version} is expected", migration->to->version);
		if (from != NULL && to != NULL && from->final != to->final)
			ErrorAdd(errors, JsonPointer(pair), CBD_FIELD_OUT_OF_RANGE,
					 "a migration neither ends a case nor opens one");
	}
}

/* Reads the filter into the migration. */
static void
ReadFilter(Migration *migration, const JsonNode *root, ErrorList *errors)
{
	static const char *const members[] = {"taskNums", "stages",        "types", "divisions", "units",
										  "stageMap", "includeClosed", "limit", NULL};
	Filter *filter = &migration->filter;
	const JsonNode *limit;

	filter->limit = CASES_LIMIT;
	for (int i = 0; i < lengthof(list_names); i++)
		filter->nulls[i] = true;
	if (!MemberKind(root, JSON_OBJECT, "an object, for example {\"stages\":[\"accept\"]}", errors))
		return;
	MembersKnown(root, members, errors);
	for (int i = 0; i < lengthof(list_names); i++)
	{
		const JsonNode *list = MemberFind(root, list_names[i]);

		filter->nulls[i] = list == NULL;
		if (list != NULL)
			filter->lists[i] = ReadList(list, errors);
	}
	filter->closed = MemberBool(root, "includeClosed", errors);
	limit = MemberFind(root, "limit");
	if (limit != NULL && !MemberWhole(limit, 1, 9999, &filter->limit))
		ErrorAdd(errors, JsonPointer(limit), CBD_FIELD_OUT_OF_RANGE, "1 to 9999 cases");
	filter->stage_map = MemberFind(root, "stageMap");
	if (filter->stage_map != NULL)
		CheckStageMap(migration, filter->stage_map, errors);
}

/* The stage that a stage becomes; NULL: none. */
static const ProcessStage *
StageAfter(const Migration *migration, const char *stage)
{
	const JsonNode *mapped =
		migration->filter.stage_map == NULL ? NULL : MemberFind(migration->filter.stage_map, stage);
	const ProcessStage *before = ProcessStageFind(migration->from, stage);
	const ProcessStage *after = ProcessStageFind(migration->to, mapped == NULL ? stage : mapped->text);

	/* the same name may mean another thing */
	return before == NULL || after == NULL || before->final != after->final ? NULL : after;
}

/* Writes the row of one case. */
static void
PutRow(Migration *migration, const MigratedCase *c, const char *to_stage, CbdStatus status,
	   const char *message)
{
	Datum values[5] = {CStringGetTextDatum(c->task_num), CStringGetTextDatum(c->stage),
					   to_stage == NULL ? (Datum) 0 : CStringGetTextDatum(to_stage),
					   Int32GetDatum((int32) status), CStringGetTextDatum(message)};
	bool nulls[5] = {false, false, to_stage == NULL, false, false};

	tuplestore_putvalues(migration->result->setResult, migration->result->setDesc, values, nulls);
	if (status == CBD_OK)
		migration->migrated++;
	else
		migration->refused++;
}

/* Reads the case, locking it unless it is a dry run; false: it is no longer in the version. */
static bool
ReadMigrated(const Migration *migration, int32 rec_id, MigratedCase *c)
{
	Datum values[3] = {Int32GetDatum(rec_id), CStringGetTextDatum(migration->from->code),
					   Int32GetDatum(migration->from->version)};

	if (SpiRun(migration->dry_run ? &look_query : &lock_query, values, NULL, SPI_OK_SELECT, 1) == 0)
		return false;
	*c = (MigratedCase){rec_id,         SpiText(0, 1), SpiText(0, 2), SpiInt32(0, 3), SpiInt32(0, 4),
						SpiInt32(0, 5), SpiBool(0, 6), SpiBool(0, 7), SpiBool(0, 8)};
	return true;
}

/* The names of the roles that a stage waits for, as text[]. */
static Datum
StageRoles(const ProcessStage *stage)
{
	Datum names[32];
	int count = 0;

	for (uint32 rest = stage->roles; rest != 0; rest &= rest - 1)
		names[count++] = CStringGetTextDatum(ProcessRoleName(rest));
	return PointerGetDatum(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Writes the step, the case and its task. */
static void
WriteMigrated(const Migration *migration, const MigratedCase *c, const ProcessStage *stage)
{
	int state = c->merged ? c->state : ProcessState(stage, c->suspended, c->supervised);
	const char *note =
		psprintf("%s %d -> %d", migration->to->code, migration->from->version, migration->to->version);
	Datum step[10] = {Int32GetDatum(c->rec_id),
					  Int32GetDatum(c->step_count + 1),
					  CStringGetTextDatum(ACTION_MIGRATE),
					  Int32GetDatum(c->state),
					  Int32GetDatum(state),
					  CStringGetTextDatum(migration->by),
					  CStringGetTextDatum(note),
					  CStringGetTextDatum(c->stage),
					  CStringGetTextDatum(stage->name),
					  Int32GetDatum(c->version + 1)};
	Datum row[7] = {step[0], Int32GetDatum(migration->to->version), step[8],
					step[4], Int32GetDatum(stage->state),           step[9],
					step[1]};
	Datum task[5] = {step[0], step[8], step[4], StageRoles(stage),
					 stage->role == NULL ? (Datum) 0 : CStringGetTextDatum(stage->role)};
	bool nulls[5] = {false, false, false, false, stage->role == NULL};

	SpiRun(&insert_step, step, NULL, SPI_OK_INSERT, 0);
	SpiRun(&update_case, row, NULL, SPI_OK_UPDATE, 0);
	if (stage->role != NULL)
		SpiRun(&update_task, task, nulls, SPI_OK_UPDATE, 0);
	if (!c->merged)
		CaseDuplicatesFollow(c->rec_id, state, ChangeInstant());
}

/* Judges and migrates one case, SPI being connected. */
static void
MigrateCase(Migration *migration, int32 rec_id)
{
	MigratedCase c;
	const ProcessStage *before;
	const ProcessStage *after;

	if (!ReadMigrated(migration, rec_id, &c))
		return;
	before = ProcessStageFind(migration->from, c.stage);
	if (before != NULL && before->final && !migration->filter.closed)
		return;
	after = StageAfter(migration, c.stage);
	if (after == NULL)
	{
		PutRow(migration, &c, NULL, CBD_PROCESS_NO_STAGE,
			   Said("version %d{version} has no such stage; map it: {\"stageMap\":{\"%s{stage}\":\"...\"}}",
					migration->to->version, c.stage));
		return;
	}
	if (!migration->dry_run)
		WriteMigrated(migration, &c, after);
	PutRow(migration, &c, after->name, CBD_OK,
		   SaidText(migration->dry_run ? "would be migrated" : "migrated"));
}

/* All cases of the filter, by their numbers. What a case needs is freed after it. */
static void
MigrateAll(Migration *migration)
{
	const Filter *filter = &migration->filter;
	Datum values[9] = {CStringGetTextDatum(migration->from->code), Int32GetDatum(migration->from->version)};
	bool nulls[9] = {false};
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "citybigdata case", ALLOCSET_SMALL_SIZES);
	MemoryContext caller;
	uint64 count;
	int32 *cases;

	memcpy(&values[2], filter->lists, sizeof(filter->lists));
	memcpy(&nulls[2], filter->nulls, sizeof(filter->nulls));
	values[7] = Int32GetDatum(filter->limit);
	values[8] = BoolGetDatum(filter->closed);
	caller = MemoryContextSwitchTo(one);
	SpiBegin();
	count = SpiRun(nulls[2] ? &cases_query : &numbered_query, values, nulls, SPI_OK_SELECT, 0);
	cases = MemoryContextAlloc(caller, sizeof(int32) * (count + 1));
	for (uint64 i = 0; i < count; i++)
		cases[i] = SpiInt32(i, 1);
	SpiEnd();
	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		SpiBegin();
		MigrateCase(migration, cases[i]);
		SpiEnd();
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(caller);
}

/* A version of the process; error 40411. */
static const Process *
ArgVersion(const char *code, int32 version)
{
	const Process *process = ProcessFind(code, version);

	if (process == NULL)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_NO_SUCH_PROCESS)),
				 saymsg("there is no version %d{version} of process \"%.63s{process}\"", version, code),
				 saydetail("The versions are in citybigdata.process."),
				 sayhint("A valid one is (\"%s{process}\", 1).", PROCESS_DEFAULT)));
	return process;
}

/* migrate_cases(process, from_version, to_version, filter, dry_run): a row for each case: task_num,
 * from_stage, to_stage, status_code, message. Errors: 40411, 42200. */
PG_FUNCTION_INFO_V1(cbd_migrate_cases);
extern Datum cbd_migrate_cases(PG_FUNCTION_ARGS);

Datum
cbd_migrate_cases(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Jsonb *document = PG_GETARG_JSONB_P(3);
	char *text = JsonbToCString(NULL, &document->root, VARSIZE(document));
	Migration migration = {.dry_run = PG_GETARG_BOOL(4)};
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, strlen(text), &refusal);
	ErrorList errors;

	ErrorsBegin(&errors);
	migration.from = ArgVersion(code, PG_GETARG_INT32(1));
	migration.to = ArgVersion(code, PG_GETARG_INT32(2));
	migration.by = ReviewerName(NULL);
	if (migration.from == migration.to)
		ErrorAdd(&errors, "/toVersion", CBD_FIELD_OUT_OF_RANGE, "another version is expected");
	if (root == NULL)
		ErrorAdd(&errors, "", refusal.status, refusal.message);
	else
		ReadFilter(&migration, root, &errors);
	ErrorsRaise(&errors,
				"For example migrate_cases('city-management', 1, 1001, '{\"stages\":[\"accept\"]}').");
	InitMaterializedSRF(fcinfo, 0);
	migration.result = (ReturnSetInfo *) fcinfo->resultinfo;
	MigrateAll(&migration);
	AuditWrite(NULL, NULL, "process.migrate", code, CBD_OK,
			   psprintf("version %d to %d: " INT64_FORMAT " cases, " INT64_FORMAT " refused%s",
						migration.from->version, migration.to->version, migration.migrated, migration.refused,
						migration.dry_run ? ", dry run" : ""));
	return (Datum) 0;
}
