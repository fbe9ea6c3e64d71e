/* Small checks of text; see text_check.h. Characters are those of UTF-8, which the database is in. */
#include "postgres.h"

#include "core/text_check.h"
#include "text/percent.h"
#include "text/utf8.h"

/* Characters of the caller's text that a message repeats. */
#define SHORT_CHARACTERS 40

char *
ShortText(const char *text, size_t length)
{
	size_t bytes = 0;
	int characters = 0;
	char *result;

	while (bytes < length && characters < SHORT_CHARACTERS)
	{
		bytes += Utf8Step(text + bytes, length - bytes);
		characters++;
	}
	result = palloc(bytes + 4);
	for (size_t i = 0; i < bytes; i++)
		result[i] = (unsigned char) text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i];
	strcpy(result + bytes, bytes < length ? "…" : "");
	return result;
}

void
AppendEncoded(StringInfo out, const char *text)
{
	size_t length = strlen(text);

	enlargeStringInfo(out, PERCENT_SIZE(length));
	out->len += PercentText(text, length, "", out->data + out->len);
	out->data[out->len] = '\0';
}

bool
TextBlank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if (strchr(" \t\r\n", text[i]) != NULL)
			continue;
		if (length - i >= 3 && memcmp(text + i, "\xE3\x80\x80", 3) == 0)
			i += 2;
		else
			return false;
	}
	return true;
}

int64
TextForbidden(const char *text, size_t length, unsigned int *code_point)
{
	const unsigned char *s = (const unsigned char *) text;

	for (size_t i = 0; i < length; i++)
	{
		if (s[i] < 0x20 && s[i] != '\t' && s[i] != '\n' && s[i] != '\r')
		{
			*code_point = s[i];
			return (int64) i;
		}
		if (s[i] == 0xEF && length - i >= 3 && s[i + 1] == 0xBF && s[i + 2] >= 0xBE)
		{
			*code_point = 0xFFC0 | (s[i + 2] & 0x3F);
			return (int64) i;
		}
	}
	return -1;
}
