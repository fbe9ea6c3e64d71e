/*
 * What a worker's database side can do now, lane by lane, for /readyz. "Ready" means: what is reported can be
 * stored, what is read recorded. The long and the password lanes are told of, but do not count: without them
 * the platform does most of its work.
 */
#ifndef BRIDGE_READY_H
#define BRIDGE_READY_H

#include "base/text.h"
#include "db/audit_batch.h"
#include "db/db.h"
#include "db/master_key.h"

/* CBD_OK; CBD_DATABASE_UNAVAILABLE: a lane that counts has no connection; CBD_UNAVAILABLE: nothing can be
 * written, or no audit record. */
extern int ReadyStatus(const Database *db, const Audit *audit);

/*
 * Adds "lanes":{…},"problems":[…] to the text: of each lane whether it is connected, and to a server that can
 * write; of each problem its lane and a sentence. `key`: what is wrong with the master key, as lane
 * "masterKey"; NULL: nothing. `inside`: with numbers, the addresses of the servers and what they say.
 */
extern void ReadyText(Text *text, const Database *db, const Audit *audit, const MasterKeyFault *key,
					  bool inside, bool chinese);

#endif
