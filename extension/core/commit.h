/*
 * Transactions: whether a commit waits for the disk, and when a change counts as made.
 *
 * A transaction whose only writes are counters that may lose their last moments in a crash (of rate limits,
 * of a token's last use) need not wait, and whoever needs the same row next need not wait for it. Any other
 * write of the transaction waits as the server's settings say.
 */
#ifndef CBD_COMMIT_H
#define CBD_COMMIT_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* Before a write that may be lost: the commit does not wait, unless something else may have been written
 * before. */
extern void CommitLazily(void);

/* Before any other write. */
extern void CommitDurably(void);

/*
 * The instant of a change, for update_time: the clock read after the transaction got its number and after the
 * backend has told others when the transaction began, which it does not do by itself where track_activities
 * is off. Whoever orders changes by this instant (event/event_feed.c) counts on that order.
 */
extern TimestampTz ChangeInstant(void);

#endif
