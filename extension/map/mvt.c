/* Vector tiles; see mvt.h. Numbers of fields and kinds are those of vector_tile.proto. */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/memutils.h"

#include "map/mvt.h"
#include "map/tile_math.h"

/* Wire types of protocol buffers. */
#define VARINT  0
#define FIXED64 1
#define BYTES   2

#define VARINT_SIZE 10 /* bytes at most */

/* Fields: of a tile, its layer, a feature, a value. */
#define TILE_LAYER       3
#define LAYER_NAME       1
#define LAYER_FEATURES   2
#define LAYER_KEYS       3
#define LAYER_VALUES     4
#define LAYER_SIDE       5
#define LAYER_VERSION    15
#define FEATURE_ID       1
#define FEATURE_TAGS     2
#define FEATURE_TYPE     3
#define FEATURE_GEOMETRY 4
#define VALUE_TEXT       1
#define VALUE_DOUBLE     3
#define VALUE_UINT       5
#define VALUE_SINT       6
#define VALUE_BOOL       7

/* Kinds of geometries, and commands that draw them. */
#define KIND_POINT   1
#define KIND_LINE    2
#define KIND_POLYGON 3
#define MOVE_TO      1
#define LINE_TO      2
#define CLOSE_PATH   7

/* An encoded value among those of the layer. */
typedef struct ValueKey
{
	const char *bytes; /* in the layer's context */
	int length;
} ValueKey;

typedef struct ValueSlot
{
	ValueKey key;
	uint32 number;
} ValueSlot;

/* HashValueFunc */
static uint32
HashValue(const void *key, Size size)
{
	const ValueKey *value = key;

	return hash_bytes((const unsigned char *) value->bytes, value->length);
}

/* HashCompareFunc: 0, they are equal. */
static int
MatchValue(const void *one, const void *other, Size size)
{
	const ValueKey *a = one;
	const ValueKey *b = other;

	return a->length == b->length ? memcmp(a->bytes, b->bytes, a->length) : 1;
}

/* ---- protocol buffers ---- */

/* A number, seven bits a byte, the lowest first. Room is looked for once. */
static inline void
PutVarint(StringInfo out, uint64 number)
{
	char *at;

	if (out->maxlen - out->len <= VARINT_SIZE)
		enlargeStringInfo(out, VARINT_SIZE);
	at = out->data + out->len;
	while (number >= 0x80)
	{
		*at++ = (char) (number | 0x80);
		number >>= 7;
	}
	*at++ = (char) number;
	out->len = (int) (at - out->data);
}

/* The number and wire type of a field. */
static inline void
PutHead(StringInfo out, int field, int type)
{
	PutVarint(out, (uint64) (field << 3 | type));
}

/* A field of so many bytes. */
static void
PutBytes(StringInfo out, int field, const char *bytes, int length)
{
	PutHead(out, field, BYTES);
	PutVarint(out, length);
	appendBinaryStringInfo(out, bytes, length);
}

/* Small numbers of either sign as small numbers. */
static uint64
ZigZag(int64 number)
{
	return ((uint64) number << 1) ^ (uint64) (number >> 63);
}

/* ---- names and values ---- */

