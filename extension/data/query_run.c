/*
 * Runs the SELECT of a request: kept plan, read-only, as the role that published the relation, within its
 * latency budget.
 *
 * The publisher's rights are taken on with SECURITY_RESTRICTED_OPERATION, so that a view's or function's code
 * cannot keep them; XactReadOnly keeps it from writing; settings that it changes are undone, also those it
 * set for the session, which serves other callers next. All is put back at the end, and by the abort of the
 * transaction or subtransaction after an error.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "utils/builtins.h"
#include "utils/bytea.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "text/crypto.h"
#include "core/guc.h"
#include "data/as_publisher.h"
#include "data/query.h"
#include "core/reply.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/time_budget.h"
#include "text/entity_tag.h"
#include "text/hex.h"

#define ENTITY_TAG_BYTES 16     /* of the digest */
#define CHEAP_COST       5000.0 /* of the planner: what is counted unasked takes some 20 ms at most */
#define ENTITY_TAG_ROWS                                                                                      \
	100000 /* of a relation beyond which its state would cost more than a reply: no tag                      \
			*/

static bool running; /* a relation is being read: it may not ask the interface again */

/* $1 code table: its codes in bytewise order, for bsearch. */
static SpiQuery find_code_names = {"SELECT c.code, c.name FROM citybigdata.code_table_row c WHERE "
								   "c.table_name = $1 ORDER BY c.code COLLATE \"C\"",
								   1,
								   {TEXTOID}};

/* NULL without arguments: then one plan serves from the first time on. */
static ParamListInfo
Arguments(const DataQuery *query, int n)
{
	ParamListInfo list;

	if (n == 0)
		return NULL;
	list = makeParamList(n);
	for (int i = 0; i < n; i++)
	{
		list->params[i].value = query->args[i];
		list->params[i].isnull = false;
		list->params[i].pflags = PARAM_FLAG_CONST;
		list->params[i].ptype = query->types[i];
	}
	return list;
}

/* Runs a statement of the request by its kept plan; rows go to `receiver`, or to SPI's result when
 * NULL. */
static void
Execute(DataQuery *query, const char *sql, int nargs, DestReceiver *receiver, uint64 limit)
{
	/* one day or ten years, a street or a province: a plan for neither value serves both */
	SPIPlanPtr plan = ResourcePlan(query->resource, sql, nargs, query->types,
								   query->selective ? CURSOR_OPT_CUSTOM_PLAN : 0);
	SPIExecuteOptions options = {0};
	int result;

	options.params = Arguments(query, nargs);
	/* a snapshot of its own, newer than the lock: a rewritten table looks empty to an older one. XactReadOnly
	 * forbids writing */
	options.read_only = false;
	options.tcount = limit;
	options.dest = receiver;
	result = SPI_execute_plan_extended(plan, &options);
	SpiRan();
	if (result != SPI_OK_SELECT)
		elog(ERROR, "\"%s\" returned %s", sql, SPI_result_code_string(result));
}

/* What the planner expects for exactly these values: rows, and *cost (NULL: not wanted) in its units. */
static int64
Estimate(DataQuery *query, const char *sql, int nargs, double *cost)
{
	SPIPlanPtr plan = ResourcePlan(query->resource, sql, nargs, query->types, CURSOR_OPT_CUSTOM_PLAN);
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));
	CachedPlan *cached = GetCachedPlan(source, Arguments(query, nargs), CurrentResourceOwner, NULL);
	PlannedStmt *statement = linitial_node(PlannedStmt, cached->stmt_list);
	int64 rows = (int64) statement->planTree->plan_rows;

	if (cost != NULL)
		*cost = statement->planTree->total_cost;
	ReleaseCachedPlan(cached, CurrentResourceOwner);
	return rows;
}

double
QueryCost(DataQuery *query, const char *sql)
{
	double cost;

	(void) Estimate(query, sql, query->nargs, &cost);
	return cost;
}

/* total: what the planner expects, or an exact count; where only a cheap one is wanted, of the one page that
 * there is, or by the planner's cost. */
