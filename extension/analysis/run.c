/*
 * Running an algorithm: as its publisher, read-only, in a security-restricted operation, within limits.
 *
 *   time     TimeBudget: interrupted as by a cancel request; who catches that loses the session soon after
 *   memory   MemoryBudget of the process; temporary files by temp_file_limit
 *   result   rows and bytes, by result.c
 *   writing  XactReadOnly; besides, a function that is not VOLATILE cannot write by itself
 *
 * The state of the data and the result are read with one snapshot: the function is STABLE, so that its
 * queries see what the statement sees. All happens in a subtransaction that is rolled back in any case.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/regproc.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "analysis/algorithm.h"
#include "core/guarded.h"
#include "core/guc_analysis.h"
#include "core/memory_budget.h"
#include "core/owner_rights.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/time_budget.h"
#include "data/as_publisher.h"
#include "data/query.h"

/* One run. */
typedef struct Run
{
	const Algorithm *algorithm;
	const AlgorithmValues *values;
	AlgorithmOutcome *outcome;
	MemoryContext context;
	char *postgis;
} Run;

/* Settings of a run, made as a superuser would make them; undone with the nest level of the rights. */
static void
LimitSettings(void)
{
	char size[32];

	snprintf(size, sizeof(size), "%d", guc_analysis_temp_size);
	(void) set_config_option("temp_file_limit", size, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
	/* workers would have memory of their own, and take processors from requests */
	(void) set_config_option("max_parallel_workers_per_gather", "0", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	/* its library ends the session where memory is short */
	(void) set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/* Runs a statement with the snapshot that is active; rows go to `receiver`, or to SPI's result when NULL. */
static void
Execute(const char *sql, int n, Oid *types, Datum *values, bool *nulls, Oid function, DestReceiver *receiver)
{
	SPIPlanPtr plan = SPI_prepare(sql, n, types);
	SPIExecuteOptions options = {0};
	ParamListInfo list = makeParamList(n);
	int result;

	if (plan == NULL)
		elog(ERROR, "\"%s\" cannot be prepared: %s", sql, SPI_result_code_string(SPI_result));
	/* the name, parsed now, must lead to the function that was judged */
	if (OidIsValid(function))
	{
		CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));
		RangeTblEntry *entry = linitial_node(RangeTblEntry, linitial_node(Query, source->query_list)->rtable);
		Node *call = entry->rtekind == RTE_FUNCTION
						 ? linitial_node(RangeTblFunction, entry->functions)->funcexpr
						 : NULL;

		if (call == NULL || !IsA(call, FuncExpr) || ((FuncExpr *) call)->funcid != function)
			ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
							saymsg("%s{source} is not what was published under this name", sql)));
	}
	for (int i = 0; i < n; i++)
	{
		list->params[i].value = values[i];
		list->params[i].isnull = nulls[i];
		list->params[i].pflags = PARAM_FLAG_CONST;
		list->params[i].ptype = types[i];
	}
	options.params = list;
	options.read_only = true;
	options.dest = receiver;
	result = SPI_execute_plan_extended(plan, &options);
	if (result != SPI_OK_SELECT || (receiver == NULL && SPI_processed != 1))
		elog(ERROR, "\"%s\" returned %s", sql, SPI_result_code_string(result));
}

/* The text of the one value of such a statement; NULL when null. */
static char *
OnlyText(void)
{
	char *text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);

	return text == NULL ? NULL : SpiKeep(text);
}

/* May its rows be read for the state of the data: a table of the publisher, or of the extension for what is
 * shipped? */
static void
CheckRelation(const Run *run, const char *name)
{
	const Algorithm *algorithm = run->algorithm;
	Oid relation = DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(name)));
	Oid owner = OwnerOfObject(relation, false);
	char kind = get_rel_relkind(relation);

	if ((owner != algorithm->publisher && !(algorithm->shipped && owner == CatalogueOwner())) ||
		(kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE && kind != RELKIND_MATVIEW))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("%s{relation} is no table of the algorithm's publisher", name)));
}

/*
 * The state of the rows of the relations. Each version of a row carries the number of the transaction that
 * made it, and all that a transaction made are there from its commit on: the same numbers, as often, are the
 * same rows.
 */
