/*
 * Messages; see message.h.
 *
 * A format is read twice: once for its key, then once for every value that the sentence wants, since the
 * Chinese one may have them in another order. The second reading takes the arguments again from their begin,
 * so that nothing has to be kept; a message has few of them.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "text/message.h"
#include "text/messages.h"
#include "text/utf8.h"

#define SPEC_ROOM 32

/* What is written so far; `length` goes on beyond `size`. */
typedef struct Writer
{
	char *out;
	size_t size;
	size_t length;
	bool chinese;
} Writer;

/* A conversion of a format: %-5.*ld{name} */
typedef struct Conversion
{
	char spec[SPEC_ROOM]; /* %-5.*ld */
	const char *end;      /* behind it, and its name */
	char kind;            /* d u x X o c s f g e; \0: %% or one that is not known */
	int longs;            /* l: 1, ll: 2, z: 3; else 0 */
	bool star;            /* an int says the width or precision */
	const char *name;
	size_t name_length;
} Conversion;

/* A row of the catalogue. */
typedef struct MessageRow
{
	const char *english;
	const char *chinese;
} MessageRow;

/* By the bytes of the English sentence. */
static const MessageRow rows[] = {
#define MESSAGE_ROW(english, chinese) {english, chinese},
	CBD_MESSAGE_TABLE(MESSAGE_ROW)
#undef MESSAGE_ROW
};

static int
CompareRow(const void *key, const void *row)
{
	return strcmp((const char *) key, ((const MessageRow *) row)->english);
}

const char *
MessageChinese(const char *english)
{
	const MessageRow *row =
		bsearch(english, rows, sizeof(rows) / sizeof(rows[0]), sizeof(rows[0]), CompareRow);

	return row == NULL ? english : row->chinese;
}

const char *
MessageIn(bool chinese, const char *message, size_t *length)
{
	unsigned int english;

	if (message[0] != MESSAGE_BOTH || sscanf(message + 1, "%8x", &english) != 1 ||
		strlen(message) < MESSAGE_BOTH_HEAD + (size_t) english)
	{
		message = chinese ? MessageChinese(message) : message;
		*length = strlen(message);
		return message;
	}
	message += MESSAGE_BOTH_HEAD;
	*length = chinese ? strlen(message + english) : english;
	return chinese ? message + english : message;
}

/* Bytes into the message, as far as there is room. */
static void
Put(Writer *writer, const char *text, size_t length)
{
	if (writer->length < writer->size)
	{
		size_t room = writer->size - writer->length;

		memcpy(writer->out + writer->length, text, length < room ? length : room);
	}
	writer->length += length;
}

static void
PutText(Writer *writer, const char *text)
{
	Put(writer, text, strlen(text));
}

/* Ends the message with a NUL; its length. */
static size_t
End(Writer *writer)
{
	if (writer->size > 0)
		writer->out[writer->length < writer->size ? writer->length : writer->size - 1] = '\0';
	return writer->length;
}

/* Length of a {name} at `at`, braces included; 0: there is none. */
static size_t
NameLength(const char *at)
{
	size_t n = 1;

	if (at[0] != '{' || !((at[1] >= 'a' && at[1] <= 'z') || (at[1] >= 'A' && at[1] <= 'Z')))
		return 0;
	while ((at[n] >= 'a' && at[n] <= 'z') || (at[n] >= 'A' && at[n] <= 'Z') || (at[n] >= '0' && at[n] <= '9'))
		n++;
	if (at[n] == '*')
		n++;
	return at[n] == '}' ? n + 1 : 0;
}

