/*
 * Reading a published resource: its version, fields and parameters out of the catalogue's tables, its columns
 * out of the system catalogue. SPI is connected, with the owner's rights.
 */
#ifndef CBD_CATALOGUE_LOAD_H
#define CBD_CATALOGUE_LOAD_H

#include "data/catalogue.h"

/*
 * Keeps the relation as it is to the end of the transaction, and makes us hear of changes that were committed
 * before. A patient caller waits as SQL does; the others as long as a page may take. False: somebody changes
 * the relation meanwhile.
 */
extern bool ResourceLock(const Resource *resource, bool patient);

/*
 * Reads the current version with a snapshot of its own: the caller's may be older than what the lock waited
 * for. The relation is locked before its columns are looked at: from then on they stay.
 * NULL with *status and *reason as ResourceFind(). The entry has a memory context of its own.
 */
extern Resource *ResourceLoad(const char *code, bool patient, CbdStatus *status, char **reason);

#endif
