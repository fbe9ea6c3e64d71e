/*
 * The fields of table A.4: one table of name, kind, requiredness and length, and what reads a value of each
 * kind.
 *
 * strict takes types as printed. egova takes a number as string and a string as number, and "", null and
 * blanks as absent. Everything else holds for both.
 */
#include "postgres.h"

#include <math.h>

#include "event/event.h"
#include "core/text_check.h"
#include "text/utf8.h"

/* What a field must be. */
typedef enum FieldKind
{
	FIELD_TEXT,
	FIELD_INT,
	FIELD_REAL,
	FIELD_NODE /* read by its own code */
} FieldKind;

#define IN_STRICT 1 /* required in strict */
#define IN_EGOVA  2
#define IN_BOTH   3

/* A field of a report and where its value goes. */
typedef struct EventField
{
	const char *name;
	FieldKind kind;
	int required;
	int characters;
	size_t offset;
	bool egova_only; /* an unknown field in strict */
} EventField;

#define EVENT(member)  offsetof(EventReport, member)
#define MEDIUM(member) offsetof(EventMedium, member)

/* The fields of table A.4, and those that the egova profile adds. */
static const EventField event_fields[] = {
	{"eventDesc", FIELD_TEXT, IN_BOTH, EVENT_DESC_CHARACTERS, EVENT(event_desc)},
	{"otherTaskNum", FIELD_TEXT, IN_BOTH, EVENT_TEXT_CHARACTERS, EVENT(other_task_num)},
	{"address", FIELD_TEXT, IN_BOTH, EVENT_ADDRESS_CHARACTERS, EVENT(address)},
	{"coordinateX", FIELD_REAL, IN_STRICT, 0, EVENT(coordinate_x)},
	{"coordinateY", FIELD_REAL, IN_STRICT, 0, EVENT(coordinate_y)},
	{"lontitude", FIELD_REAL, 0, 0, EVENT(lontitude)},
	{"longitude", FIELD_REAL, 0, 0, EVENT(longitude), true},
	{"latitude", FIELD_REAL, 0, 0, EVENT(latitude)},
	{"eventSrcID", FIELD_INT, IN_BOTH, 0, EVENT(event_src_id)},
	{"districtCode", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(district_code)},
	{"districtName", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(district_name)},
	{"streetCode", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(street_code)},
	{"streetName", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(street_name)},
	{"communityCode", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(community_code)},
	{"communityName", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(community_name)},
	{"recTypeID", FIELD_INT, IN_BOTH, 0, EVENT(rec_type_id)},
	{"eventLevelID", FIELD_INT, IN_STRICT, 0, EVENT(event_level_id)},
	{"eventTypeCode", FIELD_TEXT, IN_BOTH, EVENT_TEXT_CHARACTERS, EVENT(event_type_code)},
	{"mainTypeCode", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(main_type_code)},
	{"subTypeCode", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(sub_type_code)},
	{"mediaNum", FIELD_INT, 0, 0, EVENT(media_num)},
	{"humanName", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(human_name)},
	{"cellphone", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(cellphone)},
	{"createTime", FIELD_NODE, IN_STRICT, 0, EVENT(create_time_node)},
	{"medias", FIELD_NODE, 0, 0, EVENT(medias_node)},
	{"taskNum", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, EVENT(sender_task_num)},
};

/* The fields of an element of medias, the same. */
static const EventField medium_fields[] = {
	{"mediaName", FIELD_TEXT, IN_BOTH, EVENT_TEXT_CHARACTERS, MEDIUM(name)},
	{"mediaURL", FIELD_TEXT, 0, EVENT_URL_CHARACTERS, MEDIUM(url)},
	{"mediaUsage", FIELD_TEXT, IN_BOTH, EVENT_TEXT_CHARACTERS, MEDIUM(usage)},
	{"mediaType", FIELD_TEXT, IN_BOTH, EVENT_TEXT_CHARACTERS, MEDIUM(type)},
	{"content", FIELD_NODE, 0, 0, MEDIUM(content_node)},
	{"taskNum", FIELD_TEXT, 0, EVENT_TEXT_CHARACTERS, MEDIUM(sender_task_num)},
};

bool
NodeAbsent(const JsonNode *node, bool egova)
{
	if (node == NULL)
		return true;
	return egova &&
		   (node->kind == JSON_NULL || (node->kind == JSON_STRING && TextBlank(node->text, node->length)));
}

