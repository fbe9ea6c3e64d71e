/* The catalogue's kept entries, dropped when catalogue, relation or function change; see catalogue.h. */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "core/say.h"
#include "data/catalogue.h"
#include "data/catalogue_load.h"

/* Entry of the hash below. */
typedef struct ResourceSlot
{
	char code[RESOURCE_CODE_SIZE]; /* hash key */
	Resource *resource;
} ResourceSlot;

/* Loaded resources of this session, by code. */
static HTAB *resources;
static uint64 changes; /* counts what the callbacks heard, to notice changes while an entry is read */
static Oid catalogue_relations[4]; /* resource_version, _field, _parameter, bound_object; InvalidOid: not
									  looked up */

/* Marks entries as stale; they are freed when looked for next. InvalidOid: all. */
static void
ForgetEntries(Oid relation, bool functions)
{
	HASH_SEQ_STATUS scan;
	ResourceSlot *slot;

	changes++;
	if (resources == NULL)
		return;
	hash_seq_init(&scan, resources);
	while ((slot = hash_seq_search(&scan)) != NULL)
		if (slot->resource != NULL &&
			(functions ? slot->resource->is_function
					   : !OidIsValid(relation) || slot->resource->relation == relation ||
							 list_member_oid(slot->resource->parts, relation)))
			slot->resource->stale = true;
}

/* Relcache callback: entries of the relation are stale; of the catalogue's own tables, all are. */
static void
RelationChanged(Datum arg, Oid relation)
{
	for (int i = 0; i < lengthof(catalogue_relations); i++)
		if (relation == catalogue_relations[i])
			relation = InvalidOid;
	ForgetEntries(relation, false);
	if (!OidIsValid(relation))
		memset(catalogue_relations, 0, sizeof(catalogue_relations));
}

/* Syscache callback: entries of functions are stale. */
static void
FunctionChanged(Datum arg, int cache, uint32 hash)
{
	ForgetEntries(InvalidOid, true);
}

/* Syscache callback: a schema or role may have another name, so all are stale. */
static void
NameChanged(Datum arg, int cache, uint32 hash)
{
	ForgetEntries(InvalidOid, false);
}

/* The hash table and the OIDs whose changes matter. */
static void
PrepareCache(void)
{
	if (resources == NULL)
	{
		HASHCTL control = {.keysize = RESOURCE_CODE_SIZE, .entrysize = sizeof(ResourceSlot)};

		resources = hash_create("citybigdata resources", 32, &control, HASH_ELEM | HASH_STRINGS);
		CacheRegisterRelcacheCallback(RelationChanged, (Datum) 0);
		CacheRegisterSyscacheCallback(PROCOID, FunctionChanged, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, NameChanged, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHOID, NameChanged, (Datum) 0);
	}
	if (!OidIsValid(catalogue_relations[0]))
	{
		Oid schema = get_namespace_oid("citybigdata", false);

		catalogue_relations[0] = get_relname_relid("resource_version", schema);
		catalogue_relations[1] = get_relname_relid("resource_field", schema);
		catalogue_relations[2] = get_relname_relid("resource_parameter", schema);
		catalogue_relations[3] = get_relname_relid("bound_object", schema);
	}
}

/* Frees an entry that nobody uses, with its plans. */
static void
FreeEntry(Resource *resource)
{
	ResourceForgetPlans(resource);
	MemoryContextDelete(resource->context);
}

Resource *
ResourceFind(const char *code, bool patient, CbdStatus *status, char **reason)
{
	ResourceSlot *slot;
	Resource *resource;
	bool found;

	*status = CBD_NO_SUCH_RESOURCE;
	*reason = MESSAGE("it is not published");
	if (strlen(code) >= RESOURCE_CODE_SIZE)
		return NULL;
	PrepareCache();
	slot = hash_search(resources, code, HASH_FIND, NULL);
	resource = slot == NULL ? NULL : slot->resource;
	if (resource != NULL && !resource->stale && !ResourceLock(resource, patient))
	{
		*status = CBD_UNAVAILABLE;
		*reason = SaidBoth("%s{relation} is locked", resource->source);
		return NULL;
	}
	if (resource != NULL && resource->stale)
	{
		slot->resource = NULL;
		resource->detached = true;
		if (resource->users == 0)
			FreeEntry(resource);
		resource = NULL;
	}
	if (resource == NULL)
	{
		uint64 before = changes;

		resource = ResourceLoad(code, patient, status, reason);
		if (resource == NULL)
			return NULL;
		/* read with an old snapshot it may be out of date already: good for this once */
		resource->stale = changes != before || IsolationUsesXactSnapshot();
		slot = hash_search(resources, code, HASH_ENTER, &found);
		slot->resource = resource;
	}
	resource->users++;
	*status = CBD_OK;
	return resource;
}

void
ResourceRelease(Resource *resource)
{
	if (--resource->users == 0 && resource->detached)
		FreeEntry(resource);
}
