/*
 * The parameters of a request to the open data interface: standard ones, declared ones, filters on fields.
 * Every error is collected with its pointer and shows a valid value; nothing is raised for what a client
 * sent.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "text/param_parse.h"
#include "data/query.h"
#include "core/field.h"
#include "core/spi.h"
#include "text/span.h"

typedef void (*ParamHandler)(DataQuery *query, const QueryParam *param);

/* A parameter that every resource has. */
typedef struct StandardParam
{
	const char *name;
	ParamHandler handler; /* NULL: not ours to read */
	bool single;          /* given once */
	bool in_cursor;       /* chooses rows or their order: a cursor is bound to it */
	bool in_reply;        /* changes the reply */
} StandardParam;

static void ReadPlatform(DataQuery *query, const QueryParam *param);
static void ReadDataKind(DataQuery *query, const QueryParam *param);
static void ReadBoxCrs(DataQuery *query, const QueryParam *param);
static void ReadBox(DataQuery *query, const QueryParam *param);
static void ReadOutputCrs(DataQuery *query, const QueryParam *param);
static void ReadFields(DataQuery *query, const QueryParam *param);
static void ReadSort(DataQuery *query, const QueryParam *param);
static void ReadPageSize(DataQuery *query, const QueryParam *param);

/* Sorted by name, as the interface manual lists them. */
static const StandardParam standard_params[] = {
	{"accessToken", NULL, false, false, false},
	{"appCode", NULL, false, false, false},
	{"authCode", NULL, false, false, false},
	{"bbox", ReadBox, true, true, true},
	{"bboxCrs", ReadBoxCrs, true, true, true},
	{"bigint", ReadBigint, true, false, true},
	{"bom", ReadBom, false, false, true},
	{"charset", NULL, false, false, true},
	{"count", ReadCount, true, false, true},
	{"crs", ReadOutputCrs, true, false, true},
	{"cursor", NULL, true, false, true}, /* read last, when the order is known */
	{"dataKind", ReadDataKind, false, true, true},
	{"divisionCode", AddDivisions, false, true, true},
	{"download", ReadDownload, true, false, true},
	{"expandCodes", ReadExpandCodes, true, false, true},
	{"fields", ReadFields, false, false, true},
	{"format", ReadFormat, true, false, true},
	{"headings", ReadHeadings, true, false, true},
	{"lang", ReadLanguage, true, false, true},
	{"pageSize", ReadPageSize, true, false, true},
	{"platformCode", ReadPlatform, false, true, true},
	{"platformName", ReadPlatform, false, true, true},
	{"sort", ReadSort, false, true, true},
	{"time", AddTimes, false, true, true},
	{"timeFormat", ReadTimeFormat, true, false, true},
	{"timeRange", AddTimeRange, true, true, true},
};

/* Code and name of this platform. */
static SpiQuery find_platform = {"SELECT p.platform_code, p.platform_name FROM citybigdata.platform p", 0};

/* Is it the parameter of this name? Names are case-sensitive. */
static bool
ParamIs(const QueryParam *param, const char *name)
{
	return SpanIs((Span){param->name, param->name_len}, name);
}

/* platformCode, platformName (clause 5.3.4): this platform's, among others perhaps. */
static void
ReadPlatform(DataQuery *query, const QueryParam *param)
{
	bool code = ParamIs(param, "platformCode");
	int n;
	char **items = ReadItems(query, param, LIST_ITEMS, &n);
	char *own;
	bool found = false;

	if (items == NULL)
		return;
	SpiRead(&find_platform, NULL, NULL, 1);
	own = SPI_processed == 0 ? "" : SpiText(0, code ? 1 : 2);
	MemoryContextSwitchTo(query->context);
	for (int i = 0; i < n; i++)
		found = found || strcmp(items[i], own) == 0;
	if (!found)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "not this platform; valid: %s{name}=%s{value}", code ? "platformCode" : "platformName",
				   own);
}

/* The kind of the data: the resource's code, layer or industry (clause 5.3.4). */
static void
ReadDataKind(DataQuery *query, const QueryParam *param)
{
	const Resource *resource = query->resource;
	int n;
	char **items = ReadItems(query, param, LIST_ITEMS, &n);

	for (int i = 0; items != NULL && i < n; i++)
		if (strcmp(items[i], resource->layer) == 0 || strcmp(items[i], resource->code) == 0 ||
			(resource->industry != NULL && strcmp(items[i], resource->industry) == 0))
			return;
	if (items != NULL)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "this resource holds data of another kind; valid: dataKind=%s{kind}",
				   resource->industry != NULL ? resource->industry : resource->layer);
}

