/* Words, numbers and quoted texts of CQL2, and the nodes of its tree, in plain C; see cql_scan.h. */
#include "ogc/cql_scan.h"

#include "text/message.h"
#include "text/param_parse.h"

#define NUMBER_SIZE 400 /* bytes of a number */

int
CqlAdd(CqlReader *reader, CqlKind kind, int op, size_t at)
{
	CqlFilter *filter = reader->filter;

	if (filter->nnodes == CQL_NODES)
		return CqlFail(reader, at, MESSAGE("more than 400 parts; ask with fewer conditions or values"));
	filter->nodes[filter->nnodes] =
		(CqlNode){.kind = kind, .op = op, .at = at, .first = CQL_NONE, .next = CQL_NONE};
	return filter->nnodes++;
}

void
CqlAppend(CqlReader *reader, int parent, int *last, int child)
{
	if (*last == CQL_NONE)
		reader->filter->nodes[parent].first = child;
	else
		reader->filter->nodes[*last].next = child;
	*last = child;
}

/* May the byte stand in a name? Digits not at its begin. */
static bool
IsNameByte(char c, bool begins)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
		   (unsigned char) c >= 0x80 || (!begins && ((c >= '0' && c <= '9') || c == '.'));
}

Span
CqlWord(CqlReader *reader)
{
	size_t end;

	CqlBlanks(reader);
	end = reader->at;
	while (end < reader->length && IsNameByte(reader->text[end], end == reader->at))
		end++;
	return (Span){reader->text + reader->at, end - reader->at};
}

bool
CqlTakeWord(CqlReader *reader, const char *word)
{
	if (!SpanIsAnyCase(CqlWord(reader), word))
		return false;
	reader->at += strlen(word);
	return true;
}

bool
CqlIsCall(const CqlReader *reader, Span word)
{
	size_t at = reader->at + word.length;

	while (at < reader->length && reader->text[at] == ' ')
		at++;
	return word.length > 0 && at < reader->length && reader->text[at] == '(';
}

size_t
cql_number(const char *text, size_t length, char *out)
{
	size_t at = 0;
	size_t end = 0;

	if (at < length && (text[at] == '-' || text[at] == '+') && text[at++] == '-')
		out[end++] = '-';
	if (at < length && text[at] == '.')
		out[end++] = '0';
	for (; at < length; at++)
		/* 5. and 5.e3 */
		if (text[at] != '.' || (at + 1 < length && text[at + 1] >= '0' && text[at + 1] <= '9'))
			out[end++] = text[at];
	return end;
}

bool
CqlNumber(CqlReader *reader, Span *number, double *value)
{
	const char *text = reader->text;
	char plain[NUMBER_SIZE + 1];
	size_t at;
	size_t digits = 0;

	CqlBlanks(reader);
	at = reader->at;
	if (at < reader->length && (text[at] == '-' || text[at] == '+'))
		at++;
	for (; at < reader->length && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.'); at++)
		digits += text[at] != '.';
	if (digits == 0)
		return false;
	if (at < reader->length && (text[at] == 'e' || text[at] == 'E'))
	{
		at++;
		if (at < reader->length && (text[at] == '-' || text[at] == '+'))
			at++;
		while (at < reader->length && text[at] >= '0' && text[at] <= '9')
			at++;
	}
	*number = (Span){text + reader->at, at - reader->at};
	/* 1.2.3, 1e, 1e999: digits that are no number */
	if (number->length > NUMBER_SIZE ||
		!double_parse(plain, cql_number(number->text, number->length, plain), value))
		return false;
	reader->at = at;
	return true;
}

int
CqlQuoted(CqlReader *reader, CqlKind kind)
{
	size_t at = reader->at;
	char quote = reader->text[at];
	int node = CqlAdd(reader, kind, 0, at);

	if (node == CQL_NONE)
		return node;
	for (reader->at++; reader->at < reader->length; reader->at++)
	{
		if (reader->text[reader->at] != quote)
			continue;
		/* two quotes are one of the text; a name has none */
		if (quote == '\'' && reader->at + 1 < reader->length && reader->text[reader->at + 1] == quote)
		{
			reader->at++;
			continue;
		}
		reader->filter->nodes[node].text = at + 1;
		reader->filter->nodes[node].length = reader->at++ - at - 1;
		return node;
	}
	return CqlFail(reader, at,
				   MESSAGE("a closing quote is missing; a quote inside a text is written twice: 'it''s'"));
}

size_t
cql_position(const char *text, size_t at)
{
	size_t position = 1;

	for (size_t i = 0; i < at; i++)
		position += ((unsigned char) text[i] & 0xC0) != 0x80;
	return position;
}

size_t
cql_text(const char *text, const CqlNode *node, char *out)
{
	size_t length = 0;

	for (size_t i = 0; i < node->length; i++)
	{
		out[length++] = text[node->text + i];
		/* of two quotes the second goes */
		if (text[node->text + i] == '\'')
			i++;
	}
	return length;
}
