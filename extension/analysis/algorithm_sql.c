/*
 * register_algorithm(), unregister_algorithm(), suspend_algorithm(), run_algorithm().
 *
 * As publish() (data/publish_sql.c) they are not SECURITY DEFINER: they must know the immediate caller. What
 * is registered is written by SQL (sql/code/89-analysis.sql), and then read and checked as a request would
 * read it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"
#if PG_VERSION_NUM >= 160000
#include "utils/varlena.h"
#endif

#include "analysis/algorithm.h"
#include "audit/audit.h"
#include "core/json_tree.h"
#include "core/json_write.h"
#include "core/own_statement.h"
#include "core/owner_rights.h"
#include "core/say.h"
#include "core/spi.h"
#include "data/as_publisher.h"
#include "data/column_type.h"

#define SHIPPED_ROLE "citybigdata_algorithm" /* who the shipped algorithms belong to */

/* The registration as the owner of the catalogue; what the caller and the function are comes as arguments. */
static SpiQuery run_register = {"SELECT citybigdata.register_algorithm_as($1, $2, $3, $4, $5, $6, $7, $8)",
								8,
								{TEXTOID, TEXTOID, BOOLOID, OIDOID, BOOLOID, JSONBOID, JSONBOID, BOOLOID}};
/* $1 caller, $2 administers the platform?, $3 code, $4 state. */
static SpiQuery run_change = {
	"SELECT citybigdata.change_algorithm_as($1, $2, $3, $4)", 4, {TEXTOID, BOOLOID, TEXTOID, TEXTOID}};
/* $1 code: has nobody a grant? */
static SpiQuery nobody_granted = {
	"SELECT NOT EXISTS (SELECT FROM citybigdata.app_grant g WHERE g.resource = $1 AND g.state = 'active')",
	1,
	{TEXTOID}};
/* $1 options: the member dataVersion, null: none; is it a text?; its texts, null: it is of another form. */
static SpiQuery read_version = {
	"SELECT v.version IS NULL OR v.version = 'null', jsonb_typeof(v.version) = 'string', CASE WHEN "
	"jsonb_typeof(v.version) IN ('string', 'array')"
	" THEN ARRAY(SELECT t.value FROM jsonb_array_elements_text(CASE jsonb_typeof(v.version) WHEN 'array' "
	"THEN v.version"
	" ELSE jsonb_build_array(v.version) END) WITH ORDINALITY t (value, n) ORDER BY t.n) END, v.version"
	" FROM (SELECT CASE WHEN jsonb_typeof($1) = 'object' THEN $1 -> 'dataVersion' END AS version) v",
	1,
	{JSONBOID}};

/* The function to be registered. */
typedef struct Candidate
{
	Oid function;
	Oid owner;
	bool shipped; /* of the extension, whose script is running */
	bool is_table;
	const char *name; /* as regprocedure shows it */
} Candidate;

/* What keeps the function from being registered, as a message; NULL: nothing. */
static const char *
FunctionProblem(HeapTuple tuple, bool *is_table)
{
	Form_pg_proc function = (Form_pg_proc) GETSTRUCT(tuple);
	bool no_modes;

	(void) SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proargmodes, &no_modes);
	*is_table = function->proretset;
	if (function->prokind != PROKIND_FUNCTION)
		return MESSAGE("is no function");
	if (OidIsValid(function->provariadic))
		return MESSAGE("is VARIADIC: parameters are passed by name, one value each");
	if (function->provolatile == PROVOLATILE_VOLATILE)
		return MESSAGE("is VOLATILE: an algorithm reads one state of the data and writes nothing");
	if (function->pronargs > ALGORITHM_ARGUMENTS)
		return MESSAGE("has more than 64 arguments");
	if (!function->proretset)
		return function->prorettype == JSONBOID || function->prorettype == JSONOID
				   ? NULL
				   : MESSAGE("returns neither a table nor jsonb");
	if (no_modes && get_typtype(function->prorettype) != TYPTYPE_COMPOSITE)
		return MESSAGE("returns values without a column's name");
	return NULL;
}