static void
CountRows(DataQuery *query, const char *sql, int nargs)
{
	double cost;

	if (query->count == COUNT_ESTIMATE)
		query->total = Estimate(query, sql, nargs, NULL);
	else if (query->count == COUNT_CHEAP && !query->more)
		query->total = query->rows;
	else if (query->count == COUNT_CHEAP)
	{
		(void) Estimate(query, sql, nargs, &cost);
		if (cost > CHEAP_COST || query->resource->is_function)
			return;
	}
	if (query->total < 0)
	{
		Execute(query, sql, nargs, NULL, 1);
		query->total = SpiInt64(0, 1);
	}
}

/* The tag of the reply, of all that decides it: the data's version, the request, the caller's level. */
static void
MakeEntityTag(DataQuery *query, const char *sql)
{
	StringInfoData parts;
	unsigned char digest[DIGEST_MAX];
	char hex[HEX_SIZE(DIGEST_MAX)];
	char *version;

	Execute(query, sql, 0, NULL, 1);
	version = SpiText(0, 1);
	MemoryContextSwitchTo(query->context);
	initStringInfo(&parts);
	appendStringInfo(&parts, "%s/%d/%d/%s;", query->resource->code, query->resource->version, query->level,
					 version == NULL ? "" : version);
	appendBinaryStringInfo(&parts, query->whole.data, query->whole.len);
	if (!DigestBytes(DIGEST_SHA256, parts.data, parts.len, digest))
		elog(ERROR, "SHA-256 failed");
	HexText(digest, ENTITY_TAG_BYTES, hex);
	query->entity_tag = pstrdup(hex);
	query->unchanged =
		query->if_none_match != NULL && EntityTagListed(FrameText(query->if_none_match), FrameText(hex));
}

/* The names of all coded fields, before the publisher's rights are taken on. */
static void
LoadCodeNames(DataQuery *query)
{
	for (int i = 0; i < query->ncolumns; i++)
	{
		OutColumn *column = &query->columns[i];
		StringInfoData name;
		Datum values[1];
		uint64 rows;

		if (column->field->code_table == NULL || column->role != COLUMN_VALUE)
			continue;
		initStringInfo(&name);
		appendStringInfo(&name, "%sName", column->field->name);
		if (ResourceFieldByName(query->resource, name.data, name.len) != NULL)
			continue; /* the relation has it already */
		column->ncodes = -1;
		if (strcmp(column->field->code_table, "divisions") == 0)
			continue;
		values[0] = CStringGetTextDatum(column->field->code_table);
		rows = SpiRead(&find_code_names, values, NULL, 0);
		MemoryContextSwitchTo(query->context);
		column->codes = palloc(sizeof(CodeName) * Max(rows, 1));
		column->ncodes = (int) rows;
		for (uint64 row = 0; row < rows; row++)
			column->codes[row] = (CodeName){SpiText(row, 1), SpiText(row, 2)};
	}
}

bool
IsRelationsError(int sqlerrcode)
{
	switch (ERRCODE_TO_CATEGORY(sqlerrcode))
	{
		case MAKE_SQLSTATE('U', 'D', '0', '0', '0'):
		case ERRCODE_TRANSACTION_ROLLBACK:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
			return false;
		case ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE:
			/* a materialised view that was never filled; not: a lock, an object in use */
			return sqlerrcode == ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
		case ERRCODE_SYSTEM_ERROR:
			/* the file of a foreign table is gone; not: a disk that fails */
			return sqlerrcode == ERRCODE_UNDEFINED_FILE;
		default:
			return sqlerrcode != ERRCODE_DATA_CORRUPTED && sqlerrcode != ERRCODE_INDEX_CORRUPTED;
	}
}

bool
IsValueError(int sqlerrcode)
{
	return ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_DATA_EXCEPTION || sqlerrcode == ERRCODE_NO_DATA_FOUND ||
		   sqlerrcode == ERRCODE_TOO_MANY_ROWS;
}

/* Is it of a server or file that a foreign table stands for? */
static bool
IsForeignError(int sqlerrcode)
{
	return ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_FDW_ERROR ||
		   ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_CONNECTION_EXCEPTION ||
		   sqlerrcode == ERRCODE_UNDEFINED_FILE;
}