/* "the string "abc"", "a boolean": what was found, for messages. */
static char *
Found(const JsonNode *node)
{
	if (node->kind == JSON_STRING)
		return SaidBoth("the string \"%s{value}\"", ShortText(node->text, node->length));
	if (node->kind == JSON_NUMBER)
		return SaidBoth("the number %s{value}", ShortText(node->text, node->length));
	return pstrdup(JsonKindName(node->kind));
}

/* A text field: type, characters, length. Returns NULL after an error. */
static char *
ReadText(const JsonNode *node, const EventField *field, EventReport *report)
{
	unsigned int code_point = 0;
	int64 forbidden;

	if (node->kind != JSON_STRING && !(report->egova && node->kind == JSON_NUMBER))
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_TYPE,
				   "%s{name} must be a string, not %s{found*}", field->name, Found(node));
		return NULL;
	}
	/* as many bytes are at least a quarter as many characters: the common case needs no count */
	if (node->length > (size_t) field->characters)
	{
		int characters = (int) Utf8Characters(node->text, node->length);

		if (characters > field->characters)
		{
			ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_TOO_LONG,
					   "%s{name} has %d{count} characters; at most %d{limit} are allowed", field->name,
					   characters, field->characters);
			return NULL;
		}
	}
	forbidden = TextForbidden(node->text, node->length, &code_point);
	if (forbidden >= 0)
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_CHARACTER,
				   "%s{name} contains U+%04X{character} at character %d{position}", field->name, code_point,
				   (int) Utf8Characters(node->text, (size_t) forbidden) + 1);
		return NULL;
	}
	if ((field->required & IN_BOTH) != 0 && TextBlank(node->text, node->length))
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_REQUIRED,
				   "%s{name} is required and must not be blank", field->name);
		return NULL;
	}
	return node->text;
}

/* The text of a number: a JSON number, for egova also a string that holds one. NULL: it is none. */
static char *
NumberText(const JsonNode *node, bool egova)
{
	static const char blanks[] = " \t\r\n";
	char *start = node->text;
	char *end;
	size_t length;

	if (node->kind == JSON_STRING && egova)
	{
		start += strspn(start, blanks);
		length = strcspn(start, blanks);
		/* "NaN", "0x10" and "1e400 m" stay strings */
		if (length == 0 || length > 64 || strspn(start, "+-.0123456789eE") < length ||
			start[length + strspn(start + length, blanks)] != '\0')
			return NULL;
		start = pnstrdup(start, length);
	}
	else if (node->kind != JSON_NUMBER)
		return NULL;
	(void) strtod(start, &end);
	return end == start || *end != '\0' ? NULL : start;
}

/* The number that a node holds. False: an error was added. */
static bool
ReadNumber(const JsonNode *node, const EventField *field, EventReport *report, double *value)
{
	char *text = NumberText(node, report->egova);

	if (text == NULL)
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_TYPE,
				   "%s{name} must be %s{wanted*}, not %s{found*}", field->name,
				   field->kind == FIELD_INT ? MESSAGE("an integer") : MESSAGE("a number"), Found(node));
		return false;
	}
	*value = strtod(text, NULL);
	if (!isfinite(*value))
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
				   "%s{name} is out of range: %s{value}", field->name, ShortText(text, strlen(text)));
		return false;
	}
	return true;
}

/* A whole number of 32 bits; egova takes it as text too. */
static void
ReadInt(const JsonNode *node, const EventField *field, EventReport *report, EventInt *out)
{
	double value;

	if (!ReadNumber(node, field, report, &value))
		return;
	if (value != rint(value))
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_TYPE,
				   "%s{name} must be an integer, not %s{found*}", field->name, Found(node));
	else if (value < 0 || value > PG_INT32_MAX)
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
				   "%s{name} must be from 0 to %d{limit}, not %s{value}", field->name, PG_INT32_MAX,
				   ShortText(node->text, node->length));
	else
	{
		out->present = true;
		out->value = (int32) value;
	}
}

/* A number; egova takes it as text too. */
static void
ReadReal(const JsonNode *node, const EventField *field, EventReport *report, EventReal *out)
{
	double value;

	if (ReadNumber(node, field, report, &value))
	{
		out->present = true;
		out->value = value == 0 ? 0 : value; /* no negative zero */
	}
	else
		out->wrong = true;
}

/* Reads one member into `target` (an EventReport or EventMedium). */
static void
ReadField(const JsonNode *node, const EventField *field, EventReport *report, void *target)
{
	void *slot = (char *) target + field->offset;

	switch (field->kind)
	{
		case FIELD_TEXT:
			*(char **) slot = ReadText(node, field, report);
			break;
		case FIELD_INT:
			ReadInt(node, field, report, slot);
			break;
		case FIELD_REAL:
			ReadReal(node, field, report, slot);
			break;
		case FIELD_NODE:
			*(const JsonNode **) slot = node;
			break;
	}
}

