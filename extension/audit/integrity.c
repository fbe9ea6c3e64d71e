/*
 * Codes over integrity_row and their digest in the chain; see integrity.h. The digest is over the numbers and
 * codes of the rows that have sealed_in, in the order of change_no: only SealIntegrity() changes that set.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type_d.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "audit/integrity.h"
#include "core/say.h"
#include "core/secret.h"
#include "core/spi.h"

PG_FUNCTION_INFO_V1(cbd_integrity_by_function);
PG_FUNCTION_INFO_V1(cbd_integrity_code);
PG_FUNCTION_INFO_V1(cbd_integrity_code_fits);
PG_FUNCTION_INFO_V1(cbd_integrity_sealed_fits);

/* What the master key makes the key of these codes of. */
#define PURPOSE "integrity of rows"

/* Numbers and codes of what is sealed, as one value; and whether accept_integrity() was called since. */
static SpiQuery read_sealed = {
	"SELECT (SELECT string_agg(int8send(r.change_no) || r.code, '' ORDER BY r.change_no)"
	" FROM citybigdata.integrity_row r WHERE r.sealed_in IS NOT NULL),"
	" EXISTS (SELECT FROM citybigdata.integrity_row r"
	" WHERE r.relation = '' AND r.sealed_in IS NULL AND r.replaced_code IS NULL"
	" AND citybigdata.integrity_code_fits(r.change_no, false, r.relation, r.row_key, r.content, r.code))",
	0,
	{0},
	NULL};
/* What was replaced is not needed any more. */
static SpiQuery drop_replaced = {
	"DELETE FROM citybigdata.integrity_row d WHERE d.change_no IN"
	" (SELECT r.change_no FROM citybigdata.integrity_row r WHERE r.replaced_code IS NOT NULL AND"
	" citybigdata.integrity_code_fits(r.change_no, true, r.relation, r.row_key, r.content, r.replaced_code)"
	" FOR UPDATE SKIP LOCKED)",
	0,
	{0},
	NULL};
/* $1 number of the block. */
static SpiQuery mark_sealed = {
	"UPDATE citybigdata.integrity_row u SET sealed_in = $1 WHERE u.change_no IN"
	" (SELECT r.change_no FROM citybigdata.integrity_row r WHERE r.sealed_in IS NULL FOR UPDATE SKIP LOCKED)",
	1,
	{INT8OID},
	NULL};
/* The end of the chain. */
static SpiQuery last_digest = {"SELECT b.integrity_digest, b.algorithm FROM citybigdata.audit_seal_block b"
							   " ORDER BY b.block_no DESC LIMIT 1",
							   0,
							   {0},
							   NULL};

/* Digest of what is sealed now; *accepted: a security administrator took everything as it was, since. */
static void
SealedDigest(DigestKind kind, uint8 *digest, bool *accepted)
{
	bool isnull;
	Datum codes;
	bytea *bytes;

	SpiRun(&read_sealed, NULL, NULL, SPI_OK_SELECT, 1);
	codes = SpiDatum(0, 1, &isnull);
	bytes = isnull ? NULL : DatumGetByteaPP(codes);
	if (!DigestBytes(kind, bytes == NULL ? "" : VARDATA_ANY(bytes),
					 bytes == NULL ? 0 : VARSIZE_ANY_EXHDR(bytes), digest))
		elog(ERROR, "the digest failed");
	*accepted = SpiBool(0, 2);
}

void
SealIntegrity(const AuditBlock *before, AuditBlock *block)
{
	uint8 digest[CHAIN_DIGEST];
	Datum number = Int64GetDatum(block->block_no);
	bool accepted;

	memset(block->integrity_digest, 0, CHAIN_DIGEST);
	SealedDigest(before->kind, digest, &accepted);
	if (before->block_no > 0 && !accepted && !EqualBytes(digest, before->integrity_digest, CHAIN_DIGEST))
		return;
	SpiRun(&drop_replaced, NULL, NULL, SPI_OK_DELETE, 0);
	SpiRun(&mark_sealed, &number, NULL, SPI_OK_UPDATE, 0);
	SealedDigest(block->kind, block->integrity_digest, &accepted);
}