const char *
CauseOf(int sqlerrcode)
{
	if (sqlerrcode == ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE)
		return MESSAGE("The materialised view was never filled.");
	if (sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE)
		return MESSAGE("Its publisher lacks a right that reading it takes.");
	if (IsForeignError(sqlerrcode))
		return MESSAGE("The server or file behind a foreign table does not answer.");
	return MESSAGE("The relation was changed after it was published, or its code fails.");
}

/* What to do about an error of the relation. */
static const char *
RemedyOf(int sqlerrcode)
{
	if (sqlerrcode == ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE)
		return MESSAGE("REFRESH MATERIALIZED VIEW fills it.");
	if (sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE)
		return MESSAGE("GRANT its publisher what its code reads, USAGE on the schemas too.");
	if (IsForeignError(sqlerrcode))
		return MESSAGE("The server or file behind the foreign table must answer again.");
	return MESSAGE(
		"SELECT * FROM citybigdata.catalogue_problems(); tells what changed, if it is the relation.");
}

/*
 * An error of the publisher's relation or of the budget as a status code; others stay what they are.
 * `budget`, `epsg`: see RunAsPublisher(). Called with the error caught.
 */
static void
pg_attribute_noreturn() RaiseTranslated(const Resource *resource, int budget, int epsg, ErrorData *error)
{
	/* whose data the words may hold may read them; the server's log has them in any case */
	const char *words = resource->details ? psprintf(": %s", error->message) : "";

	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED && TimeBudgetSpent())
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_TIMEOUT)),
				 saymsg("resource \"%s{resource}\" took longer than %d{limit} ms", resource->code, budget),
				 sayhint("Ask for less: a division, a time range, fewer rows; or filter by fields that have "
						 "an index.")));
	/* what the author of a function says to its callers by RAISE EXCEPTION, and nothing that PostgreSQL says
	 * about his data */
	if (resource->is_function && error->sqlerrcode == ERRCODE_RAISE_EXCEPTION)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_INVALID_PARAMETER)), errmsg("%s", error->message),
						error->hint != NULL ? errhint("%s", error->hint) : 0));
	if (resource->is_function && IsValueError(error->sqlerrcode))
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_INVALID_PARAMETER)),
				 saymsg("the function of resource \"%s{resource}\" cannot work with these values%s{words}",
						resource->code, words),
				 errdetail_log("%s", error->message)));
	/* PostGIS: a geometry that the system the caller asked for cannot show */
	if (epsg != 0 && error->sqlerrcode == ERRCODE_INTERNAL_ERROR)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_INVALID_COORDINATE)),
						saymsg("a place of this page cannot be shown in EPSG:%d{srid}", epsg),
						sayhint("Leave crs out, or name a system that holds the places: EPSG:4548, GCJ02.")));
	if (IsRelationsError(error->sqlerrcode))
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
				 saymsg("resource \"%s{resource}\" cannot be read%s{words}", resource->code, words),
				 errdetail_internal("%s", SaidText(CauseOf(error->sqlerrcode))),
				 errdetail_log("%s", error->message), errhint("%s", SaidText(RemedyOf(error->sqlerrcode)))));
	ReThrowError(error);
}

