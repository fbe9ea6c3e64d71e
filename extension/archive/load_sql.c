/*
 * load_events(): batch history from SQL; see load.h.
 *
 * Not SECURITY DEFINER: the relation is read with the rights of who calls, a batch at a time; what is stored
 * is stored with the owner's.
 */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "archive/load.h"
#include "audit/audit.h"
#include "core/owner_rights.h"
#include "core/result_row.h"
#include "core/say.h"
#include "core/spi.h"
#include "event/event_sql.h"

#define RESULT_COLUMNS 5 /* load_id, loaded, repeated, rejected, last */

/* $1 relation, $2 sender, $3 role: a new load. */
static SpiQuery begin_load = {"INSERT INTO citybigdata.event_load (source, sender_code, loaded_by) VALUES "
							  "($1, $2, $3) RETURNING load_id",
							  3,
							  {TEXTOID, TEXTOID, TEXTOID}};
/* $1 load and its counts. */
static SpiQuery end_load = {"UPDATE citybigdata.event_load SET loaded = $2, repeated = $3, rejected = $4 "
							"WHERE load_id OPERATOR(pg_catalog.=) $1",
							4,
							{INT8OID, INT8OID, INT8OID, INT8OID}};
/* $1 lines: they are done. */
static SpiQuery unstage = {
	"DELETE FROM citybigdata.event_staging s WHERE s.line OPERATOR(pg_catalog.=) ANY ($1)",
	1,
	{INT8ARRAYOID},
	NULL,
	true};

/* The arguments of the call. */
typedef struct LoadCall
{
	Oid relation;
	char *sender; /* NULL: each line has its own */
	bool has_profile;
	bool egova;
	int64 after;
	int64 portion; /* 0: all */
} LoadCall;

/* Reads the arguments; an SQL caller's mistake is an error. */
static void
ReadCall(FunctionCallInfo fcinfo, LoadCall *call)
{
	call->relation = PG_ARGISNULL(0) ? InvalidOid : PG_GETARG_OID(0);
	call->sender = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	call->has_profile = !PG_ARGISNULL(2);
	call->egova = call->has_profile && ProfileArgument(fcinfo, 2, false);
	call->after = PG_ARGISNULL(3) ? 0 : PG_GETARG_INT64(3);
	call->portion = PG_ARGISNULL(4) ? 0 : PG_GETARG_INT64(4);
	if (!OidIsValid(call->relation))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), saymsg("source must not be null")));
	if (call->portion < 0 || (!PG_ARGISNULL(4) && call->portion == 0))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("portion must be 1 or more"),
						sayhint("portion => 100000, or none for all lines.")));
}

/* The profile of a line: the call's, else that of its sender's application. The last sender is remembered:
 * lines of one sender come together. */
static bool
LineEgova(const LoadCall *call, const HistoryRow *row, char **last, bool *last_egova)
{
	const char *sender = row->sender != NULL ? row->sender : call->sender;

	if (call->has_profile)
		return call->egova;
	if (sender == NULL)
		return false;
	if (*last == NULL || strcmp(*last, sender) != 0)
	{
		*last = pstrdup(sender);
		*last_egova = SenderProfileEgova(sender);
	}
	return *last_egova;
}

/* Lines of event_staging leave it: what was refused is kept elsewhere. */
static void
Unstage(const HistoryRow *rows, int count)
{
	Datum *lines = palloc(sizeof(Datum) * count);
	Datum values[1];

	for (int i = 0; i < count; i++)
		lines[i] = Int64GetDatum(rows[i].line);
	values[0] = PointerGetDatum(construct_array(lines, count, INT8OID, 8, true, TYPALIGN_DOUBLE));
	SpiBegin();
	SpiRun(&unstage, values, NULL, SPI_OK_DELETE, 0);
	SpiEnd();
}

