/*
 * Plans that are kept with a published resource: one for each text of a query, found by the text's hash and
 * compared with the text itself. A resource that is asked in many shapes does not fill the memory.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/memutils.h"

#include "data/catalogue.h"
#include "data/resource_check.h"

/* Plans kept per resource; a resource asked in more shapes than this forgets them all and begins again. So do
 * all together. */
#define PLAN_LIMIT      128
#define ALL_PLANS_LIMIT 512

/* A kept plan and the text it was made of, found by the text's hash. */
typedef struct PlanSlot
{
	uint64 hash;
	char *sql;
	SPIPlanPtr plan;
} PlanSlot;

static dlist_head planned = DLIST_STATIC_INIT(planned); /* the resources that have plans */
static long plans_kept;                                 /* of all resources */

void
ResourceForgetPlans(Resource *resource)
{
	HASH_SEQ_STATUS scan;
	PlanSlot *slot;

	if (resource->plans == NULL)
		return;
	plans_kept -= hash_get_num_entries(resource->plans);
	hash_seq_init(&scan, resource->plans);
	while ((slot = hash_seq_search(&scan)) != NULL)
	{
		SPI_freeplan(slot->plan);
		pfree(slot->sql);
	}
	hash_destroy(resource->plans);
	resource->plans = NULL;
	dlist_delete(&resource->planned);
}

/* All plans of all resources; none of them runs: a relation that is being read may not ask again. */
static void
ForgetAllPlans(void)
{
	dlist_mutable_iter at;

	dlist_foreach_modify(at, &planned) ResourceForgetPlans(dlist_container(Resource, planned, at.cur));
}

/* The kept plan of the text, made when there is none yet. */
static SPIPlanPtr
KeptPlan(Resource *resource, const char *sql, int nargs, Oid *types, int cursor_options)
{
	size_t length = strlen(sql);
	uint64 hash = hash_bytes_extended((const unsigned char *) sql, length, cursor_options);
	PlanSlot *slot;
	SPIPlanPtr plan;
	bool found;

	if (resource->plans != NULL && hash_get_num_entries(resource->plans) >= PLAN_LIMIT &&
		hash_search(resource->plans, &hash, HASH_FIND, NULL) == NULL)
		ResourceForgetPlans(resource);
	else if (plans_kept >= ALL_PLANS_LIMIT &&
			 (resource->plans == NULL || hash_search(resource->plans, &hash, HASH_FIND, NULL) == NULL))
		ForgetAllPlans();
	if (resource->plans == NULL)
	{
		HASHCTL control = {
			.keysize = sizeof(uint64), .entrysize = sizeof(PlanSlot), .hcxt = resource->context};

		resource->plans =
			hash_create("citybigdata plans", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		dlist_push_head(&planned, &resource->planned);
	}
	slot = hash_search(resource->plans, &hash, HASH_FIND, NULL);
	if (slot != NULL && strcmp(slot->sql, sql) == 0)
		return slot->plan;
	plan = SPI_prepare_cursor(sql, nargs, types, cursor_options);
	if (plan == NULL)
		elog(ERROR, "cannot prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "cannot keep a plan");
	slot = hash_search(resource->plans, &hash, HASH_ENTER, &found);
	if (found)
		SPI_freeplan(slot->plan); /* another text of the same hash */
	else
		plans_kept++;
	slot->sql = MemoryContextStrdup(resource->context, sql);
	slot->plan = plan;
	return plan;
}

SPIPlanPtr
ResourcePlan(Resource *resource, const char *sql, int nargs, Oid *types, int cursor_options)
{
	SPIPlanPtr plan = KeptPlan(resource, sql, nargs, types, cursor_options);

	CheckSource(resource, plan);
	return plan;
}
