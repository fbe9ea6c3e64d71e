/* Items of a request; see organisation_item.h. */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "core/csv_check.h"
#include "core/json_tree.h"
#include "core/text_check.h"
#include "organisation/organisation_item.h"
#include "text/json_pointer.h"

/* Adds an error for a text that no reply could carry. */
static void
CheckCharacters(ErrorList *errors, const char *pointer, const char *text)
{
	unsigned int character;
	int64 at = TextForbidden(text, strlen(text), &character);

	if (at >= 0)
		ErrorPrint(errors, false, pointer, CBD_FIELD_CHARACTER,
				   "U+%04X{character} at byte " INT64_FORMAT "{position}", character, at + 1);
}

/* A text as a value; an empty one is none. */
static void
WriteText(StringInfo out, const char *text)
{
	if (text == NULL || text[0] == '\0')
		appendStringInfoString(out, "null");
	else
		JsonString(out, text);
}

/* Are the elements of an array texts and numbers? */
static bool
IsList(const JsonNode *node)
{
	for (const JsonNode *child = node->first; child != NULL; child = child->next)
		if (child->kind != JSON_STRING && child->kind != JSON_NUMBER)
			return false;
	return true;
}

/* A value as text, an array of texts, or null; what is nested (a geometry) as its JSON text. */
static void
WriteValue(StringInfo out, const JsonNode *node)
{
	StringInfoData nested;

	switch (node->kind)
	{
		case JSON_NULL:
			appendStringInfoString(out, "null");
			return;
		case JSON_FALSE:
		case JSON_TRUE:
			appendStringInfoString(out, node->kind == JSON_TRUE ? "\"true\"" : "\"false\"");
			return;
		case JSON_NUMBER:
		case JSON_STRING:
			WriteText(out, node->text);
			return;
		default:
			break;
	}
	if (node->kind == JSON_ARRAY && IsList(node))
	{
		appendStringInfoChar(out, '[');
		for (const JsonNode *child = node->first; child != NULL; child = child->next)
		{
			if (child != node->first)
				appendStringInfoChar(out, ',');
			JsonString(out, child->text);
		}
		appendStringInfoChar(out, ']');
		return;
	}
	initStringInfo(&nested);
	JsonWrite(&nested, node);
	JsonString(out, nested.data);
}

/* A member of an item, with the comma in front where needed. */
static void
WriteMember(StringInfo out, const JsonNode *member)
{
	if (out->data[out->len - 1] != '{')
		appendStringInfoChar(out, ',');
	JsonName(out, member->key);
	WriteValue(out, member);
}

/* An element of the array `items`; what is no object stays what it is, for the check to refuse. */
static void
WriteItem(StringInfo out, const JsonNode *item)
{
	if (item->kind != JSON_OBJECT)
	{
		WriteValue(out, item);
		return;
	}
	appendStringInfoChar(out, '{');
	for (const JsonNode *member = item->first; member != NULL; member = member->next)
		WriteMember(out, member);
	appendStringInfoChar(out, '}');
}

/* The member of that name; NULL: there is none. */
static const JsonNode *
FindMember(const JsonNode *object, const char *name)
{
	if (object->kind == JSON_OBJECT)
		for (const JsonNode *member = object->first; member != NULL; member = member->next)
			if (strcmp(member->key, name) == 0)
				return member;
	return NULL;
}

/* A feature of GeoJSON: those of its properties that are fields, and its geometry. */
static void
WriteFeature(StringInfo out, const JsonNode *feature, ItemFields fields)
{
	const JsonNode *properties = FindMember(feature, "properties");
	const JsonNode *geometry = FindMember(feature, "geometry");

	appendStringInfoChar(out, '{');
	if (properties != NULL && properties->kind == JSON_OBJECT)
		for (const JsonNode *member = properties->first; member != NULL; member = member->next)
			if (IsOneOf(member->key, fields) && strcmp(member->key, "geometry") != 0)
				WriteMember(out, member);
	if (geometry != NULL)
		WriteMember(out, geometry);
	appendStringInfoChar(out, '}');
}

/* What checking a tree needs. */
typedef struct TreeCheck
{
	ErrorList *errors;
	const char *name; /* of the argument */
} TreeCheck;

/* An error for a name that stands twice. */
static void
NoteDuplicate(void *state, const JsonNode *member)
{
	TreeCheck *check = state;

	ErrorAdd(check->errors, psprintf("/%s%s", check->name, JsonPointer(member)), CBD_DUPLICATE_KEY, NULL);
}

/* Errors for texts that no reply could carry, at any depth. */
static void
CheckTree(TreeCheck *check, const JsonNode *node)
{
	if (node->kind == JSON_STRING)
		CheckCharacters(check->errors, psprintf("/%s%s", check->name, JsonPointer(node)), node->text);
	for (const JsonNode *child = node->first; child != NULL; child = child->next)
		CheckTree(check, child);
}

