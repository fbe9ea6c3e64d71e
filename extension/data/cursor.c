/*
 * Cursors: where the next page starts, opaque and authenticated. Their text: cursor_parse.h.
 *
 *   tag    = first 16 bytes of HMAC-SHA-256(key of the database, form version keys canonical query)
 *
 * The canonical query is the resource with its version, filters and sort: a cursor works with the query that
 * it came from and no other. It names the last row shown, so rows that come or go elsewhere move nothing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "core/say.h"
#include "text/crypto.h"
#include "data/cursor_parse.h"
#include "data/query.h"
#include "text/base64.h"

#define KEY_TEXT_LIMIT 1024 /* bytes of one text in a cursor */

/* Is a value of the type kept by its bits, not as text? */
static bool
HasBits(Oid type)
{
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return true;
		default:
			return false;
	}
}

/* The text of a value of type `type`: the field's, or CursorType() of it. Only built-in types are keys: no
 * other code runs. */
char *
KeyText(const ResourceField *field, Oid type, Datum value)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return TextDatumGetCString(value);
		case NAMEOID:
			return pstrdup(NameStr(*DatumGetName(value)));
		case NUMERICOID:
			return DatumGetCString(DirectFunctionCall1(numeric_out, value));
		case UUIDOID:
			return DatumGetCString(DirectFunctionCall1(uuid_out, value));
		case BOOLOID:
			return pstrdup(DatumGetBool(value) ? "t" : "f");
		case INT2OID:
			return psprintf("%d", DatumGetInt16(value));
		case INT4OID:
			return psprintf("%d", DatumGetInt32(value));
		case INT8OID:
			return psprintf(INT64_FORMAT, DatumGetInt64(value));
		case FLOAT4OID:
			return DatumGetCString(DirectFunctionCall1(float4out, value));
		case FLOAT8OID:
			return DatumGetCString(DirectFunctionCall1(float8out, value));
		case DATEOID:
			return DatumGetCString(DirectFunctionCall1(date_out, value));
		case TIMESTAMPOID:
			return DatumGetCString(DirectFunctionCall1(timestamp_out, value));
		case TIMESTAMPTZOID:
			return DatumGetCString(DirectFunctionCall1(timestamptz_out, value));
		default:
			if (field->kind != FIELD_ENUM)
				elog(ERROR, "column %s is no key", field->column);
			return DatumGetCString(DirectFunctionCall1(enum_out, value));
	}
}

/* The value of such a text; false: it is none. */
static bool
KeyDatum(const ResourceField *field, const char *text, Datum *value)
{
	switch (field->type)
	{
		case TEXTOID:
		case VARCHAROID:
		case NAMEOID:
		case BPCHAROID:
			*value = CStringGetTextDatum(text);
			return true;
		case NUMERICOID:
			*value = DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
										 Int32GetDatum(-1));
			return true;
		case UUIDOID:
			*value = DirectFunctionCall1(uuid_in, CStringGetDatum(text));
			return true;
		default:
			/* a label may have been renamed since */
			return field->kind == FIELD_ENUM && EnumDatum(text, field->type, value);
	}
}

Oid
CursorType(const ResourceField *field)
{
	return field->type == VARCHAROID || field->type == NAMEOID ? TEXTOID : field->type;
}

void
CursorAppendKey(StringInfo key, const ResourceField *field, Datum value, bool isnull)
{
	uint64 bits = (uint64) value;
	const char *text;
	uint32 length;

	appendStringInfoChar(key, isnull ? KEY_NULL : HasBits(field->type) ? KEY_BITS : KEY_TEXT);
	if (isnull)
		return;
	if (HasBits(field->type))
	{
		appendBinaryStringInfo(key, (char *) &bits, sizeof(bits));
		return;
	}
	text = KeyText(field, field->type, value);
	length = strlen(text);
	if (length > KEY_TEXT_LIMIT)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						saymsg("a key of %u{bytes} bytes in column %s{column} is too long for a page cursor",
							   length, field->column),
						sayhint("Publish with another keyset; keys of up to %d{limit} bytes are served.",
								KEY_TEXT_LIMIT)));
	appendBinaryStringInfo(key, (char *) &length, sizeof(length));
	appendBinaryStringInfo(key, text, length);
}

/* The tag over head and keys, bound to the query. */
static void
MakeTag(const DataQuery *query, const char *bytes, size_t length, unsigned char *tag)
{
	StringInfoData signed_text;
	unsigned char full[DIGEST_MAX];

	initStringInfo(&signed_text);
	appendBinaryStringInfo(&signed_text, bytes, length);
	appendBinaryStringInfo(&signed_text, query->canonical.data, query->canonical.len);
	if (!HmacBytes(DIGEST_SHA256, query->resource->cursor_key, sizeof(query->resource->cursor_key),
				   signed_text.data, signed_text.len, full))
		elog(ERROR, "HMAC-SHA-256 failed");
	memcpy(tag, full, CURSOR_TAG);
}

char *
CursorMake(DataQuery *query)
{
	StringInfoData bytes;
	unsigned char tag[CURSOR_TAG];
	uint32 version = query->resource->version;
	char *cursor;

	initStringInfo(&bytes);
	appendStringInfoChar(&bytes, CURSOR_FORM);
	appendBinaryStringInfo(&bytes, (char *) &version, sizeof(version));
	appendBinaryStringInfo(&bytes, query->last_key.data, query->last_key.len);
	MakeTag(query, bytes.data, bytes.len, tag);
	appendBinaryStringInfo(&bytes, (char *) tag, CURSOR_TAG);
	cursor = palloc(BASE64_SIZE(bytes.len));
	(void) Base64Text(bytes.data, bytes.len, BASE64_URL, cursor);
	return cursor;
}

bool
CursorReadKey(const ResourceField *field, CursorText *cursor, CursorValue *value)
{
	CursorKey key;

	if (!cursor_next(cursor, &key))
		return false;
	value->isnull = key.form == KEY_NULL;
	value->value = 0;
	if (value->isnull)
		return true;
	if ((key.form == KEY_BITS) != HasBits(field->type))
		return false;
	if (key.form == KEY_BITS)
	{
		value->value = (Datum) key.bits;
		return true;
	}
	return KeyDatum(field, pnstrdup(key.text, key.length), &value->value);
}

/* Reads a cursor into query->after; false: not one of this query. */
bool
CursorRead(DataQuery *query, const char *text, size_t length)
{
	CursorText *cursor = palloc(sizeof(CursorText));
	unsigned char tag[CURSOR_TAG];

	if (!cursor_open(cursor, text, length))
		return false;
	MakeTag(query, (char *) cursor->bytes, cursor->length, tag);
	if (!EqualBytes(tag, cursor->bytes + cursor->length, CURSOR_TAG) ||
		cursor->version != query->resource->version)
		return false;
	for (int i = 0; i < query->norder; i++)
		if (!CursorReadKey(query->order[i].field, cursor, &query->after[i]))
			return false;
	return cursor_ended(cursor);
}
