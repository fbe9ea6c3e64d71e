/*
 * The features of a tile: one statement as the publisher, whose rows become features as they come.
 *
 *   SELECT place, field, ... FROM relation WHERE filters AND place && box LIMIT TILE_FEATURES + 1
 *
 * Points come as longitude and latitude, and are projected here: PROJ would take longer than all the rest.
 * Lines and polygons come from ST_AsMVTGeom(). Fields are those that GET /data shows the caller, masked or
 * left out as there: numbers as numbers, texts, codes, times as texts. Null is left out, and so are fields of
 * other types. The key is the feature's id, when it is one whole number.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/say.h"
#include "data/as_publisher.h"
#include "map/tile.h"

#define EXACT_DIGITS 15 /* of a decimal number that a double holds all of */

/* A property: a column of the result. */
typedef struct Property
{
	ResourceField *field;
	ColumnRole role;
	int att;
	int key; /* of the layer */
} Property;

/* Where the executor puts the rows. */
typedef struct FeatureRows
{
	DestReceiver pub;
	TileQuery *tile;
	MemoryContext row; /* reset after each row */
	bool points;
	int place_columns;
	int nproperties;
	Property *properties;
	int id; /* property; -1: none */
	int rows;
	bool full; /* more than a tile holds */
} FeatureRows;

/* Is it a type of one value that a property can have? */
static bool
IsSimple(FieldKind kind)
{
	switch (kind)
	{
		case FIELD_JSON:
		case FIELD_JSONB:
		case FIELD_ARRAY:
		case FIELD_COMPOSITE:
		case FIELD_POINT:
		case FIELD_GEOMETRY:
		case FIELD_FILE:
		case FIELD_OTHER:
			return false;
		default:
			return true;
	}
}

bool
IsTileField(const DataQuery *query, const ResourceField *field)
{
	return query->selected[field - query->resource->fields] && field != query->resource->geometry &&
		   IsSimple(field->kind) && ColumnRoleOf(query, field) != COLUMN_HIDDEN;
}

/* ---- values ---- */

/* A number whose text is the shortest one, or all its digits: as GET /data writes it. */
static void
PutDecimal(MvtLayer *layer, const Property *property, const char *text, int length)
{
	int digits = 0;

	for (int i = 0; i < length; i++)
		digits += text[i] >= '0' && text[i] <= '9';
	if (digits <= EXACT_DIGITS)
		MvtNumber(layer, property->key, strtod(text, NULL));
	else
		MvtText(layer, property->key, text, length);
}

/* A value by its text. */
static void
PutShown(TileQuery *tile, const Property *property, Datum value)
{
	StringInfoData text;
	FieldKind kind = property->field->kind;

	initStringInfo(&text);
	WriteValue(tile->query, &text, property->field, value);
	/* nothing: a time or number beyond what is shown */
	if (text.len == 0)
		return;
	if (kind == FIELD_NUMERIC || kind == FIELD_FLOAT4)
		PutDecimal(&tile->layer, property, text.data, text.len);
	else
		MvtText(&tile->layer, property->key, text.data, text.len);
}

/* A text as it is. */
static void
PutCharacters(MvtLayer *layer, const Property *property, Datum value)
{
	text *string = DatumGetTextPP(value);
	int length = VARSIZE_ANY_EXHDR(string);

	/* the blanks that fill it up are no content */
	while (property->field->kind == FIELD_BPCHAR && length > 0 && VARDATA_ANY(string)[length - 1] == ' ')
		length--;
	MvtText(layer, property->key, VARDATA_ANY(string), length);
}

/* One property of a row. */
static void
PutProperty(TileQuery *tile, const Property *property, Datum value)
{
	MvtLayer *layer = &tile->layer;
	char *text;
	int length;

	if (property->role == COLUMN_MASKED)
	{
		text = MaskedText(property->field, value, &length);
		MvtText(layer, property->key, text, length);
		return;
	}
	switch (property->field->kind)
	{
		case FIELD_INT2:
			MvtInteger(layer, property->key, DatumGetInt16(value));
			break;
		case FIELD_INT4:
			MvtInteger(layer, property->key, DatumGetInt32(value));
			break;
		case FIELD_INT8:
			MvtInteger(layer, property->key, DatumGetInt64(value));
			break;
		case FIELD_FLOAT8:
			if (isfinite(DatumGetFloat8(value)))
				MvtNumber(layer, property->key, DatumGetFloat8(value));
			break;
		case FIELD_BOOL:
			MvtBool(layer, property->key, DatumGetBool(value));
			break;
		case FIELD_TEXT:
		case FIELD_BPCHAR:
			PutCharacters(layer, property, value);
			break;
		case FIELD_NAME:
			MvtText(layer, property->key, NameStr(*DatumGetName(value)),
					strlen(NameStr(*DatumGetName(value))));
			break;
		case FIELD_UUID:
		case FIELD_ENUM:
			text = PublishedText(&property->field->output, value);
			MvtText(layer, property->key, text, strlen(text));
			break;
		default:
			PutShown(tile, property, value);
	}
}

