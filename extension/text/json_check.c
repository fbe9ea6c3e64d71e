/*
 * The check of JSON; see json_check.h. A reader of tokens, and above it a loop over the states of the grammar
 * with a stack of its own, so that depth costs no C stack.
 */
#include "text/json_check.h"
#include "text/message.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text/utf8.h"
#include "text/json_escape.h"

/* Of the polynomial hash: a Mersenne prime, so that the remainder is an addition. */
#define PRIME (((uint64_t) 1 << 61) - 1)

/* What comes next in the text; punctuation is its own number. */
typedef enum Token
{
	TOKEN_END,
	TOKEN_INVALID,
	TOKEN_STRING,
	TOKEN_SCALAR, /* number, true, false, null */
	TOKEN_OPEN_OBJECT = '{',
	TOKEN_CLOSE_OBJECT = '}',
	TOKEN_OPEN_ARRAY = '[',
	TOKEN_CLOSE_ARRAY = ']',
	TOKEN_COLON = ':',
	TOKEN_COMMA = ','
} Token;

/* What may come next. */
typedef enum State
{
	STATE_VALUE, /* the token is the first one of a value */
	STATE_NAME,  /* the token is a name */
	STATE_AFTER  /* a value has ended: the next token says how it goes on */
} State;

/* A check on its way through the text. */
typedef struct Checker
{
	const char *text;
	size_t length;
	size_t at;    /* bytes read */
	size_t start; /* of the token */
	bool zero;    /* the string has \u0000 */
	JsonRoom room;
	size_t names;
	JsonCheckResult result;
	JsonProblem *problem;
	int depth;
	uint32_t open[JSON_CHECK_DEPTH]; /* offset of each open bracket */
} Checker;

/* The first problem counts. */
static void
Wrong(Checker *checker, JsonCheckResult result, const char *text)
{
	JsonProblem *problem = checker->problem;

	if (checker->result != JSON_CHECK_OK)
		return;
	checker->result = result;
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	problem->token = checker->start;
	problem->offset = checker->at;
	/* counted only now that somebody will read it: lines from 1, columns in characters */
	problem->line = 1;
	problem->column = 0;
	for (size_t i = 0; i < checker->at; i++)
		if (checker->text[i] == '\n')
		{
			problem->line++;
			problem->column = 0;
		}
		else if (!Utf8Continues(checker->text[i]))
			problem->column++;
}

/* The byte at the reader's place; 0 at the end, which no text has in it. */
static char
Peek(const Checker *checker)
{
	return checker->at < checker->length ? checker->text[checker->at] : '\0';
}

/* 0 to 9? */
static bool
IsDigit(char c)
{
	return c >= '0' && c <= '9';
}

/* A letter of ASCII, in either case? */
static bool
IsLetter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* The escape behind a backslash that was read; false: it is none. */
static bool
ReadEscape(Checker *checker)
{
	char c = Peek(checker);

	if (c != '\0')
		checker->at++;
	if (c != 'u')
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++)
	{
		c = Peek(checker);
		if (c != '\0')
			checker->at++;
		if (HexDigit(c) < 0)
			return false;
	}
	return true;
}

/* Surrogates and \u0000 of the string that was read, whose escapes are well formed. */
static bool
CheckUnits(Checker *checker)
{
	const char *at = checker->text + checker->start;
	const char *end = checker->text + checker->at;
	char text[JSON_PROBLEM_TEXT];

	while ((at = memchr(at, '\\', (size_t) (end - at))) != NULL)
	{
		unsigned unit, low;

		if (at[1] != 'u')
		{
			at += 2;
			continue;
		}
		unit = (unsigned) HexNumber(at + 2, 4);
		at += 6;
		checker->zero = checker->zero || unit == 0;
		/* no surrogate */
		if (unit < 0xD800 || unit > 0xDFFF)
			continue;
		/* a high one: the low one must be next */
		if (unit <= 0xDBFF && at[0] == '\\' && at[1] == 'u')
		{
			low = (unsigned) HexNumber(at + 2, 4);
			at += 6;
			if (low >= 0xDC00 && low <= 0xDFFF)
				continue;
			(void) MessageBoth(text, sizeof(text), "invalid Unicode '\\u%04X{unit}\\u%04X{low}'", unit, low);
		}
		else
			(void) MessageBoth(text, sizeof(text), "invalid Unicode '\\u%04X{unit}'", unit);
		Wrong(checker, JSON_CHECK_CHARACTER, text);
		return false;
	}
	return true;
}

