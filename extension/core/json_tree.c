/*
 * JSON text as a small tree; see json_tree.h.
 *
 * PostgreSQL's parser calls back for each token; nodes are linked under their parent as they come. Raised
 * errors of the parser become a refusal with a position that people can count.
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "core/json_tree.h"
#include "core/say.h"
#include "core/text_check.h"
#include "text/json_pointer.h"
#include "text/json_scan.h"
#include "text/utf8.h"

/* Semantic actions return nothing up to PostgreSQL 15. */
#if PG_VERSION_NUM >= 160000
#define JSON_ACTION      JsonParseErrorType
#define JSON_ACTION_DONE return JSON_SUCCESS
#else
#define JSON_ACTION      void
#define JSON_ACTION_DONE return
#endif

/* Where the parser's tokens go. */
typedef struct TreeState
{
	JsonNode *root;
	JsonNode *parent; /* the object or array being filled */
	char *key;        /* name of the member to come */
} TreeState;

/* A new node under the current parent, or the root. */
static JsonNode *
AddNode(TreeState *state, JsonKind kind)
{
	JsonNode *node = palloc0(sizeof(JsonNode));
	JsonNode *parent = state->parent;

	node->kind = kind;
	node->parent = parent;
	if (parent == NULL)
		state->root = node;
	else
	{
		node->index = parent->count++;
		if (parent->kind == JSON_OBJECT)
			node->key = state->key;
		/* behind the children that came before */
		if (parent->last == NULL)
			parent->first = node;
		else
			parent->last->next = node;
		parent->last = node;
	}
	return node;
}

/* JSON parser: { begins a node, the parent of what follows. */
static JSON_ACTION
ObjectStart(void *state)
{
	((TreeState *) state)->parent = AddNode(state, JSON_OBJECT);
	JSON_ACTION_DONE;
}

/* JSON parser: the same for [. */
static JSON_ACTION
ArrayStart(void *state)
{
	((TreeState *) state)->parent = AddNode(state, JSON_ARRAY);
	JSON_ACTION_DONE;
}

/* JSON parser: back to the parent. */
static JSON_ACTION
ContainerEnd(void *state)
{
	((TreeState *) state)->parent = ((TreeState *) state)->parent->parent;
	JSON_ACTION_DONE;
}

/* JSON parser: the name of the member that comes. */
static JSON_ACTION
FieldStart(void *state, char *name, bool isnull)
{
	((TreeState *) state)->key = name;
	JSON_ACTION_DONE;
}

/* JSON parser: a leaf; numbers and texts keep their characters. */
static JSON_ACTION
Scalar(void *state, char *token, JsonTokenType type)
{
	JsonNode *node;

	switch (type)
	{
		case JSON_TOKEN_STRING:
			node = AddNode(state, JSON_STRING);
			break;
		case JSON_TOKEN_NUMBER:
			node = AddNode(state, JSON_NUMBER);
			break;
		case JSON_TOKEN_TRUE:
			node = AddNode(state, JSON_TRUE);
			break;
		case JSON_TOKEN_FALSE:
			node = AddNode(state, JSON_FALSE);
			break;
		default:
			node = AddNode(state, JSON_NULL);
			break;
	}
	node->text = token;
	node->length = strlen(token);
	JSON_ACTION_DONE;
}

/* Position of a byte in characters, from 1. */
static int
CharacterPosition(const char *text, size_t offset)
{
	return (int) Utf8Characters(text, offset) + 1;
}

/* What the parser expected, in words; NULL for errors that are not about a missing token. */
static const char *
Expected(JsonParseErrorType error)
{
	switch (error)
	{
		case JSON_EXPECTED_ARRAY_FIRST:
			return "a value or \"]\"";
		case JSON_EXPECTED_ARRAY_NEXT:
			return "\",\" or \"]\"";
		case JSON_EXPECTED_COLON:
			return "\":\"";
		case JSON_EXPECTED_END:
			return "the end";
		case JSON_EXPECTED_JSON:
		case JSON_INVALID_TOKEN:
			return "a value";
		case JSON_EXPECTED_OBJECT_FIRST:
			return MESSAGE("a name in quotes or \"}\"");
		case JSON_EXPECTED_OBJECT_NEXT:
			return MESSAGE("\",\" or \"}\"");
		case JSON_EXPECTED_STRING:
			return MESSAGE("a name in quotes");
		default:
			return NULL;
	}
}