/* ---- rows ---- */

/* The geometry of a row; false: it is none, or outside the tile and its buffer. */
static bool
PutPlace(FeatureRows *rows, const TupleTableSlot *slot)
{
	TileQuery *tile = rows->tile;
	LonLat place;
	double x, y;
	bytea *wkb;

	if (slot->tts_isnull[0] || (rows->points && slot->tts_isnull[1]))
		return false;
	if (!rows->points)
	{
		wkb = DatumGetByteaPP(slot->tts_values[0]);
		return MvtGeometry(&tile->layer, VARDATA_ANY(wkb), VARSIZE_ANY_EXHDR(wkb));
	}
	place = (LonLat){DatumGetFloat8(slot->tts_values[0]), DatumGetFloat8(slot->tts_values[1])};
	if (!isfinite(place.lon) || !isfinite(place.lat))
		return false;
	if (tile->shifted)
		place = wgs84_to_gcj02(place);
	if (!TilePoint(&tile->place, place, &x, &y))
		return false;
	x = rint(x);
	y = rint(y);
	if (x < -TILE_BUFFER || y < -TILE_BUFFER || x > TILE_EXTENT + TILE_BUFFER ||
		y > TILE_EXTENT + TILE_BUFFER)
		return false;
	MvtPoint(&tile->layer, (int32) x, (int32) y);
	return true;
}

/* The feature's id: the key; -1: it has none. */
static int64
FeatureId(const FeatureRows *rows, const TupleTableSlot *slot)
{
	const Property *property = rows->id < 0 ? NULL : &rows->properties[rows->id];
	Datum value;

	if (property == NULL || slot->tts_isnull[property->att])
		return -1;
	value = slot->tts_values[property->att];
	return property->field->kind == FIELD_INT8   ? DatumGetInt64(value)
		   : property->field->kind == FIELD_INT4 ? DatumGetInt32(value)
												 : DatumGetInt16(value);
}

/* One row. False ends the query. */
static bool
ReceiveFeature(TupleTableSlot *slot, DestReceiver *self)
{
	FeatureRows *rows = (FeatureRows *) self;
	TileQuery *tile = rows->tile;
	MemoryContext caller;

	rows->full =
		rows->full || rows->rows++ >= TILE_FEATURES || MvtSize(&tile->layer) > TILE_BYTES - BLCKSZ / 8;
	if (rows->full)
		return false;
	slot_getallattrs(slot);
	caller = MemoryContextSwitchTo(rows->row);
	MvtFeatureBegin(&tile->layer, FeatureId(rows, slot));
	if (PutPlace(rows, slot))
	{
		for (int i = 0; i < rows->nproperties; i++)
			if (!slot->tts_isnull[rows->properties[i].att])
				PutProperty(tile, &rows->properties[i], slot->tts_values[rows->properties[i].att]);
		MvtFeatureEnd(&tile->layer);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextReset(rows->row);
	return true;
}

/* The result is read by the types that were found when the resource was loaded: with others it is not read at
 * all. */
static void
StartFeatures(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	const FeatureRows *rows = (FeatureRows *) self;
	Oid place = rows->points ? FLOAT8OID : BYTEAOID;
	bool fits = typeinfo->natts == rows->place_columns + rows->nproperties;

	for (int i = 0; i < rows->place_columns && fits; i++)
		fits = TupleDescAttr(typeinfo, i)->atttypid == place;
	for (int i = 0; i < rows->nproperties && fits; i++)
		fits = TupleDescAttr(typeinfo, rows->properties[i].att)->atttypid ==
			   rows->properties[i].field->declared_type;
	if (!fits)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("%s{source} has columns of other types than it was published with",
							   rows->tile->query->resource->source)));
}

/* DestReceiver: the last row was there. */
static void
StopFeatures(DestReceiver *self)
{
}

/* ---- the statement ---- */

/* The geometry as ST_AsMVTGeom() makes it of lines and polygons, as WKB. What is beyond the world's square is
 * cut off before it is projected, which would fail at the poles. */
