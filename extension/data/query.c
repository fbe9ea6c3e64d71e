/* The open data interface's functions: query() for SQL, rest_data_query() for the bridge. */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "core/compat.h"
#include "audit/audit.h"
#include "access/page_token.h"
#include "core/field.h"
#include "core/guc.h"
#include "data/query.h"
#include "core/spi.h"

#define SQL_LEVEL 3 /* of a role that may read the relation itself */

static void
InitQuery(DataQuery *query, Resource *resource, int level)
{
	memset(query, 0, offsetof(DataQuery, args));
	query->context = CurrentMemoryContext;
	query->resource = resource;
	query->level = level;
	query->has_cursor = false;
	query->by_time = false;
	query->norder = 0;
	query->page_size = PAGE_DEFAULT;
	query->count = COUNT_NONE;
	query->expand_codes = false;
	query->unix_time = false;
	query->crs = (RequestCrs){OUTPUT_LONLAT, 4490, false};
	query->format = OUTPUT_JSON;
	query->ncolumns = 0;
	query->rows = 0;
	query->more = false;
	query->total = -1;
	query->next_cursor = NULL;
	query->media = NULL;
	query->if_none_match = NULL;
	query->entity_tag = NULL;
	query->unchanged = false;
	initStringInfo(&query->errors);
	initStringInfo(&query->canonical);
	initStringInfo(&query->whole);
	initStringInfo(&query->where);
	initStringInfo(&query->arguments);
	initStringInfo(&query->out);
	initStringInfo(&query->last_key);
	appendStringInfo(&query->canonical, "%s/%d;", resource->code, resource->version);
	query->selected = palloc(sizeof(bool) * Max(resource->nfields, 1));
	memset(query->selected, true, resource->nfields * sizeof(bool));
}

bool
PastSunset(const Resource *resource)
{
	Datum now = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	Datum local;

	if (!resource->has_sunset)
		return false;
	local = DirectFunctionCall2(timestamptz_zone, CStringGetTextDatum(guc_time_zone), now);
	return DatumGetDateADT(DirectFunctionCall1(timestamp_date, local)) >= resource->sunset;
}

/* Parses and runs; false: query->errors tells. */
static bool
Answer(DataQuery *query, int n, char **names, char **values)
{
	ReadParameters(query, n, names, values);
	if (query->nerrors > 0)
		return false;
	if (query->format == OUTPUT_GEOJSON)
		query->selected[query->resource->geometry - query->resource->fields] = true;
	RunQuery(query);
	return true;
}

/* The status of an error of class UD; CBD_OK: of another class. */
static CbdStatus
StatusOfError(int sqlerrcode)
{
	const char *state = unpack_sql_state(sqlerrcode);
	int number = 0;

	if (state[0] != 'U' || state[1] != 'D')
		return CBD_OK;
	for (int i = 2; i < 5; i++)
		number = number * 36 + (state[i] >= 'A' ? state[i] - 'A' + 10 : state[i] - '0');
	return (CbdStatus) (40000 + number);
}

/* What went wrong, for data.errors of a refusal that is not about one parameter. */
static char *
ErrorsOfError(CbdStatus status, const char *message, const char *hint)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfo(&data, "{\"errors\":[{\"pointer\":\"\",\"statusCode\":%d,\"message\":", (int) status);
	JsonString(&data, hint == NULL ? message : psprintf("%s. %s", message, hint));
	appendStringInfoString(&data, "}]}");
	return data.data;
}

/*
 * Runs the request in a subtransaction, so that a failure of the relation or of the budget becomes a frame
 * whose audit row commits. *data: the members of `data`, or the errors.
 */
static CbdStatus
AnswerGuarded(DataQuery *query, int n, char **names, char **values, char **data)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile CbdStatus status = CBD_OK;
	char *volatile errors = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(caller);
	PG_TRY();
	{
		if (!Answer(query, n, names, values))
		{
			status = query->status;
			errors = psprintf("{\"errors\":[%s]}", query->errors.data);
		}
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(caller);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(caller);
		CurrentResourceOwner = owner;
		status = StatusOfError(error->sqlerrcode);
		if (status == CBD_OK)
		{
			ResourceRelease(query->resource);
			ReThrowError(error);
		}
		if (status >= CBD_INTERNAL_ERROR)
			ereport(LOG, (errmsg("%s", error->message)));
		/* the relation's own words are for the server's log */
		errors = ErrorsOfError(status, status == CBD_RESOURCE_BROKEN ? StatusMessage(status) : error->message,
							   status == CBD_RESOURCE_BROKEN ? NULL : error->hint);
	}
	PG_END_TRY();
	*data = errors;
	return status;
}