/* Is every argument of a type that can be given? */
static void
CheckArguments(HeapTuple tuple, const char *name)
{
	Form_pg_proc function = (Form_pg_proc) GETSTRUCT(tuple);

	for (int i = 0; i < function->pronargs; i++)
	{
		Oid type = function->proargtypes.values[i];
		Oid element;
		bool is_array, is_geometry;

		if (!ParameterType(type, &element, &is_array, &is_geometry))
			ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
							saymsg("argument %d{place} of %s{function} has type %s{type}", i + 1, name,
								   format_type_be(type)),
							sayhint("Numbers, texts, booleans, days, times (timestamp with time zone), UUIDs "
									"and arrays of them, "
									"tstzrange, jsonb and geometry can be passed.")));
	}
}

/* The function, and whether the caller may register it; raises what is wrong. */
static void
FindCandidate(Oid oid, Candidate *found)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	const char *problem;

	if (!HeapTupleIsValid(tuple))
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_FUNCTION),
			 saymsg("function %s{function} does not exist", psprintf("%u", oid)),
			 sayhint("For example SELECT citybigdata.register_algorithm('public.lights_of_day(date)').")));
	found->function = oid;
	found->name = DatumGetCString(DirectFunctionCall1(regprocedureout, ObjectIdGetDatum(oid)));
	found->owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	found->shipped = creating_extension &&
					 getExtensionOfObject(ProcedureRelationId, oid) == get_extension_oid("citybigdata", true);
	problem = FunctionProblem(tuple, &found->is_table);
	if (problem != NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE), saymsg("%s{function} %s{problem*}", found->name, problem),
			 sayhint(
				 "An algorithm is a STABLE or IMMUTABLE function with RETURNS TABLE (...), RETURNS SETOF row "
				 "type or RETURNS jsonb.")));
	CheckArguments(tuple, found->name);
	ReleaseSysCache(tuple);
	if (!found->shipped && !has_privs_of_role(GetUserId(), found->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						saymsg("must be owner of %s{function} to register it", found->name),
						saydetail("It belongs to %s{owner} and runs with the rights of its owner.",
								  GetUserNameFromId(found->owner, true)),
						sayhint("Its owner, or a member of that role, can register it.")));
}

/* A name of dataVersion as it is found now: quoted and qualified. */
static char *
Qualified(const char *name, bool is_function)
{
	Oid object;

	if (is_function)
	{
		Oid types[1] = {JSONBOID};
#if PG_VERSION_NUM >= 160000
		List *names = stringToQualifiedNameList(name, NULL);
#else
		List *names = stringToQualifiedNameList(name);
#endif

		object = LookupFuncName(names, 1, types, false);
		return quote_qualified_identifier(get_namespace_name(get_func_namespace(object)),
										  get_func_name(object));
	}
	object = DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(name)));
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(object)), get_rel_name(object));
}

/* dataVersion with its names qualified, a jsonb; `given` as it stands where it has no valid form, to be
 * refused. */
static Datum
ReadVersion(Datum options, bool *isnull)
{
	Datum values[1] = {options};
	StringInfoData out;
	char **names;
	int n;
	bool is_text;

	SpiBegin();
	(void) SpiRun(&read_version, values, NULL, SPI_OK_SELECT, 1);
	*isnull = SpiBool(0, 1);
	is_text = SpiBool(0, 2);
	if (*isnull || SpiIsNull(0, 3))
	{
		Datum given = *isnull ? (Datum) 0 : SpiDatum(0, 4, isnull);

		SpiEnd();
		return given;
	}
	names = SpiTextArray(0, 3, &n);
	SpiEnd();
	initStringInfo(&out);
	if (!is_text)
		appendStringInfoChar(&out, '[');
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		JsonString(&out, Qualified(names[i], is_text));
	}
	if (!is_text)
		appendStringInfoChar(&out, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* Reads back what was registered, as a request would; raises what is wrong with it. SPI is connected. */
static Algorithm *
CheckRegistered(const char *code)
{
	CbdStatus status;
	char *reason;
	Algorithm *algorithm = AlgorithmFind(code, true, &status, &reason);
	ErrorList errors = {0};

	if (algorithm == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						saymsg("algorithm \"%s{code}\" cannot be used: %s{why*}", code, reason)));
	ErrorsBegin(&errors);
	if (!AlgorithmCheck(algorithm, &errors))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("options of the parameters are not valid"),
				 errdetail_internal("%s", ErrorsJson(&errors, false)),
				 errhint("{\"parameters\": [{\"name\": \"cellSize\", \"min\": 50, \"max\": 5000, "
						 "\"default\": 500}]}")));
	return algorithm;
}