static void
AppendShape(TileQuery *tile, StringInfo sql)
{
	DataQuery *query = tile->query;
	const char *postgis = query->resource->postgis;
	char *place = GeometryExpression(query, query->resource->geometry, postgis, true);
	int z = AddArgument(query, Int32GetDatum(tile->place.z), INT4OID);
	int x = AddArgument(query, Int32GetDatum((int32) tile->place.x), INT4OID);
	int y = AddArgument(query, Int32GetDatum((int32) tile->place.y), INT4OID);

	appendStringInfo(
		sql,
		"(SELECT %s.st_asbinary(%s.st_asmvtgeom(%s.st_transform(CASE WHEN %s.st_ymax(g.place) > 85.06 OR "
		"%s.st_ymin(g.place) < -85.06 THEN %s.st_clipbybox2d(g.place, %s.st_makeenvelope(-180, -85.06, 180, "
		"85.06, 4490)) ELSE g.place END, 3857), %s.st_tileenvelope($%d, $%d, $%d), %d, %d, true), '%s') FROM "
		"(SELECT %s.st_force2d(%s) AS place OFFSET 0) g)",
		postgis, postgis, postgis, postgis, postgis, postgis, postgis, postgis, z, x, y, TILE_EXTENT,
		TILE_BUFFER,
#ifdef WORDS_BIGENDIAN
		"XDR",
#else
		"NDR",
#endif
		postgis, place);
}

/* The select list, and the properties that its columns are. */
static void
AppendColumns(FeatureRows *rows, StringInfo sql)
{
	TileQuery *tile = rows->tile;
	DataQuery *query = tile->query;
	const Resource *resource = query->resource;

	rows->points = resource->geometry->kind == FIELD_POINT;
	rows->place_columns = rows->points ? 2 : 1;
	rows->properties = palloc(sizeof(Property) * Max(resource->nfields, 1));
	if (rows->points)
		AppendPosition(query, sql);
	else
		AppendShape(tile, sql);
	for (int i = 0; i < resource->nfields; i++)
	{
		ResourceField *field = &resource->fields[i];

		if (!IsTileField(query, field))
			continue;
		if (resource->nkeys == 1 && field == resource->keys[0] &&
			ColumnRoleOf(query, field) == COLUMN_VALUE &&
			(field->kind == FIELD_INT2 || field->kind == FIELD_INT4 || field->kind == FIELD_INT8))
			rows->id = rows->nproperties;
		appendStringInfo(sql, ", r.%s", field->column);
		rows->properties[rows->nproperties] =
			(Property){field, ColumnRoleOf(query, field), rows->place_columns + rows->nproperties,
					   MvtKey(&tile->layer, field->name)};
		rows->nproperties++;
	}
}

/* A statement to run. */
typedef struct FeatureWork
{
	TileQuery *tile;
	char *sql;
	DestReceiver *receiver;
	int64 expected;
} FeatureWork;

/* Work of RunAsPublisher() */
static void
RunFeatures(void *argument)
{
	FeatureWork *work = argument;

	QueryExecute(work->tile->query, work->sql, work->receiver, TILE_FEATURES + 1);
}

/* Work of RunAsPublisher() */
static void
EstimateFeatures(void *argument)
{
	FeatureWork *work = argument;

	work->expected = QueryEstimate(work->tile->query, work->sql);
}

int64
ExpectedRows(TileQuery *tile)
{
	DataQuery *query = tile->query;
	FeatureWork work = {.tile = tile};
	int nargs = query->nargs;
	StringInfoData sql;

	MemoryContextSwitchTo(query->context);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT 1");
	AppendSource(query, &sql);
	AddTileBox(query, &sql, SearchBox(tile, 0), tile->place.z);
	work.sql = sql.data;
	RunAsPublisher(query->resource, 0, EstimateFeatures, &work);
	query->nargs = nargs;
	return work.expected;
}

bool
TileFeatures(TileQuery *tile)
{
	DataQuery *query = tile->query;
	FeatureRows rows = {.tile = tile, .id = -1};
	FeatureWork work = {.tile = tile, .receiver = &rows.pub};
	int nargs = query->nargs;
	StringInfoData sql;

	MemoryContextSwitchTo(query->context);
	MvtBegin(&tile->layer, query->resource->code);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	AppendColumns(&rows, &sql);
	AppendSource(query, &sql);
	AddTileBox(query, &sql, SearchBox(tile, TILE_BUFFER), tile->place.z);
	appendStringInfo(&sql, " LIMIT %d", TILE_FEATURES + 1);
	work.sql = sql.data;
	rows.pub.receiveSlot = ReceiveFeature;
	rows.pub.rStartup = StartFeatures;
	rows.pub.rShutdown = StopFeatures;
	rows.pub.rDestroy = StopFeatures;
	rows.pub.mydest = DestTuplestore; /* SPI asks only whether it is DestNone */
	rows.row = AllocSetContextCreate(query->context, "citybigdata tile row", ALLOCSET_DEFAULT_SIZES);
	RunAsPublisher(query->resource, 0, RunFeatures, &work);
	MemoryContextSwitchTo(query->context);
	query->nargs = nargs;
	return !rows.full;
}
