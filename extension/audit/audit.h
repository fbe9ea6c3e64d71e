/*
 * Audit: one append-only row per call, allowed or refused (clause 6.3, GB/T 22239).
 *
 *   write, refusal, credential event --AuditWrite()--> row in the same transaction
 *   successful read --AuditRecord()--> `audit` of the reply frame --bridge, batches--> rest_audit_append()
 *   rows --audit_seal(): blocks of digests, chained--> audit_seal_block --audit_verify()--> what was changed
 *
 * No row holds a secret, code or token. Texts of clients are cut to what a row should hold.
 */
#ifndef CBD_AUDIT_H
#define CBD_AUDIT_H

#include "postgres.h"
#include "core/call.h"
#include "core/caller.h"
#include "core/status.h"

/*
 * Writes the row in the current transaction: refusals, writes, credential events, SQL callers.
 * `action` is chapter.verb ("event.report", "auth.code"); `object` names what was touched (a taskNum, a
 * user name; never a secret) or NULL; `detail` is short text for the auditor or NULL.
 */
extern void AuditWrite(const RestContext *context, const Caller *caller, const char *action,
					   const char *object, CbdStatus status, const char *detail);

/* The record of a successful read, for `audit` of the reply frame. */
extern char *AuditRecord(const RestContext *context, const Caller *caller, const char *action,
						 const char *object);

#endif
