/* The text of a message; see sms_content.h. */
#include "postgres.h"

#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"

#include "core/text_check.h"
#include "sms/sms_content.h"
#include "text/utf8.h"

#define OPEN  "【"
#define CLOSE "】"

/* ---- normal form ---- */

/* Characters of the valid text with a closing 0, palloc'd. */
static pg_wchar *
Characters(const char *text, size_t length)
{
	pg_wchar *characters = palloc(sizeof(pg_wchar) * (length + 1));
	size_t count = 0;

	for (size_t at = 0; at < length;)
	{
		uint32_t c = 0;
		int size = Utf8Get(text + at, length - at, &c);

		if (size <= 0)
			elog(ERROR, "a text is not UTF-8");
		characters[count++] = c;
		at += (size_t) size;
	}
	characters[count] = 0;
	return characters;
}

char *
SmsNormal(const char *text)
{
	size_t length = strlen(text);
	pg_wchar *characters;
	char *out;
	char *end;

	if (Utf8Ascii(text, length) == length)
		return pstrdup(text);
	characters = Characters(text, length);
	if (unicode_is_normalized_quickcheck(UNICODE_NFC, characters) == UNICODE_NORM_QC_YES)
	{
		pfree(characters);
		return pstrdup(text);
	}
	characters = unicode_normalize(UNICODE_NFC, characters);
	for (length = 0; characters[length] != 0; length++)
		;
	out = end = palloc(length * 4 + 1);
	for (size_t i = 0; i < length; i++)
		end += Utf8Put(characters[i], end);
	*end = '\0';
	return out;
}

/* The first character that no telephone shows: controls but line ends and tabs, and what is no character. */
static bool
Unprintable(const char *text, size_t length, unsigned int *code_point)
{
	if (TextForbidden(text, length, code_point) >= 0)
		return true;
	for (size_t at = 0; at < length;)
	{
		uint32_t c = 0;
		int size = Utf8Get(text + at, length - at, &c);

		if ((c >= 0x7F && c <= 0x9F) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE)
		{
			*code_point = c;
			return true;
		}
		at += size > 0 ? (size_t) size : 1;
	}
	return false;
}

char *
SmsReadContent(const char *text, const char *pointer, ErrorList *errors)
{
	unsigned int code_point = 0;
	char *normal;
	size_t count;

	if (text == NULL || TextBlank(text, strlen(text)))
	{
		ErrorAdd(errors, pointer, CBD_FIELD_REQUIRED, NULL);
		return NULL;
	}
	if (Unprintable(text, strlen(text), &code_point))
	{
		ErrorPrint(errors, false, pointer, CBD_FIELD_CHARACTER, "U+%04X{code} is not allowed", code_point);
		return NULL;
	}
	/* bringing marks into their order takes the square of their number, and cannot be cancelled */
	count = Utf8Characters(text, strlen(text));
	if (count <= SMS_RAW_MAX)
	{
		normal = SmsNormal(text);
		count = Utf8Characters(normal, strlen(normal));
		if (count <= SMS_CONTENT_MAX)
			return normal;
	}
	ErrorPrint(errors, false, pointer, CBD_FIELD_TOO_LONG, "at most %d{limit} characters, here are %d{count}",
			   SMS_CONTENT_MAX, (int) count);
	return NULL;
}

/* ---- signatures ---- */

/* Does the text begin with the signature in its brackets? */
static bool
Signed(const char *content, const char *signature)
{
	const char *in_brackets = psprintf(OPEN "%s" CLOSE, signature);

	return strncmp(content, in_brackets, strlen(in_brackets)) == 0;
}

char *
SmsOnAir(const char *content, const char *signature)
{
	if (signature == NULL || Signed(content, signature))
		return pstrdup(content);
	return psprintf(OPEN "%s" CLOSE "%s", signature, content);
}

/* Is what stands in these brackets the signature? */
static bool
Same(const char *inside, size_t length, const char *signature)
{
	return signature != NULL && strlen(signature) == length && memcmp(signature, inside, length) == 0;
}

/* Is it a character that nobody sees: a blank of any kind, a joiner, a direction, a tag? */
static bool
Hidden(uint32_t c)
{
	return c <= ' ' || c == 0xA0 || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E ||
		   (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) ||
		   c == 0x3000 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Where what is seen of the text begins, and *end. */
static const char *
Visible(const char *text, const char **end)
{
	size_t length = strlen(text);
	const char *begin = NULL;

	*end = text;
	for (size_t at = 0; at < length;)
	{
		uint32_t c = 0;
		int size = Utf8Get(text + at, length - at, &c);

		size = size > 0 ? size : 1;
		if (!Hidden(c))
		{
			begin = begin == NULL ? text + at : begin;
			*end = text + at + size;
		}
		at += (size_t) size;
	}
	return begin == NULL ? text : begin;
}

bool
SmsForeignSignature(const char *content, const char *signature)
{
	const size_t bracket = strlen(OPEN);
	const char *end;
	const char *begin = Visible(content, &end);
	size_t length = (size_t) (end - begin);
	const char *close = strstr(begin, CLOSE);
	const char *open = NULL;

	if (strncmp(begin, OPEN, bracket) == 0 && close != NULL &&
		!Same(begin + bracket, (size_t) (close - begin) - bracket, signature))
		return true;
	if (length < bracket || memcmp(end - bracket, CLOSE, bracket) != 0)
		return false;
	for (const char *at = begin; (at = strstr(at, OPEN)) != NULL && at < end; at += bracket)
		open = at;
	return open != NULL && !Same(open + bracket, (size_t) (end - open) - 2 * bracket, signature);
}

/* ---- parts ---- */

/* Septets of a character in GSM-7: 1, 2 in the extension table, 0: it is not there. */
static int
Septets(uint32_t c)
{
	static const uint16 basic[] = {0xA1,  0xA3,  0xA4,  0xA5,  0xA7,  0xBF,  0xC4,  0xC5,  0xC6, 0xC7,
								   0xC9,  0xD1,  0xD6,  0xD8,  0xDC,  0xDF,  0xE0,  0xE4,  0xE5, 0xE6,
								   0xE8,  0xE9,  0xEC,  0xF1,  0xF2,  0xF6,  0xF8,  0xF9,  0xFC, 0x393,
								   0x394, 0x398, 0x39B, 0x39E, 0x3A0, 0x3A3, 0x3A6, 0x3A8, 0x3A9};

	if (c < 0x80 && c != 0)
		return strchr("[\\]^{|}~\f", (int) c) != NULL            ? 2
			   : c == '`' || (c < ' ' && c != '\n' && c != '\r') ? 0
																 : 1;
	if (c == 0x20AC) /* euro */
		return 2;
	for (size_t i = 0; i < lengthof(basic); i++)
		if (basic[i] == c)
			return 1;
	return 0;
}

SmsShape
SmsShapeOf(const char *text)
{
	size_t length = strlen(text);
	int septets = 0;
	int units = 0;
	bool unicode = false;
	int single;
	int part;

	for (size_t at = 0; at < length;)
	{
		uint32_t c = 0;
		int size = Utf8Get(text + at, length - at, &c);
		int more = unicode ? 0 : Septets(c);

		unicode = unicode || more == 0;
		septets += more;
		units += c > 0xFFFF ? 2 : 1;
		at += size > 0 ? (size_t) size : 1;
	}
	if (!unicode)
		units = septets;
	single = unicode ? 70 : 160;
	part = unicode ? 67 : 153;
	return (SmsShape){unicode, units, units <= single ? 1 : (units + part - 1) / part};
}
