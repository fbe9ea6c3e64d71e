/*
 * The chain that seals the audit log, between its files.
 *
 * A block is a stretch of audit_ids. Its rows' digests, in the order of audit_id, make rows_digest; that, the
 * block's own figures, integrity_digest (integrity.h) and the digest of the block before make block_digest.
 */
#ifndef CBD_AUDIT_CHAIN_H
#define CBD_AUDIT_CHAIN_H

#include "postgres.h"
#include "utils/timestamp.h"

#include "text/crypto.h"

/* Most rows of one block; sizes in bytes. */
#define BLOCK_ROWS   4096
#define CHAIN_DIGEST 32 /* bytes, SHA-256 and SM3 */
#define MARK_SIZE    16 /* audit_id (8, big-endian) and the first 8 bytes of the row's digest */

/* The rows of a stretch as they are now. */
typedef struct RowDigests
{
	int count;
	int64 *ids;     /* ascending */
	uint8 *digests; /* CHAIN_DIGEST bytes each */
	TimestampTz first_at;
	TimestampTz last_at;
} RowDigests;

/* One row of audit_block: what its rows were, and how it hangs on the block before. */
typedef struct AuditBlock
{
	int64 block_no;
	int64 first_id;
	int64 last_id;
	TimestampTz first_at;
	TimestampTz last_at;
	int row_count;
	DigestKind kind;
	uint8 previous_digest[CHAIN_DIGEST];
	uint8 rows_digest[CHAIN_DIGEST];
	uint8 integrity_digest[CHAIN_DIGEST];
	uint8 block_digest[CHAIN_DIGEST];
} AuditBlock;

/* Reads and digests at most `limit` rows with audit_ids first..last; SPI is connected. Palloc'd in the
 * current context. */
extern void ReadRowDigests(int64 first, int64 last, int limit, DigestKind kind, RowDigests *rows);

/* Digest of the rows' digests. */
extern void RowsDigest(const RowDigests *rows, DigestKind kind, uint8 *out);

/* Digest of a block's figures and its other digests. */
extern void BlockDigest(const AuditBlock *block, uint8 *out);

/* audit_id and digest of row `i` into out[MARK_SIZE]. */
extern void RowMark(const RowDigests *rows, int i, uint8 *out);

/* The digest by its name in audit_seal_block.algorithm, and back. */
extern DigestKind ChainDigestKind(const char *algorithm);
extern const char *ChainDigestName(DigestKind kind);

#endif
