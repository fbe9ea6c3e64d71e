/*
 * The reply's text, written while the executor hands over the tuples: JSON page, NDJSON, CSV, GeoJSON.
 * A page ends at its size, or early when the text grows beyond REPLY_SIZE.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "place/division.h"
#include "text/mask_text.h"
#include "core/json_write.h"
#include "data/as_publisher.h"
#include "core/owner_rights.h"
#include "data/query.h"
#include "core/call.h"
#include "core/say.h"
#include "wire/paths.h"

/* Where the executor puts the rows. */
typedef struct RowReceiver
{
	DestReceiver pub;
	DataQuery *query;
	MemoryContext row; /* reset after each row */
} RowReceiver;

/* A coordinate: as stored; computed ones to the tenth of a millimetre, below which digits are noise. */
static void
WriteCoordinate(const DataQuery *query, StringInfo out, double value)
{
	static ResourceField number = {.kind = FIELD_FLOAT8};

	if (query->crs.kind != OUTPUT_LONLAT)
		value = query->crs.projected ? rint(value * 1e4) / 1e4 : rint(value * 1e9) / 1e9;
	WriteValue(query, out, &number, Float8GetDatum(value));
}

/* The point of a row in the requested system; false: null, empty or outside that system. */
static bool
PointOf(const DataQuery *query, const OutColumn *column, const TupleTableSlot *slot, double *x, double *y)
{
	if (column->role != COLUMN_POINT || slot->tts_isnull[column->att] || slot->tts_isnull[column->att + 1])
		return false;
	/* a place that is not a number is none */
	if (!isfinite(DatumGetFloat8(slot->tts_values[column->att])) ||
		!isfinite(DatumGetFloat8(slot->tts_values[column->att + 1])))
		return false;
	return OutputPoint(&query->crs, DatumGetFloat8(slot->tts_values[column->att]),
					   DatumGetFloat8(slot->tts_values[column->att + 1]), x, y);
}

/* Longitude and latitude, or easting and northing, in the wanted system; null where it has no place
 * for the point. */
static void
WritePoint(const DataQuery *query, StringInfo out, const OutColumn *column, const TupleTableSlot *slot)
{
	const char *names[2];
	double xy[2];
	bool there = PointOf(query, column, slot, &xy[0], &xy[1]);

	PointNames(query, &names[0], &names[1]);
	for (int i = 0; i < 2; i++)
	{
		if (query->format != OUTPUT_CSV)
			appendStringInfo(out, "\"%s\":", names[i]);
		if (there)
			WriteCoordinate(query, out, xy[i]);
		else if (query->format != OUTPUT_CSV)
			appendStringInfoString(out, "null");
		if (i == 0)
			appendStringInfoChar(out, ',');
	}
}

char *
MaskedText(const ResourceField *field, Datum value, int *length)
{
	text *string;
	MaskKind kind;
	char *masked;

	string =
		field->kind == FIELD_NAME ? cstring_to_text(NameStr(*DatumGetName(value))) : DatumGetTextPP(value);
	if (!MaskKindByName(field->mask, strlen(field->mask), &kind))
		elog(ERROR, "unknown mask");
	masked = palloc(VARSIZE_ANY_EXHDR(string) + 1);
	*length = MaskText(kind, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string), masked);
	return masked;
}

/* A text above the caller's level, by the field's mask. */
static void
WriteMasked(const DataQuery *query, StringInfo out, const ResourceField *field, Datum value)
{
	int length;
	char *masked = MaskedText(field, value, &length);

	WriteShownText(query, out, masked, length);
}

/* bsearch: a code among those of its table. */
static int
CompareCodes(const void *key, const void *code)
{
	return strcmp(key, ((const CodeName *) code)->code);
}

/* The name of a code for expandCodes; NULL: not in the table. Divisions are read as the owner, not as the
 * publisher. */
static const char *
NameOfCode(const OutColumn *column, const char *code)
{
	CodeName *found;
	Division division;
	Oid user;
	int context;
	bool known;

	if (column->ncodes >= 0)
	{
		found = bsearch(code, column->codes, column->ncodes, sizeof(CodeName), CompareCodes);
		return found == NULL ? NULL : found->name;
	}
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(CatalogueOwner(), context | SECURITY_LOCAL_USERID_CHANGE);
	known = DivisionFind(code, &division);
	SetUserIdAndSecContext(user, context);
	return known ? division.name : NULL;
}