/* The items of an array of objects, or of features; NULL after errors. */
static char *
ReadArray(Call *call, const char *name, const char *text, ItemFields fields, bool features)
{
	TreeCheck check = {&call->errors, name};
	char *pointer = psprintf("/%s", name);
	JsonRefusal refusal;
	StringInfoData out;
	JsonNode *root = JsonParse(text, strlen(text), &refusal);

	if (root == NULL)
		ErrorAdd(&call->errors, pointer, refusal.status, refusal.message);
	else if (root->kind != JSON_ARRAY)
		ErrorAdd(&call->errors, pointer, CBD_FIELD_TYPE, "an array of objects is expected");
	else if (root->count < 1 || root->count > ITEMS_MAX)
		ErrorPrint(&call->errors, false, pointer, CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} items", ITEMS_MAX);
	else
	{
		(void) JsonDuplicates(root, NoteDuplicate, &check);
		CheckTree(&check, root);
	}
	if (call->errors.count > 0)
		return NULL;
	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (const JsonNode *item = root->first; item != NULL; item = item->next)
	{
		if (item != root->first)
			appendStringInfoChar(&out, ',');
		if (features)
			WriteFeature(&out, item, fields);
		else
			WriteItem(&out, item);
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

/* The one item that the fields are; NULL: none of them was given, or errors. */
static char *
ReadFields(Call *call, ItemFields fields, int lists)
{
	StringInfoData out;
	bool given = false;

	initStringInfo(&out);
	appendStringInfoString(&out, "[{");
	for (int n = 0; fields[n] != NULL; n++)
	{
		if (!CallGiven(call, n))
			continue;
		if (given)
			appendStringInfoChar(&out, ',');
		given = true;
		JsonName(&out, fields[n]);
		if (lists & (1 << n))
		{
			int count;
			char **texts = CallTexts(call, n, &count);

			appendStringInfoChar(&out, '[');
			for (int i = 0; i < count; i++)
			{
				CheckCharacters(&call->errors, psprintf("/%s/%d", fields[n], i), texts[i]);
				if (i > 0)
					appendStringInfoChar(&out, ',');
				JsonString(&out, texts[i]);
			}
			appendStringInfoChar(&out, ']');
		}
		else
		{
			CheckCharacters(&call->errors, psprintf("/%s", fields[n]), CallText(call, n));
			WriteText(&out, CallText(call, n));
		}
	}
	appendStringInfoString(&out, "}]");
	return given && call->errors.count == 0 ? out.data : NULL;
}

/* One of the ways in which items come, of which there are `ways`: false after an error, or when it is a CSV.
 */
static bool
OneWay(Call *call, int ways, const char *wanted, Items *read)
{
	if (ways != 1)
		ErrorAdd(&call->errors, "", ways == 0 ? CBD_FIELD_REQUIRED : CBD_FIELD_OUT_OF_RANGE, wanted);
	else if (read->csv != NULL)
	{
		CheckCharacters(&call->errors, "/csv", read->csv);
		CheckCsvSize(&call->errors, read->csv);
	}
	return ways == 1 && read->csv == NULL;
}

/* The array of items, or the features. */
static void
ReadMany(Call *call, ItemFields fields, const char *array, const char *collection, Items *read)
{
	read->source = array != NULL ? ITEM_ARRAY : ITEM_FEATURES;
	if (array != NULL)
		read->json = ReadArray(call, "items", array, fields, false);
	else
		read->json = ReadArray(call, "features", collection, fields, true);
}

void
ReadOrganisationItems(Call *call, ItemFields fields, int lists, int items, int csv, int features, Items *read)
{
	char *array = CallText(call, items);
	char *collection = features < 0 ? NULL : CallText(call, features);
	bool one = false;

	*read = (Items){.csv = CallText(call, csv)};
	for (int n = 0; fields[n] != NULL; n++)
		one = one || CallGiven(call, n);
	if (!OneWay(call, one + (array != NULL) + (read->csv != NULL) + (collection != NULL),
				features < 0 ? MESSAGE("the fields of one, or items, or csv")
							 : MESSAGE("the fields of one, or features, or items, or csv"),
				read))
		return;
	if (!one)
	{
		ReadMany(call, fields, array, collection, read);
		return;
	}
	read->source = ITEM_FIELDS;
	read->json = ReadFields(call, fields, lists);
}

void
ReadManyItems(Call *call, ItemFields fields, int items, int csv, int features, Items *read)
{
	char *array = CallText(call, items);
	char *collection = CallText(call, features);

	*read = (Items){.csv = CallText(call, csv)};
	if (OneWay(call, (array != NULL) + (read->csv != NULL) + (collection != NULL),
			   MESSAGE("items, or features, or csv"), read))
		ReadMany(call, fields, array, collection, read);
}

char *
ItemErrorPointer(const Items *items, int64 n, const char *member)
{
	size_t length = member == NULL ? 0 : pg_mbcliplen(member, strlen(member), POINTER_NAME_MAX);
	char *part = palloc0(POINTER_PART_SIZE(length));

	if (items->csv != NULL)
		return pstrdup("/csv");
	if (length > 0)
		JsonPointerPart(member, length, part);
	if (items->source == ITEM_FIELDS)
		return part;
	return psprintf("/%s/" INT64_FORMAT "%s", items->source == ITEM_ARRAY ? "items" : "features", n - 1,
					part);
}
