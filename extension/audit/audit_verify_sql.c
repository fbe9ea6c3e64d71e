/*
 * audit_verify(): recomputes the chain of the audit log from its rows, and tells every difference: a row that
 * was changed, taken out or put in, a block that was. Reads in stretches, so that a log of any size is
 * checked.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "audit/audit.h"
#include "audit/audit_chain.h"
#include "core/guc.h"
#include "core/own_statement.h"
#include "core/say.h"
#include "core/spi.h"
#include "text/hex.h"

PG_FUNCTION_INFO_V1(cbd_audit_verify);

/* The block after number $1. */
static SpiQuery next_block = {
	"SELECT b.block_no, b.first_id, b.last_id, b.first_at, b.last_at, b.row_count, b.algorithm, b.row_marks, "
	"b.rows_digest, b.previous_digest,"
	" b.block_digest, b.integrity_digest FROM citybigdata.audit_seal_block b WHERE b.block_no > $1 ORDER BY "
	"b.block_no LIMIT 1",
	1,
	{INT8OID},
	NULL};

/* A run of audit_verify(): where its findings go, and the digest that somebody wrote down elsewhere. */
typedef struct Verifier
{
	Tuplestorestate *problems;
	TupleDesc desc;
	const char *known_digest; /* NULL: none to compare */
	int64 known_block;
	bool known_seen;
} Verifier;

/* Adds a row to the result: what is wrong, and where. */
static void
Report(Verifier *v, int64 block_no, int64 audit_id, const char *problem)
{
	Datum values[3] = {Int64GetDatum(block_no), Int64GetDatum(audit_id),
					   CStringGetTextDatum(SaidText(problem))};
	bool nulls[3] = {false, audit_id == 0, false};

	tuplestore_putvalues(v->problems, v->desc, values, nulls);
}

/* A digest of the last result; a shorter one is padded with zeros, and so differs. */
static void
CopyDigest(int col, uint8 *out)
{
	bool isnull;
	bytea *value = DatumGetByteaPP(SpiDatum(0, col, &isnull));

	memset(out, 0, CHAIN_DIGEST);
	memcpy(out, VARDATA_ANY(value), Min(VARSIZE_ANY_EXHDR(value), CHAIN_DIGEST));
}

/* The block after `number` and its marks; false at the chain's end. */
static bool
ReadBlock(int64 number, AuditBlock *block, uint8 **marks)
{
	Datum value = Int64GetDatum(number);
	bool isnull;

	if (SpiRun(&next_block, &value, NULL, SPI_OK_SELECT, 1) == 0)
		return false;
	block->block_no = SpiInt64(0, 1);
	block->first_id = SpiInt64(0, 2);
	block->last_id = SpiInt64(0, 3);
	block->first_at = SpiInt64(0, 4);
	block->last_at = SpiInt64(0, 5);
	block->row_count = SpiInt32(0, 6);
	block->kind = ChainDigestKind(SpiText(0, 7));
	*marks = (uint8 *) VARDATA_ANY(DatumGetByteaPP(SpiDatum(0, 8, &isnull)));
	CopyDigest(9, block->rows_digest);
	CopyDigest(10, block->previous_digest);
	CopyDigest(11, block->block_digest);
	CopyDigest(12, block->integrity_digest);
	return true;
}

/* Sealed rows against those that are there, both in the order of audit_id. True: no difference. */
static bool
CompareRows(Verifier *v, const AuditBlock *block, const uint8 *marks, const RowDigests *rows)
{
	/* whole months leave after that time: absence is no error then */
	TimestampTz kept_since = GetCurrentTimestamp() - guc_audit_retention_days * USECS_PER_DAY;
	bool may_have_left = block->first_at < kept_since;
	bool same = true;
	int i = 0;
	int j = 0;

	while (i < block->row_count || j < rows->count)
	{
		uint64 id = 0;
		int64 sealed_id = PG_INT64_MAX;
		int64 row_id = j < rows->count ? rows->ids[j] : PG_INT64_MAX;
		uint8 mark[MARK_SIZE];

		if (i < block->row_count)
		{
			memcpy(&id, marks + (Size) MARK_SIZE * i, 8);
			sealed_id = (int64) pg_ntoh64(id);
		}
		if (sealed_id < row_id)
		{
			if (!may_have_left)
				Report(v, block->block_no, sealed_id, "row missing");
			same = false;
			i++;
		}
		else if (row_id < sealed_id)
		{
			Report(v, block->block_no, row_id, "row inserted");
			same = false;
			j++;
		}
		else
		{
			RowMark(rows, j, mark);
			if (memcmp(mark, marks + (Size) MARK_SIZE * i, MARK_SIZE) != 0)
			{
				Report(v, block->block_no, row_id, "row changed");
				same = false;
			}
			i++;
			j++;
		}
	}
	return same;
}

