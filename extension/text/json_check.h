/*
 * Is it JSON (RFC 8259), and within limits? One pass over (buffer, length) that builds nothing: no palloc, no
 * ereport, no allocation, so that sanitizers and fuzzers see it. What is accepted can be cut into slices
 * without looking at it again.
 *
 * Refused are also what two readers could understand differently: a name twice in one object (compared after
 * its escapes are decoded), a surrogate without its partner, \u0000; and a number beyond a double.
 *
 * Time is linear in the length. Names are found again by a hash table, which is the caller's (slots); the
 * hash is keyed by a random seed, so that nobody can choose names that collide. A table that is too small is
 * said (JSON_CHECK_NO_ROOM): the caller gives one that is larger by a factor, or refuses the text.
 *
 * Words: a pair is a name with its value in an object; a value is an object, an array, or what has no parts.
 */
#ifndef CBD_JSON_CHECK_H
#define CBD_JSON_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* What a text came to; the first thing wrong decides. */
typedef enum JsonCheckResult
{
	JSON_CHECK_OK,
	JSON_CHECK_MALFORMED,
	JSON_CHECK_DUPLICATE, /* a name twice in one object */
	JSON_CHECK_TOO_DEEP,
	JSON_CHECK_CHARACTER, /* \u0000, or half a surrogate pair */
	JSON_CHECK_TOO_MANY,  /* values */
	JSON_CHECK_NO_ROOM    /* the slots are used up: half of them hold a name */
} JsonCheckResult;

/* Levels of nesting that the check can follow: a value inside so many arrays is one too deep. */
#define JSON_CHECK_DEPTH 2048

/* A place of the table of names: offsets into the text. */
typedef struct JsonSlot
{
	uint32_t name;   /* of its opening quote, plus 1; 0: the slot is free */
	uint32_t object; /* of the object's bracket */
} JsonSlot;

/* Where names of open objects are remembered, to find a name that comes twice; given by the caller. */
typedef struct JsonRoom
{
	JsonSlot *slots; /* overwritten */
	size_t count;    /* a power of two */
	uint64_t seed;   /* random, the same for every call or not */
} JsonRoom;

/* Room for its words. */
#define JSON_PROBLEM_TEXT 128

/* What is wrong, and where the reader stood then. */
typedef struct JsonProblem
{
	char text[JSON_PROBLEM_TEXT]; /* a message, or one in both languages (message.h) */
	size_t token;  /* where the token begins that the reader was at; = offset: the end of the text */
	size_t offset; /* bytes read */
	int line;      /* from 1 */
	int column;    /* characters read of that line */
} JsonProblem;

/*
 * Checks the text, which must be UTF-8 without U+0000 (utf8.h) and shorter than 4 GiB. Anything but
 * JSON_CHECK_OK comes with the problem.
 */
extern JsonCheckResult JsonCheck(const char *text, size_t length, size_t most_values, JsonRoom room,
								 JsonProblem *problem);

#endif
