/*
 * Query: one request to the open data interface (clauses 5.3, 5.4).
 *
 *   parameters  --query_params.c-->  conditions, order, output wishes   (errors are collected, with pointers)
 *               --query_filter.c-->  WHERE text with $n and the values
 *               --query_select.c----->  one SELECT
 *               --query_run.c----->  kept plan, run as the publisher, within the latency budget
 *               --query_write.c--->  reply text, straight from the tuples
 *
 * Client values travel as $n only; identifiers come from the catalogue through quote_identifier.
 */
#ifndef CBD_QUERY_H
#define CBD_QUERY_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "data/catalogue.h"
#include "place/coord_math.h"
#include "data/cursor_parse.h"
#include "media/media.h"
#include "core/error_list.h"
#include "core/status.h"

#define QUERY_ARGS    400  /* $n of one query */
#define QUERY_PARAMS  64   /* parameters of one request */
#define VALUE_SIZE    8192 /* bytes of one value */
#define LIST_ITEMS    1000 /* values of one list */
#define RANGE_ITEMS   64   /* divisions or times of one list: each is a range of its own */
#define ORDER_COLUMNS (MAX_KEYS * 2)
#define PAGE_DEFAULT  100
#define PAGE_LIMIT    1000
#define FEATURE_LIMIT 10000              /* features of one page: OGC API Features */
#define REPLY_SIZE    (16 * 1024 * 1024) /* bytes after which a page ends early */
#define PIECE_SIZE                                                                                           \
	(1024 * 1024) /* the same of a download's pages, which the bridge holds while a slow client reads */

/* What a page is written as; OUTPUT_NDJSON also carries downloads. */
typedef enum OutputFormat
{
	OUTPUT_JSON,
	OUTPUT_CSV,
	OUTPUT_GEOJSON,
	OUTPUT_NDJSON
} OutputFormat;

/* The system that points are shown in. */
typedef enum OutputCrs
{
	OUTPUT_LONLAT, /* EPSG:4490 */
	OUTPUT_GCJ02,
	OUTPUT_BD09,
	OUTPUT_EPSG
} OutputCrs;

/* How totalCount is found: not at all, from the planner, by counting, by counting where that is cheap. */
typedef enum CountMethod
{
	COUNT_NONE,
	COUNT_ESTIMATE,
	COUNT_EXACT,
	COUNT_CHEAP
} CountMethod;

/* A coordinate system of a request. */
typedef struct RequestCrs
{
	OutputCrs kind;
	int epsg;
	bool projected;      /* easting and northing instead of degrees */
	bool northing_first; /* shown as its definition orders the axes: latitude or northing first */
} RequestCrs;

/* All values of one parameter name. */
typedef struct QueryParam
{
	const char *name;
	size_t name_len;
	int nvalues;
	const char **values;
	size_t *lengths;
} QueryParam;

/* A column of the order; the keys of the resource always end it, so that every row has one place. */
typedef struct OrderColumn
{
	ResourceField *field;
	bool descending;
	int att; /* column of the result, from 0 */
} OrderColumn;

/* What of a column is shown. */
typedef enum ColumnRole
{
	COLUMN_VALUE,
	COLUMN_POINT, /* two columns: x, y */
	COLUMN_FILE,  /* whether there is one; shown by its address */
	COLUMN_MASKED,
	COLUMN_HIDDEN /* above the caller's level, without mask: null */
} ColumnRole;

/* A code of a code table with its name. */
typedef struct CodeName
{
	char *code;
	char *name;
} CodeName;

/* A column of the reply; att: where its value stands in the result, from 0, -1: nowhere. */
typedef struct OutColumn
{
	ResourceField *field;
	ColumnRole role;
	int att;
	bool height;          /* COLUMN_POINT: a third column, z */
	const char *heading;  /* the field's name, or its title */
	const char *json_key; /* "heading": */
	int json_key_len;
	const char *code_heading; /* of the name beside a code */
	int ncodes;               /* expandCodes: sorted by code; -1: divisions */
	CodeName *codes;
} OutColumn;

/* A key value of a cursor: fixed-size values by their bits, the others as text. */
typedef struct CursorValue
{
	bool isnull;
	Datum value;
} CursorValue;

/*
 * One request for a page, from its parameters to its reply; members stand in the order in which they are
 * filled.
 */
