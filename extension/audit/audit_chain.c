/*
 * Digests of audit rows and blocks; see audit_chain.h. A row is digested as the text of a JSON array of its
 * columns in a fixed order, times in microseconds: no setting of a session changes it.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "catalog/pg_type_d.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"

#include "audit/audit_chain.h"
#include "core/spi.h"

/*
 * $1 first, $2 last audit_id, $3 limit. A row's text is a JSON array of all its columns, times in
 * microseconds since 1970, so that it is the same under every setting.
 */
static SpiQuery read_rows = {
	"SELECT l.audit_id, l.at, json_build_array(l.audit_id, (extract(epoch FROM l.at) * 1000000)::int8, "
	"l.request_id, l.app_code,"
	" l.user_name, l.authenticated, host(l.client_addr) || '/' || masklen(l.client_addr), l.scheme, "
	"l.action, l.object, l.status_code,"
	" l.detail, l.session_role)::text"
	" FROM citybigdata.audit_log l WHERE l.audit_id >= $1 AND l.audit_id <= $2 ORDER BY l.audit_id LIMIT $3",
	3,
	{INT8OID, INT8OID, INT8OID},
	NULL};

/* Digest of bytes; a failure of the library is an error, never a wrong digest. */
static void
Digest(DigestKind kind, const void *data, size_t length, uint8 *out)
{
	if (!DigestBytes(kind, data, length, out))
		elog(ERROR, "the digest failed");
}

void
ReadRowDigests(int64 first, int64 last, int limit, DigestKind kind, RowDigests *rows)
{
	Datum values[3] = {Int64GetDatum(first), Int64GetDatum(last), Int64GetDatum(limit)};
	uint64 count = SpiRun(&read_rows, values, NULL, SPI_OK_SELECT, 0);

	rows->count = (int) count;
	rows->ids = palloc(sizeof(int64) * Max(count, 1));
	rows->digests = palloc((Size) CHAIN_DIGEST * Max(count, 1));
	rows->first_at = rows->last_at = 0;
	for (uint64 i = 0; i < count; i++)
	{
		bool isnull;
		Datum value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3, &isnull);
		text *canonical = DatumGetTextPP(value);
		TimestampTz at = (TimestampTz) SpiInt64(i, 2);

		rows->ids[i] = SpiInt64(i, 1);
		Digest(kind, VARDATA_ANY(canonical), VARSIZE_ANY_EXHDR(canonical), rows->digests + CHAIN_DIGEST * i);
		rows->first_at = i == 0 ? at : Min(rows->first_at, at);
		rows->last_at = i == 0 ? at : Max(rows->last_at, at);
	}
	SPI_freetuptable(SPI_tuptable);
}

void
RowsDigest(const RowDigests *rows, DigestKind kind, uint8 *out)
{
	Digest(kind, rows->digests, (size_t) CHAIN_DIGEST * rows->count, out);
}

void
BlockDigest(const AuditBlock *block, uint8 *out)
{
	StringInfoData text;

	initStringInfo(&text);
	appendBinaryStringInfo(&text, (const char *) block->previous_digest, CHAIN_DIGEST);
	appendBinaryStringInfo(&text, (const char *) block->rows_digest, CHAIN_DIGEST);
	appendBinaryStringInfo(&text, (const char *) block->integrity_digest, CHAIN_DIGEST);
	appendStringInfo(
		&text, INT64_FORMAT " " INT64_FORMAT " " INT64_FORMAT " " INT64_FORMAT " " INT64_FORMAT " %d",
		block->block_no, block->first_id, block->last_id, block->first_at, block->last_at, block->row_count);
	Digest(block->kind, text.data, text.len, out);
	pfree(text.data);
}

void
RowMark(const RowDigests *rows, int i, uint8 *out)
{
	uint64 id = pg_hton64((uint64) rows->ids[i]);

	memcpy(out, &id, 8);
	memcpy(out + 8, rows->digests + CHAIN_DIGEST * i, 8);
}

DigestKind
ChainDigestKind(const char *algorithm)
{
	return strcmp(algorithm, "SM3") == 0 ? DIGEST_SM3 : DIGEST_SHA256;
}

const char *
ChainDigestName(DigestKind kind)
{
	return kind == DIGEST_SM3 ? "SM3" : "SHA256";
}