const QueryParam *
FindParam(const DataQuery *query, const char *name)
{
	for (int i = 0; i < query->nparams; i++)
		if (ParamIs(&query->params[i], name))
			return &query->params[i];
	return NULL;
}

/* bbox, in the system that bboxCrs names. */
static void
ReadBox(DataQuery *query, const QueryParam *param)
{
	const QueryParam *crs_param = FindParam(query, "bboxCrs");
	RequestCrs crs = {OUTPUT_LONLAT};

	if (crs_param == NULL || ReadCrs(query, crs_param, &crs))
		AddBox(query, param, &crs);
}

/* bboxCrs is read with bbox; without one it is an error. */
static void
ReadBoxCrs(DataQuery *query, const QueryParam *param)
{
	if (FindParam(query, "bbox") == NULL)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "bboxCrs without bbox; for example bbox=116.3,39.8,116.5,40.0&bboxCrs=GCJ02");
}

/* crs: the system that places are shown in. */
static void
ReadOutputCrs(DataQuery *query, const QueryParam *param)
{
	if (query->resource->geometry == NULL)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "this resource has no place; leave crs out");
	else
		(void) ReadCrs(query, param, &query->crs);
}

char *
FieldNames(const DataQuery *query, bool sortable, bool declared)
{
	StringInfoData names;

	initStringInfo(&names);
	/* declared ones first: they are what the publisher expects */
	for (int i = 0; i < query->resource->nparameters && declared; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", query->resource->parameters[i].name);
	for (int i = 0; i < query->resource->nfields && names.len < 300; i++)
		if (!sortable || query->resource->fields[i].sortable)
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", query->resource->fields[i].name);
	return names.data;
}

/* The name of the field that has this title, which a reader of CSV headings may take for its name; NULL:
 * none. */
static const char *
NameOfTitle(const DataQuery *query, const char *title)
{
	for (int i = 0; i < query->resource->nfields; i++)
	{
		const ResourceField *field = &query->resource->fields[i];

		if (title[0] != '\0' && (strcmp(field->title, title) == 0 || strcmp(field->title_zh, title) == 0))
			return field->name;
	}
	return NULL;
}

/* Refuses a name that is the title of a field, and tells that field's. False: it is none. */
static bool
RefuseTitle(DataQuery *query, const QueryParam *param, const char *title)
{
	const char *name = NameOfTitle(query, title);

	if (name != NULL)
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "\"%.64s{title}\" is a title; the name of that field is %s{name}", title, name);
	return name != NULL;
}

/* The field that `fields` names; a point also by the names of its two numbers. */
static ResourceField *
SelectedField(const DataQuery *query, const char *name)
{
	ResourceField *place = query->resource->geometry;

	if (place != NULL && place->kind == FIELD_POINT &&
		(strcmp(name, "longitude") == 0 || strcmp(name, "latitude") == 0 ||
		 strcmp(name, "coordinateX") == 0 || strcmp(name, "coordinateY") == 0))
		return place;
	return ResourceFieldByName(query->resource, name, strlen(name));
}

/* fields: those that are shown, all others left out. */
static void
ReadFields(DataQuery *query, const QueryParam *param)
{
	int n;
	char **items = ReadItems(query, param, LIST_ITEMS, &n);

	if (items == NULL)
		return;
	/* all were chosen before */
	memset(query->selected, 0, query->resource->nfields * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		ResourceField *field = SelectedField(query, items[i]);

		if (field != NULL)
			query->selected[field - query->resource->fields] = true;
		else if (!RefuseTitle(query, param, items[i]))
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "unknown field \"%.64s{name}\"; valid: fields=%s{names}", items[i],
					   FieldNames(query, false, false));
	}
}

/* sort: fields in their order, - before one for descending. */
static void
ReadSort(DataQuery *query, const QueryParam *param)
{
	int n;
	char **items = ReadItems(query, param, MAX_KEYS, &n);

	for (int i = 0; items != NULL && i < n; i++)
	{
		bool descending = items[i][0] == '-';
		const char *name = items[i] + (descending ? 1 : 0);
		ResourceField *field = ResourceFieldByName(query->resource, name, strlen(name));
		bool twice = false;

		for (int j = 0; j < query->norder; j++)
			twice = twice || query->order[j].field == field;
		/* the field must be ours, open to this caller, and new in the list */
		if (field == NULL && RefuseTitle(query, param, name))
			continue;
		if (field == NULL || !field->sortable)
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "cannot sort by \"%.64s{name}\"; sortable: %s{names}", name,
					   FieldNames(query, true, false));
		else if (!MayAsk(query, param, field))
			continue;
		else if (twice)
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "\"%s{name}\" twice; for example sort=-%s{example}", name, name);
		else
			query->order[query->norder++] = (OrderColumn){field, descending, -1};
	}
}