/* "fieldName":"name of the code" after the coded value. */
static void
WriteCodeName(const DataQuery *query, StringInfo out, const OutColumn *column, Datum value, bool isnull)
{
	const char *name = NULL;

	if (!isnull)
	{
		char *code = PublishedText(&column->field->output, value);

		/* char(n) is padded; the table's codes are not */
		for (int i = strlen(code); i > 0 && code[i - 1] == ' '; i--)
			code[i - 1] = '\0';
		name = NameOfCode(column, code);
	}
	if (query->format == OUTPUT_CSV)
		appendStringInfoChar(out, ',');
	else
	{
		appendStringInfoChar(out, ',');
		WriteJsonText(out, column->code_heading, strlen(column->code_heading));
		appendStringInfoChar(out, ':');
	}
	if (name != NULL)
		WriteShownText(query, out, name, strlen(name));
	else if (query->format != OUTPUT_CSV)
		appendStringInfoString(out, "null");
}

/* The address of a row's file. The key stands in the result: every order ends with it. */
static void
WriteFile(const DataQuery *query, StringInfo out, const OutColumn *column, const TupleTableSlot *slot)
{
	const Resource *resource = query->resource;
	StringInfoData key;
	char *url;

	initStringInfo(&key);
	/* the key of the row, as cursors have it */
	for (int k = 0; k < resource->nkeys; k++)
		for (int i = 0; i < query->norder; i++)
			if (query->order[i].field == resource->keys[k])
			{
				CursorAppendKey(&key, resource->keys[k], slot->tts_values[query->order[i].att],
								slot->tts_isnull[query->order[i].att]);
				break;
			}
	url =
		MediaUrl(query->media, &(MediaRef){(char *) resource->code, column->field->name, key.data, key.len});
	if (url != NULL)
		WriteShownText(query, out, url, strlen(url));
	else if (query->format != OUTPUT_CSV)
		appendStringInfoString(out, "null");
}

/* One column, with its name (JSON) or without (CSV), and what belongs to it: the name of a code, two numbers
 * of a point, the address of a file. */
static void
WriteColumn(const DataQuery *query, StringInfo out, const OutColumn *column, const TupleTableSlot *slot)
{
	bool isnull = column->att < 0 || slot->tts_isnull[column->att] ||
				  (column->role == COLUMN_FILE && !DatumGetBool(slot->tts_values[column->att]));

	if (column->role == COLUMN_POINT)
	{
		WritePoint(query, out, column, slot);
		return;
	}
	if (query->format != OUTPUT_CSV)
		appendBinaryStringInfo(out, column->json_key, column->json_key_len);
	if (isnull)
		WriteNull(query, out);
	else if (column->role == COLUMN_FILE)
		WriteFile(query, out, column, slot);
	else if (column->role == COLUMN_MASKED)
		WriteMasked(query, out, column->field, slot->tts_values[column->att]);
	else
		WriteValue(query, out, column->field, slot->tts_values[column->att]);
	if (column->ncodes != 0)
		WriteCodeName(query, out, column, isnull ? 0 : slot->tts_values[column->att], isnull);
}

/* All columns of a row but one. */
static void
WriteColumns(const DataQuery *query, StringInfo out, const TupleTableSlot *slot, const ResourceField *except)
{
	bool first = true;

	for (int i = 0; i < query->ncolumns; i++)
	{
		if (query->columns[i].field == except)
			continue;
		if (!first)
			appendStringInfoChar(out, ',');
		first = false;
		WriteColumn(query, out, &query->columns[i], slot);
	}
}

