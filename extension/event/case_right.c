/* Which cases an operator's posts reach; see case_right.h. */
#include "postgres.h"

#include "event/case_right.h"
#include "organisation/organisation.h"

static bool
RoleIs(const OperatorPost *post, const char *role)
{
	return strcmp(post->role, role) == 0;
}

bool
PostReachesCase(const OperatorPost *post, const CasePlace *place)
{
	bool unit_bound = place->unit != NULL || RoleIs(post, "unit") || RoleIs(post, "handler");

	return PostCovers(unit_bound ? post->unit_code : NULL, post->division_code, place->unit, place->division);
}

bool
OperatorSeesCase(const OperatorPost *posts, int count, const CasePlace *place)
{
	for (int i = 0; i < count; i++)
		if (PostReachesCase(&posts[i], place))
			return true;
	return false;
}

bool
OperatorSeesPerson(const OperatorPost *posts, int count, const CasePlace *place)
{
	for (int i = 0; i < count; i++)
		if ((RoleIs(&posts[i], "desk") || RoleIs(&posts[i], "handler") || RoleIs(&posts[i], "verifier")) &&
			PostReachesCase(&posts[i], place))
			return true;
	return false;
}