/* They are set only where the session has others. */
void
FixSettings(void)
{
	if (strcmp(pg_get_timezone_name(session_timezone), guc_time_zone) != 0)
		(void) set_config_option("timezone", guc_time_zone, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
								 0, false);
	if (DateStyle != USE_ISO_DATES)
		(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
	/* numbers inside arrays and composites: what reads back as the same value */
	if (extra_float_digits < 1)
		(void) set_config_option("extra_float_digits", "1", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
								 0, false);
	if (bytea_output != BYTEA_OUTPUT_HEX)
		(void) set_config_option("bytea_output", "hex", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
	if (IntervalStyle != INTSTYLE_ISO_8601)
		(void) set_config_option("intervalstyle", "iso_8601", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
}

void
RunAsPublisher(Resource *resource, int epsg, void (*work)(void *), void *argument)
{
	RunAsPublisherWithin(resource, resource->latency_budget, epsg, work, argument);
}

void
RunAsPublisherWithin(Resource *resource, int budget, int epsg, void (*work)(void *), void *argument)
{
	MemoryContext caller = CurrentMemoryContext;
	PublisherRights rights;

	/* its plans would be dropped under it, its budget ended */
	if (running || TimeBudgetRuns())
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("a published relation asks the open data interface"),
						sayhint("Read the tables themselves in the view or function.")));
	running = true;
	TimeBudgetBegin(budget);
	PG_TRY();
	{
		TakePublisherRights(&rights, resource->publisher, true);
		FixSettings();
		work(argument);
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		ErrorData *error;

		TimeBudgetEnd();
		running = false;
		EndPublisherLocks();
		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		RaiseTranslated(resource, budget, epsg, error);
	}
	PG_END_TRY();
	EndPublisherLocks();
	TimeBudgetEnd();
	running = false;
	DropPublisherRights(&rights);
	MemoryContextSwitchTo(caller);
}

void
QueryExecute(DataQuery *query, const char *sql, DestReceiver *receiver, uint64 limit)
{
	Execute(query, sql, query->nargs, receiver, limit);
}

int64
QueryEstimate(DataQuery *query, const char *sql)
{
	return Estimate(query, sql, query->nargs, NULL);
}

char *
QueryState(DataQuery *query)
{
	char *state;

	if (Estimate(query, QueryAll(query), 0, NULL) > ENTITY_TAG_ROWS)
		return NULL;
	Execute(query, QueryVersion(query), 0, NULL, 1);
	state = SpiText(0, 1);
	MemoryContextSwitchTo(query->context);
	return state == NULL ? "" : state;
}

/* What RunQuery() asks the relation. */
typedef struct Statements
{
	DataQuery *query;
	char *select;
	char *count;   /* NULL: not counted */
	char *version; /* NULL: no entity tag */
	char *all;     /* all rows, to estimate their number; with version */
	int filter_args;
	DestReceiver *receiver;
} Statements;

/* What RunAsPublisher() runs: the tag first, since it may make the rest needless. */
static void
RunStatements(void *argument)
{
	Statements *run = argument;
	DataQuery *query = run->query;

	if (run->version != NULL && Estimate(query, run->all, 0, NULL) <= ENTITY_TAG_ROWS)
		MakeEntityTag(query, run->version);
	if (!query->unchanged)
		Execute(query, run->select, query->nargs, run->receiver, query->page_size + 1);
	if (run->count != NULL && !query->unchanged)
		CountRows(query, run->count, run->filter_args);
}

/* Does the reply show files? Their addresses differ from reply to reply, and end. */
static bool
ShowsFiles(const DataQuery *query)
{
	for (int i = 0; i < query->ncolumns; i++)
		if (query->columns[i].role == COLUMN_FILE)
			return true;
	return false;
}

/* Runs the request; the reply is in query->out. Raises class UD for what the caller must be told. */
void
RunQuery(DataQuery *query)
{
	MemoryContext caller = CurrentMemoryContext;
	Statements run = {.query = query, .filter_args = query->nargs};
	bool files;

	/* lines and rows have no place for a total */
	if (query->count != COUNT_NONE && !query->download &&
		(query->format == OUTPUT_JSON || query->format == OUTPUT_GEOJSON))
		run.count = QueryCount(query, query->count != COUNT_ESTIMATE);
	run.select = QuerySelect(query);
	files = ShowsFiles(query);
	if (query->resource->version_field != NULL && !query->resource->is_function && !query->expand_codes &&
		!files)
	{
		run.version = QueryVersion(query);
		run.all = QueryAll(query);
	}
	if (files && query->media != NULL)
		MediaSealerOpen(query->media);
	if (query->expand_codes)
		LoadCodeNames(query);
	MemoryContextSwitchTo(query->context);
	NameColumns(query);
	run.receiver = QueryReceiver(query);
	BeginReply(query);
	RunAsPublisher(query->resource, query->crs.kind == OUTPUT_EPSG ? query->crs.epsg : 0, RunStatements,
				   &run);
	MemoryContextSwitchTo(query->context);
	if (query->unchanged)
		resetStringInfo(&query->out);
	else
		EndReply(query);
	MemoryContextSwitchTo(caller);
}