/* Recomputes a block from its rows and compares it with what was sealed, and with the block before. */
static void
VerifyBlock(Verifier *v, const AuditBlock *block, const uint8 *marks, const AuditBlock *before)
{
	uint8 digest[CHAIN_DIGEST];
	RowDigests rows;

	if (block->block_no != before->block_no + 1)
		Report(v, before->block_no + 1, 0, "block missing");
	else if (memcmp(block->previous_digest, before->block_digest, CHAIN_DIGEST) != 0)
		Report(v, block->block_no, 0, "chain broken");
	BlockDigest(block, digest);
	if (memcmp(digest, block->block_digest, CHAIN_DIGEST) != 0)
		Report(v, block->block_no, 0, "block changed");
	/* all rows, also more than were sealed */
	ReadRowDigests(block->first_id, block->last_id, PG_INT32_MAX, block->kind, &rows);
	if (CompareRows(v, block, marks, &rows))
	{
		RowsDigest(&rows, block->kind, digest);
		if (memcmp(digest, block->rows_digest, CHAIN_DIGEST) != 0)
			Report(v, block->block_no, 0, "rows changed");
	}
	if (v->known_digest != NULL && v->known_block == block->block_no)
	{
		char hex[HEX_SIZE(CHAIN_DIGEST)];

		HexText(block->block_digest, CHAIN_DIGEST, hex);
		v->known_seen = pg_strcasecmp(hex, v->known_digest) == 0;
	}
}

/* All blocks in order; a number that is missing is told too. */
static void
VerifyChain(Verifier *v)
{
	MemoryContext round =
		AllocSetContextCreate(CurrentMemoryContext, "citybigdata audit block", ALLOCSET_DEFAULT_SIZES);
	AuditBlock before;
	AuditBlock block;
	uint8 *marks;

	memset(&before, 0, sizeof(before));
	for (;;)
	{
		MemoryContext outer;
		bool more;

		/* values handed out live in the context that was current at SpiBegin */
		outer = MemoryContextSwitchTo(round);
		SpiBegin();
		more = ReadBlock(before.block_no, &block, &marks);
		if (more)
			VerifyBlock(v, &block, marks, &before);
		SpiEnd();
		MemoryContextSwitchTo(outer);
		MemoryContextReset(round);
		if (!more)
			break;
		before = block;
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextDelete(round);
	if (v->known_digest != NULL && !v->known_seen)
		Report(v, v->known_block, 0, "known head not in the chain");
}

/* Rows that wait for their seal longer than housekeeping and a slow transaction explain. */
static void
VerifyAge(Verifier *v)
{
	static SpiQuery unsealed = {
		"SELECT u.audit_id FROM citybigdata.audit_unsealed() u WHERE u.age > interval '3 hours'",
		0,
		{0},
		NULL};

	SpiBegin();
	if (SpiRun(&unsealed, NULL, NULL, SPI_OK_SELECT, 1) == 1)
		Report(v, 0, SpiInt64(0, 1), "not sealed for 3 hours");
	SpiEnd();
}

/* Rows that decide who may do what, and were not written by the functions of the extension. */
static void
VerifyIntegrity(Verifier *v)
{
	static SpiQuery problems = {"SELECT p.problem FROM citybigdata.integrity_problems() p", 0, {0}, NULL};
	uint64 count;

	SpiBegin();
	count = SpiRun(&problems, NULL, NULL, SPI_OK_SELECT, 0);
	for (uint64 i = 0; i < count; i++)
	{
		Datum values[3] = {0, 0, CStringGetTextDatum(SpiText(i, 1))};
		bool nulls[3] = {true, true, false};

		tuplestore_putvalues(v->problems, v->desc, values, nulls);
	}
	SpiEnd();
}

/* audit_verify(known_block, known_digest) → setof (block_no, audit_id, problem) */
Datum
cbd_audit_verify(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext before;
	Verifier v = {0};

	RequireOwnTransaction(fcinfo, "audit_verify");
	if (info == NULL || !IsA(info, ReturnSetInfo) || !(info->allowedModes & SFRM_Materialize))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), saymsg("audit_verify returns a set"),
						errhint("SELECT * FROM citybigdata.audit_verify();")));
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
	{
		v.known_block = PG_GETARG_INT64(0);
		v.known_digest = text_to_cstring(PG_GETARG_TEXT_PP(1));
	}
	before = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, &v.desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "audit_verify returns rows");
	v.desc = CreateTupleDescCopy(v.desc);
	v.problems = tuplestore_begin_heap(true, false, work_mem);
	info->returnMode = SFRM_Materialize;
	info->setResult = v.problems;
	info->setDesc = v.desc;
	MemoryContextSwitchTo(before);
	VerifyChain(&v);
	VerifyAge(&v);
	VerifyIntegrity(&v);
	AuditWrite(NULL, NULL, "audit.verify", NULL, CBD_OK, NULL);
	return (Datum) 0;
}
