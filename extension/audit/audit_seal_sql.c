/*
 * Sealing the audit log: audit_seal, audit_head (clause 6.3).
 *
 * A row's number is drawn before its transaction commits, so a lower number can become visible after a higher
 * one. Sealed is therefore only up to a number below which nobody can still add a row: the sequence is read
 * first, then who holds the lock that every INSERT into the log takes before it draws a number (and keeps
 * until its transaction ends). When the last of those has ended, all numbers up to the one read are final.
 * Until then they wait in audit_seal_wait.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "audit/audit_chain.h"
#include "audit/integrity.h"
#include "core/guc.h"
#include "core/own_lock.h"
#include "core/say.h"
#include "core/spi.h"
#include "text/hex.h"

PG_FUNCTION_INFO_V1(cbd_audit_seal);
PG_FUNCTION_INFO_V1(cbd_audit_head);

/* The last audit_id that was given out. */
static SpiQuery read_sequence = {
	"SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END FROM citybigdata.audit_log_audit_id_seq s",
	0,
	{0},
	NULL};

/* Who is writing the log now; a prepared transaction (-1/...) has another name than before it was prepared.
 */
#define WRITERS                                                                                              \
	" FROM pg_locks l WHERE l.locktype = 'relation' AND l.relation = 'citybigdata.audit_log'::regclass"      \
	" AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"               \
	" AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"   \
	" AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()"
/* How many transactions write the log now, and which. */
static SpiQuery list_writers = {
	"SELECT count(*), array_agg(DISTINCT l.virtualtransaction)" WRITERS, 0, {0}, NULL};
/* $1 last audit_id: nothing beyond is sealed before those writers of now have ended. */
static SpiQuery note_wait = {"INSERT INTO citybigdata.audit_seal_wait (upper_id, writers)"
							 " SELECT $1, coalesce(array_agg(DISTINCT l.virtualtransaction), '{}')" WRITERS
							 " ON CONFLICT ON CONSTRAINT audit_seal_wait_pkey DO UPDATE SET upper_id = "
							 "excluded.upper_id, writers = excluded.writers",
							 1,
							 {INT8OID},
							 NULL};
/* How far may be sealed: the writers that were waited for have ended. */
static SpiQuery waited_for = {
	"SELECT w.upper_id FROM citybigdata.audit_seal_wait w WHERE NOT EXISTS (SELECT" WRITERS
	" AND (l.virtualtransaction = ANY (w.writers) OR starts_with(l.virtualtransaction, '-1/')))",
	0,
	{0},
	NULL};
/* Is there something to wait for? */
static SpiQuery still_waiting = {"SELECT 1 FROM citybigdata.audit_seal_wait", 0, {0}, NULL};
/* Nothing more to wait for. */
static SpiQuery end_wait = {"DELETE FROM citybigdata.audit_seal_wait", 0, {0}, NULL};

/* The block before the one that is made. */
static SpiQuery last_block = {
	"SELECT b.block_no, b.last_id, b.block_digest, b.sealed_at, b.integrity_digest, b.algorithm FROM "
	"citybigdata.audit_seal_block b ORDER BY b.block_no DESC LIMIT 1",
	0,
	{0},
	NULL};
/* A block, in the order of its columns. */
static SpiQuery insert_block = {
	"INSERT INTO citybigdata.audit_seal_block (block_no, first_id, last_id, first_at, last_at, row_count, "
	"algorithm, row_marks,"
	" rows_digest, previous_digest, block_digest, integrity_digest)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
	12,
	{INT8OID, INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID, TEXTOID, BYTEAOID, BYTEAOID,
	 BYTEAOID, BYTEAOID, BYTEAOID},
	NULL};

/* The number up to which the log is final now; -1: none is known to be. */
static int64
FinalId(void)
{
	int64 final = -1;
	int64 upper;
	Datum value;
	bool alone;

	if (SpiRun(&waited_for, NULL, NULL, SPI_OK_SELECT, 1) == 1)
	{
		final = SpiInt64(0, 1);
		SpiRun(&end_wait, NULL, NULL, SPI_OK_DELETE, 0);
	}
	else if (SpiRun(&still_waiting, NULL, NULL, SPI_OK_SELECT, 1) == 1)
		return -1; /* a later mark would wait for later writers as well, and never be reached */
	/* the order matters: first the number, then the writers */
	SpiRun(&read_sequence, NULL, NULL, SPI_OK_SELECT, 1);
	upper = SpiInt64(0, 1);
	SpiRun(&list_writers, NULL, NULL, SPI_OK_SELECT, 1);
	alone = SpiInt64(0, 1) == 0;
	if (alone)
		return upper;
	value = Int64GetDatum(upper);
	SpiRun(&note_wait, &value, NULL, SPI_OK_INSERT, 0);
	return final;
}

/* A digest of the chain's size as bytea. */
static Datum
DigestValue(const uint8 *digest)
{
	bytea *value = palloc(VARHDRSZ + CHAIN_DIGEST);

	SET_VARSIZE(value, VARHDRSZ + CHAIN_DIGEST);
	memcpy(VARDATA(value), digest, CHAIN_DIGEST);
	return PointerGetDatum(value);
}

/* Writes the sealed block: range and times of its rows, their marks and digest, and the digest of the
 * block before. */