/* The reply of register_algorithm(). SPI is connected. */
static char *
RegisterReply(const Algorithm *algorithm)
{
	Datum values[1] = {CStringGetTextDatum(algorithm->code)};
	StringInfoData out;

	(void) SpiRun(&nobody_granted, values, NULL, SPI_OK_SELECT, 1);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "code", algorithm->code);
	JsonField(&out, "address", psprintf("/api/v1/analysis/%s", algorithm->code));
	JsonField(&out, "codeHash", algorithm->code_hash);
	appendStringInfoString(&out, ",\"advice\":[");
	if (superuser_arg(algorithm->publisher))
		JsonString(&out, Said("it is read as %s{role}, a superuser: give it to a role of its own",
							  quote_identifier(GetUserNameFromId(algorithm->publisher, false))));
	if (SpiBool(0, 1))
	{
		if (out.data[out.len - 1] != '[')
			appendStringInfoChar(&out, ',');
		JsonString(&out, Said("nobody can read it over HTTPS before %s{call}",
							  psprintf("SELECT citybigdata.grant_access('appCode', %s);",
									   quote_literal_cstr(algorithm->code))));
	}
	appendStringInfoString(&out, "]}");
	return SpiKeep(out.data);
}

/* The owner's rights; while the extension is made he has none yet, and its script has all that it needs. */
static void
TakeCatalogueRights(OwnerRights *rights, bool shipped)
{
	if (!shipped)
	{
		TakeOwnerRights(rights);
		return;
	}
	GetUserIdAndSecContext(&rights->role, &rights->context);
	rights->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/* register_algorithm(function regprocedure, options jsonb): (code, address, codeHash, advice). Whoever calls,
 * it runs as the function's owner. */
PG_FUNCTION_INFO_V1(cbd_register_algorithm);
extern Datum cbd_register_algorithm(PG_FUNCTION_ARGS);
Datum
cbd_register_algorithm(PG_FUNCTION_ARGS)
{
	Candidate found;
	OwnerRights rights;
	Datum values[8];
	bool nulls[8] = {false};
	char *code;
	char *reply;

	FindCandidate(PG_GETARG_OID(0), &found);
	values[0] = CStringGetTextDatum(found.shipped ? SHIPPED_ROLE : GetUserNameFromId(found.owner, false));
	values[1] = found.shipped ? values[0] : CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	values[2] = BoolGetDatum(AdministersPlatform(GetUserId()));
	values[3] = ObjectIdGetDatum(found.function);
	values[4] = BoolGetDatum(found.is_table);
	values[5] = PG_GETARG_DATUM(1);
	values[6] = ReadVersion(values[5], &nulls[6]);
	values[7] = BoolGetDatum(found.shipped);
	TakeCatalogueRights(&rights, found.shipped);
	SpiBegin();
	(void) SpiRun(&run_register, values, nulls, SPI_OK_SELECT, 1);
	code = SpiText(0, 1);
	reply = RegisterReply(CheckRegistered(code));
	SpiEnd();
	DropOwnerRights(&rights);
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(reply)));
}

/* Sets the state of an algorithm for whoever may. */
static void
ChangeState(Datum code, const char *state)
{
	OwnerRights rights;
	Datum values[4];

	values[0] = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	values[1] = BoolGetDatum(AdministersPlatform(GetUserId()));
	values[2] = code;
	values[3] = CStringGetTextDatum(state);
	TakeOwnerRights(&rights);
	SpiBegin();
	(void) SpiRun(&run_change, values, NULL, SPI_OK_SELECT, 1);
	SpiEnd();
	DropOwnerRights(&rights);
}

/* unregister_algorithm(code text) */
PG_FUNCTION_INFO_V1(cbd_unregister_algorithm);
extern Datum cbd_unregister_algorithm(PG_FUNCTION_ARGS);
Datum
cbd_unregister_algorithm(PG_FUNCTION_ARGS)
{
	ChangeState(PG_GETARG_DATUM(0), "withdrawn");
	PG_RETURN_VOID();
}

/* suspend_algorithm(code text, suspended boolean) */
PG_FUNCTION_INFO_V1(cbd_suspend_algorithm);
extern Datum cbd_suspend_algorithm(PG_FUNCTION_ARGS);
Datum
cbd_suspend_algorithm(PG_FUNCTION_ARGS)
{
	ChangeState(PG_GETARG_DATUM(0), PG_GETARG_BOOL(1) ? "suspended" : "active");
	PG_RETURN_VOID();
}