/* One batch, with the owner's rights. Allocates in the current context. */
static void
LoadBatch(Load *load, const LoadCall *call, const LoadSource *source, const HistoryRow *rows, int count)
{
	HistoryCase *cases = palloc(sizeof(HistoryCase) * count);
	char *last = NULL;
	bool last_egova = false;

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		CheckHistory(&rows[i], call->sender, LineEgova(call, &rows[i], &last, &last_egova), &cases[i]);
	}
	StoreHistory(load, cases, count);
	if (source->staging)
		Unstage(rows, count);
}

/* The load's row and, at the end, its counts and audit row. */
static void
BeginLoad(Load *load, const LoadCall *call, const LoadSource *source, Oid caller)
{
	Datum values[3] = {CStringGetTextDatum(source->name),
					   call->sender == NULL ? (Datum) 0 : CStringGetTextDatum(call->sender),
					   CStringGetTextDatum(GetUserNameFromId(caller, false))};
	bool nulls[3] = {false, call->sender == NULL, false};

	memset(load, 0, sizeof(*load));
	SpiBegin();
	SpiRun(&begin_load, values, nulls, SPI_OK_INSERT_RETURNING, 1);
	load->load_id = SpiInt64(0, 1);
	SpiEnd();
}

static void
EndLoad(const Load *load, const LoadSource *source)
{
	Datum values[4] = {Int64GetDatum(load->load_id), Int64GetDatum(load->loaded),
					   Int64GetDatum(load->repeated), Int64GetDatum(load->rejected)};

	SpiBegin();
	SpiRun(&end_load, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
	AuditWrite(NULL, NULL, "event.load", psprintf(INT64_FORMAT, load->load_id), CBD_OK,
			   psprintf("%s: " INT64_FORMAT " loaded, " INT64_FORMAT " repeated, " INT64_FORMAT " rejected",
						source->name, load->loaded, load->repeated, load->rejected));
}

PG_FUNCTION_INFO_V1(cbd_load_events);
extern Datum cbd_load_events(PG_FUNCTION_ARGS);

/* load_events(source, sender, profile, after, portion): (load_id, loaded, repeated, rejected, last) */
Datum
cbd_load_events(PG_FUNCTION_ARGS)
{
	MemoryContext batch =
		AllocSetContextCreate(CurrentMemoryContext, "citybigdata load", ALLOCSET_DEFAULT_SIZES);
	HistoryRow *rows = palloc(sizeof(HistoryRow) * LOAD_LINES);
	OwnerRights rights;
	LoadCall call;
	LoadSource source;
	Load load;
	int64 last;
	int count;
	Datum values[RESULT_COLUMNS];
	bool nulls[RESULT_COLUMNS] = {false};

	ReadCall(fcinfo, &call);
	last = call.after;
	TakeOwnerRights(&rights);
	SourceName(&source, call.relation, call.after, call.portion);
	BeginLoad(&load, &call, &source, rights.role);
	DropOwnerRights(&rights);
	SpiBegin();
	for (bool more = true, first = true; more; first = false)
	{
		MemoryContext before;

		/* the platform's own table is for its owner to read; any other one as the caller may */
		if (source.staging)
			TakeOwnerRights(&rights);
		if (first)
			SourceOpen(&source, rights.role);
		count = SourceNext(&source, batch, rows);
		if (!source.staging)
			TakeOwnerRights(&rights);
		before = MemoryContextSwitchTo(batch);
		more = count > 0;
		if (more)
			LoadBatch(&load, &call, &source, rows, count);
		MemoryContextSwitchTo(before);
		for (int i = 0; i < count; i++)
			last = Max(last, rows[i].line);
		MemoryContextReset(batch);
		DropOwnerRights(&rights);
	}
	SPI_cursor_close(source.portal);
	SpiEnd();
	TakeOwnerRights(&rights);
	EndLoad(&load, &source);
	DropOwnerRights(&rights);
	values[0] = Int64GetDatum(load.load_id);
	values[1] = Int64GetDatum(load.loaded);
	values[2] = Int64GetDatum(load.repeated);
	values[3] = Int64GetDatum(load.rejected);
	values[4] = Int64GetDatum(last);
	return ResultRow(fcinfo, values, nulls);
}
