/* What the engine has of each destination; see lanes.h. */
#include "outbound/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BUCKETS  256
#define FORGET   60000 /* ms after which a lane that was not used is forgotten */
#define SMOOTHED 8     /* times are averaged over about so many */

struct Lane
{
	struct Lane *next; /* of the bucket */
	int64_t destination;
	int running;
	Transfer *first, *last; /* that wait */
	int waiting;
	double pace; /* ms from the start of one to its end; 0: not known */
	uint64_t used_at;
};

struct Lanes
{
	Lane *buckets[BUCKETS];
	int waiting;
};

Lanes *
LanesOpen(void)
{
	Lanes *lanes = Allocate(sizeof(*lanes));

	memset(lanes, 0, sizeof(*lanes));
	return lanes;
}

void
LanesClose(Lanes *lanes)
{
	for (int i = 0; i < BUCKETS; i++)
		while (lanes->buckets[i] != NULL)
		{
			Lane *lane = lanes->buckets[i];

			lanes->buckets[i] = lane->next;
			free(lane);
		}
	free(lanes);
}

int
LanesWaiting(const Lanes *lanes)
{
	return lanes->waiting;
}

/* The destination's lane, made when there is none. */
static Lane *
LaneOf(Lanes *lanes, int64_t destination)
{
	Lane **bucket = &lanes->buckets[(uint64_t) destination % BUCKETS];
	Lane *lane = *bucket;

	while (lane != NULL && lane->destination != destination)
		lane = lane->next;
	if (lane == NULL)
	{
		lane = Allocate(sizeof(*lane));
		*lane = (Lane){.next = *bucket, .destination = destination};
		*bucket = lane;
	}
	return lane;
}

bool
LaneTakes(Lanes *lanes, Transfer *transfer, int most, uint64_t now)
{
	Lane *lane = LaneOf(lanes, transfer->destination);

	lane->used_at = now;
	transfer->since = now;
	if (lane->running < most)
	{
		lane->running++;
		return true;
	}
	transfer->next = NULL;
	if (lane->first == NULL)
		lane->first = transfer;
	else
		lane->last->next = transfer;
	lane->last = transfer;
	lane->waiting++;
	lanes->waiting++;
	return false;
}

/* The one that has waited longest. */
static Transfer *
TakeFirst(Lanes *lanes, Lane *lane)
{
	Transfer *transfer = lane->first;

	lane->first = transfer->next;
	lane->waiting--;
	lanes->waiting--;
	transfer->next = NULL;
	return transfer;
}

Transfer *
LaneNext(Lanes *lanes, const Transfer *over, bool good, int most, uint64_t now)
{
	Lane *lane = LaneOf(lanes, over->destination);
	double took = (double) (now - over->since) + 0.5; /* the clock counts whole ones */
	Transfer *next;

	lane->running--;
	lane->used_at = now;
	/* one that fails has no pace: nothing is claimed ahead for it */
	lane->pace = !good ? 0 : lane->pace == 0 ? took : lane->pace + (took - lane->pace) / SMOOTHED;
	if (!good || lane->first == NULL || lane->running >= most)
		return NULL;
	next = TakeFirst(lanes, lane);
	next->since = now;
	lane->running++;
	return next;
}

Transfer *
LaneGiveUp(Lanes *lanes, int64_t destination)
{
	Lane *lane = LaneOf(lanes, destination);

	return lane->first == NULL ? NULL : TakeFirst(lanes, lane);
}

Transfer *
LanesStale(Lanes *lanes, uint64_t now, bool all)
{
	for (int i = 0; i < BUCKETS && lanes->waiting > 0; i++)
		for (Lane *lane = lanes->buckets[i]; lane != NULL; lane = lane->next)
			if (lane->first != NULL && (all || now - lane->first->since > LANE_PATIENCE))
				return TakeFirst(lanes, lane);
	return NULL;
}

/* How many of the destination there may be. */
static int
Limit(const Lane *lane, int most)
{
	double ahead = lane->pace > 0 ? most * LANE_AHEAD / lane->pace : 0;

	return most + (ahead > 10000 ? 10000 : (int) ahead);
}

void
LanesTell(Lanes *lanes, int most, uint64_t now, Text *destinations, Text *counts, Text *limits)
{
	const char *comma = "{";

	for (int i = 0; i < BUCKETS; i++)
		for (Lane **at = &lanes->buckets[i]; *at != NULL;)
		{
			Lane *lane = *at;

			if (lane->running + lane->waiting == 0 && now - lane->used_at > FORGET)
			{
				*at = lane->next;
				free(lane);
				continue;
			}
			TextPrint(destinations, "%s%lld", comma, (long long) lane->destination);
			TextPrint(counts, "%s%d", comma, lane->running + lane->waiting);
			TextPrint(limits, "%s%d", comma, Limit(lane, most));
			comma = ",";
			at = &lane->next;
		}
	for (int i = 0; i < 3; i++)
		TextAddString(i == 0 ? destinations : i == 1 ? counts : limits, comma[0] == '{' ? "{}" : "}");
}