/* A byte that stands for itself in a string. */
static bool
Plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* A string whose opening quote was read. */
static Token
ReadString(Checker *checker)
{
	bool units = false;
	char text[JSON_PROBLEM_TEXT];

	checker->zero = false;
	for (;;)
	{
		unsigned char c;

		/* most of a text is here */
		while (checker->at < checker->length && Plain((unsigned char) checker->text[checker->at]))
			checker->at++;
		if (checker->at == checker->length)
		{
			Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("premature end of input"));
			return TOKEN_INVALID;
		}
		c = (unsigned char) checker->text[checker->at];
		if (c < 0x20)
		{
			(void) MessageBoth(text, sizeof(text), "control character 0x%x{character}", c);
			Wrong(checker, JSON_CHECK_MALFORMED, c == '\n' ? MESSAGE("unexpected newline") : text);
			return TOKEN_INVALID;
		}
		checker->at++;
		if (c == '"')
			break;
		units = units || Peek(checker) == 'u';
		if (!ReadEscape(checker))
		{
			Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("invalid escape"));
			return TOKEN_INVALID;
		}
	}
	return !units || CheckUnits(checker) ? TOKEN_STRING : TOKEN_INVALID;
}

/* Digits from here on. */
static size_t
ReadDigits(Checker *checker)
{
	size_t start = checker->at;

	while (IsDigit(Peek(checker)))
		checker->at++;
	return checker->at - start;
}

/*
 * Is the number [start, at) beyond a double? The digits that count are compared with those of the smallest
 * that is rounded to infinity, 2^1024 - 2^970.
 */
static bool
Overflows(const Checker *checker)
{
	static const char least[] = "17976931348623158079372897140530341507993";
	const char *at = checker->text + checker->start;
	const char *end = checker->text + checker->at;
	long long magnitude = 0; /* the number is 0.digits times ten to this */
	long long exponent = 0;
	size_t digits = 0;
	bool point = false;
	bool negative;
	int order = 0; /* of the digits against `least` */

	for (at += *at == '-'; at < end && (*at | 0x20) != 'e'; at++)
	{
		if (*at == '.')
		{
			point = true;
			continue;
		}
		/* zeros before the first digit that counts; behind the point they make it smaller */
		if (digits == 0 && *at == '0')
		{
			magnitude -= point;
			continue;
		}
		if (order == 0 && digits < sizeof(least) - 1)
			order = *at - least[digits];
		digits++;
		magnitude += !point;
	}
	if (digits == 0)
		return false;
	if (at < end)
	{
		at++;
		negative = *at == '-';
		for (at += *at == '-' || *at == '+'; at < end; at++)
			exponent = exponent < 1000000000000 ? exponent * 10 + (*at - '0') : exponent;
		magnitude += negative ? -exponent : exponent;
	}
	/* 0.179... times ten to 309 is where doubles end */
	if (magnitude != 309)
		return magnitude > 309;
	return order > 0 || (order == 0 && digits >= sizeof(least) - 1);
}

/* A number whose first character, a digit or a minus, is at `start`. */
static Token
ReadNumber(Checker *checker)
{
	checker->at = checker->start + (checker->text[checker->start] == '-');
	/* no digit may follow a zero at the beginning */
	if (Peek(checker) == '0')
	{
		checker->at++;
		if (IsDigit(Peek(checker)))
			return TOKEN_INVALID;
	}
	else if (ReadDigits(checker) == 0)
		return TOKEN_INVALID;
	if (Peek(checker) == '.')
	{
		checker->at++;
		if (ReadDigits(checker) == 0)
			return TOKEN_INVALID;
	}
	if ((Peek(checker) | 0x20) == 'e')
	{
		checker->at++;
		if (Peek(checker) == '+' || Peek(checker) == '-')
			checker->at++;
		if (ReadDigits(checker) == 0)
			return TOKEN_INVALID;
	}
	if (!Overflows(checker))
		return TOKEN_SCALAR;
	Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("real number overflow"));
	return TOKEN_INVALID;
}