typedef struct DataQuery
{
	Resource *resource;
	int level; /* highest level that the caller may see */
	MemoryContext context;

	ErrorList errors; /* of parameters; status: ErrorsParameterStatus() */
	int position;     /* in the value that is being read, in characters from 1, for errors; 0: none is told */

	int nparams;
	QueryParam *params;       /* sorted by name */
	StringInfoData canonical; /* what a cursor is bound to */
	StringInfoData whole;     /* all that decides the reply, for its entity tag */

	StringInfoData where;     /* " AND ..." */
	bool selective;           /* how many rows match depends on the values: plan for them, every time */
	StringInfoData arguments; /* of the function: name => $n, ... */
	int nargs;
	bool overfull; /* more values were given than a statement takes */
	Datum args[QUERY_ARGS];
	Oid types[QUERY_ARGS];

	bool by_time;   /* timeRange is given: its rows have a time */
	bool *selected; /* per field */
	int norder;
	OrderColumn order[ORDER_COLUMNS];
	bool has_cursor;
	CursorValue after[ORDER_COLUMNS];

	int page_size;
	CountMethod count;
	bool expand_codes;
	bool spreadsheet; /* bom=true: CSV whose texts are no formulas */
	bool titles;      /* headings=title */
	bool chinese;     /* lang=zh: the titles' language */
	bool exact_texts; /* bigint=text: values that may be beyond a double's digits are texts */
	bool streamed;    /* the caller can go on: a download may be asked for */
	bool download;    /* download=true: pages that join to one reply */
	bool continued;   /* such a page behind the first */
	bool unix_time;
	bool rfc_time; /* RFC 3339 in the platform's zone */
	bool bare;     /* GeoJSON features alone, each with its id: the caller writes what is around them */
	RequestCrs crs;
	OutputFormat format;

	int ncolumns;
	OutColumn *columns;

	/* the reply */
	StringInfoData out;
	int rows;
	bool more;
	StringInfoData last_key;   /* of the last row written, when there are more */
	int64 total;               /* -1: not counted */
	char *next_cursor;         /* NULL: this is the last page */
	MediaSealer *media;        /* makes the addresses of files; NULL: a file is null */
	const char *if_none_match; /* the header; NULL: none */
	char *entity_tag;          /* NULL: the resource declares no version column */
	bool unchanged;            /* the client has the reply already: there is no text */
} DataQuery;

/* query.c */
extern void InitQuery(DataQuery *query, Resource *resource, int level);

/* Parses and runs; false: query->errors tells. Raises class UD for what the caller must be told. */
extern bool QueryPage(DataQuery *query, int n, char **names, char **values);

extern void CheckPublished(const char *code);

/* query_input.c */
/* Adds an error at /name; the text says what is wrong and shows a valid value. */
extern void QueryError(DataQuery *query, const char *name, size_t name_len, CbdStatus status,
					   const char *format, ...) pg_attribute_printf(5, 6);
/* Adds a value of the statement; returns its number for $n. Too many of them are an error of the request. */
extern int AddArgument(DataQuery *query, Datum value, Oid type);
/* The items of all values of a parameter; NULL after an error. */
extern char **ReadItems(DataQuery *query, const QueryParam *param, int limit, int *n);
/* A value of `type` (a base type); false: *valid tells what would be one. Raises nothing for what a client
 * sent. */
extern bool ReadValue(const char *text, Oid type, Datum *out, const char **valid);

/* All values of a parameter as datums of the base type; NULL after an error. */
extern Datum *ReadValues(DataQuery *query, const QueryParam *param, Oid type, int limit, int *n);
/* The type that a value of a column of this type is passed as. */
extern Oid ArgumentType(Oid type);
/* A value of `type` (a base type) as a client writes it; false: *valid tells what would be one. Raises
 * nothing for what a client sent. */
extern bool ReadValue(const char *text, Oid type, Datum *out, const char **valid);
/* The value of an enumeration with this label; false: it has none. */
extern bool EnumDatum(const char *text, Oid type, Datum *out);
/* The period [*from, *to) of a time point: its second or local day; *error is palloc'd or constant text. */
extern bool ReadTimePeriod(const char *text, TimestampTz *from, TimestampTz *to, const char **error);
/* A time point as the column's type has it: an instant, the local time, or the local day. */
extern Datum TimeDatum(TimestampTz value, Oid type);

