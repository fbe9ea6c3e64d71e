/*
 * Data levels of the fields of a case (clause 6.3, DB11/T 1918), of table event_field, cached per backend.
 *
 * A caller sees fields up to its level as they are and the others masked, or left out. Cases of the caller's
 * own senders it sees at CASE_LEVEL_OWN (it reported them itself), unless its token was
 * narrowed. Level 4 never leaves.
 */
#ifndef CBD_EVENT_LEVEL_H
#define CBD_EVENT_LEVEL_H

#include "postgres.h"
#include "lib/stringinfo.h"

/* The level at which a sender sees the cases that he reported himself. */
#define CASE_LEVEL_OWN 3

/*
 * The highest level among the fields that can be shown: a caller who has it sees them all. To be called once
 * per request, before the functions below; no SPI connection is open.
 */
extern int CaseLevelWanted(void);

/* May a caller of that level see the field as it is? */
extern bool CaseFieldShown(int field, int caller_level);

/* Appends a text field as JSON, as a caller of that level gets it. NULL gives null. */
extern void WriteCaseText(StringInfo out, int field, const char *value, int caller_level);

#endif