/* true, false, null; any other run of letters is read as a whole. */
static Token
ReadWord(Checker *checker)
{
	static const char *const words[] = {"true", "false", "null"};
	const char *word = checker->text + checker->start;

	while (IsLetter(Peek(checker)))
		checker->at++;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == checker->at - checker->start && memcmp(word, words[i], strlen(words[i])) == 0)
			return TOKEN_SCALAR;
	return TOKEN_INVALID;
}

/* The next token; its text begins at checker->start. */
static Token
Next(Checker *checker)
{
	char c;

	while ((c = Peek(checker)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		checker->at++;
	checker->start = checker->at;
	if (checker->at == checker->length)
		return TOKEN_END;
	checker->at++;
	switch (c)
	{
		case '{':
		case '}':
		case '[':
		case ']':
		case ':':
		case ',':
			return (Token) c;
		case '"':
			return ReadString(checker);
	}
	if (c == '-' || IsDigit(c))
		return ReadNumber(checker);
	if (IsLetter(c))
		return ReadWord(checker);
	while (checker->at < checker->length && Utf8Continues(checker->text[checker->at]))
		checker->at++; /* a character as a whole */
	return TOKEN_INVALID;
}

/* A name that is read byte by byte, its escapes decoded. */
typedef struct NameReader
{
	const char *at; /* up to the closing quote */
	char decoded[4];
	int used, count;
} NameReader;

/* The next byte; -1: the name has ended. */
static int
NameByte(NameReader *reader)
{
	uint32_t code = 0;

	if (reader->used < reader->count)
		return (unsigned char) reader->decoded[reader->used++];
	if (*reader->at == '"')
		return -1;
	if (*reader->at != '\\')
		return (unsigned char) *reader->at++;
	/* of a string that was checked: a pair of surrogates is whole */
	reader->at += JsonEscape(reader->at, 12, &code);
	reader->count = (int) Utf8Put(code, reader->decoded);
	reader->used = 1;
	return (unsigned char) reader->decoded[0];
}

/* The product modulo PRIME. */
static uint64_t
Multiply(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128) a * b;
	uint64_t sum = (uint64_t) (product & PRIME) + (uint64_t) (product >> 61);

	return sum >= PRIME ? sum - PRIME : sum;
}

/* The name as a polynomial in the seed, modulo PRIME: two names agree for one seed in 2^61 / length. */
static uint64_t
NameHash(const char *name, uint32_t object, uint64_t seed)
{
	NameReader reader = {.at = name};
	uint64_t key = seed % (PRIME - 2) + 1;
	uint64_t hash = Multiply(key, (uint64_t) object + 1);
	int byte;

	while ((byte = NameByte(&reader)) >= 0)
		hash = Multiply(hash + (uint64_t) byte + 1, key);
	return hash ^ hash >> 32;
}

/* Are the two names the same once unescaped? */
static bool
SameName(const char *one, const char *other)
{
	NameReader a = {.at = one}, b = {.at = other};
	int byte;

	while ((byte = NameByte(&a)) == NameByte(&b))
		if (byte < 0)
			return true;
	return false;
}

/* Enters the name that was read; false: the object has it already, or there is no room. */
static bool
EnterName(Checker *checker)
{
	const JsonRoom *room = &checker->room;
	uint32_t object = checker->open[checker->depth - 1];
	const char *name = checker->text + checker->start + 1;
	size_t at;

	/* half full at most, so that probes stay short */
	if (checker->names >= room->count / 2)
	{
		Wrong(checker, JSON_CHECK_NO_ROOM, MESSAGE("too many names"));
		return false;
	}
	/* open addressing; names of all open and closed objects are here, told apart by their object */
	at = NameHash(name, object, room->seed) & (room->count - 1);
	for (; room->slots[at].name != 0; at = (at + 1) & (room->count - 1))
		if (room->slots[at].object == object && SameName(checker->text + room->slots[at].name, name))
		{
			Wrong(checker, JSON_CHECK_DUPLICATE, MESSAGE("duplicate object key"));
			return false;
		}
	room->slots[at] = (JsonSlot){(uint32_t) checker->start + 1, object};
	checker->names++;
	return true;
}

/* A bracket opens: what the token after it begins. */
static State
Open(Checker *checker, Token *token)
{
	Token open = *token;
	Token close = open == TOKEN_OPEN_OBJECT ? TOKEN_CLOSE_OBJECT : TOKEN_CLOSE_ARRAY;

	checker->open[checker->depth++] = (uint32_t) checker->start;
	*token = Next(checker);
	if (*token == close)
	{
		checker->depth--;
		return STATE_AFTER;
	}
	if (*token == TOKEN_END && open == TOKEN_OPEN_ARRAY)
		Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("']' expected"));
	return open == TOKEN_OPEN_OBJECT ? STATE_NAME : STATE_VALUE;
}