/* May the role run it? As query(): level 1 for all, above it for members of the publisher; of what is shipped
 * for those who may see personal data. */
static void
CheckRole(const Algorithm *algorithm, Oid role)
{
	Oid personal = get_role_oid("citybigdata_analyst_personal", true);

	if (algorithm->level > 1 && !has_privs_of_role(role, algorithm->publisher) &&
		!(algorithm->shipped && OidIsValid(personal) && has_privs_of_role(role, personal)))
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_LEVEL_TOO_LOW)),
				 saymsg("algorithm \"%s{code}\" is of level %d{level}", algorithm->code, algorithm->level),
				 sayhint("It is for members of the role that registered it.")));
}

/* The members of a jsonb object as names and texts; null is absent. */
static int
ReadObject(const char *json, char ***names, char ***texts)
{
	JsonRefusal refusal;
	JsonNode *root = JsonParse(json, strlen(json), &refusal);
	int n = 0;

	if (root == NULL || root->kind != JSON_OBJECT)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_INVALID_PARAMETER)), saymsg("parameters must be a JSON object"),
				 sayhint("For example '{\"divisionCode\": \"110101\", \"pageSize\": 10}'.")));
	*names = palloc(sizeof(char *) * (root->count + 1));
	*texts = palloc(sizeof(char *) * (root->count + 1));
	for (JsonNode *member = root->first; member != NULL; member = member->next)
	{
		StringInfoData text;

		if (member->kind == JSON_NULL)
			continue;
		initStringInfo(&text);
		JsonWrite(&text, member);
		(*names)[n] = member->key;
		(*texts)[n++] = member->kind == JSON_STRING ? member->text : text.data;
	}
	return n;
}

/* The document of a call from SQL; the current user is the owner, `role` the one who calls. */
static char *
RunForRole(const char *code, const char *params, Oid role)
{
	MemoryContext context = CurrentMemoryContext;
	CbdStatus status;
	char *reason;
	char **names, **texts;
	int n = ReadObject(params, &names, &texts);
	AlgorithmValues *values = palloc(sizeof(AlgorithmValues));
	AlgorithmOutcome outcome;
	ErrorList errors = {0};
	Algorithm *algorithm;

	ErrorsBegin(&errors);
	SpiBegin();
	MemoryContextSwitchTo(context);
	algorithm = AlgorithmFind(code, false, &status, &reason);
	MemoryContextSwitchTo(context);
	if (algorithm == NULL)
		ereport(ERROR, (errcode(StatusSqlstate(status)),
						saymsg("algorithm \"%s{code}\" cannot be used: %s{why*}", code, reason),
						errhint("SELECT algorithm_code, title FROM citybigdata.algorithm;")));
	CheckRole(algorithm, role);
	if (!AlgorithmRead(algorithm, n, names, texts, values, &errors))
		ErrorsRaise(&errors, NULL);
	AlgorithmRun(algorithm, values, algorithm->timeout, &outcome);
	if (outcome.interrupted)
		RaiseStatus(CBD_TIMEOUT, NULL);
	if (outcome.status != CBD_OK)
		ereport(ERROR, (errcode(StatusSqlstate(outcome.status)),
						errmsg_internal("%s", SaidOf(SayChinese(), outcome.message != NULL
																	   ? outcome.message
																	   : StatusBoth(outcome.status)))));
	SpiEnd();
	return AlgorithmDocument(algorithm, values, &outcome);
}

/* run_algorithm(code text, params jsonb): the document. Not SECURITY DEFINER, so that it knows who calls. */
PG_FUNCTION_INFO_V1(cbd_run_algorithm);
extern Datum cbd_run_algorithm(PG_FUNCTION_ARGS);
Datum
cbd_run_algorithm(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Jsonb *params = PG_GETARG_JSONB_P(1);
	OwnerRights rights;
	char *document;

	TakeOwnerRights(&rights);
	document = RunForRole(code, JsonbToCString(NULL, &params->root, VARSIZE(params)), rights.role);
	TellServerLog("run_algorithm()", code);
	DropOwnerRights(&rights);
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(document)));
}
