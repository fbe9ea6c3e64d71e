/*
 * Posts 岗位: what an account does for a unit in a division, read anew at every request (operator.h).
 */
#ifndef CBD_POST_H
#define CBD_POST_H

#include "postgres.h"

/* A post in force. */
typedef struct OperatorPost
{
	int64 post_id;
	char *role;          /* of code table case-role */
	char *unit_code;     /* NULL: for every unit */
	char *division_code; /* NULL: in every division */
	int level;           /* data level that the role gives, 1-3 (role_level) */
} OperatorPost;

/*
 * The posts that the account acts in now, in order of their numbers, palloc'd: its own that are not
 * delegated, and those delegated to it. Returns how many; 0: no operator, because it has none, is not active,
 * or is an administrator's.
 */
extern int OperatorPosts(int64 account_id, OperatorPost **posts);

/* Has the account a post in force or to come, its own or delegated to it? Such a one becomes no administrator
 * (CBD_POST_AND_ROLE). */
extern bool HoldsPost(int64 account_id);

/* The highest data level of the posts; 0: there are none. */
extern int OperatorLevel(const OperatorPost *posts, int count);

/* Does one of the posts reach every case: without unit and division? */
extern bool PostsReachAll(const OperatorPost *posts, int count);

#endif
