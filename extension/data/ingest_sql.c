/*
 * define_dataset(), ingest(), ingest_staged(): who calls, as whom rows are written; cleaning and SQL are
 * elsewhere (clean.c, part 76).
 *
 * Rows are written as the owner of the table, never as the extension's owner and not as the caller: triggers,
 * domains and defaults of the table run with the rights of who made them, and who may ingest needs no more
 * than INSERT.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

#include "data/as_publisher.h"
#include "core/owner_rights.h"
#include "core/say.h"
#include "data/catalogue.h"
#include "data/dataset.h"
#include "core/spi.h"

#define INGEST_COLUMNS 3 /* batch_id, accepted, rejected */

/* What ingest() returns. */
typedef struct IngestCounts
{
	int64 batch;
	int64 accepted;
	int64 rejected;
} IngestCounts;

/* $1 caller, $2 administers the platform?, then as define_dataset(). */
static SpiQuery run_define = {"SELECT citybigdata.define_dataset_as($1, $2, $3, $4, $5)",
							  5,
							  {TEXTOID, BOOLOID, TEXTOID, OIDOID, JSONBOID}};
/* $1 dataset: who owns its table, the table, its key. */
static SpiQuery find_dataset = {
	"SELECT r.oid::bigint, c.oid::bigint, d.schema_name, d.relation_name, "
	"d.key_columns,"
	" (SELECT b.object_oid FROM citybigdata.bound_object b WHERE b.kind = 'dataset'"
	"  AND b.code = d.dataset_code AND b.cluster_id = $2 AND b.database_oid = $3)"
	" FROM citybigdata.dataset d"
	" LEFT JOIN pg_roles r ON r.rolname = d.owner_role"
	" LEFT JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace) ON "
	"n.nspname = d.schema_name AND c.relname = d.relation_name"
	" WHERE d.dataset_code = $1",
	3,
	{TEXTOID, INT8OID, OIDOID}};
/* rows of one dataset that come at once in two orders would wait for each other */
static SpiQuery lock_dataset = {"SELECT citybigdata.own_lock(\'ingest \' || $1)", 1, {TEXTOID}};
/* $1 records as jsonb: its elements, in order. */
static SpiQuery array_elements = {"SELECT coalesce(array_agg(e ORDER BY n), '{}') FROM "
								  "jsonb_array_elements($1) WITH ORDINALITY AS r (e, n)",
								  1,
								  {JSONBOID}};
/* $1 dataset, $2 records, $3 source: a new batch; what is good, and where it stood. */
static SpiQuery run_clean = {
	"SELECT c.batch_id, c.places, c.records FROM citybigdata.ingest_clean($1, $2, $3) c",
	3,
	{TEXTOID, JSONBARRAYOID, TEXTOID}};
/* $1 schema, $2 table, $3 key, $4 records: which of them the table refuses, and why. */
static SpiQuery run_insert = {"SELECT i.errors, i.reasons FROM citybigdata.ingest_insert($1, $2, $3, $4) i",
							  4,
							  {TEXTOID, TEXTOID, TEXTARRAYOID, JSONBARRAYOID}};
/* $1 batch and what became of its records: the counts. */
static SpiQuery run_finish = {
	"SELECT f.accepted, f.rejected FROM citybigdata.ingest_finish($1, $2, $3, $4, $5) f",
	5,
	{INT8OID, JSONBARRAYOID, INT4ARRAYOID, INT4ARRAYOID, TEXTARRAYOID}};
/* From the last one taken on, up to the ten thousandth: two bounds of the index; what this transaction has
 * deleted is still in it. */
static SpiQuery take_staged = {
	.sql = "WITH part AS MATERIALIZED (SELECT max(f.staged_id) AS last FROM (SELECT t.staged_id FROM "
		   "citybigdata.ingest_staging t"
		   " WHERE t.dataset_code = $1 AND t.staged_by = $2 AND t.staged_id > $3 ORDER BY t.staged_id LIMIT "
		   "10000) f),"
		   " taken AS (DELETE FROM citybigdata.ingest_staging s WHERE s.dataset_code = $1 AND s.staged_by = "
		   "$2 AND s.staged_id > $3"
		   " AND s.staged_id <= (SELECT p.last FROM part p) RETURNING s.staged_id, s.record)"
		   " SELECT array_agg(t.record ORDER BY t.staged_id), max(t.staged_id) FROM taken t",
	.nargs = 3,
	.types = {TEXTOID, NAMEOID, INT8OID},
	.by_index = true};

/* Triggers of a superuser's table would run with all rights. */
static void
RefuseSuperuserTriggers(const char *code, Oid relation)
{
	if (RunsAsSuperuser(relation, false, true))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						saymsg("the table of dataset \"%s{dataset}\" belongs to a superuser, and its "
							   "triggers would run with all "
							   "rights",
							   code),
						sayhint("ALTER TABLE ... OWNER TO a role of its own, which defines it again; or set "
								"citybigdata.superuser_code.")));
}

