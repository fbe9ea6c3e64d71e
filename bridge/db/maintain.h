/*
 * What the bridge does beside requests: the first worker calls rest_maintain() (housekeeping) and
 * rest_run_clocks() (deadlines of cases), shortly after the start and then every maintain_interval and
 * clock_interval, so that nothing else needs to be set up. Of several bridges one at a time works, the
 * others are told that it is busy. On the slow lane: it has a connection to itself, so no write stands behind
 * it. A failure is said and tried again.
 */
#ifndef BRIDGE_MAINTAIN_H
#define BRIDGE_MAINTAIN_H

#include "db/db.h"

typedef struct Maintenance Maintenance;

/* `wake` is called when a chore has put something to be sent. */
extern Maintenance *MaintainOpen(Database *db, void (*wake)(void));
extern void MaintainTick(Maintenance *maintenance);  /* every 100 ms or so; NULL: another worker does it */
extern void MaintainClose(Maintenance *maintenance); /* after DbClose */

#endif
