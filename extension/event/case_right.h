/*
 * Which cases an operator's posts reach. A post reaches the cases of its division and of its unit, with those
 * below them. A case that is with no unit yet is reached by posts of any unit, but for those of the roles
 * unit and handler, who have nothing to do with it before it is dispatched to them.
 */
#ifndef CBD_CASE_RIGHT_H
#define CBD_CASE_RIGHT_H

#include "postgres.h"
#include "access/operator.h"

/* Where a case is. Texts may be NULL. */
typedef struct CasePlace
{
	const char *unit;     /* responsible unit; NULL: none yet */
	const char *division; /* the most special code that is known */
} CasePlace;

extern bool PostReachesCase(const OperatorPost *post, const CasePlace *place);

/* An operator sees what one of his posts reaches; that he holds a case, from a post that has ended, is not
 * enough. */
extern bool OperatorSeesCase(const OperatorPost *posts, int count, const CasePlace *place);

/* May the operator see name and phone number of who reported as they are: is he desk, handler or verifier of
 * the case? */
extern bool OperatorSeesPerson(const OperatorPost *posts, int count, const CasePlace *place);

#endif