/* pageSize: 1 to PAGE_LIMIT rows. */
static void
ReadPageSize(DataQuery *query, const QueryParam *param)
{
	int64 value;

	if (integer_parse(param->values[0], param->lengths[0], &value) && value >= 1 && value <= PAGE_LIMIT)
		query->page_size = (int) value;
	else
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "a whole number from 1 to %d{limit}; for example pageSize=%d{example}", PAGE_LIMIT,
				   PAGE_DEFAULT);
}

/* qsort: indexes by the names they stand for, equal names in the order they were given. */
static int
CompareNames(const void *a, const void *b, void *names)
{
	int left = *(const int *) a, right = *(const int *) b;
	int order = strcmp(((char **) names)[left], ((char **) names)[right]);

	return order != 0 ? order : left - right;
}

void
GroupParameters(DataQuery *query, int n, char **names, char **values)
{
	int *order = palloc(sizeof(int) * Max(n, 1));

	for (int i = 0; i < n; i++)
		order[i] = i;
	qsort_arg(order, n, sizeof(int), CompareNames, names);
	query->params = palloc(sizeof(QueryParam) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		QueryParam *param = query->nparams > 0 ? &query->params[query->nparams - 1] : NULL;

		/* equal names are neighbours now: a new one begins a parameter */
		if (param == NULL || strcmp(param->name, names[order[i]]) != 0)
		{
			param = &query->params[query->nparams++];
			param->name = names[order[i]];
			param->name_len = strlen(param->name);
			param->nvalues = 0;
			param->values = palloc(sizeof(char *) * (n - i));
			param->lengths = palloc(sizeof(size_t) * (n - i));
		}
		param->values[param->nvalues] = values[order[i]];
		param->lengths[param->nvalues++] = strlen(values[order[i]]);
	}
}

bool
CheckValues(DataQuery *query, const QueryParam *param, bool single)
{
	for (int i = 0; i < param->nvalues; i++)
		if (param->lengths[i] > VALUE_SIZE)
		{
			QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
					   "longer than %d{limit} bytes", VALUE_SIZE);
			return false;
		}
	if (single && param->nvalues > 1)
	{
		QueryError(query, param->name, param->name_len, CBD_REPEATED_PARAMETER,
				   "given %d{count} times; once is valid", param->nvalues);
		return false;
	}
	return true;
}

/* The parameter that the publisher declared under this name; NULL: none. */
static const ResourceParameter *
DeclaredParameter(const DataQuery *query, const QueryParam *param)
{
	for (int i = 0; i < query->resource->nparameters; i++)
		if (ParamIs(param, query->resource->parameters[i].name))
			return &query->resource->parameters[i];
	return NULL;
}

/* A name that nobody knows; one that differs in case only is proposed. */
static void
UnknownParameter(DataQuery *query, const QueryParam *param)
{
	const char *meant = NULL;

	for (int i = 0; i < lengthof(standard_params); i++)
		if (pg_strcasecmp(param->name, standard_params[i].name) == 0)
			meant = standard_params[i].name;
	for (int i = 0; i < query->resource->nfields; i++)
		if (pg_strcasecmp(param->name, query->resource->fields[i].name) == 0)
			meant = query->resource->fields[i].name;
	if (meant != NULL)
		QueryError(query, param->name, param->name_len, CBD_UNKNOWN_PARAMETER,
				   "unknown parameter; names are case-sensitive: %s{name}", meant);
	else if (NameOfTitle(query, param->name) != NULL)
		QueryError(query, param->name, param->name_len, CBD_UNKNOWN_PARAMETER,
				   "\"%.64s{title}\" is a title; the name of that field is %s{name}", param->name,
				   NameOfTitle(query, param->name));
	else
		QueryError(
			query, param->name, param->name_len, CBD_UNKNOWN_PARAMETER,
			"unknown parameter; valid: divisionCode, timeRange, bbox, sort, pageSize ... and %s{names}",
			FieldNames(query, false, true));
}

bool
ReadDeclared(DataQuery *query, const QueryParam *param)
{
	const ResourceParameter *declared = DeclaredParameter(query, param);

	if (declared == NULL)
		return false;
	if (declared->field == NULL)
		AddFunctionArgument(query, param, declared);
	else
		AddFieldFilter(query, param, declared->field, declared->op, strlen(declared->op));
	return true;
}