/* A GeoJSON feature (RFC 7946): the key as id when it is one visible column. */
static void
WriteFeature(DataQuery *query, StringInfo out, const TupleTableSlot *slot)
{
	ResourceField *place = query->resource->geometry;
	double x, y;

	appendStringInfoString(out, "{\"type\":\"Feature\",");
	/* a feature has an id when the key is one column, and shown */
	if (query->bare)
	{
		appendStringInfoString(out, "\"id\":");
		WriteFeatureId(query, out, slot);
		appendStringInfoChar(out, ',');
	}
	for (int i = 0; i < query->ncolumns && query->resource->nkeys == 1 && !query->bare; i++)
		if (query->columns[i].field == query->resource->keys[0] && query->columns[i].role == COLUMN_VALUE &&
			!slot->tts_isnull[query->columns[i].att])
		{
			appendStringInfoString(out, "\"id\":");
			WriteValue(query, out, query->columns[i].field, slot->tts_values[query->columns[i].att]);
			appendStringInfoChar(out, ',');
		}
	appendStringInfoString(out, "\"geometry\":");
	for (int i = 0; i < query->ncolumns; i++)
	{
		const OutColumn *column = &query->columns[i];

		if (column->field != place)
			continue;
		if (PointOf(query, column, slot, &x, &y))
		{
			appendStringInfoString(out, "{\"type\":\"Point\",\"coordinates\":[");
			WriteCoordinate(query, out, query->crs.northing_first ? y : x);
			appendStringInfoChar(out, ',');
			WriteCoordinate(query, out, query->crs.northing_first ? x : y);
			if (column->height && !slot->tts_isnull[column->att + 2] &&
				isfinite(DatumGetFloat8(slot->tts_values[column->att + 2])))
			{
				appendStringInfoChar(out, ',');
				WriteDouble(query, out, DatumGetFloat8(slot->tts_values[column->att + 2]));
			}
			appendStringInfoString(out, "]}");
		}
		else if (column->role == COLUMN_VALUE && !slot->tts_isnull[column->att])
			WriteValue(query, out, place, slot->tts_values[column->att]);
		else
			appendStringInfoString(out, "null");
	}
	appendStringInfoString(out, ",\"properties\":{");
	WriteColumns(query, out, slot, place);
	appendStringInfoString(out, "}}");
}

/* One row in the reply's format. */
static void
WriteRow(DataQuery *query, const TupleTableSlot *slot)
{
	StringInfo out = &query->out;

	if ((query->rows > 0 || query->continued) &&
		(query->format == OUTPUT_JSON || query->format == OUTPUT_GEOJSON))
		appendStringInfoChar(out, ',');
	if (query->format == OUTPUT_GEOJSON)
		WriteFeature(query, out, slot);
	else if (query->format == OUTPUT_CSV)
	{
		int begin = out->len;

		WriteColumns(query, out, slot, NULL);
		/* readers skip a line that is empty: the only cell of a row, null, is written as an empty text */
		if (out->len == begin)
			appendStringInfoString(out, "\"\"");
		appendBinaryStringInfo(out, "\r\n", 2);
	}
	else
	{
		appendStringInfoChar(out, '{');
		WriteColumns(query, out, slot, NULL);
		appendStringInfoChar(out, '}');
		if (query->format == OUTPUT_NDJSON)
			appendStringInfoChar(out, '\n');
	}
	query->rows++;
}

/* Bytes after which a page ends early. */
static inline int
PageLimit(const DataQuery *query)
{
	return query->format == OUTPUT_NDJSON || query->download ? PIECE_SIZE : REPLY_SIZE;
}

/* One tuple: a row of the page, or the one beyond it. False ends the query. */
static bool
ReceiveRow(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;
	DataQuery *query = receiver->query;
	MemoryContext caller;
	bool full = query->rows == query->page_size || query->out.len >= PageLimit(query);

	/* the row beyond the page: there is a next one */
	if (full)
	{
		query->more = true;
		return false;
	}
	slot_getallattrs(slot);
	/* what output functions allocate goes after each row */
	caller = MemoryContextSwitchTo(receiver->row);
	WriteRow(query, slot);
	/* this may be the last row: where the next page begins */
	if (query->rows == query->page_size || query->out.len >= PageLimit(query))
		for (int i = 0; i < query->norder; i++)
			CursorAppendKey(&query->last_key, query->order[i].field, slot->tts_values[query->order[i].att],
							slot->tts_isnull[query->order[i].att]);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(receiver->row);
	return true;
}

/* The type that a column of the result must have to be written as what it is. */
static bool
IsWrittenType(const OutColumn *column, TupleDesc result)
{
	Oid type = TupleDescAttr(result, column->att)->atttypid;
	FieldKind kind = column->field->kind;

	if (column->role == COLUMN_POINT)
		return type == FLOAT8OID && column->att + (column->height ? 2 : 1) < result->natts &&
			   TupleDescAttr(result, column->att + 1)->atttypid == FLOAT8OID &&
			   (!column->height || TupleDescAttr(result, column->att + 2)->atttypid == FLOAT8OID);
	if (column->role == COLUMN_FILE)
		return type == BOOLOID;
	if (kind == FIELD_POINT || kind == FIELD_GEOMETRY)
		return type == TEXTOID; /* GeoJSON */
	return type == column->field->declared_type;
}

