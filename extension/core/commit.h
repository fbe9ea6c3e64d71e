/*
 * Whether a commit waits for the disk.
 *
 * A transaction whose only writes are counters that may lose their last moments in a crash (of rate limits,
 * of a token's last use) need not wait, and whoever needs the same row next need not wait for it. Any other
 * write of the transaction waits as the server's settings say.
 */
#ifndef CBD_COMMIT_H
#define CBD_COMMIT_H

#include "postgres.h"

/* Before a write that may be lost: the commit does not wait, unless something else may have been written
 * before. */
extern void CommitLazily(void);

/* Before any other write. */
extern void CommitDurably(void);

#endif