static char *
RelationsVersion(const Run *run)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(
		&sql, "SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(' '");
	for (int i = 0; i < run->algorithm->relation_count; i++)
	{
		CheckRelation(run, run->algorithm->relations[i]);
		appendStringInfo(&sql,
						 ", (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), "
						 "pg_catalog.sum(pg_catalog.hashtextextended("
						 "r.xmin::pg_catalog.text, 0))) FROM %s r)",
						 run->algorithm->relations[i]);
	}
	appendStringInfoString(&sql, "), 'UTF8')), 'hex')");
	Execute(sql.data, 0, NULL, NULL, NULL, InvalidOid, NULL);
	return OnlyText();
}

/* What the publisher's function says of the data, given the canonical parameters. */
static char *
FunctionVersion(const Run *run)
{
	const Algorithm *algorithm = run->algorithm;
	char *signature = psprintf("%s(pg_catalog.jsonb)", algorithm->version_function);
	Oid function = DatumGetObjectId(DirectFunctionCall1(regprocedurein, CStringGetDatum(signature)));
	Oid types[1] = {JSONBOID};
	Datum values[1] = {DirectFunctionCall1(jsonb_in, CStringGetDatum(run->values->canonical))};
	bool nulls[1] = {false};

	if (OwnerOfObject(function, true) != algorithm->publisher)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("%s{function} does not belong to the algorithm's publisher", signature)));
	Execute(psprintf("SELECT r::pg_catalog.text FROM %s($1) r", algorithm->version_function), 1, types,
			values, nulls, function, NULL);
	return OnlyText();
}

static char *
DataVersion(const Run *run)
{
	if (run->algorithm->relation_count > 0)
		return RelationsVersion(run);
	if (run->algorithm->version_function != NULL)
		return FunctionVersion(run);
	Execute("SELECT 'snapshot ' || pg_catalog.pg_current_snapshot()::pg_catalog.text", 0, NULL, NULL, NULL,
			InvalidOid, NULL);
	return OnlyText();
}

/* The columns of the result, places as GeoJSON in degrees. */
static void
AppendColumns(StringInfo sql, const Run *run)
{
	const Algorithm *algorithm = run->algorithm;

	for (int i = 0; i < algorithm->column_count; i++)
	{
		const AlgorithmColumn *column = &algorithm->columns[i];

		if (i > 0)
			appendStringInfoString(sql, ", ");
		if (column->field.kind != FIELD_POINT && column->field.kind != FIELD_GEOMETRY)
			appendStringInfo(sql, "r.%s", column->column);
		else
			appendStringInfo(sql,
							 "%1$s.st_asgeojson(CASE WHEN %1$s.st_srid(r.%2$s::%1$s.geometry) "
							 "OPERATOR(pg_catalog.=) ANY (ARRAY[0, "
							 "4326, 4490]) THEN r.%2$s::%1$s.geometry ELSE "
							 "%1$s.st_transform(r.%2$s::%1$s.geometry, 4490) END, 8, 0)",
							 run->postgis, column->column);
	}
	if (!algorithm->is_table)
		appendStringInfoString(sql, "r.value::pg_catalog.jsonb");
}

/* The call itself, its result into outcome->body. */
static void
Call(const Run *run)
{
	const Algorithm *algorithm = run->algorithm;
	Oid types[ALGORITHM_ARGUMENTS];
	Datum values[ALGORITHM_ARGUMENTS];
	bool nulls[ALGORITHM_ARGUMENTS];
	StringInfoData sql;
	int n = 0;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	AppendColumns(&sql, run);
	appendStringInfo(&sql, " FROM %s(", algorithm->source);
	for (int i = 0; i < algorithm->parameter_count; i++)
	{
		if (!run->values->given[i])
			continue;
		types[n] = algorithm->parameters[i].type;
		values[n] = run->values->values[i];
		nulls[n] = run->values->isnull[i];
		appendStringInfo(&sql, "%s%s => $%d", n == 0 ? "" : ", ", algorithm->parameters[i].argument, n + 1);
		n++;
	}
	appendStringInfoString(&sql, algorithm->is_table ? ") r" : ") r (value)");
	Execute(sql.data, n, types, values, nulls, algorithm->function,
			(DestReceiver *) ResultReceiver(algorithm, &run->outcome->body));
}

/* GuardedWork: all of it as the publisher. */
static bool
RunWork(void *state)
{
	Run *run = state;
	PublisherRights rights;
	char *version;

	TakePublisherRights(&rights, run->algorithm->publisher, true);
	FixSettings();
	LimitSettings();
	PushActiveSnapshot(GetTransactionSnapshot());
	version = DataVersion(run);
	MemoryContextSwitchTo(run->context);
	run->outcome->data_version = version == NULL ? pstrdup("") : pstrdup(version);
	Call(run);
	PopActiveSnapshot();
	CHECK_FOR_INTERRUPTS();
	DropPublisherRights(&rights);
	return false; /* the document is outside: whatever else was done is undone */
}