/* The result is read by the types that were found when the resource was loaded: with others it is not read at
 * all. */
static void
StartRows(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	const DataQuery *query = ((RowReceiver *) self)->query;
	bool fits = true;

	for (int i = 0; i < query->ncolumns && fits; i++)
		fits = query->columns[i].att < 0 ||
			   (query->columns[i].att < typeinfo->natts && IsWrittenType(&query->columns[i], typeinfo));
	for (int i = 0; i < query->norder && fits; i++)
		fits = query->order[i].att < typeinfo->natts &&
			   TupleDescAttr(typeinfo, query->order[i].att)->atttypid == query->order[i].field->declared_type;
	if (!fits)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("%s{source} has columns of other types than it was published with",
							   query->resource->source)));
}

/* DestReceiver: the last row was there. */
static void
StopRows(DestReceiver *self)
{
}

DestReceiver *
QueryReceiver(DataQuery *query)
{
	RowReceiver *receiver = palloc0(sizeof(RowReceiver));

	receiver->pub.receiveSlot = ReceiveRow;
	receiver->pub.rStartup = StartRows;
	receiver->pub.rShutdown = StopRows;
	receiver->pub.rDestroy = StopRows;
	receiver->pub.mydest = DestTuplestore; /* SPI asks only whether it is DestNone */
	receiver->query = query;
	receiver->row = AllocSetContextCreate(CurrentMemoryContext, "citybigdata row", ALLOCSET_DEFAULT_SIZES);
	return &receiver->pub;
}

void
BeginReply(DataQuery *query)
{
	if (query->bare)
		return;
	if (query->format == OUTPUT_JSON)
		appendStringInfoString(&query->out, "{\"items\":[");
	else if (query->format == OUTPUT_GEOJSON && !query->continued)
	{
		appendStringInfoString(&query->out, "{\"type\":\"FeatureCollection\",");
		/* what readers such as GDAL take for WGS 84 otherwise (the member of GeoJSON 2008) */
		if (query->crs.kind == OUTPUT_EPSG)
			appendStringInfo(&query->out,
							 "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
							 "\"urn:ogc:def:crs:EPSG::%d\"}},",
							 query->crs.epsg);
		appendStringInfoString(&query->out, "\"features\":[");
	}
	/* on the first page only, so that pages join to one file */
	else if (query->format == OUTPUT_CSV && !query->has_cursor)
		WriteHeader(query);
}

/* Where the code table of each coded field is (clause 5.4.4-c). */
static void
WriteCodeTables(DataQuery *query)
{
	bool first = true;

	appendStringInfoString(&query->out, ",\"codeTables\":{");
	for (int i = 0; i < query->ncolumns; i++)
	{
		const ResourceField *field = query->columns[i].field;

		if (field->code_table == NULL)
			continue;
		if (!first)
			appendStringInfoChar(&query->out, ',');
		first = false;
		appendBinaryStringInfo(&query->out, field->json_key, field->json_key_len);
		JsonString(&query->out, strcmp(field->code_table, "divisions") == 0
									? DIVISION_PATH
									: psprintf(CODE_TABLES_PATH "/%s", field->code_table));
	}
	appendStringInfoChar(&query->out, '}');
}

void
EndReply(DataQuery *query)
{
	if (query->more)
		query->next_cursor = CursorMake(query);
	if ((query->format != OUTPUT_JSON && query->format != OUTPUT_GEOJSON) || query->bare)
		return;
	/* the collection of a download ends with its last page, and has no next one */
	if (query->download)
	{
		appendStringInfoString(&query->out, query->more ? "" : "]}");
		return;
	}
	appendStringInfoString(&query->out, "],\"nextCursor\":");
	JsonString(&query->out, query->next_cursor);
	if (query->total >= 0)
		appendStringInfo(&query->out, ",\"totalCount\":" INT64_FORMAT ",\"countMethod\":\"%s\"", query->total,
						 query->count == COUNT_EXACT ? "exact" : "estimate");
	WriteCodeTables(query);
	appendStringInfoChar(&query->out, '}');
}
