/* What is wrong with a published resource; see resource_check.h. */
#include "postgres.h"

#include "access/htup_details.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

#include "core/say.h"
#include "core/status.h"
#include "data/as_publisher.h"
#include "data/resource_check.h"

/*
 * Does the column have the type that it was published with? A relation's columns are asked of the system
 * cache, which is newer than any snapshot: the transaction may be older than the last ALTER TABLE.
 */
bool
ColumnStands(const Resource *resource, const char *column, Oid seen, const char *published, char **reason)
{
	Oid type = seen;

	if (!resource->is_function)
	{
		HeapTuple tuple = SearchSysCacheAttName(resource->relation, column);

		type = InvalidOid;
		if (HeapTupleIsValid(tuple))
		{
			type = ((Form_pg_attribute) GETSTRUCT(tuple))->atttypid;
			ReleaseSysCache(tuple);
		}
	}
	if (!OidIsValid(type))
		*reason = SaidBoth("column %s{column} of %s{relation} does not exist", column, resource->source);
	else if (type != seen || strcmp(format_type_be(type), published) != 0)
		*reason = SaidBoth("column %s{column} of %s{relation} has another type", column, resource->source);
	else if (IsTemporaryType(type))
		*reason =
			SaidBoth("column %s{column} of %s{relation} has a type of a session", column, resource->source);
	else
		return true;
	return false;
}

/* May the field play its role, by its type and its level? `resource_level`: all that may use the resource see
 * what it orders or selects by. A NULL field plays none. */
bool
FieldServes(const Resource *resource, const ResourceField *field, ColumnUse use, bool resource_level,
			char **reason)
{
	if (field == NULL)
		return true;
	if (!TypeServes(field->declared_type, use))
		*reason = SaidBoth("column %s{column} of %s{relation} has no type for its use", field->column,
						   resource->source);
	else if (resource_level && field->level > resource->level)
		*reason = SaidBoth("column %s{column} of %s{relation} is above the level of the resource",
						   field->column, resource->source);
	else
		return true;
	return false;
}

/* A file is of type bytea, and neither its content type nor its name tells a column that is above it. */
static bool
FileServes(const Resource *resource, const ResourceField *file, char **reason)
{
	for (int i = 0; i < resource->nfields; i++)
	{
		const ResourceField *field = &resource->fields[i];

		if (field->level > file->level &&
			((file->file_type_column != NULL && strcmp(file->file_type_column, field->column) == 0) ||
			 (file->file_name_column != NULL && strcmp(file->file_name_column, field->column) == 0)))
		{
			*reason = SaidBoth("column %s{column} of %s{relation} is above the file that it names",
							   field->column, resource->source);
			return false;
		}
	}
	return FieldServes(resource, file, USE_FILE, false, reason);
}

/* The same for all fields as such, after a change of the relation or of the catalogue by hand. */
bool
FieldsServe(const Resource *resource, char **reason)
{
	for (int i = 0; i < resource->nfields; i++)
	{
		const ResourceField *field = &resource->fields[i];

		if (((field->filterable || field->sortable) &&
			 !FieldServes(resource, field, USE_FILTER, false, reason)) ||
			(field->mask != NULL && !FieldServes(resource, field, USE_TEXT, false, reason)) ||
			(field->kind == FIELD_FILE && !FileServes(resource, field, reason)))
			return false;
	}
	for (int i = 0; i < resource->nkeys; i++)
		if (!FieldServes(resource, resource->keys[i], USE_KEY, true, reason))
			return false;
	return true;
}

/* What the published relation or function is called now; NULL: it is gone. */
static char *
NameOfObject(const Resource *resource, Oid object)
{
	Oid schema = resource->is_function ? get_func_namespace(object) : get_rel_namespace(object);
	char *name = resource->is_function ? get_func_name(object) : get_rel_name(object);

	return name == NULL ? NULL : quote_qualified_identifier(get_namespace_name(schema), name);
}

/* Nothing has the name that was published: why? */
char *
MissingObject(const Resource *resource, Oid bound)
{
	char *now = OidIsValid(bound) ? NameOfObject(resource, bound) : NULL;

	return now == NULL ? SaidBoth("%s{relation} does not exist", resource->source)
					   : SaidBoth("%s{relation} does not exist; what was published is %s{now} now",
								  resource->source, now);
}

/*
 * Is it what was published, and does it still belong to its publisher? Its code runs with his rights:
 * another's may not. `bound`: the OID that publish() saw; InvalidOid: not known since a restore, then name,
 * owner and columns decide. False: *reason tells.
 */
bool
IsPublishersOwn(Resource *resource, Oid bound, char **reason)
{
	List *parts = NIL;
	MemoryContext caller;
	Oid owner = OwnerOfObject(resource->relation, resource->is_function);
	Oid strange = resource->relation;
	char *now;

	if (OidIsValid(bound) && bound != resource->relation)
	{
		now = NameOfObject(resource, bound);
		*reason = now == NULL ? SaidBoth("%s{relation} was dropped and made again", resource->source)
							  : SaidBoth("%s{relation} is another one; what was published is %s{now} now",
										 resource->source, now);
	}
	else if (!OidIsValid(owner))
		*reason = SaidBoth("%s{relation} does not exist", resource->source);
	else if (owner != resource->publisher)
		*reason = SaidBoth("%s{relation} belongs to %s{owner}; %s{publisher} published it", resource->source,
						   GetUserNameFromId(owner, false), GetUserNameFromId(resource->publisher, false));
	else if (!resource->is_function &&
			 !OwnsWholeTable(resource->relation, resource->publisher, &strange, &parts))
		*reason = SaidBoth("a partition or child of %s{relation}, %s{part}, belongs to another role",
						   resource->source, NameOfObject(resource, strange));
	else if (RunsAsSuperuser(resource->relation, resource->is_function, false))
		*reason = SaidBoth("%s{relation} belongs to %s{owner}, a superuser, and its code would run with all "
						   "rights: give it to a "
						   "role of its own, or set citybigdata.superuser_code",
						   resource->source, GetUserNameFromId(owner, false));
	else
	{
		caller = MemoryContextSwitchTo(resource->context);
		resource->parts = list_copy(parts);
		MemoryContextSwitchTo(caller);
		return true;
	}
	return false;
}

/*
 * Does the query of the plan, parsed again if anything changed, read what was found and no other? A name in
 * it may lead elsewhere by now: a schema is renamed without a lock on what is in it, a function is chosen by
 * its arguments. Parsing runs no code of anybody.
 */
void
CheckSource(const Resource *resource, SPIPlanPtr plan)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));
	RangeTblEntry *entry;
	Oid object = InvalidOid;

	(void) CachedPlanGetTargetList(source, NULL);
	entry = linitial_node(RangeTblEntry, linitial_node(Query, source->query_list)->rtable);
	if (entry->rtekind == RTE_FUNCTION)
	{
		Node *call = linitial_node(RangeTblFunction, entry->functions)->funcexpr;

		object = IsA(call, FuncExpr) ? ((FuncExpr *) call)->funcid : InvalidOid;
	}
	else if (OidIsValid(entry->relid))
		object = entry->relid;
	else if (entry->rtekind == RTE_SUBQUERY && entry->subquery->rtable != NIL)
		object =
			linitial_node(RangeTblEntry, entry->subquery->rtable)->relid; /* a view, before 16: its OLD */
	if (object != resource->relation)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("%s{source} is not what was published under this name", resource->source)));
}
