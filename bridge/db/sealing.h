/*
 * How far the sealing of the audit log is behind, as the database told last: rest_ready() and rest_maintain()
 * name the age of the oldest row that is not sealed. For /metrics, which asks no database.
 */
#ifndef BRIDGE_SEALING_H
#define BRIDGE_SEALING_H

#include <stddef.h>
#include <stdint.h>

/* Takes auditUnsealedSeconds out of a JSON object, if it is there. Any thread. */
extern void SealingTold(const char *json, size_t length);

/* The age of that row by now, in seconds; 0: all rows are sealed, or nothing was told yet. */
extern uint64_t SealingAge(void);

#endif