/* define_dataset(code text, relation text, options jsonb): the caller must be its owner, or a member of that
 * role. */
PG_FUNCTION_INFO_V1(cbd_define_dataset);
Datum
cbd_define_dataset(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Oid relation = DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(name)));
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	OwnerRights rights;
	Datum values[5];
	Oid owner;

	if (!HeapTupleIsValid(tuple) || strchr("rpf", ((Form_pg_class) GETSTRUCT(tuple))->relkind) == NULL ||
		((Form_pg_class) GETSTRUCT(tuple))->relpersistence == RELPERSISTENCE_TEMP)
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE), saymsg("%s{relation} is no permanent table", name),
			 sayhint(
				 "For example SELECT citybigdata.define_dataset('street-lights', 'public.street_light').")));
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 saymsg("must be owner of %s{relation} to define a dataset on it", name),
				 saydetail("It belongs to %s{owner}; records are stored, and its triggers run, with the "
						   "rights of its owner.",
						   GetUserNameFromId(owner, true)),
				 sayhint("Its owner, or a member of that role, defines the dataset; GRANT INSERT lets others "
						 "ingest.")));
	RefuseSuperuserTriggers(text_to_cstring(PG_GETARG_TEXT_PP(0)), relation);
	values[0] = CStringGetTextDatum(GetUserNameFromId(owner, false));
	values[1] = BoolGetDatum(AdministersPlatform(GetUserId()));
	values[2] = PG_GETARG_DATUM(0);
	values[3] = ObjectIdGetDatum(relation);
	values[4] = PG_GETARG_DATUM(2);
	TakeOwnerRights(&rights);
	SpiBegin();
	(void) SpiRun(&run_define, values, NULL, SPI_OK_SELECT, 1);
	SpiEnd();
	DropOwnerRights(&rights);
	PG_RETURN_VOID();
}

void
FindDataset(const char *code, Dataset *dataset)
{
	Datum values[3] = {CStringGetTextDatum(code), Int64GetDatum((int64) GetSystemIdentifier()),
					   ObjectIdGetDatum(MyDatabaseId)};
	Oid bound;
	Oid strange;
	bool isnull;

	if (SpiRead(&find_dataset, values, NULL, 1) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), saymsg("dataset \"%s{dataset}\" is not defined", code),
				 errhint("SELECT citybigdata.define_dataset('%s', 'public.street_light', "
						 "'{\"rules\": []}');",
						 "street-lights")));
	dataset->role = (Oid) SpiInt64(0, 1);
	dataset->relation = (Oid) SpiInt64(0, 2);
	dataset->schema = SpiDatum(0, 3, &isnull);
	dataset->name = SpiDatum(0, 4, &isnull);
	dataset->key = SpiDatum(0, 5, &dataset->no_key);
	bound = SpiIsNull(0, 6) ? InvalidOid : (Oid) SpiInt64(0, 6);
	if (!OidIsValid(dataset->role) || !OidIsValid(dataset->relation))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 saymsg("the table or the role of dataset \"%s{dataset}\" is gone", code),
				 sayhint("Define it again: SELECT citybigdata.define_dataset('%s{dataset}', ...).", code)));
	LockRelationOid(dataset->relation, RowExclusiveLock);
	if ((OidIsValid(bound) && bound != dataset->relation) ||
		!OwnsWholeTable(dataset->relation, dataset->role, &strange, NULL))
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 saymsg("the table of dataset \"%s{dataset}\" is another one, or it or a part of it does not "
					"belong to %s{owner} "
					"any more",
					code, GetUserNameFromId(dataset->role, false)),
			 sayhint("Its owner can define it again: SELECT citybigdata.define_dataset('%s{dataset}', ...).",
					 code)));
	RefuseSuperuserTriggers(code, dataset->relation);
}

/* The dataset, when the caller may ingest into it: member of its role, administrator, or able to insert
 * himself. */
static void
FindOwnDataset(const char *code, Oid caller, Dataset *dataset)
{
	FindDataset(code, dataset);
	if (!is_member_of_role(caller, dataset->role) && !AdministersPlatform(caller) &&
		pg_class_aclcheck(dataset->relation, caller, ACL_INSERT) != ACLCHECK_OK)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						saymsg("dataset \"%s{dataset}\" belongs to %s{owner}", code,
							   GetUserNameFromId(dataset->role, false)),
						sayhint("Its role can GRANT INSERT on the table.")));
}

/* One import into a dataset at a time, until the transaction ends. */
static void
LockDataset(const char *code)
{
	Datum values[1] = {CStringGetTextDatum(code)};

	(void) SpiRun(&lock_dataset, values, NULL, SPI_OK_SELECT, 1);
}

/*
 * Stores the cleaned records as the dataset's role; *errors, *reasons: what its table refused. Settings that
 * code of the table makes end with it.
 */
