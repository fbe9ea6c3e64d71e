/*
 * publish() and unpublish(): who calls, what he may read; the rest is SQL (parts 72 and 73).
 *
 * These functions are not SECURITY DEFINER: they must know the immediate caller. The session's user would be
 * wrong: code of another role may run in his session (index expressions, triggers, view functions).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xlog.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "data/as_publisher.h"
#include "core/owner_rights.h"
#include "data/catalogue.h"
#include "core/compat.h"
#include "core/say.h"
#include "data/query.h"
#include "core/spi.h"

/* Columns of the result of publish(): code, version, address, advice. */
#define PUBLISH_COLUMNS 4

/* What publish() was given, found and allowed. */
typedef struct Published
{
	Oid relation; /* InvalidOid: a function */
	Oid function;
	Oid owner;
	char *schema;
	char *name;
	char *arguments; /* NULL: a relation */
} Published;

/* publish() as the owner of the catalogue; what the caller and the relation are comes as arguments. */
static SpiQuery run_publish = {"SELECT p.code, p.version, p.address, p.advice FROM "
							   "citybigdata.publish_as($1, $2, $3, $4, $5, $6, $7, $8) p",
							   8,
							   {TEXTOID, BOOLOID, OIDOID, OIDOID, TEXTOID, TEXTOID, TEXTOID, JSONBOID}};
/* What was published is complete. */
static SpiQuery run_finish = {"SELECT citybigdata.publish_finish($1, $2, $3, $4, $5)",
							  5,
							  {TEXTOID, TEXTOID, TEXTOID, INT4OID, TEXTARRAYOID}};
/* A security administrator's decision about levels. */
static SpiQuery run_decide = {"SELECT citybigdata.decide_levels_as($1, $2, $3, $4, $5)",
							  5,
							  {TEXTOID, TEXTOID, TEXTOID, INT4OID, BOOLOID}};
/* $1 caller, $2 administers the platform?, $3 resource. */
static SpiQuery run_unpublish = {
	"SELECT citybigdata.unpublish_as($1, $2, $3)", 3, {TEXTOID, BOOLOID, TEXTOID}};

/* What keeps the function from being published, as a message; NULL: nothing. */
static const char *
FunctionProblem(HeapTuple tuple)
{
	Form_pg_proc function = (Form_pg_proc) GETSTRUCT(tuple);
	bool no_modes;

	if (function->prokind != PROKIND_FUNCTION || !function->proretset)
		return MESSAGE("does not return a table");
	if (OidIsValid(function->provariadic))
		return MESSAGE("is VARIADIC: parameters are passed by name, one value each");
	(void) SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proargmodes, &no_modes);
	/* a table of one column is returned as its type, with the name in proargmodes */
	if (!no_modes)
		return NULL;
	if (function->prorettype == RECORDOID)
		return MESSAGE("returns SETOF record, without names of columns");
	return get_typtype(function->prorettype) == TYPTYPE_COMPOSITE
			   ? NULL
			   : MESSAGE("returns values without a column's name");
}

/*
 * Only who may act as the owner publishes: the relation is read with the owner's rights, and its owner may
 * change its code later. Of a partitioned or inherited table all parts must be the owner's.
 */
static void
CheckOwner(Published *found, ObjectType kind, const char *name)
{
	bool is_function = OidIsValid(found->function);
	Oid object = is_function ? found->function : found->relation;
	Oid strange;

	found->owner = OwnerOfObject(object, is_function);
	if (!has_privs_of_role(GetUserId(), found->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 saymsg("must be owner of %s{relation} to publish it", name),
				 saydetail("It belongs to %s{owner} and is read with the rights of its owner.",
						   GetUserNameFromId(found->owner, true)),
				 sayhint("Its owner, or a member of that role, can publish it; who may read it can publish a "
						 "view of his own.")));
	if (!is_function && !OwnsWholeTable(object, found->owner, &strange, NULL))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						saymsg("%s{part}, a partition or child of %s{relation}, belongs to another role",
							   get_rel_name(strange), name),
						errhint("ALTER TABLE ... OWNER TO %s;",
								quote_identifier(GetUserNameFromId(found->owner, true)))));
}

/* A set-returning function by its signature; raises what is wrong with it. */
static void
FindFunction(const char *signature, Published *found)
{
	HeapTuple tuple;
	Form_pg_proc function;
	const char *problem;

	found->function = DatumGetObjectId(DirectFunctionCall1(regprocedurein, CStringGetDatum(signature)));
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(found->function));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
						saymsg("function %s{function} does not exist", signature),
						sayhint("For example SELECT citybigdata.publish('public.lights_near(double "
								"precision, double precision)', ...).")));
	function = (Form_pg_proc) GETSTRUCT(tuple);
	problem = FunctionProblem(tuple);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE), saymsg("%s{function} %s{problem*}", signature, problem),
				 sayhint("Publish a table, a view or a function with RETURNS TABLE (...) or RETURNS "
						 "SETOF row type.")));
	found->schema = get_namespace_name(function->pronamespace);
	found->name = pstrdup(NameStr(function->proname));
	ReleaseSysCache(tuple);
	found->arguments = TextDatumGetCString(
		DirectFunctionCall1(pg_get_function_identity_arguments, ObjectIdGetDatum(found->function)));
	CheckOwner(found, OBJECT_FUNCTION, signature);
}

