/*
 * The posts of an account; see post.h.
 *
 * One statement by index reads the posts with what their roles show. Time is the start of the statement, as
 * in all that one request is judged by.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/post.h"
#include "core/spi.h"

#define NOW       "pg_catalog.statement_timestamp()"
#define DELEGATED "p.delegate_id IS NOT NULL AND p.delegate_from <= " NOW " AND p.delegate_until > " NOW
#define POST      "p.post_id, p.role, p.unit_code, p.division_code, p.valid_from, p.valid_until"

/* $1 account */
static SpiQuery posts_in_force = {
	"SELECT p.post_id, p.role, p.unit_code, p.division_code, coalesce(l.level, 1)"
	" FROM (SELECT " POST " FROM citybigdata.post p WHERE p.account_id = $1 AND NOT (" DELEGATED ")"
	" UNION ALL SELECT " POST " FROM citybigdata.post p WHERE p.delegate_id = $1 AND " DELEGATED ") p"
	" LEFT JOIN citybigdata.role_level l ON l.role = p.role"
	" WHERE p.valid_from <= " NOW " AND (p.valid_until IS NULL OR p.valid_until > " NOW ")"
	" AND EXISTS (SELECT FROM citybigdata.account a WHERE a.account_id = $1 AND a.state = 'active'"
	"  AND a.admin_role IS NULL AND (a.valid_until IS NULL OR a.valid_until > " NOW "))"
	" ORDER BY p.post_id",
	1,
	{INT8OID},
	NULL,
	true};

/* $1 account: a post in force or to come, its own or delegated to it */
static SpiQuery holds_post = {"SELECT FROM citybigdata.post p WHERE (p.account_id = $1 OR p.delegate_id = $1 "
							  "AND p.delegate_until > " NOW
							  ") AND (p.valid_until IS NULL OR p.valid_until > " NOW ") LIMIT 1",
							  1,
							  {INT8OID},
							  NULL,
							  true};

int
OperatorPosts(int64 account_id, OperatorPost **posts)
{
	Datum value = Int64GetDatum(account_id);
	uint64 count;

	SpiBegin();
	/* what this transaction has done so far counts too */
	count = SpiRun(&posts_in_force, &value, NULL, SPI_OK_SELECT, 0);
	*posts = SPI_palloc((count + 1) * sizeof(OperatorPost));
	for (uint64 i = 0; i < count; i++)
	{
		OperatorPost *post = *posts + i;

		post->post_id = SpiInt64(i, 1);
		post->role = SpiText(i, 2);
		post->unit_code = SpiText(i, 3);
		post->division_code = SpiText(i, 4);
		post->level = SpiInt32(i, 5);
	}
	SpiEnd();
	return (int) count;
}

int
OperatorLevel(const OperatorPost *posts, int count)
{
	int level = 0;

	for (int i = 0; i < count; i++)
		level = Max(level, posts[i].level);
	return level;
}

bool
PostsReachAll(const OperatorPost *posts, int count)
{
	for (int i = 0; i < count; i++)
		if (posts[i].unit_code == NULL && posts[i].division_code == NULL)
			return true;
	return false;
}

bool
HoldsPost(int64 account_id)
{
	Datum value = Int64GetDatum(account_id);
	bool holds;

	SpiBegin();
	holds = SpiRun(&holds_post, &value, NULL, SPI_OK_SELECT, 1) == 1;
	SpiEnd();
	return holds;
}