/* A value begins. */
static State
Value(Checker *checker, Token *token)
{
	if (checker->depth == JSON_CHECK_DEPTH)
		Wrong(checker, JSON_CHECK_TOO_DEEP, MESSAGE("maximum parsing depth reached"));
	else if (*token == TOKEN_OPEN_OBJECT || *token == TOKEN_OPEN_ARRAY)
		return Open(checker, token);
	else if (*token == TOKEN_STRING && checker->zero)
		Wrong(checker, JSON_CHECK_CHARACTER, MESSAGE("\\u0000 is not allowed without JSON_ALLOW_NUL"));
	else if (*token != TOKEN_STRING && *token != TOKEN_SCALAR)
		Wrong(checker, JSON_CHECK_MALFORMED,
			  *token == TOKEN_INVALID ? MESSAGE("invalid token") : MESSAGE("unexpected token"));
	return STATE_AFTER;
}

/* A name, its colon, and the first token of its value. */
static State
Name(Checker *checker, Token *token)
{
	if (*token != TOKEN_STRING)
		Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("string or '}' expected"));
	else if (checker->zero)
		Wrong(checker, JSON_CHECK_CHARACTER, MESSAGE("NUL byte in object key not supported"));
	else if (EnterName(checker))
	{
		if (Next(checker) != TOKEN_COLON)
			Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("':' expected"));
		*token = Next(checker);
	}
	return STATE_VALUE;
}

/* Behind a value inside brackets: comma or end. */
static State
After(Checker *checker, Token *token)
{
	bool object = checker->text[checker->open[checker->depth - 1]] == '{';

	*token = Next(checker);
	if (*token == (object ? TOKEN_CLOSE_OBJECT : TOKEN_CLOSE_ARRAY))
	{
		checker->depth--;
		return STATE_AFTER;
	}
	if (*token == TOKEN_COMMA)
		*token = Next(checker);
	else
		Wrong(checker, JSON_CHECK_MALFORMED, object ? MESSAGE("'}' expected") : MESSAGE("']' expected"));
	if (*token == TOKEN_END && !object)
		Wrong(checker, JSON_CHECK_MALFORMED, MESSAGE("']' expected"));
	return object ? STATE_NAME : STATE_VALUE;
}

JsonCheckResult
JsonCheck(const char *text, size_t length, size_t most_values, JsonRoom room, JsonProblem *problem)
{
	Checker checker; /* its stack is not cleared */
	State state = STATE_VALUE;
	size_t values = 0;
	Token token;

	memset(&checker, 0, offsetof(Checker, open));
	checker.text = text;
	checker.length = length;
	checker.room = room;
	checker.problem = problem;
	memset(room.slots, 0, room.count * sizeof(room.slots[0]));
	token = Next(&checker);
	while (checker.result == JSON_CHECK_OK)
		switch (state)
		{
			case STATE_VALUE:
				if (++values > most_values)
					Wrong(&checker, JSON_CHECK_TOO_MANY, MESSAGE("too many values"));
				state = Value(&checker, &token);
				break;
			case STATE_NAME:
				state = Name(&checker, &token);
				break;
			case STATE_AFTER:
				if (checker.depth > 0)
				{
					state = After(&checker, &token);
					break;
				}
				if (Next(&checker) == TOKEN_END)
					return JSON_CHECK_OK;
				Wrong(&checker, JSON_CHECK_MALFORMED, MESSAGE("end of file expected"));
		}
	return checker.result;
}