/* The field of that name; `hint` is where the search starts (members usually come in the order of the table).
 */
static int
FindField(const char *name, const EventField *fields, int count, int hint)
{
	for (int i = 0; i < count; i++)
	{
		int at = (hint + i) % count;

		if (strcmp(fields[at].name, name) == 0)
			return at;
	}
	return -1;
}

/*
 * Numbers and texts of an unknown field that could not be stored: jsonb refuses what numeric cannot hold.
 * Adds a error and returns false.
 */
static bool
StorableValue(const JsonNode *node, EventReport *report)
{
	unsigned int code_point = 0;

	if (node->kind == JSON_NUMBER)
	{
		double value = strtod(node->text, NULL);

		if (isfinite(value) && node->length <= 1000 && (value != 0 || strpbrk(node->text, "eE") == NULL))
			return true;
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
				   "the number is out of range: %s{value}", ShortText(node->text, node->length));
		return false;
	}
	if ((node->kind == JSON_STRING && TextForbidden(node->text, node->length, &code_point) >= 0) ||
		(node->key != NULL && TextForbidden(node->key, strlen(node->key), &code_point) >= 0))
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_CHARACTER,
				   "the value contains U+%04X{character}", code_point);
		return false;
	}
	for (const JsonNode *child = node->first; child != NULL; child = child->next)
		if (!StorableValue(child, report))
			return false;
	return true;
}

/* What strict says of a field that table A.4 does not name. */
static void
ErrorUnknown(const JsonNode *node, EventReport *report)
{
	const char *hint = "";

	if (strcmp(node->key, "longitude") == 0)
		hint = MESSAGE("; table A.4 spells it \"lontitude\"");
	ErrorPrint(&report->errors, false, JsonPointer(node), CBD_UNKNOWN_FIELD,
			   "unknown field \"%s{name}\"%s{hint*}", ShortText(node->key, strlen(node->key)), hint);
}

/* The unknown members as JSON text, NULL when there are none or after an error. */
static char *
WriteExt(JsonNode **unknown, int count, EventReport *report)
{
	StringInfoData out;

	if (count == 0)
		return NULL;
	initStringInfo(&out);
	JsonWriteMembers(&out, unknown, count);
	if (out.len > EVENT_EXT_BYTES)
	{
		ErrorPrint(&report->errors, false, JsonPointer(unknown[0]->parent), CBD_FIELD_TOO_LONG,
				   "the fields that table A.4 does not name take %d{bytes} bytes together; at most %d{limit} "
				   "are kept",
				   out.len, EVENT_EXT_BYTES);
		return NULL;
	}
	return out.data;
}

/* Every member of the object into `target`; requiredness; unknown members. */
static void
ReadObject(const JsonNode *object, const EventField *fields, int count, EventReport *report, void *target,
		   char **ext)
{
	bool present[lengthof(event_fields)] = {0};
	JsonNode **unknown = NULL;
	int n_unknown = 0;
	int hint = 0;

	for (JsonNode *node = object->first; node != NULL; node = node->next)
	{
		int at = FindField(node->key, fields, count, hint);

		if (at >= 0 && !(fields[at].egova_only && !report->egova))
		{
			hint = at + 1;
			if (NodeAbsent(node, report->egova))
				continue;
			present[at] = true;
			ReadField(node, &fields[at], report, target);
		}
		else if (!report->egova)
			ErrorUnknown(node, report);
		else if (StorableValue(node, report))
		{
			if (unknown == NULL)
				unknown = palloc(sizeof(JsonNode *) * object->count);
			unknown[n_unknown++] = node;
		}
	}
	for (int i = 0; i < count; i++)
		if (!present[i] && (fields[i].required & (report->egova ? IN_EGOVA : IN_STRICT)) != 0)
			ErrorPrint(&report->errors, false, psprintf("%s/%s", JsonPointer(object), fields[i].name),
					   CBD_FIELD_REQUIRED, "%s{name} is required", fields[i].name);
	*ext = WriteExt(unknown, n_unknown, report);
}

void
ReadEventFields(const JsonNode *object, EventReport *report)
{
	ReadObject(object, event_fields, lengthof(event_fields), report, report, &report->ext);
}

void
ReadMediumFields(const JsonNode *object, EventReport *report, EventMedium *medium)
{
	ReadObject(object, medium_fields, lengthof(medium_fields), report, medium, &medium->ext);
}