/* Reads the conversion at `at`, which is a percent sign. */
static void
ReadConversion(const char *at, Conversion *c)
{
	const char *begin = at++;
	size_t length;

	memset(c, 0, sizeof(*c));
	at += strspn(at, "-+ #0123456789.*");
	c->star = memchr(begin, '*', (size_t) (at - begin)) != NULL;
	for (; *at == 'l' || *at == 'z'; at++)
		c->longs += *at == 'l' ? 1 : 3;
	if (*at != '\0')
		c->kind = *at++;
	length = (size_t) (at - begin);
	if (length < SPEC_ROOM)
		memcpy(c->spec, begin, length);
	if (strchr("diuxXocsfge", c->kind) == NULL || length >= SPEC_ROOM)
		c->kind = '\0';
	length = c->kind == '\0' ? 0 : NameLength(at);
	if (length > 0)
	{
		c->name = at + 1;
		c->name_length = length - 2;
	}
	c->end = at + length;
}

/* snprintf() into the message. */
#define PRINT(writer, spec, star, width, value)                                                              \
	do                                                                                                       \
	{                                                                                                        \
		size_t room_ = (writer)->length < (writer)->size ? (writer)->size - (writer)->length : 0;            \
		char *out_ = room_ > 0 ? (writer)->out + (writer)->length : NULL;                                    \
		int n_ = (star) ? snprintf(out_, room_, spec, width, value) : snprintf(out_, room_, spec, value);    \
		(writer)->length += n_ > 0 ? (size_t) n_ : 0;                                                        \
	} while (0)

/* A text of at most so many bytes, %.64s: what a client sent is cut between two characters, so that the
 * message stays valid UTF-8. */
static void
PutStart(Writer *writer, const char *text, size_t most)
{
	Put(writer, text, Utf8Cut(text, strlen(text), most));
}

/* Takes the conversion's argument, and writes it when `wanted`. The specs come from formats that the compiler
 * has checked against their arguments. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
TakeArgument(Writer *writer, const Conversion *c, va_list *arguments, bool wanted)
{
	int width = c->star ? va_arg(*arguments, int) : 0;
	Writer nowhere = {NULL, 0, 0, false};

	if (!wanted)
		writer = &nowhere;
	if (c->kind == 's')
	{
		const char *text = va_arg(*arguments, const char *);

		if (wanted && c->name_length > 0 && c->name[c->name_length - 1] == '*')
		{
			size_t length;

			text = MessageIn(writer->chinese, text, &length);
			Put(writer, text, length);
		}
		else if (wanted && c->spec[1] == '.' && !c->star)
			PutStart(writer, text, strtoul(c->spec + 2, NULL, 10));
		else if (wanted)
			PRINT(writer, c->spec, c->star, width, text);
	}
	else if (strchr("fge", c->kind) != NULL)
	{
		double number = va_arg(*arguments, double);

		if (isfinite(number))
			PRINT(writer, c->spec, c->star, width, number);
		else
			PutText(writer, isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
	}
	else if (c->longs == 0)
		PRINT(writer, c->spec, c->star, width, va_arg(*arguments, int));
	else if (c->longs == 1)
		PRINT(writer, c->spec, c->star, width, va_arg(*arguments, long));
	else if (c->longs == 2)
		PRINT(writer, c->spec, c->star, width, va_arg(*arguments, long long));
	else
		PRINT(writer, c->spec, c->star, width, va_arg(*arguments, size_t));
}
#pragma GCC diagnostic pop

/* The value of the name, out of the format's arguments; false: there is no such name. */
static bool
PutArgument(Writer *writer, const char *format, va_list arguments, const char *name, size_t length)
{
	va_list again;
	bool found = false;

	va_copy(again, arguments);
	while (!found && (format = strchr(format, '%')) != NULL)
	{
		Conversion c;

		ReadConversion(format, &c);
		format = c.end;
		if (c.kind == '\0')
			continue;
		found = c.name_length == length && memcmp(c.name, name, length) == 0;
		TakeArgument(writer, &c, &again, found);
	}
	va_end(again);
	return found;
}

