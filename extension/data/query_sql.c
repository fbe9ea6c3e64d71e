/*
 * The open data interface from SQL: query(), query_parameters(). An analyst sees the same page as a client of
 * the bridge; what the own role may read itself it sees wholly, other resources as a caller of level 1.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "audit/audit.h"
#include "core/own_statement.h"
#include "data/as_publisher.h"
#include "core/compat.h"
#include "core/field.h"
#include "core/spi.h"
#include "core/owner_rights.h"
#include "core/say.h"
#include "data/query.h"

#define SQL_LEVEL 3 /* of a role that may read the relation itself */

/* The members of a jsonb object as names and values: an array repeats the name, null is absent. */
static int
ObjectParameters(Jsonb *object, char ***names, char ***values)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue v;
	int n = 0;
	int size = Max(JB_ROOT_COUNT(object), 1);
	char *name = NULL;

	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_INVALID_PARAMETER)), saymsg("parameters must be a JSON object"),
				 sayhint("For example '{\"divisionCode\": \"110101\", \"pageSize\": 10}'.")));
	*names = palloc(sizeof(char *) * size);
	*values = palloc(sizeof(char *) * size);
	it = JsonbIteratorInit(&object->root);
	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		char *value;

		if (token == WJB_KEY)
			name = pnstrdup(v.val.string.val, v.val.string.len);
		if (token != WJB_VALUE || v.type == jbvNull)
			continue;
		if (v.type == jbvString)
			value = pnstrdup(v.val.string.val, v.val.string.len);
		else if (v.type == jbvNumeric)
			value = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(v.val.numeric)));
		else if (v.type == jbvBool)
			value = pstrdup(v.val.boolean ? "true" : "false");
		else /* an array is a list in itself; an object no parameter takes: refused as a list */
			value = JsonbToCString(NULL, (JsonbContainer *) v.val.binary.data, v.val.binary.len);
		(*names)[n] = name;
		(*values)[n++] = value;
	}
	return n;
}

/*
 * Of the calling role: what it may read itself it sees wholly, other resources as a caller of level 1. Who
 * may execute a function, or read a view with security_invoker or a table with row security, would not see by
 * it what its owner sees.
 */
static int
LevelOfRole(const Resource *resource, Oid role)
{
	bool whole = resource->is_function ? has_privs_of_role(role, resource->publisher)
									   : ReadsWholeTable(resource->relation, role);

	return whole ? SQL_LEVEL : 1;
}

/* For SQL callers: the errors of the parameters as one error. */
static void
RaiseErrors(const DataQuery *query)
{
	CbdStatus status = ErrorsParameterStatus(&query->errors);

	ereport(ERROR, (errcode(StatusSqlstate(status)), errmsg_internal("%s", SaidStatus(status)),
					errdetail_internal("%s", ErrorsJson(&query->errors, false)),
					sayhint("SELECT citybigdata.query('%s{resource}', '{\"pageSize\": 10}') is valid.",
							query->resource->code)));
}

/* The audit row of a query from SQL, under the role's name; a server that cannot write has none. */
static void
AuditRole(const char *role, const char *code)
{
	Caller caller = {.known = true, .user_name = psprintf("role:%s", role)};

	TellServerLog("query()", code); /* a ROLLBACK, which drivers do by default, takes the row back */
	if (!XactReadOnly && !RecoveryInProgress())
		AuditWrite(NULL, &caller, "data.query", code, CBD_OK, NULL);
}

/* The page of a request from SQL; the current user is the owner, `role` the one who calls. */
static text *
AnswerRole(const char *code, Jsonb *params, Oid role)
{
	MemoryContext context = CurrentMemoryContext;
	DataQuery *query = palloc(sizeof(DataQuery));
	CbdStatus status;
	char *reason;
	char **names;
	char **values;
	int n;
	Resource *resource;

	SpiBegin();
	resource = ResourceFind(code, true, &status, &reason);
	MemoryContextSwitchTo(context);
	if (resource == NULL)
		ereport(ERROR,
				(errcode(StatusSqlstate(status)),
				 saymsg("resource \"%s{resource}\" cannot be queried: %s{why*}", code, reason),
				 errhint("%s",
						 status == CBD_NO_SUCH_RESOURCE
							 ? SaidText(MESSAGE(
								   "SELECT resource_code FROM citybigdata.resource; lists what there is."))
							 : SaidText(MESSAGE(
								   "SELECT * FROM citybigdata.catalogue_problems(); tells what changed.")))));
	PG_TRY();
	{
		if (PastSunset(resource))
			ereport(ERROR, (errcode(StatusSqlstate(CBD_NO_SUCH_RESOURCE)),
							saymsg("resource \"%s{resource}\" is past its sunset day", code),
							sayhint("Its publisher can publish it again with a later day.")));
		if (resource->level > LevelOfRole(resource, role))
			ereport(ERROR, (errcode(StatusSqlstate(CBD_LEVEL_TOO_LOW)),
							saymsg("resource \"%s{resource}\" is of level %d{level}", code, resource->level),
							sayhint("A role with SELECT on the published relation may query it.")));
		InitQuery(query, resource, LevelOfRole(resource, role));
		resource->details = has_privs_of_role(role, resource->publisher);
		query->chinese = SayChinese(); /* of titles, unless lang says otherwise */
		n = ObjectParameters(params, &names, &values);
		if (!QueryPage(query, n, names, values))
			RaiseErrors(query);
	}
	PG_FINALLY();
	{
		ResourceRelease(resource);
	}
	PG_END_TRY();
	SpiEnd();
	AuditRole(GetUserNameFromId(role, false), code);
	return cstring_to_text_with_len(query->out.data, query->out.len);
}

/*
 * query(resource text, params jsonb): the same page from SQL. Not SECURITY DEFINER, so that it knows who
 * calls; it reads the catalogue as the owner, the relation as its publisher.
 */
PG_FUNCTION_INFO_V1(cbd_query);
Datum
cbd_query(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Jsonb *params = PG_GETARG_JSONB_P(1);
	OwnerRights rights;
	text *page;

	TakeOwnerRights(&rights);
	page = AnswerRole(code, params, rights.role);
	DropOwnerRights(&rights);
	PG_RETURN_TEXT_P(page);
}

/* query_parameters() returns text[]: the names that every resource understands. */
PG_FUNCTION_INFO_V1(cbd_query_parameters);
Datum
cbd_query_parameters(PG_FUNCTION_ARGS)
{
	int n;
	char **names = StandardParameters(&n);

	PG_RETURN_DATUM(TextArrayDatum(names, n));
}
