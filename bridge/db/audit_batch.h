/*
 * Audit records of reads: the endpoint function returns them with its reply, and the worker appends them in
 * batches by rest_audit_batch on the audit lane: every 50 ms, or once there are 200, and what comes while a
 * batch is written goes with the next one, so that slow commits do not hold up reads. Bounded, and
 * fail-closed: while records cannot be written, or too many wait, reads are refused.
 *
 * One batch is under way at a time. It bears the worker's name, made at its start, and a number, and is sent
 * as it was until its answer comes: the database takes it once.
 */
#ifndef BRIDGE_AUDIT_H
#define BRIDGE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "db/db.h"

typedef struct Audit Audit;

extern Audit *AuditOpen(Database *db, int limit);
extern void AuditClose(Audit *audit); /* what could not be written is lost, and said so in the log */

/* Takes the record; false: no room. */
extern bool AuditAdd(Audit *audit, const char *record, size_t length);

/*
 * The record of a call that was refused here, or whose function failed and took its own row with it. Takes at
 * most half of the queue: refusals must not keep reads from being recorded. app_code as claimed, or NULL.
 */
extern void AuditRefusal(Audit *audit, const char *request_id, const char *client, const char *app_code,
						 const char *scheme, const char *object, int status);

extern bool AuditWorks(const Audit *audit);    /* false: refuse reads */
extern int AuditWaiting(const Audit *audit);   /* records not yet written */
extern int AuditDelay(const Audit *audit);     /* ms until AuditTick is due; -1: nothing waits */
extern void AuditTick(Audit *audit, bool now); /* sends a batch when it is due, or now */

#endif
