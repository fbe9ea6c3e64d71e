/*
 * Organisation (clause 4, 业务支撑): which unit answers for what, and where.
 *
 *   citybigdata.unit           --organisation.c--> cache of each backend --> names, who is below whom
 *   citybigdata.responsibility --organisation.c--> one probe of its index --> who answers for a type in a
 * division save_unit(), load_units() ..., POST /admin/units ... --organisation_rest.c--> what sql/code/74 and
 * 75 check
 *
 * A unit 责任单位 is an office or a firm that handles cases; units form a tree. A post 岗位 is what an
 * account does for a unit in a division. A type is a code of code table event-type: the types above it are
 * the beginnings of its code (60201 belongs to 602, and that to 6). A division is below another when its code
 * says so (place/division.h). NULL and "" as a type, division or unit mean: none is known.
 *
 * Nothing here raises an error for what it is given. What is handed out is palloc'd.
 */
#ifndef CBD_ORGANISATION_H
#define CBD_ORGANISATION_H

#include "postgres.h"

/* The name of a unit; false: there is no such unit, or it is closed. `name` may be NULL. */
extern bool UnitName(const char *unit_code, char **name);

/* The working calendar of a unit; NULL: there is no such unit. */
extern char *UnitCalendar(const char *unit_code);

/*
 * The unit that answers for a type in a division; NULL: nobody. What the responsibilities and the units' own
 * lists (unit.event_types, unit.divisions) say, the most special wins: the longest type, then the longest
 * division, then a responsibility before a list, then the smaller code. Closed units do not count.
 */
extern char *ResponsibleUnit(const char *type, const char *division);

/* Does the unit answer for the type in the division: it or a unit above it is the responsible one, or its own
 * lists say so? */
extern bool UnitAnswers(const char *unit, const char *type, const char *division);

/* Is the unit the other one, or below it? */
extern bool UnitWithin(const char *unit, const char *ancestor);

/*
 * Does a post reach a case that is with `unit` in `division`? NULL in the post: every one. A post with a unit
 * does not reach a case that is with no unit yet, nor one with a division a case without.
 */
extern bool PostCovers(const char *post_unit, const char *post_division, const char *unit,
					   const char *division);

#endif