/* Does a function of the extension (or its script) run now? SET ROLE to the owner of its tables is none. */
static bool
ByFunction(void)
{
	Oid table = get_relname_relid("integrity_row", get_namespace_oid("citybigdata", false));
	HeapTuple relation = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	Oid owner;
	Oid user;
	int context;

	if (!HeapTupleIsValid(relation))
		return false;
	owner = ((Form_pg_class) GETSTRUCT(relation))->relowner;
	ReleaseSysCache(relation);
	GetUserIdAndSecContext(&user, &context);
	return creating_extension || (user == owner && (context & SECURITY_LOCAL_USERID_CHANGE) != 0);
}

/* integrity_by_function() → boolean */
Datum
cbd_integrity_by_function(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ByFunction());
}

/* What a code is over: arguments 0 change_no, 1 replaced, 2 relation, 3 row_key, 4 content. The parts are
 * told apart by their lengths. */
static void
CodedText(FunctionCallInfo fcinfo, StringInfo out)
{
	char *parts[3] = {text_to_cstring(PG_GETARG_TEXT_PP(2)), text_to_cstring(PG_GETARG_TEXT_PP(3)),
					  JsonbToCString(NULL, &PG_GETARG_JSONB_P(4)->root, VARSIZE(PG_GETARG_JSONB_P(4)))};

	initStringInfo(out);
	appendStringInfo(out, INT64_FORMAT " %d", PG_GETARG_INT64(0), PG_GETARG_BOOL(1) ? 1 : 0);
	for (int i = 0; i < lengthof(parts); i++)
		appendStringInfo(out, " %zu:%s", strlen(parts[i]), parts[i]);
}

/* integrity_code(change_no, replaced, relation, row_key, content) → bytea; for functions of the extension
 * only. */
Datum
cbd_integrity_code(PG_FUNCTION_ARGS)
{
	StringInfoData coded;
	bytea *code = palloc(VARHDRSZ + SECRET_CODE_SIZE);

	if (!ByFunction())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						saymsg("integrity codes are made by the functions of the extension only")));
	CodedText(fcinfo, &coded);
	SET_VARSIZE(code, VARHDRSZ + SECRET_CODE_SIZE);
	SecretCode(PURPOSE, coded.data, coded.len, (uint8 *) VARDATA(code));
	PG_RETURN_BYTEA_P(code);
}

/* integrity_code_fits(change_no, replaced, relation, row_key, content, code) → boolean */
Datum
cbd_integrity_code_fits(PG_FUNCTION_ARGS)
{
	StringInfoData coded;
	bytea *code = PG_GETARG_BYTEA_PP(5);

	CodedText(fcinfo, &coded);
	PG_RETURN_BOOL(VARSIZE_ANY_EXHDR(code) == SECRET_CODE_SIZE &&
				   SecretCodeFits(PURPOSE, coded.data, coded.len, (const uint8 *) VARDATA_ANY(code)));
}

/* integrity_sealed_fits() → boolean: are the sealed codes those of the newest block? */
Datum
cbd_integrity_sealed_fits(PG_FUNCTION_ARGS)
{
	uint8 sealed[CHAIN_DIGEST];
	uint8 digest[CHAIN_DIGEST];
	DigestKind kind;
	bool accepted;
	bool isnull;

	SpiBegin();
	if (SpiRun(&last_digest, NULL, NULL, SPI_OK_SELECT, 1) == 0)
	{
		SpiEnd();
		PG_RETURN_BOOL(true);
	}
	memcpy(sealed, VARDATA_ANY(DatumGetByteaPP(SpiDatum(0, 1, &isnull))), CHAIN_DIGEST);
	kind = ChainDigestKind(SpiText(0, 2));
	SealedDigest(kind, digest, &accepted);
	SpiEnd();
	PG_RETURN_BOOL(accepted || EqualBytes(sealed, digest, CHAIN_DIGEST));
}
