/*
 * The work list 待办 of an operator: what he holds, and what lies in the pools of his posts.
 *
 *   posts --TodoPools()--> pools: (role, unit, division) --a range of one index each--> rows, merged by
 *   (paused, deadline, rec_id): the page, whose last row is where the next one begins (keyset)
 *
 * A pool is asked for by an index that begins with its role (and unit) and goes on in the order of the list,
 * so that a page costs the same however many cases there are. Lights and deadlines are judged at each read;
 * counts of the whole list are at most TODO_COUNT_SECONDS old.
 */
#ifndef CBD_TODO_H
#define CBD_TODO_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "deadline/clock.h"
#include "process/step.h"

#define TODO_PAGE          50
#define TODO_PAGE_MAX      500
#define TODO_COUNT_SECONDS 5
#define TODO_COUNT_LIMIT   100000 /* cases that are counted of one list */

/* Cases that wait for a role. Texts as in case_task. */
typedef struct TodoPool
{
	const char *role;
	const char *unit;     /* NULL: of every unit, and of none; "": those with no unit yet */
	const char *division; /* beginning of the code; "": everywhere */
} TodoPool;

/* What is asked for; NULL and 0: not said. */
typedef struct TodoFilter
{
	const char *role;
	const char *unit; /* and below */
	const char *division;
	const char *type; /* beginning of the code */
	int32 state;
	Light light;
	bool mine; /* only what he holds */
} TodoFilter;

/* A row's place in the order of the list. */
typedef struct TodoKey
{
	bool paused;
	TimestampTz deadline;
	int32 rec_id;
} TodoKey;

/* A page of the list. */
typedef struct TodoPage
{
	TodoKey *keys;
	int count;
	bool more; /* another page follows */
} TodoPage;

/* Whose list: his account (0: nobody's) and the pools of his posts. */
typedef struct TodoList
{
	int64 account_id;
	const OperatorPost *posts; /* what he holds is his as long as one of them reaches it */
	int post_count;
	TodoPool *pools;
	int pool_count;
} TodoList;

/* The list of an actor, as far as the filter lets it: by role, unit and division. */
extern void TodoPools(const Actor *actor, const TodoFilter *filter, TodoList *list);

/* Up to `size` rows after `after` (NULL: from the beginning). */
extern void TodoRead(const TodoList *list, const TodoFilter *filter, const TodoKey *after, int size,
					 TodoPage *page);

/* {"total":n,"stages":{stage:{"total":n,light:n...}},"lights":{light:n}} of the whole list. */
extern char *TodoCounts(const TodoList *list);

/* A key as text, and back; false: it is none. */
extern char *TodoCursor(const TodoKey *key);
extern bool TodoCursorRead(const char *text, TodoKey *key);

/* LIGHT_NONE: there is no light of that name. */
extern Light TodoLight(const char *name);

#endif
