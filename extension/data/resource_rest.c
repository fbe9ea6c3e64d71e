/* GET /resources and /resources/{code}: what the caller may use (clause 5.2-b); the documents are made in
 * SQL. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/endpoint.h"
#include "reference/code_table.h"
#include "text/param_parse.h"
#include "core/spi.h"

#define KINDS 64 /* values of one filter */

typedef bool (*KindCheck)(const char *text);

/* The list of resources as the caller may know it; the parameters: those of resource_list(). */
static SpiQuery list_resources = {"SELECT citybigdata.resource_list($1, $2, $3, $4, $5, $6)::text",
								  6,
								  {INT4OID, BOOLOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAOID}};
static SpiQuery show_resource = {
	"SELECT citybigdata.resource_document($1)::text WHERE $3 OR citybigdata.granted($2, $4, $1,"
	" coalesce((SELECT v.level FROM citybigdata.resource_version v WHERE v.resource_code = $1 AND v.state = "
	"'current'), (SELECT a.level FROM citybigdata.algorithm a WHERE a.algorithm_code = $1)))",
	4,
	{TEXTOID, INT4OID, BOOLOID, BYTEAOID}};

/* theme, industry or base (clause 5.1). */
static bool
IsLayer(const char *text)
{
	static const char *const layers[] = {"theme", "industry", "base", NULL};

	return IsOneOf(text, layers);
}

/* A code of the code table industry. */
static bool
IsIndustry(const char *text)
{
	bool empty;

	return CodeTableHas("industry", text, &empty);
}

/* A layer, an industry or the code of a resource: which there are is not for everybody to know. */
static bool
IsKind(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' &&
		   strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* The filters: the endpoint's arguments, in their order. */
static const struct
{
	const char *pointer;
	KindCheck check;
	const char *valid;
} filters[] = {
	{"/layer", IsLayer, MESSAGE("theme, industry or base; for example layer=industry")},
	{"/industry", IsIndustry, MESSAGE("a code of code table industry; for example industry=lighting")},
	{"/dataKind", IsKind,
	 MESSAGE("a layer, an industry or the code of a resource; for example dataKind=lighting")}};

/* The values of one filter as text[]; an error when one of them cannot be. */
static Datum
ReadKinds(ErrorList *errors, int filter, const char *text)
{
	char *items[KINDS];
	int n = 0;
	ListReader reader;
	ListStep step;
	size_t length;
	char *buffer = palloc(strlen(text) + 1);

	list_open(&reader, text, strlen(text));
	while ((step = list_next(&reader, buffer, &length)) == LIST_ITEM && n < KINDS)
	{
		items[n] = pnstrdup(buffer, length);
		if (!filters[filter].check(items[n++]))
			break;
	}
	if (step == LIST_END && n > 0)
		return TextArrayDatum(items, n);
	ErrorAdd(errors, filters[filter].pointer, CBD_INVALID_PARAMETER, filters[filter].valid);
	return (Datum) 0;
}

/* rest_resources(context, layer, industry, data_kind): {items: [...]}; each filter one value or several
 * (clause 5.3.4-b). */
static Datum
Resources(Call *call)
{
	Datum values[3 + lengthof(filters)] = {0};
	bool nulls[3 + lengthof(filters)] = {false};
	char *data;
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	for (int i = 0; i < lengthof(filters); i++)
	{
		nulls[2 + i] = !CallGiven(call, i);
		if (!nulls[2 + i])
			values[2 + i] = ReadKinds(&call->errors, i, CallText(call, i));
	}
	if (call->errors.count > 1)
		return Answer(call, CBD_BAD_REQUEST, ErrorsData(&call->errors));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = Int32GetDatum(call->caller.app_id);
	values[1] = BoolGetDatum(call->caller.administrator);
	values[2 + lengthof(filters)] = CallerToken(&call->caller, &nulls[2 + lengthof(filters)]);
	SpiBegin();
	(void) SpiRead(&list_resources, values, nulls, 1);
	data = JsonCompact(SpiText(0, 1));
	SpiEnd();
	return AnswerRead(call, data);
}

ENDPOINT(cbd_rest_resources, "resource.list", Resources);

/* rest_resource(context, code): the manual of one resource; 404 when it does not exist or is not granted. */
static Datum
ResourceGet(Call *call)
{
	ARGUMENTS(ARG_CODE);
	char *code = CallText(call, ARG_CODE);
	char *data = NULL;
	Datum values[4];
	bool nulls[4] = {false};
	CbdStatus status = CallAuthorise(call, NULL);

	call->object = code;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (code != NULL)
	{
		values[0] = CStringGetTextDatum(code);
		values[1] = Int32GetDatum(call->caller.app_id);
		values[2] = BoolGetDatum(call->caller.administrator);
		values[3] = CallerToken(&call->caller, &nulls[3]);
		SpiBegin();
		if (SpiRead(&show_resource, values, nulls, 1) == 1)
			data = JsonCompact(SpiText(0, 1));
		SpiEnd();
	}
	return data == NULL ? Answer(call, CBD_NO_SUCH_RESOURCE, NULL) : AnswerRead(call, data);
}

ENDPOINT(cbd_rest_resource, "resource.show", ResourceGet);