static void
InsertBlock(const AuditBlock *block, const RowDigests *rows)
{
	Size size = VARHDRSZ + (Size) MARK_SIZE * rows->count;
	bytea *marks = palloc(size);
	Datum values[12];

	SET_VARSIZE(marks, size);
	for (int i = 0; i < rows->count; i++)
		RowMark(rows, i, (uint8 *) VARDATA(marks) + MARK_SIZE * i);
	values[0] = Int64GetDatum(block->block_no);
	values[1] = Int64GetDatum(block->first_id);
	values[2] = Int64GetDatum(block->last_id);
	values[3] = TimestampTzGetDatum(block->first_at);
	values[4] = TimestampTzGetDatum(block->last_at);
	values[5] = Int32GetDatum(block->row_count);
	values[6] = CStringGetTextDatum(ChainDigestName(block->kind));
	values[7] = PointerGetDatum(marks);
	values[8] = DigestValue(block->rows_digest);
	values[9] = DigestValue(block->previous_digest);
	values[10] = DigestValue(block->block_digest);
	values[11] = DigestValue(block->integrity_digest);
	SpiRun(&insert_block, values, NULL, SPI_OK_INSERT, 0);
}

/* Number, last audit_id and digest of the chain's end; an empty chain: 0, 0, zero bytes. */
static void
ReadChainEnd(AuditBlock *end)
{
	bool isnull;

	memset(end, 0, sizeof(*end));
	if (SpiRun(&last_block, NULL, NULL, SPI_OK_SELECT, 1) == 0)
		return;
	end->block_no = SpiInt64(0, 1);
	end->last_id = SpiInt64(0, 2);
	memcpy(end->block_digest, VARDATA_ANY(DatumGetByteaPP(SpiDatum(0, 3, &isnull))), CHAIN_DIGEST);
	memcpy(end->integrity_digest, VARDATA_ANY(DatumGetByteaPP(SpiDatum(0, 5, &isnull))), CHAIN_DIGEST);
	end->kind = ChainDigestKind(SpiText(0, 6));
}

/* Seals what follows `end` up to `final` as one block and moves `end` to it; returns the rows. */
static int
SealBlock(AuditBlock *end, int64 final)
{
	RowDigests rows;
	AuditBlock block = {.block_no = end->block_no + 1,
						.first_id = end->last_id + 1,
						.last_id = final,
						.kind = guc_crypto_suite == CRYPTO_SM ? DIGEST_SM3 : DIGEST_SHA256};

	ReadRowDigests(block.first_id, final, BLOCK_ROWS, block.kind, &rows);
	if (rows.count == 0)
		return 0;
	if (rows.count == BLOCK_ROWS)
		block.last_id = rows.ids[rows.count - 1];
	block.first_at = rows.first_at;
	block.last_at = rows.last_at;
	block.row_count = rows.count;
	memcpy(block.previous_digest, end->block_digest, CHAIN_DIGEST);
	RowsDigest(&rows, block.kind, block.rows_digest);
	SealIntegrity(end, &block);
	BlockDigest(&block, block.block_digest);
	InsertBlock(&block, &rows);
	*end = block;
	return rows.count;
}

/* audit_seal(at_most): rows sealed. Another sealer at work: 0. */
Datum
cbd_audit_seal(PG_FUNCTION_ARGS)
{
	int64 at_most = PG_GETARG_INT32(0);
	int64 sealed = 0;
	int64 final;
	MemoryContext round;
	AuditBlock end;

	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 saymsg("the audit log cannot be sealed in this transaction"),
				 saydetail("A repeatable-read transaction does not see the rows committed since it began."),
				 errhint("SET TRANSACTION ISOLATION LEVEL READ COMMITTED;")));
	SpiBegin();
	final = TryOwnLock(OwnLockKey("audit seal")) ? FinalId() : -1;
	ReadChainEnd(&end);
	round = AllocSetContextCreate(CurrentMemoryContext, "citybigdata audit block", ALLOCSET_DEFAULT_SIZES);
	while (end.last_id < final && sealed < at_most)
	{
		MemoryContext before = MemoryContextSwitchTo(round);
		int rows = SealBlock(&end, final);

		MemoryContextSwitchTo(before);
		MemoryContextReset(round);
		if (rows == 0)
			break;
		sealed += rows;
		CHECK_FOR_INTERRUPTS();
	}
	SpiEnd();
	PG_RETURN_INT64(sealed);
}

/* audit_head() → (block_no, sealed_at, audit_id, digest); no row while nothing is sealed. */
Datum
cbd_audit_head(PG_FUNCTION_ARGS)
{
	TupleDesc desc;
	Datum values[4];
	bool nulls[4] = {false};
	AuditBlock end;
	char hex[HEX_SIZE(CHAIN_DIGEST)];
	bool isnull;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "audit_head returns a row");
	SpiBegin();
	ReadChainEnd(&end);
	if (end.block_no > 0)
		values[1] = SpiDatum(0, 4, &isnull);
	SpiEnd();
	if (end.block_no == 0)
		PG_RETURN_NULL();
	HexText(end.block_digest, CHAIN_DIGEST, hex);
	values[0] = Int64GetDatum(end.block_no);
	values[2] = Int64GetDatum(end.last_id);
	values[3] = CStringGetTextDatum(hex);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* audit_lock(): the log in ACCESS EXCLUSIVE MODE, its partitions not. */
PG_FUNCTION_INFO_V1(cbd_audit_lock);
Datum
cbd_audit_lock(PG_FUNCTION_ARGS)
{
	LockRelationOid(get_relname_relid("audit_log", get_namespace_oid("citybigdata", false)),
					AccessExclusiveLock);
	PG_RETURN_VOID();
}