/* query_params.c */
extern void ReadParameters(DataQuery *query, int n, char **names, char **values);
/* Declared parameters that are absent: their default, or an error when required. */
extern void ReadDefaults(DataQuery *query);

/* Sorts by name into query->params and joins the values of one name, so that the order of the request does
 * not matter. */
extern void GroupParameters(DataQuery *query, int n, char **names, char **values);
/* Is no value too long, and none given twice where `single`? False after the error. */
extern bool CheckValues(DataQuery *query, const QueryParam *param, bool single);
/* The parameter of that name in the request; NULL: not given. */
extern const QueryParam *FindParam(const DataQuery *query, const char *name);
/* A parameter that the publisher declared: an argument of the function, or a filter with a fixed operator.
 * False: he declared none of this name. */
extern bool ReadDeclared(DataQuery *query, const QueryParam *param);
/* The names of fields that may be filtered or sorted by, or of all, for hints; at most what fits a message.
 */
extern char *FieldNames(const DataQuery *query, bool sortable, bool declared);
/* The key columns behind those of the order, in the direction of the last of them. */
extern void CompleteOrder(DataQuery *query);

/* May the parameter ask about the field? Not of one above the caller's level: every parameter that reads a
 * column asks here first; false after the error. */
extern bool MayAsk(DataQuery *query, const QueryParam *param, const ResourceField *field);

/* query_form.c */
/* Is the parameter's first value this word? */
extern bool ParamValueIs(const QueryParam *param, const char *word);
/* Handlers of parameters that decide the form of the reply. */
extern void ReadCount(DataQuery *query, const QueryParam *param);
extern void ReadExpandCodes(DataQuery *query, const QueryParam *param);
extern void ReadBom(DataQuery *query, const QueryParam *param);
extern void ReadTimeFormat(DataQuery *query, const QueryParam *param);
extern void ReadFormat(DataQuery *query, const QueryParam *param);
extern void ReadHeadings(DataQuery *query, const QueryParam *param);
extern void ReadLanguage(DataQuery *query, const QueryParam *param);
extern void ReadBigint(DataQuery *query, const QueryParam *param);
extern void ReadDownload(DataQuery *query, const QueryParam *param);
/* What of them does not go together becomes an error; all are read. */
extern void CheckForm(DataQuery *query);

/* The names that every resource understands, palloc'd. */
extern char **StandardParameters(int *n);

/* query_filter.c */
extern void AddFieldFilter(DataQuery *query, const QueryParam *param, ResourceField *field, const char *op,
						   size_t op_length);
extern void AddFunctionArgument(DataQuery *query, const QueryParam *param,
								const ResourceParameter *parameter);
extern void AddDivisions(DataQuery *query, const QueryParam *param);
extern void AddTimes(DataQuery *query, const QueryParam *param);
extern void AddTimeRange(DataQuery *query, const QueryParam *param);

/* query_code.c */
/* Are the values codes of the field's table? False after the error. SPI is connected. */
extern bool CheckCodes(DataQuery *query, const QueryParam *param, const ResourceField *field,
					   const Datum *values, int n);

/* query_place.c */
extern bool ReadCrs(DataQuery *query, const QueryParam *param, RequestCrs *crs);
extern void AddBox(DataQuery *query, const QueryParam *param, const RequestCrs *crs);
/* Is the plane of the resource's places made for all of a box of degrees (west, south, east, north)? */
extern bool BoxInPlane(const DataQuery *query, const double box[4]);
/* A point of the request's system in degrees, longitude and latitude whatever the order of its axes; false:
 * not in its domain. */
extern bool RequestPoint(const RequestCrs *crs, double x, double y, LonLat *out);
/* A point in degrees to the requested system; false: not in its domain. */
extern bool OutputPoint(const RequestCrs *crs, double x, double y, double *out_x, double *out_y);

/* query_select.c */
/* How a field is shown to this caller, by its level, kind and mask. */
extern ColumnRole ColumnRoleOf(const DataQuery *query, const ResourceField *field);
/* A geometry in degrees, or (`moved`) in the requested system, with nothing that GeoJSON has no word for. */
extern char *GeometryExpression(const DataQuery *query, const ResourceField *field, const char *postgis,
								bool moved);