/* Fills the refusal from the parser's error. R5.2-ucs: characters that cannot be are named with their
 * position. */
static void
RefuseSyntax(JsonRefusal *refusal, const char *text, size_t length, JsonLexContext *lex,
			 JsonParseErrorType error)
{
	const char *start = lex->token_start;
	const char *end = lex->token_terminator;
	const char *expected = Expected(error);
	const char *at = expected != NULL && start != NULL ? start : end;
	const char *why;
	int position;

	if (at == NULL || at > text + length || at < text)
		at = text + length;
	/* a terminator stands behind the character that it complains of */
	if (at == end && expected == NULL && at > text && at < text + length)
		at--;
	/* to the first byte of its character */
	while (at > text && at < text + length && Utf8Continues(*at))
		at--;
	position = CharacterPosition(text, at - text);
	refusal->status = CBD_MALFORMED_JSON;
	switch (error)
	{
		case JSON_UNICODE_CODE_POINT_ZERO:
			refusal->status = CBD_INVALID_CHARACTER;
			why = MESSAGE("U+0000 is not allowed");
			break;
		case JSON_UNICODE_HIGH_SURROGATE:
		case JSON_UNICODE_LOW_SURROGATE:
			refusal->status = CBD_INVALID_CHARACTER;
			why = MESSAGE("a surrogate stands alone");
			break;
		case JSON_ESCAPING_INVALID:
		case JSON_UNICODE_ESCAPE_FORMAT:
			why = MESSAGE("invalid escape; valid are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
			break;
		case JSON_ESCAPING_REQUIRED:
			why = MESSAGE("a control character in a string must be escaped");
			break;
		default:
			if (error == JSON_INVALID_TOKEN && *at == '"')
				why = MESSAGE("a string does not end");
			else if (at >= text + length)
				why = MESSAGE("the text ends in the middle of a value");
			else
				why = SaidBoth("expected %s{expected*}, found \"%s{found}\"",
							   expected != NULL ? expected : MESSAGE("a value"),
							   ShortText(at, end != NULL && end > at ? end - at : 1));
			break;
	}
	refusal->message = SaidBoth("%s{why*} (character %d{position})", why, position);
}

/* Checks the limits before the parser sees the text. */
static bool
WithinLimits(const char *text, size_t length, JsonRefusal *refusal)
{
	size_t offset = 0;

	if (length > JSON_SIZE_LIMIT)
	{
		refusal->status = CBD_TOO_LARGE;
		refusal->message = SaidBoth("%zu{bytes} bytes; at most %d{limit} are taken", length, JSON_SIZE_LIMIT);
		return false;
	}
	switch (json_scan(text, length, JSON_DEPTH_LIMIT, JSON_VALUE_LIMIT, &offset))
	{
		case JSON_SCAN_OK:
			return true;
		case JSON_SCAN_ZERO_BYTE:
			refusal->status = CBD_INVALID_CHARACTER;
			refusal->message =
				SaidBoth("U+0000 is not allowed (character %d{position})", CharacterPosition(text, offset));
			break;
		case JSON_SCAN_TOO_DEEP:
			refusal->status = CBD_TOO_DEEP;
			refusal->message =
				SaidBoth("objects and arrays may be nested %d{limit} deep at most (character %d{position})",
						 JSON_DEPTH_LIMIT, CharacterPosition(text, offset));
			break;
		case JSON_SCAN_TOO_MANY_VALUES:
			refusal->status = CBD_TOO_LARGE;
			refusal->message = SaidBoth("more than %d{limit} values (character %d{position})",
										JSON_VALUE_LIMIT, CharacterPosition(text, offset));
			break;
	}
	return false;
}

JsonNode *
JsonParse(const char *text, size_t length, JsonRefusal *refusal)
{
	TreeState state = {NULL, NULL, NULL};
	JsonSemAction actions = {0};
	JsonLexContext *lex;
	JsonParseErrorType error;

	/* a byte order mark, which some programs write before every text, may be ignored (RFC 8259 8.1) */
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
	{
		text += 3;
		length -= 3;
	}
	if (!WithinLimits(text, length, refusal))
		return NULL;
#if PG_VERSION_NUM >= 170000
	lex = makeJsonLexContextCstringLen(NULL, text, length, GetDatabaseEncoding(), true);
#else
	lex = makeJsonLexContextCstringLen((char *) text, (int) length, GetDatabaseEncoding(), true);
#endif
	actions.semstate = &state;
	actions.object_start = ObjectStart;
	actions.object_end = ContainerEnd;
	actions.array_start = ArrayStart;
	actions.array_end = ContainerEnd;
	actions.object_field_start = FieldStart;
	actions.scalar = Scalar;
	error = pg_parse_json(lex, &actions);
	if (error != JSON_SUCCESS)
	{
		RefuseSyntax(refusal, text, length, lex, error);
		return NULL;
	}
	return state.root;
}

const char *
JsonKindName(JsonKind kind)
{
	static const char *const names[] = {MESSAGE("null"),     MESSAGE("false"),    MESSAGE("true"),
										MESSAGE("a number"), MESSAGE("a string"), MESSAGE("an object"),
										MESSAGE("an array")};

	return names[kind];
}

/* Appends the JSON pointer of a node, from the root on. */
static void
AppendPointer(StringInfo out, const JsonNode *node)
{
	char *key;
	size_t length;

	if (node->parent == NULL)
		return;
	AppendPointer(out, node->parent);
	if (node->key == NULL)
	{
		appendStringInfo(out, "/%d", node->index);
		return;
	}
	key = ShortText(node->key, strlen(node->key));
	length = strlen(key);
	enlargeStringInfo(out, POINTER_PART_SIZE(length));
	out->len += JsonPointerPart(key, length, out->data + out->len);
}

char *
JsonPointer(const JsonNode *node)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendPointer(&out, node);
	return out.data;
}