void
MvtBegin(MvtLayer *layer, const char *name)
{
	HASHCTL control = {.keysize = sizeof(ValueKey),
					   .entrysize = sizeof(ValueSlot),
					   .hash = HashValue,
					   .match = MatchValue,
					   .hcxt = CurrentMemoryContext};

	memset(layer, 0, sizeof(*layer));
	layer->context = CurrentMemoryContext;
	layer->name = name;
	initStringInfo(&layer->keys);
	initStringInfo(&layer->features);
	initStringInfo(&layer->values);
	initStringInfo(&layer->tags);
	initStringInfo(&layer->value);
	initStringInfo(&layer->geometry);
	layer->numbers = hash_create("citybigdata tile values", 256, &control,
								 HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

int
MvtKey(MvtLayer *layer, const char *name)
{
	PutBytes(&layer->keys, LAYER_KEYS, name, strlen(name));
	return layer->nkeys++;
}

/* A property of the feature: an encoded value. */
static void
PutProperty(MvtLayer *layer, int key, const char *bytes, int length)
{
	ValueKey value = {bytes, length};
	bool found;
	ValueSlot *slot = hash_search(layer->numbers, &value, HASH_FIND, NULL);

	if (slot == NULL)
	{
		char *kept = MemoryContextAlloc(layer->context, length);

		memcpy(kept, bytes, length);
		value.bytes = kept;
		slot = hash_search(layer->numbers, &value, HASH_ENTER, &found);
		slot->number = layer->nvalues++;
		PutBytes(&layer->values, LAYER_VALUES, bytes, length);
	}
	PutVarint(&layer->tags, key);
	PutVarint(&layer->tags, slot->number);
}

void
MvtText(MvtLayer *layer, int key, const char *text, int length)
{
	resetStringInfo(&layer->value);
	PutBytes(&layer->value, VALUE_TEXT, text, length);
	PutProperty(layer, key, layer->value.data, layer->value.len);
}

/* A number behind the head of its field. */
static void
PutNumber(MvtLayer *layer, int key, int field, uint64 number)
{
	resetStringInfo(&layer->value);
	PutHead(&layer->value, field, VARINT);
	PutVarint(&layer->value, number);
	PutProperty(layer, key, layer->value.data, layer->value.len);
}

void
MvtInteger(MvtLayer *layer, int key, int64 value)
{
	if (value >= 0)
		PutNumber(layer, key, VALUE_UINT, (uint64) value);
	else
		PutNumber(layer, key, VALUE_SINT, ZigZag(value));
}

void
MvtNumber(MvtLayer *layer, int key, double value)
{
	char bytes[9] = {VALUE_DOUBLE << 3 | FIXED64};
	uint64 bits;

	memcpy(&bits, &value, sizeof(bits));
	for (int i = 0; i < 8; i++)
		bytes[i + 1] = (char) (bits >> (8 * i));
	PutProperty(layer, key, bytes, sizeof(bytes));
}

void
MvtBool(MvtLayer *layer, int key, bool value)
{
	PutNumber(layer, key, VALUE_BOOL, value ? 1 : 0);
}

/* ---- geometries ---- */

/* A command that is followed by so many points. */
static void
PutCommand(MvtLayer *layer, int command, int count)
{
	PutVarint(&layer->geometry, (uint64) (command | count << 3));
}

/* A point, relative to the one before. */
static void
PutPoint(MvtLayer *layer, int32 x, int32 y)
{
	PutVarint(&layer->geometry, ZigZag((int64) x - layer->at[0]));
	PutVarint(&layer->geometry, ZigZag((int64) y - layer->at[1]));
	layer->at[0] = x;
	layer->at[1] = y;
}

void
MvtPoint(MvtLayer *layer, int32 x, int32 y)
{
	layer->type = KIND_POINT;
	PutCommand(layer, MOVE_TO, 1);
	PutPoint(layer, x, y);
}

/* WKB that is being read; `bad`: it ended too early. */
typedef struct WkbReader
{
	const char *at, *end;
	bool bad;
} WkbReader;

/* The next bytes; zeros beyond the end. */
static void
ReadBytes(WkbReader *reader, void *out, size_t size)
{
	reader->bad = reader->bad || (size_t) (reader->end - reader->at) < size;
	if (reader->bad)
	{
		memset(out, 0, size);
		return;
	}
	memcpy(out, reader->at, size);
	reader->at += size;
}

/* A number of parts or points. */
static uint32
ReadCount(WkbReader *reader)
{
	uint32 count;

	ReadBytes(reader, &count, sizeof(count));
	return count;
}

/* The byte order and the kind of a geometry or of a part: 1 to 6 as in WKB. */
static uint32
ReadKind(WkbReader *reader)
{
	char order;
	uint32 kind;

	ReadBytes(reader, &order, 1);
	ReadBytes(reader, &kind, sizeof(kind));
	return kind;
}

/* A point, whose coordinates are whole numbers already. */
static void
ReadPoint(WkbReader *reader, int32 *x, int32 *y)
{
	double xy[2];

	ReadBytes(reader, xy, sizeof(xy));
	*x = (int32) xy[0];
	*y = (int32) xy[1];
}

/* A line of so many points; of a ring the last, which closes it, is left out. */
static void
PutLine(MvtLayer *layer, WkbReader *reader, bool ring)
{
	uint32 count = ReadCount(reader);
	uint32 drawn = ring && count > 0 ? count - 1 : count;
	int32 x, y;

	for (uint32 i = 0; i < count && !reader->bad; i++)
	{
		ReadPoint(reader, &x, &y);
		if (i >= drawn || drawn < 2)
			continue;
		if (i == 0)
			PutCommand(layer, MOVE_TO, 1);
		else if (i == 1)
			PutCommand(layer, LINE_TO, drawn - 1);
		PutPoint(layer, x, y);
	}
	if (ring && drawn >= 2)
		PutCommand(layer, CLOSE_PATH, 1);
}

/* The rings of a polygon. */
static void
PutPolygon(MvtLayer *layer, WkbReader *reader)
{
	uint32 rings = ReadCount(reader);

	for (uint32 i = 0; i < rings && !reader->bad; i++)
		PutLine(layer, reader, true);
}

/* All points of a multipoint behind one command. */
static void
PutPoints(MvtLayer *layer, WkbReader *reader, uint32 parts)
{
	int32 x, y;

	if (parts > 0)
		PutCommand(layer, MOVE_TO, parts);
	for (uint32 i = 0; i < parts && !reader->bad; i++)
	{
		(void) ReadKind(reader);
		ReadPoint(reader, &x, &y);
		PutPoint(layer, x, y);
	}
}

bool
MvtGeometry(MvtLayer *layer, const char *wkb, size_t length)
{
	WkbReader reader = {wkb, wkb + length, false};
	uint32 kind = ReadKind(&reader);
	uint32 parts = kind >= 4 && kind <= 6 ? ReadCount(&reader) : 1;
	int32 x, y;

	if (reader.bad || kind < 1 || kind > 6 || parts > length)
		return false;
	layer->type = (int) (kind > 3 ? kind - 3 : kind);
	if (kind == 1)
	{
		ReadPoint(&reader, &x, &y);
		MvtPoint(layer, x, y);
	}
	else if (kind == 4)
		PutPoints(layer, &reader, parts);
	else
		for (uint32 i = 0; i < parts && !reader.bad; i++)
		{
			if (kind > 3)
				(void) ReadKind(&reader);
			if (layer->type == KIND_LINE)
				PutLine(layer, &reader, false);
			else
				PutPolygon(layer, &reader);
		}
	return !reader.bad && layer->geometry.len > 0;
}

/* ---- features ---- */

void
MvtFeatureBegin(MvtLayer *layer, int64 id)
{
	resetStringInfo(&layer->tags);
	resetStringInfo(&layer->geometry);
	layer->id = id;
	layer->at[0] = layer->at[1] = 0;
}

/* Bytes of a number. */
static int
VarintSize(uint64 number)
{
	int size = 1;

	while (number >= 0x80)
	{
		number >>= 7;
		size++;
	}
	return size;
}

void
MvtFeatureEnd(MvtLayer *layer)
{
	StringInfo out = &layer->features;
	int length = (layer->id >= 0 ? 1 + VarintSize(layer->id) : 0) + 2;

	if (layer->tags.len > 0)
		length += 1 + VarintSize(layer->tags.len) + layer->tags.len;
	length += 1 + VarintSize(layer->geometry.len) + layer->geometry.len;
	PutHead(out, LAYER_FEATURES, BYTES);
	PutVarint(out, length);
	if (layer->id >= 0)
	{
		PutHead(out, FEATURE_ID, VARINT);
		PutVarint(out, layer->id);
	}
	if (layer->tags.len > 0)
		PutBytes(out, FEATURE_TAGS, layer->tags.data, layer->tags.len);
	PutHead(out, FEATURE_TYPE, VARINT);
	PutVarint(out, layer->type);
	PutBytes(out, FEATURE_GEOMETRY, layer->geometry.data, layer->geometry.len);
	layer->nfeatures++;
}

size_t
MvtSize(const MvtLayer *layer)
{
	return (size_t) layer->keys.len + layer->features.len + layer->values.len;
}

void
MvtBytes(MvtLayer *layer, StringInfo out)
{
	StringInfoData body;

	if (layer->nfeatures == 0)
		return;
	initStringInfo(&body);
	PutHead(&body, LAYER_VERSION, VARINT);
	PutVarint(&body, 2);
	PutBytes(&body, LAYER_NAME, layer->name, strlen(layer->name));
	appendBinaryStringInfo(&body, layer->features.data, layer->features.len);
	appendBinaryStringInfo(&body, layer->keys.data, layer->keys.len);
	appendBinaryStringInfo(&body, layer->values.data, layer->values.len);
	PutHead(&body, LAYER_SIDE, VARINT);
	PutVarint(&body, TILE_EXTENT);
	PutBytes(out, TILE_LAYER, body.data, body.len);
}
