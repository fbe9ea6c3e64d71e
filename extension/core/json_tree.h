/*
 * JSON text as a small tree.
 *
 * PostgreSQL's own parser reads it; what it refuses comes back as a JsonRefusal, never as a raised error.
 * Duplicate keys at any level are kept, so that they can be named.
 */
#ifndef CBD_EVENT_JSON_H
#define CBD_EVENT_JSON_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "core/status.h"

/* Limits of a text: levels of nesting, values in all, bytes. */
#define JSON_DEPTH_LIMIT 32
#define JSON_VALUE_LIMIT 50000
#define JSON_SIZE_LIMIT  (96 * 1024 * 1024)

/* Kinds of values, as RFC 8259 has them. */
typedef enum JsonKind
{
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_OBJECT,
	JSON_ARRAY
} JsonKind;

/*
 * One value. Children are a list, first to next; duplicates of a name are kept, for whoever reads the
 * object to refuse.
 */
typedef struct JsonNode
{
	JsonKind kind;
	char *key;     /* member of an object: its name; else NULL */
	char *text;    /* string: its characters; number: as written; zero-terminated */
	size_t length; /* bytes of text */
	int index;     /* place in the parent, from 0 */
	int count;     /* children */
	struct JsonNode *parent;
	struct JsonNode *first;
	struct JsonNode *last;
	struct JsonNode *next;
} JsonNode;

/* Why a text is no tree. */
typedef struct JsonRefusal
{
	CbdStatus status;
	char *message; /* SaidBoth(), with the position, in characters from 1 */
} JsonRefusal;

/* The tree, or NULL and *refusal. */
extern JsonNode *JsonParse(const char *text, size_t length, JsonRefusal *refusal);

/* RFC 6901 pointer of the node; overlong names are shortened. */
extern char *JsonPointer(const JsonNode *node);

/* "a string", "an object" ...: for messages. */
extern const char *JsonKindName(JsonKind kind);

/* Calls `report` for each member whose name occurred before in the same object. True: there was one. */
extern bool JsonDuplicates(const JsonNode *node, void (*report)(void *state, const JsonNode *member),
						   void *state);

/* The value as JSON text, members sorted by name (canonical: equal values give equal text). */
extern void JsonWrite(StringInfo out, const JsonNode *node);

/* Members of a list (of a subset of an object's members) as one object, sorted by name. */
extern void JsonWriteMembers(StringInfo out, JsonNode **members, int count);

#endif