/* Members by name, then by place, so that the first occurrence comes first. */
static int
CompareMembers(const void *left, const void *right)
{
	const JsonNode *a = *(JsonNode *const *) left;
	const JsonNode *b = *(JsonNode *const *) right;
	int order = strcmp(a->key, b->key);

	return order != 0 ? order : a->index - b->index;
}

/* The members of an object, sorted; the caller frees the array. */
static JsonNode **
SortedMembers(const JsonNode *object)
{
	JsonNode **members = palloc(sizeof(JsonNode *) * (object->count + 1));
	int n = 0;

	for (JsonNode *member = object->first; member != NULL; member = member->next)
		members[n++] = member;
	qsort(members, n, sizeof(JsonNode *), CompareMembers);
	return members;
}

bool
JsonDuplicates(const JsonNode *node, void (*report)(void *state, const JsonNode *member), void *state)
{
	bool found = false;

	if (node->kind == JSON_OBJECT && node->count > 1)
	{
		JsonNode **members = SortedMembers(node);

		for (int i = 1; i < node->count; i++)
			if (strcmp(members[i]->key, members[i - 1]->key) == 0)
			{
				report(state, members[i]);
				found = true;
			}
		pfree(members);
	}
	for (const JsonNode *child = node->first; child != NULL; child = child->next)
		if (child->first != NULL)
			found |= JsonDuplicates(child, report, state);
	return found;
}

void
JsonWriteMembers(StringInfo out, JsonNode **members, int count)
{
	qsort(members, count, sizeof(JsonNode *), CompareMembers);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		escape_json(out, members[i]->key);
		appendStringInfoChar(out, ':');
		JsonWrite(out, members[i]);
	}
	appendStringInfoChar(out, '}');
}

void
JsonWrite(StringInfo out, const JsonNode *node)
{
	JsonNode **members;

	switch (node->kind)
	{
		case JSON_NULL:
			appendStringInfoString(out, "null");
			break;
		case JSON_FALSE:
			appendStringInfoString(out, "false");
			break;
		case JSON_TRUE:
			appendStringInfoString(out, "true");
			break;
		case JSON_NUMBER:
			appendBinaryStringInfo(out, node->text, (int) node->length);
			break;
		case JSON_STRING:
			escape_json(out, node->text);
			break;
		case JSON_ARRAY:
			appendStringInfoChar(out, '[');
			for (const JsonNode *child = node->first; child != NULL; child = child->next)
			{
				if (child != node->first)
					appendStringInfoChar(out, ',');
				JsonWrite(out, child);
			}
			appendStringInfoChar(out, ']');
			break;
		case JSON_OBJECT:
			members = SortedMembers(node);
			JsonWriteMembers(out, members, node->count);
			pfree(members);
			break;
	}
}