/* An error as what came of the run; false: it is none of the algorithm's. */
static bool
TakeError(const Algorithm *algorithm, const ErrorData *error, int milliseconds, AlgorithmOutcome *outcome)
{
	CbdStatus status = StatusOfSqlstate(error->sqlerrcode);

	outcome->message = NULL;
	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
	{
		outcome->status = CBD_ALGORITHM_TIME;
		outcome->interrupted = !TimeBudgetSpent();
		outcome->message = SaidBoth("the algorithm took longer than %d{limit} ms", milliseconds);
	}
	else if (error->sqlerrcode == ERRCODE_OUT_OF_MEMORY ||
			 error->sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED)
	{
		outcome->status = CBD_ALGORITHM_MEMORY;
		outcome->message =
			SaidBoth("the algorithm took more than %d{limit} MB of memory", guc_analysis_memory);
	}
	else if (error->sqlerrcode == ERRCODE_CONFIGURATION_LIMIT_EXCEEDED)
	{
		outcome->status = CBD_ALGORITHM_MEMORY;
		outcome->message =
			SaidBoth("the algorithm wrote more than %d{limit} kB of temporary files", guc_analysis_temp_size);
	}
	else if (status == CBD_RESULT_TOO_LARGE || error->sqlerrcode == ERRCODE_RAISE_EXCEPTION)
	{
		/* what its author says to callers by RAISE EXCEPTION, and nothing that PostgreSQL says about his data
		 */
		outcome->status = status == CBD_OK ? CBD_INVALID_PARAMETER : status;
		outcome->message =
			error->message[0] == MESSAGE_BOTH && status == CBD_OK ? error->message + 1 : error->message;
	}
	else if (IsValueError(error->sqlerrcode))
	{
		outcome->status = CBD_INVALID_PARAMETER;
		outcome->message = SaidBoth("algorithm \"%s{code}\" cannot work with these values", algorithm->code);
	}
	else if (status == CBD_RESOURCE_BROKEN || IsRelationsError(error->sqlerrcode))
	{
		outcome->status = CBD_RESOURCE_BROKEN;
		outcome->message =
			SaidBoth("algorithm \"%s{code}\" fails: its publisher must look at it", algorithm->code);
		ereport(LOG, (errmsg("algorithm \"%s\": %s", algorithm->code, error->message)));
	}
	else
		return false;
	return true;
}

/* GuardedPasses: the server's end, and the session's, is nobody's outcome. */
static bool
Passes(const ErrorData *error, void *unused)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION &&
		   error->sqlerrcode != ERRCODE_QUERY_CANCELED;
}

void
AlgorithmRun(const Algorithm *algorithm, const AlgorithmValues *values, int milliseconds,
			 AlgorithmOutcome *outcome)
{
	Run run = {algorithm, values, outcome, CurrentMemoryContext, NULL};
	ErrorData *error = NULL;
	TimestampTz begin = GetCurrentTimestamp();

	memset(outcome, 0, sizeof(*outcome));
	initStringInfo(&outcome->body);
	outcome->computed_at = begin;
	run.postgis = pstrdup(quote_identifier(ExtensionSchema("postgis")));
	/* an algorithm that asks for another one, or for published data, would end the limits that it runs in */
	if (TimeBudgetRuns())
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("an algorithm asks for an algorithm"), sayhint("Call the function itself.")));
	TimeBudgetBegin(milliseconds);
	MemoryBudgetBegin(guc_analysis_memory);
	PG_TRY();
	{
		(void) RunGuarded(RunWork, &run, Passes, &error);
		/* its code may have caught the interruption and gone on */
		if (error == NULL && TimeBudgetSpent())
			outcome->status = CBD_ALGORITHM_TIME;
	}
	PG_FINALLY();
	{
		TimeBudgetEnd();
		MemoryBudgetEnd();
		EndPublisherLocks();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(run.context);
	if (outcome->status == CBD_ALGORITHM_TIME)
		outcome->message = SaidBoth("the algorithm took longer than %d{limit} ms", milliseconds);
	outcome->seconds = (GetCurrentTimestamp() - begin) / 1e6;
	if (error != NULL && !TakeError(algorithm, error, milliseconds, outcome))
		ReThrowError(error);
}
