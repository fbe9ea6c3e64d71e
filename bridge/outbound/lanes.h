/*
 * Lanes: what the engine has of each destination, and how quick that one is.
 *
 *   claimed --LaneTakes()--> on the wire, up to so many at a time
 *                       \--> waits in the lane, and goes out when one of them is over: the wire is not idle
 *                            while the database is asked
 *
 * How many may wait is what the destination takes within LANE_AHEAD by its pace so far: none of one whose
 * pace is not known. What has waited for LANE_PATIENCE nevertheless is given back (LanesStale()), so that its
 * lease lasts for sending.
 *
 * Owned by the engine's thread. Transfers that wait belong to the lane.
 */
#ifndef BRIDGE_LANES_H
#define BRIDGE_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "outbound/transfer.h"

#define LANE_AHEAD    100  /* ms */
#define LANE_PATIENCE 5000 /* ms */

typedef struct Lane Lane;
typedef struct Lanes Lanes;

extern Lanes *LanesOpen(void);
extern void LanesClose(Lanes *lanes); /* nothing waits */

/* Transfers that wait, in all lanes. */
extern int LanesWaiting(const Lanes *lanes);

/* A transfer that was claimed: true: it may go out now, and is on the wire from then on; false: it waits.
 * `most`: of one destination on the wire. */
extern bool LaneTakes(Lanes *lanes, Transfer *transfer, int most, uint64_t now);

/* One that was on the wire is over; `good`: its time tells the destination's pace. Returns the next one,
 * which is on the wire from then on; NULL: none waits. After one that failed none goes out: what waits is to
 * be given back (LaneGiveUp()), and the extension says when the destination has its turn again. */
extern Transfer *LaneNext(Lanes *lanes, const Transfer *over, bool good, int most, uint64_t now);

/* One that waits in the lane of the destination, taken out; NULL: none. */
extern Transfer *LaneGiveUp(Lanes *lanes, int64_t destination);

/* One that has waited too long (since before `now` less LANE_PATIENCE; any, when `all`), taken out; NULL:
 * none. */
extern Transfer *LanesStale(Lanes *lanes, uint64_t now, bool all);

/* Array literals for the claim: destinations that there is something of, how much, and how much there may be.
 */
extern void LanesTell(Lanes *lanes, int most, uint64_t now, Text *destinations, Text *counts, Text *limits);

#endif