static void
StoreRecords(const Dataset *dataset, Datum records, Datum *errors, Datum *reasons)
{
	Datum values[4] = {dataset->schema, dataset->name, dataset->key, records};
	bool nulls[4] = {false, false, dataset->no_key, false};
	bool isnull;
	PublisherRights rights;

	TakePublisherRights(&rights, dataset->role, false);
	(void) SpiRun(&run_insert, values, nulls, SPI_OK_SELECT, 1);
	DropPublisherRights(&rights);
	*errors = SpiDatum(0, 1, &isnull);
	*reasons = SpiDatum(0, 2, &isnull);
}

/* One batch: cleaned and kept as the owner, stored as the dataset's role. */
static void
IngestBatch(const char *code, const Dataset *dataset, Oid caller, Datum rows, IngestCounts *counts)
{
	Datum clean[3] = {CStringGetTextDatum(code), rows, CStringGetTextDatum(GetUserNameFromId(caller, false))};
	Datum finish[5] = {0};
	bool finish_nulls[5] = {false};
	bool isnull;
	Datum records;

	(void) SpiRun(&run_clean, clean, NULL, SPI_OK_SELECT, 1);
	finish[0] = SpiDatum(0, 1, &isnull);
	counts->batch = DatumGetInt64(finish[0]);
	finish[1] = rows;
	finish[2] = SpiDatum(0, 2, &finish_nulls[2]);
	records = SpiDatum(0, 3, &isnull);
	finish_nulls[3] = finish_nulls[4] = isnull;
	if (!isnull)
		StoreRecords(dataset, records, &finish[3], &finish[4]);
	(void) SpiRun(&run_finish, finish, finish_nulls, SPI_OK_SELECT, 1);
	counts->accepted += SpiInt64(0, 1);
	counts->rejected += SpiInt64(0, 2);
}

/* The result row: batch, accepted, rejected. */
static Datum
CountsRow(FunctionCallInfo fcinfo, const IngestCounts *counts)
{
	TupleDesc shape;
	Datum values[INGEST_COLUMNS] = {Int64GetDatum(counts->batch), Int64GetDatum(counts->accepted),
									Int64GetDatum(counts->rejected)};
	bool nulls[INGEST_COLUMNS] = {counts->batch == 0};

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "ingest() returns a row");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls));
}

/* ingest(dataset text, rows jsonb): (batch_id, accepted, rejected). */
PG_FUNCTION_INFO_V1(cbd_ingest);
Datum
cbd_ingest(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	IngestCounts counts = {0};
	OwnerRights rights;
	Dataset dataset;
	bool isnull;

	TakeOwnerRights(&rights);
	SpiBegin();
	FindOwnDataset(code, rights.role, &dataset);
	if (!JB_ROOT_IS_ARRAY(PG_GETARG_JSONB_P(1)) || JB_ROOT_IS_SCALAR(PG_GETARG_JSONB_P(1)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("rows must be a JSON array of objects"),
				 sayhint("[{\"light_id\": 1}, {\"light_id\": 2}]")));
	if (!dataset.no_key)
		LockDataset(code);
	(void) SpiRun(&array_elements, &PG_GETARG_DATUM(1), NULL, SPI_OK_SELECT, 1);
	IngestBatch(code, &dataset, rights.role, SpiDatum(0, 1, &isnull), &counts);
	SpiEnd();
	DropOwnerRights(&rights);
	return CountsRow(fcinfo, &counts);
}

/* Takes and stores the next ten thousand records after *last; false: there are none. What it allocates is the
 * caller's to reset. */
static bool
IngestNext(const char *code, const Dataset *dataset, Oid caller, int64 *last, IngestCounts *counts)
{
	NameData role;
	Datum values[3] = {CStringGetTextDatum(code), NameGetDatum(&role), Int64GetDatum(*last)};
	Datum rows;
	bool none;

	namestrcpy(&role, GetUserNameFromId(caller, false));
	SpiBegin();
	(void) SpiRun(&take_staged, values, NULL, SPI_OK_SELECT, 1);
	rows = SpiDatum(0, 1, &none);
	if (!none)
	{
		*last = SpiInt64(0, 2);
		IngestBatch(code, dataset, caller, rows, counts);
	}
	SpiEnd();
	return !none;
}

/* ingest_staged(dataset text): (batch_id, accepted, rejected) over batches of ten thousand; batch_id null:
 * nothing was staged. */
PG_FUNCTION_INFO_V1(cbd_ingest_staged);
Datum
cbd_ingest_staged(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	IngestCounts counts = {0};
	OwnerRights rights;
	Dataset dataset;
	int64 last = 0;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext batch = AllocSetContextCreate(caller, "citybigdata ingest", ALLOCSET_DEFAULT_SIZES);
	bool more;

	TakeOwnerRights(&rights);
	SpiBegin();
	FindOwnDataset(code, rights.role, &dataset);
	LockDataset(code);
	SpiEnd();
	do
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(batch);
		more = IngestNext(code, &dataset, rights.role, &last, &counts);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(batch);
	} while (more);
	MemoryContextDelete(batch);
	DropOwnerRights(&rights);
	return CountsRow(fcinfo, &counts);
}
