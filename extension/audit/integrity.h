/*
 * Integrity codes of the rows that decide who may do what (GB/T 22239 8.1.4.7): accounts, applications,
 * grants, levels, proposals.
 *
 *   row written by a function --trigger integrity_guard--> integrity_row: its content and a code over it
 *   audit_seal(): the codes' digest goes into each block; audit_verify(): row = content, code, digest?
 *
 * Whoever writes a row with UPDATE, whatever his rights, leaves the content as it was: the two differ then.
 * A code needs the master key (core/secret.h). The SQL is in code/43-audit-integrity.sql.
 */
#ifndef CBD_INTEGRITY_H
#define CBD_INTEGRITY_H

#include "postgres.h"

#include "audit/audit_chain.h"

/*
 * Seals the codes that came since the block before into block->integrity_digest, and lets the replaced ones
 * go; what open transactions hold waits for a later block. When the sealed ones are not what `before` had,
 * nothing is sealed: zero bytes, until accept_integrity(). SPI is connected.
 */
extern void SealIntegrity(const AuditBlock *before, AuditBlock *block);

#endif