/* A table or view by its name; raises what is wrong with it. */
static void
FindRelation(const char *name, Published *found)
{
	HeapTuple tuple;
	char kind;

	found->relation = DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(name)));
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(found->relation));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), saymsg("relation %s{relation} does not exist", name),
				 sayhint("For example SELECT citybigdata.publish('public.street_light').")));
	found->name = pstrdup(NameStr(((Form_pg_class) GETSTRUCT(tuple))->relname));
	found->schema = get_namespace_name(((Form_pg_class) GETSTRUCT(tuple))->relnamespace);
	kind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;
	if (((Form_pg_class) GETSTRUCT(tuple))->relpersistence == RELPERSISTENCE_TEMP ||
		strchr("rpvmf", kind) == NULL)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE), saymsg("%s{relation} cannot be published", name),
						saydetail("It is temporary, or no table or view."),
						sayhint("Publish a table, a view or a set-returning function.")));
	ReleaseSysCache(tuple);
	CheckOwner(found, get_relkind_objtype(kind), name);
}

/*
 * publish(relation text, options jsonb): (code, version, address, advice). Whoever calls, it is published in
 * the name of the relation's owner and read as he. What shows more than before waits for the security
 * administrator.
 */
PG_FUNCTION_INFO_V1(cbd_publish);
Datum
cbd_publish(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Published found = {InvalidOid};
	OwnerRights rights;
	Datum values[8];
	bool nulls[8] = {false};
	Datum finish[5];
	Datum row[PUBLISH_COLUMNS];
	bool row_nulls[PUBLISH_COLUMNS];
	TupleDesc shape;

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "publish() returns a row");
	if (strchr(name, '(') != NULL)
		FindFunction(name, &found);
	else
		FindRelation(name, &found);
	values[0] = CStringGetTextDatum(GetUserNameFromId(found.owner, false));
	values[1] = BoolGetDatum(AdministersPlatform(GetUserId()));
	values[2] = ObjectIdGetDatum(found.relation);
	nulls[2] = !OidIsValid(found.relation);
	values[3] = ObjectIdGetDatum(found.function);
	nulls[3] = !OidIsValid(found.function);
	values[4] = CStringGetTextDatum(found.schema);
	values[5] = CStringGetTextDatum(found.name);
	nulls[6] = found.arguments == NULL;
	values[6] = nulls[6] ? 0 : CStringGetTextDatum(found.arguments);
	values[7] = PG_GETARG_DATUM(1);
	finish[0] = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	finish[1] = CStringGetTextDatum(GetUserNameFromId(GetSessionUserId(), false));
	TakeOwnerRights(&rights);
	SpiBegin();
	(void) SpiRun(&run_publish, values, nulls, SPI_OK_SELECT, 1);
	for (int i = 0; i < PUBLISH_COLUMNS; i++)
		row[i] = SpiDatum(0, i + 1, &row_nulls[i]);
	CheckPublished(SpiText(0, 1));
	finish[2] = row[0];
	finish[3] = row[1];
	finish[4] = row[3];
	(void) SpiRun(&run_finish, finish, NULL, SPI_OK_SELECT, 1);
	row[3] = SpiDatum(0, 1, &row_nulls[3]);
	SpiEnd();
	DropOwnerRights(&rights);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), row, row_nulls)));
}

/* unpublish(code text): withdraws a resource that the caller, or with him a role he belongs to, published;
 * administrators any. */
PG_FUNCTION_INFO_V1(cbd_unpublish);
Datum
cbd_unpublish(PG_FUNCTION_ARGS)
{
	OwnerRights rights;
	Datum values[3];

	values[0] = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	values[1] = BoolGetDatum(AdministersPlatform(GetUserId()));
	values[2] = PG_GETARG_DATUM(0);
	TakeOwnerRights(&rights);
	SpiBegin();
	(void) SpiRun(&run_unpublish, values, NULL, SPI_OK_SELECT, 1);
	SpiEnd();
	DropOwnerRights(&rights);
	PG_RETURN_VOID();
}

/* cluster_id() returns bigint: the system identifier, as pg_control_system() has it. */
PG_FUNCTION_INFO_V1(cbd_cluster_id);
Datum
cbd_cluster_id(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) GetSystemIdentifier());
}

/* A security administrator's decision on a version that shows more than the one before. */
static void
DecideLevels(FunctionCallInfo fcinfo, bool consent)
{
	OwnerRights rights;
	Datum values[5];

	values[0] = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	values[1] = CStringGetTextDatum(GetUserNameFromId(GetSessionUserId(), false));
	values[2] = PG_GETARG_DATUM(0);
	values[3] = PG_GETARG_DATUM(1);
	values[4] = BoolGetDatum(consent);
	TakeOwnerRights(&rights);
	SpiBegin();
	(void) SpiRun(&run_decide, values, NULL, SPI_OK_SELECT, 1);
	SpiEnd();
	DropOwnerRights(&rights);
}

/* approve_levels(code text, version integer): it is in force from now on. */
PG_FUNCTION_INFO_V1(cbd_approve_levels);
Datum
cbd_approve_levels(PG_FUNCTION_ARGS)
{
	DecideLevels(fcinfo, true);
	PG_RETURN_VOID();
}

/* refuse_levels(code text, version integer): the version before stays. */
PG_FUNCTION_INFO_V1(cbd_refuse_levels);
Datum
cbd_refuse_levels(PG_FUNCTION_ARGS)
{
	DecideLevels(fcinfo, false);
	PG_RETURN_VOID();
}