/* FROM and WHERE: the relation, or the function with its arguments, and the conditions. */
extern void AppendSource(const DataQuery *query, StringInfo sql);
extern char *QuerySelect(DataQuery *query);
extern char *QueryCount(DataQuery *query, bool exact);
extern char *QueryVersion(const DataQuery *query);
extern char *QueryAll(const DataQuery *query);

/* Is the resource's last day past, in the platform's zone? */
extern bool PastSunset(const Resource *resource);

/* query_run.c */
/*
 * Errors of code or data of others. Is it the relation's (not: ours, class UD, a lost race, the server short
 * of something, a cancelled query, damaged data)? Does a function refuse the values that it was given? What
 * is wrong, as far as every caller may know it: a constant message.
 */
extern bool IsRelationsError(int sqlerrcode);
extern bool IsValueError(int sqlerrcode);
extern const char *CauseOf(int sqlerrcode);

/* The settings that the text of values depends on, as the platform has them; undone with the nest level. */
extern void FixSettings(void);

struct _DestReceiver;
extern void RunQuery(DataQuery *query);
/* Within RunAsPublisher(): runs a statement of the request, with its values, by its kept plan; rows go to
 * `receiver`, or to SPI's result when NULL. How many rows the planner expects of one, and its cost in the
 * planner's units. The state of the data by the version column; NULL: the relation is too large to be asked.
 */
extern void QueryExecute(DataQuery *query, const char *sql, struct _DestReceiver *receiver, uint64 limit);
extern int64 QueryEstimate(DataQuery *query, const char *sql);
extern double QueryCost(DataQuery *query, const char *sql);
extern char *QueryState(DataQuery *query);

/*
 * Does the work as the role that published the resource, read-only, within the resource's latency budget.
 * What the relation or the budget does to it is raised with class UD; with `epsg` (0: none) it shows places
 * in a system of the caller's choice. SPI is connected.
 */
extern void RunAsPublisher(Resource *resource, int epsg, void (*work)(void *), void *argument);
/* The same within so many milliseconds. */
extern void RunAsPublisherWithin(Resource *resource, int budget, int epsg, void (*work)(void *),
								 void *argument);

/* query_write.c */
/* A text above the caller's level, by the field's mask, palloc'd; *length in bytes. */
extern char *MaskedText(const ResourceField *field, Datum value, int *length);
extern struct _DestReceiver *QueryReceiver(DataQuery *query);
extern void BeginReply(DataQuery *query);
extern void EndReply(DataQuery *query);

/* feature_id.c */
/* The id of a row's feature as JSON: its key, a number where that is one; several keys joined by commas. */
struct TupleTableSlot;
extern void WriteFeatureId(const DataQuery *query, StringInfo out, const struct TupleTableSlot *slot);
/* The condition that a row is the feature of this id; false: no row can be. */
extern bool AddFeatureId(DataQuery *query, const char *id);

/* query_heading.c */
/* Names the columns of the reply, by the fields' names or their titles, each once. */
extern void NameColumns(DataQuery *query);
/* The names under which a point is shown. */
extern void PointNames(const DataQuery *query, const char **x, const char **y);
/* The header line of CSV. */
extern void WriteHeader(DataQuery *query);

/* query_value.c */
extern void WriteJsonText(StringInfo out, const char *text, int length);
/* null, or nothing in CSV. */
extern void WriteNull(const DataQuery *query, StringInfo out);
extern void WriteDouble(const DataQuery *query, StringInfo out, double value);
/* A text in the form of the format. */
extern void WriteShownText(const DataQuery *query, StringInfo out, const char *shown, int length);
extern void WriteValue(const DataQuery *query, StringInfo out, ResourceField *field, Datum value);

/* cursor.c */
/* The text of a key's value, of the field's type or of its CursorType(). */
extern char *KeyText(const ResourceField *field, Oid type, Datum value);
/* Adds one key value of a row. */
extern void CursorAppendKey(StringInfo key, const ResourceField *field, Datum value, bool isnull);
/* One key value. The bytes are authentic: false, a form that does not fit, means another layout of ours. */
extern bool CursorReadKey(const ResourceField *field, CursorText *cursor, CursorValue *value);
/* The type of the value that it gives. */
extern Oid CursorType(const ResourceField *field);
extern char *CursorMake(DataQuery *query);
extern bool CursorRead(DataQuery *query, const char *text, size_t length);

#endif
