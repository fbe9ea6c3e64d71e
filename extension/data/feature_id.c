/*
 * Ids of GeoJSON features: the key of the row (OGC API Features 7.16). One key: its text; a whole number
 * stays a JSON number. Several keys: their texts in the order of the key, joined by commas, where a comma or
 * percent sign inside one is %2C or %25. A time is its microseconds since 1970, so that no digit of it is
 * lost.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "data/query.h"
#include "text/param_parse.h"
#include "text/percent.h"

/* Microseconds from the Unix epoch to PostgreSQL's. */
#define EPOCH_MICROSECONDS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* The text of one key, palloc'd. */
static char *
IdText(const ResourceField *field, Datum value)
{
	char *padded;
	int year, month, day;

	switch (field->type)
	{
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			if (TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)))
				return pstrdup(TIMESTAMP_IS_NOBEGIN(DatumGetTimestamp(value)) ? "-infinity" : "infinity");
			return psprintf(INT64_FORMAT, DatumGetTimestamp(value) + EPOCH_MICROSECONDS);
		case DATEOID:
			if (DATE_NOT_FINITE(DatumGetDateADT(value)))
				return pstrdup(DATE_IS_NOBEGIN(DatumGetDateADT(value)) ? "-infinity" : "infinity");
			j2date(DatumGetDateADT(value) + POSTGRES_EPOCH_JDATE, &year, &month, &day);
			return psprintf("%04d-%02d-%02d", year, month, day);
		case BPCHAROID:
			padded = TextDatumGetCString(value);
			/* the blanks that fill it up are no content */
			for (size_t length = strlen(padded); length > 0 && padded[length - 1] == ' '; length--)
				padded[length - 1] = '\0';
			return padded;
		default:
			return KeyText(field, field->type, value);
	}
}

/* The column of the result that has the key; every order ends with all of them. */
static int
KeyAtt(const DataQuery *query, const ResourceField *key)
{
	for (int i = 0; i < query->norder; i++)
		if (query->order[i].field == key)
			return query->order[i].att;
	elog(ERROR, "key %s is not in the order", key->column);
}

/* Is the key a whole number, which its id is too? */
static bool
IsNumber(const ResourceField *key)
{
	return key->type == INT2OID || key->type == INT4OID || key->type == INT8OID;
}

void
WriteFeatureId(const DataQuery *query, StringInfo out, const TupleTableSlot *slot)
{
	const Resource *resource = query->resource;
	StringInfoData id;
	int att = KeyAtt(query, resource->keys[0]);

	if (resource->nkeys == 1 && IsNumber(resource->keys[0]) && !slot->tts_isnull[att])
	{
		WriteValue(query, out, resource->keys[0], slot->tts_values[att]);
		return;
	}
	initStringInfo(&id);
	for (int k = 0; k < resource->nkeys; k++)
	{
		const ResourceField *key = resource->keys[k];
		char *text;

		att = KeyAtt(query, key);
		text = slot->tts_isnull[att] ? "" : IdText(key, slot->tts_values[att]);
		if (k > 0)
			appendStringInfoChar(&id, ',');
		for (const char *c = text; *c != '\0'; c++)
			if (resource->nkeys > 1 && (*c == ',' || *c == '%'))
				appendStringInfo(&id, "%%%02X", (unsigned char) *c);
			else
				appendStringInfoChar(&id, *c);
	}
	WriteJsonText(out, id.data, id.len);
}

/* A time of a key that is no time of the calendar; false: it is one. */
static bool
EndlessTime(Oid type, const char *text, Datum *value)
{
	bool begin = text[0] == '-';

	if (strcmp(text + (begin ? 1 : 0), "infinity") != 0)
		return false;
	*value = type == DATEOID ? DateADTGetDatum(begin ? DATEVAL_NOBEGIN : DATEVAL_NOEND)
							 : TimestampGetDatum(begin ? DT_NOBEGIN : DT_NOEND);
	return true;
}

/* The value of one key's text; false: no row has it. */
static bool
IdValue(const ResourceField *field, const char *text, Datum *value)
{
	bool instant = field->type == TIMESTAMPOID || field->type == TIMESTAMPTZOID;
	const char *valid;
	int64 number;

	if ((instant || field->type == DATEOID) && EndlessTime(field->type, text, value))
		return true;
	if (!instant)
		return ReadValue(text, field->type, value, &valid);
	if (!integer_parse(text, strlen(text), &number) || number < MIN_TIMESTAMP + EPOCH_MICROSECONDS ||
		number >= END_TIMESTAMP)
		return false;
	*value = TimestampGetDatum(number - EPOCH_MICROSECONDS);
	return true;
}

/* One part of an id with its %XX decoded, in place; false: they are no text. */
static bool
DecodePart(char *part)
{
	size_t length = strlen(part);

	if (PercentFirstBad(part, length) != length)
		return false;
	length = PercentBytes(part, length, false, part);
	if (memchr(part, '\0', length) != NULL)
		return false;
	part[length] = '\0';
	return pg_verify_mbstr(PG_UTF8, part, length, true);
}

bool
AddFeatureId(DataQuery *query, const char *id)
{
	const Resource *resource = query->resource;
	char *rest = pstrdup(id);

	if (strlen(id) > VALUE_SIZE)
		return false;
	for (int k = 0; k < resource->nkeys; k++)
	{
		char *part = rest;
		char *comma = resource->nkeys > 1 ? strchr(rest, ',') : NULL;
		Datum value;

		/* as many parts as there are keys */
		if (resource->nkeys > 1 && (comma != NULL) != (k < resource->nkeys - 1))
			return false;
		if (comma != NULL)
		{
			*comma = '\0';
			rest = comma + 1;
		}
		if ((resource->nkeys > 1 && !DecodePart(part)) || !IdValue(resource->keys[k], part, &value))
			return false;
		appendStringInfo(&query->where, " AND %s = $%d", resource->keys[k]->compared,
						 AddArgument(query, value, ArgumentType(resource->keys[k]->type)));
	}
	return true;
}
