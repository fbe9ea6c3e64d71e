/* The rights of a publisher; see as_publisher.h. */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_proc.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

#include "core/guc.h"
#include "core/own_lock.h"
#include "data/as_publisher.h"

static Oid acting_as; /* the role of the last TakePublisherRights() */

void
TakePublisherRights(PublisherRights *rights, Oid role, bool read_only)
{
	GetUserIdAndSecContext(&rights->user, &rights->context);
	rights->guc_level = NewGUCNestLevel();
	rights->read_only = XactReadOnly;
	rights->acting_as = acting_as;
	acting_as = role;
	SetUserIdAndSecContext(role,
						   rights->context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
	if (read_only)
		XactReadOnly = true;
}

void
EndPublisherLocks(void)
{
	Oid bridge = get_role_oid("citybigdata_bridge", true);

	if (OidIsValid(bridge) && is_member_of_role_nosuper(GetSessionUserId(), bridge))
		ReleaseForeignLocks();
}

void
DropPublisherRights(const PublisherRights *rights)
{
	XactReadOnly = rights->read_only;
	AtEOXact_GUC(false, rights->guc_level);
	SetUserIdAndSecContext(rights->user, rights->context);
	acting_as = rights->acting_as;
}

/* Raises when code of a publisher would run outside of Take and Drop. */
static void
RequirePublisher(void)
{
	if (!OidIsValid(acting_as) || GetUserId() != acting_as || !InSecurityRestrictedOperation())
		elog(ERROR, "code of a published type called outside the publisher's rights");
}

char *
PublishedText(const FmgrInfo *output, Datum value)
{
	RequirePublisher();
	return OutputFunctionCall(unconstify(FmgrInfo *, output), value);
}

Datum
PublishedJson(Oid function, Datum value)
{
	RequirePublisher();
	return OidFunctionCall1(function, value);
}

Oid
OwnerOfObject(Oid object, bool is_function)
{
	HeapTuple tuple = SearchSysCache1(is_function ? PROCOID : RELOID, ObjectIdGetDatum(object));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = is_function ? ((Form_pg_proc) GETSTRUCT(tuple))->proowner
						: ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* Triggers that somebody made, of the table, a partition or child; those of foreign keys are the server's own
 * code. */
static bool
HasTriggers(Oid relation)
{
	List *tables = find_all_inheritors(relation, NoLock, NULL);
	ListCell *cell;
	bool found = false;

	foreach (cell, tables)
	{
		Relation rel = RelationIdGetRelation(lfirst_oid(cell));

		if (!RelationIsValid(rel))
			continue;
		for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
			found = found || !rel->trigdesc->triggers[i].tgisinternal;
		RelationClose(rel);
	}
	return found;
}

bool
RunsAsSuperuser(Oid object, bool is_function, bool written)
{
	Oid owner = OwnerOfObject(object, is_function);
	char kind;

	if (guc_superuser_code || !OidIsValid(owner) || !superuser_arg(owner))
		return false;
	if (is_function)
		return true;
	kind = get_rel_relkind(object);
	return kind == RELKIND_VIEW || kind == RELKIND_FOREIGN_TABLE || (written && HasTriggers(object));
}

bool
OwnsWholeTable(Oid relation, Oid role, Oid *strange, List **parts)
{
	List *tables;
	ListCell *cell;

	*strange = relation;
	if (parts != NULL)
		*parts = NIL;
	if (OwnerOfObject(relation, false) != role)
		return false;
	if (!has_subclass(relation))
		return true;
	/* without locks: who may not wait for a relation may not wait for a part of it; one that is gone by now
	 * is none */
	tables = find_all_inheritors(relation, NoLock, NULL);
	if (parts != NULL)
		*parts = tables;
	foreach (cell, tables)
	{
		Oid owner = OwnerOfObject(lfirst_oid(cell), false);

		*strange = lfirst_oid(cell);
		if (OidIsValid(owner) && owner != role)
			return false;
	}
	return true;
}

/* A view with security_invoker: SELECT on it says nothing of the tables below. */
static bool
ReadsAsInvoker(Relation rel)
{
#if PG_VERSION_NUM >= 150000
	return rel->rd_rel->relkind == RELKIND_VIEW && RelationHasSecurityInvoker(rel);
#else
	return false;
#endif
}

bool
ReadsWholeTable(Oid relation, Oid role)
{
	Oid owner = OwnerOfObject(relation, false);
	Relation rel;
	bool whole;

	if (!OidIsValid(owner))
		return false;
	if (has_privs_of_role(role, owner))
		return true;
	if (pg_class_aclcheck(relation, role, ACL_SELECT) != ACLCHECK_OK)
		return false;
	rel = RelationIdGetRelation(relation);
	if (!RelationIsValid(rel))
		return false;
	whole = !rel->rd_rel->relrowsecurity && !ReadsAsInvoker(rel);
	RelationClose(rel);
	return whole;
}