/* The format itself, with its values in their order. */
static void
PutFormat(Writer *writer, const char *format, va_list arguments)
{
	va_list again;

	va_copy(again, arguments);
	while (*format != '\0')
	{
		size_t plain = strcspn(format, "%");
		Conversion c;

		Put(writer, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		ReadConversion(format, &c);
		if (c.kind == '\0')
			Put(writer, "%", 1);
		else
			TakeArgument(writer, &c, &again, true);
		format = c.end;
	}
	va_end(again);
}

/* The key of a format into `key`; false: it is too long, or has a conversion without a name. */
static bool
MakeKey(const char *format, char key[MESSAGE_KEY])
{
	Writer writer = {key, MESSAGE_KEY, 0, false};

	while (*format != '\0')
	{
		size_t plain = strcspn(format, "%");
		Conversion c;

		Put(&writer, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		ReadConversion(format, &c);
		if (c.kind != '\0' && c.name_length == 0)
			return false;
		if (c.kind == '\0')
			Put(&writer, "%", 1);
		else
			Put(&writer, c.name - 1, c.name_length + 2);
		format = c.end;
	}
	return End(&writer) < MESSAGE_KEY;
}

size_t
MessageWrite(char *out, size_t size, bool chinese, const char *format, va_list arguments)
{
	Writer writer = {out, size, 0, chinese};
	char key[MESSAGE_KEY];
	const char *sentence = chinese && MakeKey(format, key) ? MessageChinese(key) : key;

	if (sentence == key)
	{
		writer.chinese = false;
		PutFormat(&writer, format, arguments);
		return End(&writer);
	}
	while (*sentence != '\0')
	{
		size_t plain = strcspn(sentence, "{");
		size_t name = NameLength(sentence + plain);

		Put(&writer, sentence, plain);
		sentence += plain;
		if (name == 0 || !PutArgument(&writer, format, arguments, sentence + 1, name - 2))
		{
			name = *sentence == '\0' ? 0 : name == 0 ? 1 : name;
			Put(&writer, sentence, name);
		}
		sentence += name;
	}
	return End(&writer);
}

bool
MessageBoth(char *out, size_t size, const char *format, ...)
{
	va_list arguments;
	size_t english, chinese;

	if (size <= MESSAGE_BOTH_HEAD)
		return false;
	va_start(arguments, format);
	english = MessageWrite(out + MESSAGE_BOTH_HEAD, size - MESSAGE_BOTH_HEAD, false, format, arguments);
	chinese = MessageWrite(NULL, 0, true, format, arguments);
	if (MESSAGE_BOTH_HEAD + english + chinese >= size)
		out[0] = '\0';
	else
	{
		/* the NUL of the head falls on the first character, which is put back */
		char first = out[MESSAGE_BOTH_HEAD];

		snprintf(out, MESSAGE_BOTH_HEAD + 1, "%c%08zx", MESSAGE_BOTH, english);
		out[MESSAGE_BOTH_HEAD] = first;
		MessageWrite(out + MESSAGE_BOTH_HEAD + english, chinese + 1, true, format, arguments);
	}
	va_end(arguments);
	return out[0] != '\0';
}

size_t
MessageFill(char *out, size_t size, bool chinese, const char *key, int count, const char *const *names,
			const char *const *values)
{
	Writer writer = {out, size, 0, chinese};
	const char *sentence = chinese ? MessageChinese(key) : key;

	while (*sentence != '\0')
	{
		size_t plain = strcspn(sentence, "{");
		size_t name = NameLength(sentence + plain);
		int found = -1;

		Put(&writer, sentence, plain);
		sentence += plain;
		for (int i = 0; i < count && found < 0 && name > 0; i++)
			if (strncmp(names[i], sentence + 1, strlen(names[i])) == 0 &&
				strlen(names[i]) == name - (sentence[name - 2] == '*' ? 3 : 2))
				found = i;
		if (found >= 0 && values[found] != NULL)
		{
			size_t length;
			const char *value = MessageIn(chinese && sentence[name - 2] == '*', values[found], &length);

			Put(&writer, value, length);
		}
		else if (found < 0)
		{
			name = *sentence == '\0' ? 0 : name == 0 ? 1 : name;
			Put(&writer, sentence, name);
		}
		sentence += name;
	}
	return End(&writer);
}
