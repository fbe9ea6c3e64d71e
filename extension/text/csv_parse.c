/* Tables as CSV; see csv_parse.h. */
#include "text/csv_parse.h"
#include "text/message.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* The separator of the first row: the first comma, tab or semicolon outside quotes; a comma without any. */
static char
FindSeparator(const char *text, size_t length)
{
	bool quoted = false;

	for (size_t i = 0; i < length; i++)
	{
		char c = text[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == ',' || c == '\t' || c == ';'))
			return c;
		else if (!quoted && (c == '\n' || c == '\r'))
			break;
	}
	return ',';
}

void
csv_open(CsvReader *reader, const char *text, size_t length)
{
	size_t mark = sizeof(BYTE_ORDER_MARK) - 1;

	*reader = (CsvReader){.text = text, .length = length, .begins = true, .line = 1};
	if (length >= mark && memcmp(text, BYTE_ORDER_MARK, mark) == 0)
		reader->at = mark;
	reader->separator = FindSeparator(text + reader->at, length - reader->at);
}

/* Is there a line break at `at`? */
static bool
AtBreak(const CsvReader *reader)
{
	return reader->text[reader->at] == '\n' || reader->text[reader->at] == '\r';
}

/* Steps over the line break at `at`. */
static void
SkipBreak(CsvReader *reader)
{
	if (reader->text[reader->at] == '\r' && reader->at + 1 < reader->length &&
		reader->text[reader->at + 1] == '\n')
		reader->at++;
	reader->at++;
	reader->line++;
}

/* A cell in quotes, whose first one is at `at`; false: it does not end. */
static bool
ReadQuoted(CsvReader *reader, char *out, size_t *out_length)
{
	reader->at++;
	while (reader->at < reader->length)
	{
		char c = reader->text[reader->at];

		if (c == '"')
		{
			reader->at++;
			if (reader->at >= reader->length || reader->text[reader->at] != '"')
				return true;
		}
		/* CRLF is one line */
		else if (c == '\n' ||
				 (c == '\r' && (reader->at + 1 >= reader->length || reader->text[reader->at + 1] != '\n')))
			reader->line++;
		out[(*out_length)++] = c;
		reader->at++;
	}
	return false;
}

CsvStep
csv_next(CsvReader *reader, char *out, size_t *out_length, int *line)
{
	*out_length = 0;
	while (reader->begins && reader->at < reader->length && AtBreak(reader))
		SkipBreak(reader);
	*line = reader->line;
	if (reader->begins && reader->at >= reader->length)
		return CSV_END;
	reader->begins = false;
	if (reader->at < reader->length && reader->text[reader->at] == '"')
	{
		if (!ReadQuoted(reader, out, out_length))
			reader->error = MESSAGE("the quote that begins this cell is not closed");
		else if (reader->at < reader->length && reader->text[reader->at] != reader->separator &&
				 !AtBreak(reader))
			reader->error =
				MESSAGE("a closing quote is followed by a separator or the end of the line; a quote inside a "
						"cell is written twice");
		if (reader->error != NULL)
			return CSV_ERROR;
	}
	else
		while (reader->at < reader->length && reader->text[reader->at] != reader->separator &&
			   !AtBreak(reader))
			out[(*out_length)++] = reader->text[reader->at++];
	if (reader->at < reader->length && reader->text[reader->at] == reader->separator)
	{
		reader->at++;
		return CSV_CELL;
	}
	if (reader->at < reader->length)
		SkipBreak(reader);
	reader->begins = true;
	return CSV_LAST_CELL;
}
