/*
 * Cursors: where the next page starts, opaque and authenticated.
 *
 *   cursor = base64url( form version keys tag )
 *   keys   = per order column: kind, then nothing (null), 8 bytes (fixed-size value) or length and text
 *   tag    = first 16 bytes of HMAC-SHA-256(key of the database, form version keys canonical query)
 *
 * The canonical query is the resource with its version, filters and sort: a cursor works with the query that it came
 * from and no other. It names the last row shown, so rows that come or go elsewhere move nothing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "crypto.h"
#include "query.h"

#define CURSOR_FORM 1
#define CURSOR_HEAD (1 + sizeof(uint32))
#define TAG_SIZE 16
#define KEY_TEXT_LIMIT 1024		/* bytes of one text in a cursor */
#define CURSOR_LIMIT 6144		/* characters of a cursor */

typedef enum KeyForm
{
	KEY_NULL,
	KEY_BITS,
	KEY_TEXT
} KeyForm;

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

/* Adds one key value of a row. */
void
CursorAppendKey(StringInfo key, const ResourceField *field, Datum value, bool isnull)
{
	uint64		bits = (uint64) value;
	const char *text;
	uint32		length;

	appendStringInfoChar(key, isnull ? KEY_NULL : HasBits(field->type) ? KEY_BITS : KEY_TEXT);
	if (isnull)
		return;
	if (HasBits(field->type))
	{
		appendBinaryStringInfo(key, (char *) &bits, sizeof(bits));
		return;
	}
	text = OutputFunctionCall(unconstify(FmgrInfo *, &field->output), value);
	length = strlen(text);
	if (length > KEY_TEXT_LIMIT)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_RESOURCE_BROKEN)),
						errmsg("a key of %u bytes in column %s is too long for a page cursor", length, field->column),
						errhint("Publish with another keyset; keys of up to %d bytes are served.", KEY_TEXT_LIMIT)));
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
	if (!HmacBytes(DIGEST_SHA256, query->resource->cursor_key, sizeof(query->resource->cursor_key), signed_text.data, signed_text.len, full))
		elog(ERROR, "HMAC-SHA-256 failed");
	memcpy(tag, full, TAG_SIZE);
}

char *
CursorMake(DataQuery *query)
{
	StringInfoData bytes;
	unsigned char tag[TAG_SIZE];
	uint32		version = query->resource->version;
	char	   *cursor;

	initStringInfo(&bytes);
	appendStringInfoChar(&bytes, CURSOR_FORM);
	appendBinaryStringInfo(&bytes, (char *) &version, sizeof(version));
	appendBinaryStringInfo(&bytes, query->last_key.data, query->last_key.len);
	MakeTag(query, bytes.data, bytes.len, tag);
	appendBinaryStringInfo(&bytes, (char *) tag, TAG_SIZE);
	cursor = palloc(BASE64_SIZE(bytes.len));
	(void) Base64Text((unsigned char *) bytes.data, bytes.len, true, cursor);
	return cursor;
}

/* One key value; *at moves. The bytes are authentic: a length that does not fit means another layout of ours. */
static bool
ReadKey(const ResourceField *field, const char *bytes, size_t length, size_t *at, CursorValue *value)
{
	char		form;
	uint64		bits;
	uint32		size;

	if (*at >= length)
		return false;
	form = bytes[(*at)++];
	value->isnull = form == KEY_NULL;
	value->value = 0;
	if (form == KEY_NULL)
		return true;
	if (form == KEY_BITS && HasBits(field->type) && length - *at >= sizeof(bits))
	{
		memcpy(&bits, bytes + *at, sizeof(bits));
		*at += sizeof(bits);
		value->value = (Datum) bits;
		return true;
	}
	if (form == KEY_TEXT && !HasBits(field->type) && length - *at >= sizeof(size))
	{
		Oid			input;
		Oid			typioparam;

		memcpy(&size, bytes + *at, sizeof(size));
		*at += sizeof(size);
		if (length - *at < size)
			return false;
		getTypeInputInfo(field->type, &input, &typioparam);
		value->value = OidInputFunctionCall(input, pnstrdup(bytes + *at, size), typioparam, -1);
		*at += size;
		return true;
	}
	return false;
}

/* Reads a cursor into query->after; false: not one of this query. */
bool
CursorRead(DataQuery *query, const char *text, size_t length)
{
	unsigned char *bytes;
	unsigned char tag[TAG_SIZE];
	size_t		size;
	size_t		at = CURSOR_HEAD;
	uint32		version;

	if (length > CURSOR_LIMIT)
		return false;
	bytes = palloc(BASE64_BYTES(length) + 1);
	if (!Base64Bytes(text, length, true, bytes, &size) || size < CURSOR_HEAD + TAG_SIZE)
		return false;
	size -= TAG_SIZE;
	MakeTag(query, (char *) bytes, size, tag);
	memcpy(&version, bytes + 1, sizeof(version));
	if (!EqualBytes(tag, bytes + size, TAG_SIZE) || bytes[0] != CURSOR_FORM || version != query->resource->version)
		return false;
	for (int i = 0; i < query->norder; i++)
		if (!ReadKey(query->order[i].field, (char *) bytes, size, &at, &query->after[i]))
			return false;
	return at == size;
}