/* Media type of the text; NULL: JSON for the envelope. */
static const char *
ContentType(const DataQuery *query)
{
	switch (query->format)
	{
		case OUTPUT_CSV: /* RFC 4180: the pages of one download join to one file, whose first has the header
						  */
			return query->has_cursor ? "text/csv; header=absent" : "text/csv; header=present";
		case OUTPUT_GEOJSON:
			return "application/geo+json";
		case OUTPUT_NDJSON:
			return "application/x-ndjson";
		default:
			return NULL;
	}
}

/* Success. The entity tag is weak: the envelope names the request, so that no two replies are the same bytes.
 * When the client's copy is good, no text. */
static Datum
PageFrame(const DataQuery *query, const char *audit, const char *page_token)
{
	Frame frame;

	ReplyBegin(&frame, CBD_OK);
	frame.audit = FrameText(audit);
	if (query->entity_tag != NULL)
		frame.etag = FrameText(psprintf("W/\"%s\"", query->entity_tag));
	if (query->next_cursor != NULL)
		frame.link = FrameText(psprintf("cursor=%s", query->next_cursor));
	frame.more = FrameText(page_token);
	if (query->unchanged)
		frame.http = 304;
	else
	{
		frame.content_type = FrameText(ContentType(query));
		frame.body = (Span){query->out.data, query->out.len};
	}
	return FrameDatum(&frame);
}

static Datum
Refuse(const CallContext *context, const Caller *caller, const char *code, CbdStatus status, int retry_after,
	   const char *data)
{
	AuditWrite(context, caller, "data.query", code, status, NULL);
	return ReplyFrame(status, retry_after, NULL, data);
}

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
				(errcode(StatusSqlstate(CBD_INVALID_PARAMETER)), errmsg("parameters must be a JSON object"),
				 errhint("For example '{\"divisionCode\": \"110101\", \"pageSize\": 10}'.")));
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

/* Of the calling role: what it may read itself it sees wholly, other resources as a caller of level 1. */
static int
LevelOfRole(const Resource *resource, Oid role)
{
	AclResult result = resource->is_function ? FunctionAclCheck(resource->relation, role)
											 : pg_class_aclcheck(resource->relation, role, ACL_SELECT);

	return result == ACLCHECK_OK ? SQL_LEVEL : 1;
}

static void
RaiseErrors(const DataQuery *query)
{
	ereport(ERROR, (errcode(StatusSqlstate(query->status)), errmsg("%s", StatusMessage(query->status)),
					errdetail("[%s]", query->errors.data),
					errhint("SELECT citybigdata.query('%s', '{\"pageSize\": 10}') is valid.",
							query->resource->code)));
}

/* A resource just published: can it be loaded, are the defaults of its parameters valid? Raises what is
 * wrong. */
void
CheckPublished(const char *code)
{
	MemoryContext context = CurrentMemoryContext;
	DataQuery *query = palloc(sizeof(DataQuery));
	CbdStatus status;
	char *reason;
	Resource *resource = ResourceFind(code, true, &status, &reason);

	if (resource == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
						errmsg("resource \"%s\" cannot be served: %s", code, reason)));
	PG_TRY();
	{
		MemoryContextSwitchTo(context);
		InitQuery(query, resource, resource->level);
		ReadDefaults(query);
		if (query->nerrors > 0 && query->status != CBD_MISSING_PARAMETER)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the default of a parameter is not valid"), errdetail("[%s]", query->errors.data),
					 errhint("{\"parameters\": [{\"name\": \"minPower\", \"column\": \"power\", "
							 "\"operator\": \"ge\", \"default\": \"100\"}]}")));
	}
	PG_FINALLY();
	{
		ResourceRelease(resource);
	}
	PG_END_TRY();
}