/* One parameter: a standard one, a declared one, or a filter `field.op`; in this order, so that a
 * field cannot take the name of a standard one. */
static void
ReadParameter(DataQuery *query, const QueryParam *param)
{
	const StandardParam *standard = NULL;
	ResourceField *field;
	const char *op;
	size_t op_length;
	size_t length;

	for (int i = 0; i < lengthof(standard_params) && standard == NULL; i++)
		if (ParamIs(param, standard_params[i].name))
			standard = &standard_params[i];
	if (!CheckValues(query, param, standard != NULL && standard->single))
		return;
	/* what the entity tag and the cursor are bound to; lengths keep two values from reading as another two */
	if (standard == NULL || standard->in_reply)
		for (int i = 0; i < param->nvalues; i++)
			appendStringInfo(&query->whole, "%s=%zu:%s;", param->name, param->lengths[i], param->values[i]);
	if (standard == NULL || standard->in_cursor)
		for (int i = 0; i < param->nvalues; i++)
			appendStringInfo(&query->canonical, "%s=%zu:%s;", param->name, param->lengths[i],
							 param->values[i]);
	if (standard != NULL)
	{
		if (standard->handler != NULL)
			standard->handler(query, param);
		return;
	}
	if (ReadDeclared(query, param))
		return;
	/* field, or field.op; the name itself may have a dot, the operator has none */
	length = filter_name_split(param->name, param->name_len, &op, &op_length);
	field = ResourceFieldByName(query->resource, param->name, length);
	if (field != NULL)
		AddFieldFilter(query, param, field, op == NULL ? "eq" : op, op == NULL ? 2 : op_length);
	else
		UnknownParameter(query, param);
}

void
ReadDefaults(DataQuery *query)
{
	for (int i = 0; i < query->resource->nparameters; i++)
	{
		const ResourceParameter *declared = &query->resource->parameters[i];
		const char *value = declared->default_value;
		size_t length = value == NULL ? 0 : strlen(value);
		/* as if the client had given it */
		QueryParam param = {declared->name, strlen(declared->name), 1, &value, &length};

		if (FindParam(query, declared->name) != NULL)
			continue;
		if (value != NULL)
			(void) ReadDeclared(query, &param);
		else if (declared->required)
			QueryError(query, param.name, param.name_len, CBD_MISSING_PARAMETER, "%s{name} is required",
					   declared->name);
	}
}

/*
 * The key columns after those of sort, in the direction of the last of them: one index scan serves both. The
 * rows of a time range come in the order of time when it has an index: a page then costs the same however
 * many rows the range holds.
 */
void
CompleteOrder(DataQuery *query)
{
	bool descending;

	if (query->norder == 0 && query->by_time && query->resource->time->sortable)
		query->order[query->norder++] = (OrderColumn){query->resource->time, false, -1};
	descending = query->norder > 0 && query->order[query->norder - 1].descending;

	for (int i = 0; i < query->resource->nkeys; i++)
	{
		bool there = false;

		for (int j = 0; j < query->norder; j++)
			there = there || query->order[j].field == query->resource->keys[i];
		if (!there)
			query->order[query->norder++] = (OrderColumn){query->resource->keys[i], descending, -1};
	}
}

/* Reads all parameters; errors are in query->errors. */
void
ReadParameters(DataQuery *query, int n, char **names, char **values)
{
	const QueryParam *cursor;

	if (n > QUERY_PARAMS)
	{
		QueryError(query, "", 0, CBD_INVALID_PARAMETER, "%d{count} parameters; at most %d{limit} are read", n,
				   QUERY_PARAMS);
		return;
	}
	GroupParameters(query, n, names, values);
	for (int i = 0; i < query->nparams; i++)
		ReadParameter(query, &query->params[i]);
	ReadDefaults(query);
	CheckForm(query);
	CompleteOrder(query);
	/* last: it holds a value for each column of the order */
	cursor = FindParam(query, "cursor");
	if (cursor != NULL && query->errors.count == 0)
	{
		query->has_cursor = CursorRead(query, cursor->values[0], cursor->lengths[0]);
		if (!query->has_cursor)
			QueryError(query, "cursor", 6, CBD_INVALID_PARAMETER,
					   "not a cursor of this query; pass nextCursor of the page before, with the same "
					   "filters and sort");
	}
}

char **
StandardParameters(int *n)
{
	char **names = palloc(sizeof(char *) * lengthof(standard_params));

	*n = lengthof(standard_params);
	for (int i = 0; i < *n; i++)
		names[i] = pstrdup(standard_params[i].name);
	return names;
}