static void
AuditRole(const char *role, const char *code)
{
	Caller caller = {.known = true, .user_name = psprintf("role:%s", role)};

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
				 errmsg("resource \"%s\" cannot be queried: %s", code, reason),
				 errhint("%s", status == CBD_NO_SUCH_RESOURCE
								   ? "SELECT resource_code FROM citybigdata.resource; lists what there is."
								   : "SELECT * FROM citybigdata.catalogue_problems(); tells what changed.")));
	PG_TRY();
	{
		if (PastSunset(resource))
			ereport(ERROR, (errcode(StatusSqlstate(CBD_NO_SUCH_RESOURCE)),
							errmsg("resource \"%s\" is past its sunset day", code),
							errhint("Its publisher can publish it again with a later day.")));
		if (resource->level > LevelOfRole(resource, role))
			ereport(ERROR, (errcode(StatusSqlstate(CBD_LEVEL_TOO_LOW)),
							errmsg("resource \"%s\" is of level %d", code, resource->level),
							errhint("A role with SELECT on the published relation may query it.")));
		InitQuery(query, resource, LevelOfRole(resource, role));
		n = ObjectParameters(params, &names, &values);
		if (!Answer(query, n, names, values))
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

/*
 * rest_data_query(context 5, resource text, names text[], vals text[], if_none_match text): one page
 * (clauses 5.3, 5.4). Parameters in the order and as often as they were given. 404 unknown resource, 403 not
 * granted or level too low, 400 errors with pointers, 503 (50304) the relation changed, 504 beyond the
 * latency budget.
 */
PG_FUNCTION_INFO_V1(cbd_rest_data_query);
Datum
cbd_rest_data_query(PG_FUNCTION_ARGS)
{
	MemoryContext context = CurrentMemoryContext;
	CallContext call;
	Caller caller;
	CbdStatus status;
	int retry_after = 0;
	char *code = ArgText(fcinfo, 5);
	char *reason;
	char *data;
	char *page_token;
	char **names;
	char **values;
	int n, nvalues;
	Resource *resource;
	DataQuery *query;
	MediaSealer media;
	Datum frame;

	ReadCallContext(fcinfo, &call);
	if (code == NULL)
		return ReplyFrame(CBD_NO_SUCH_RESOURCE, 0, NULL, NULL);
	status = Authorise(&call, code, &caller, &retry_after);
	if (status != CBD_OK)
		return Refuse(&call, &caller, code, status, retry_after, NULL);
	names = TextArray(PG_ARGISNULL(6) ? 0 : PG_GETARG_DATUM(6), PG_ARGISNULL(6), &n);
	values = TextArray(PG_ARGISNULL(7) ? 0 : PG_GETARG_DATUM(7), PG_ARGISNULL(7), &nvalues);
	if (n != nvalues)
		elog(ERROR, "%d names, %d values", n, nvalues);
	SpiBegin();
	MemoryContextSwitchTo(context);
	resource = ResourceFind(code, false, &status, &reason);
	MemoryContextSwitchTo(context);
	if (resource == NULL || PastSunset(resource) || resource->level > caller.level)
	{
		if (resource == NULL && status != CBD_NO_SUCH_RESOURCE)
			ereport(LOG, (errmsg("resource \"%s\" cannot be read: %s", code, reason)));
		else if (resource != NULL)
			status = resource->level > caller.level ? CBD_LEVEL_TOO_LOW : CBD_NO_SUCH_RESOURCE;
		if (resource != NULL)
			ResourceRelease(resource);
		frame = Refuse(&call, &caller, code, status, status == CBD_UNAVAILABLE ? 1 : 0, NULL);
		SpiEnd();
		return frame;
	}
	query = palloc(sizeof(DataQuery));
	InitQuery(query, resource, caller.level);
	MediaSealerBegin(&media, &call, &caller);
	query->media = &media;
	query->if_none_match = PG_NARGS() > 8 ? ArgText(fcinfo, 8) : NULL;
	status = AnswerGuarded(query, n, names, values, &data);
	MediaSealerEnd(&media);
	ResourceRelease(resource);
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status != CBD_OK)
		return Refuse(&call, &caller, code, status, 0, data);
	/* the rows of a download come as one reply, whose bridge asks for page after page */
	page_token = query->format == OUTPUT_NDJSON && query->next_cursor != NULL
					 ? PageTokenMake(&call, &caller, code)
					 : NULL;
	return PageFrame(query, AuditRecord(&call, &caller, "data.query", code), page_token);
}
