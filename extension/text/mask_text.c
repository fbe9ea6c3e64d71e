/*
 * Masks of personal data (DB11/T 1918); see mask_text.h. A mask never shows more than the rule says, however
 * short or strange the text is.
 */
#include <string.h>

#include "text/mask_text.h"
#include "text/utf8.h"
#include "text/span.h"

/* Characters of UTF-8 text. */
static size_t
characters(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t at = 0; at < length; at += Utf8Step(text + at, length - at))
		count++;
	return count;
}

/* Copies the characters number 0..first-1 and those from number `last_from` on, stars between. */
static size_t
keep(const char *text, size_t length, size_t first, size_t last_from, char *out)
{
	size_t number = 0;
	size_t written = 0;

	for (size_t at = 0; at < length; number++)
	{
		size_t size = Utf8Step(text + at, length - at);

		if (number < first || number >= last_from)
		{
			memcpy(out + written, text + at, size);
			written += size;
		}
		else
			out[written++] = '*';
		at += size;
	}
	return written;
}

size_t
MaskKeep(const char *text, size_t length, int first, int last, char *out)
{
	size_t count = characters(text, length);
	size_t head = first > 0 ? (size_t) first : 0;
	size_t tail = last > 0 ? (size_t) last : 0;

	if (head >= count || tail >= count - head)
		head = tail = 0;
	return keep(text, length, head, count - tail, out);
}

/* An ASCII or full-width digit. */
static bool
digit(const char *text, size_t size)
{
	if (size == 3)
		return memcmp(text, "\xEF\xBC", 2) == 0 && (unsigned char) text[2] >= 0x90 &&
			   (unsigned char) text[2] <= 0x99;
	return size == 1 && text[0] >= '0' && text[0] <= '9';
}

/* Is the character in the list? Both UTF-8. */
static bool
one_of(const char *text, size_t size, const char *list)
{
	size_t length = strlen(list);

	for (size_t at = 0; at < length; at += Utf8Step(list + at, length - at))
		if (Utf8Step(list + at, length - at) == size && memcmp(list + at, text, size) == 0)
			return true;
	return false;
}

/* Bytes of the number at text[0]: digits with blanks, hyphens, brackets and + between. */
static size_t
number_length(const char *text, size_t length, size_t *digits)
{
	size_t at = 0;

	*digits = 0;
	while (at < length)
	{
		size_t size = Utf8Step(text + at, length - at);

		if (digit(text + at, size))
			(*digits)++;
		else if (!one_of(text + at, size, " -()+（）－"))
			break;
		at += size;
	}
	return at;
}

/*
 * Of a number of 9 to 15 digits the last four stay, the four before them are masked, and what is before those
 * (network, area and country code) stays: 138****5678, 010-****6666. Of 16 digits and more the last four
 * stay, of 5 to 8 the last two, of fewer none. Blanks, hyphens, brackets, + and the marks between several
 * numbers stay, anything else is masked.
 */
static size_t
mask_phone(const char *text, size_t length, char *out)
{
	size_t written = 0;

	for (size_t at = 0; at < length;)
	{
		size_t digits;
		size_t end = at + number_length(text + at, length - at, &digits);
		size_t tail = digits >= 9 ? 4 : digits >= 5 ? 2 : 0;
		size_t head = digits >= 9 && digits <= 15 ? digits - 8 : 0;
		size_t number = 0;

		if (end == at)
			end = at + Utf8Step(text + at, length - at);
		while (at < end)
		{
			size_t size = Utf8Step(text + at, length - at);
			bool is_digit = digit(text + at, size);

			if (is_digit ? number < head || number >= digits - tail
						 : one_of(text + at, size, " -()+（）－,;/，；、"))
			{
				memcpy(out + written, text + at, size);
				written += size;
			}
			else
				out[written++] = '*';
			number += is_digit;
			at += size;
		}
	}
	return written;
}

/* Compound family names in use: 欧阳 司马 诸葛 上官 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 东方 端木 长孙 宇文
 * 南宫. */
static bool
compound_family_name(const char *text, size_t length)
{
	static const char names[] = "欧阳司马诸葛上官皇甫尉迟公孙慕容令狐司徒夏侯东方端木长孙宇文南宫";

	/* of three characters and more: 东方 alone is a given name as likely */
	if (length < 9)
		return false;
	for (size_t i = 0; i < sizeof(names) - 1; i += 6)
		if (memcmp(text, names + i, 6) == 0)
			return true;
	return false;
}

/* The family name stays (张*, 欧阳*), of names in several words the first character of each (J*** S****). One
 * character: *. */
static size_t
mask_name(const char *text, size_t length, char *out)
{
	bool single = characters(text, length) <= 1;
	size_t kept = compound_family_name(text, length) ? 2 : 1;
	size_t written = 0;

	for (size_t at = 0; at < length;)
	{
		size_t size = Utf8Step(text + at, length - at);
		bool between = one_of(text + at, size, " -.'·•　");

		if (between)
			kept = 1;
		if (between || (kept > 0 && !single))
		{
			memcpy(out + written, text + at, size);
			written += size;
			kept -= !between;
		}
		else
			out[written++] = '*';
		at += size;
	}
	return written;
}

/*
 * Characters from the start to the end of the district: the last of 区 县 旗 市 among the first 15
 * characters, 市 only when no other follows (东城区 of 北京市东城区). 小区, 社区, 园区 and the like are
 * places, not districts. 0: none.
 */
static size_t
district_end(const char *text, size_t length)
{
	static const char *const places[] = {"小", "社", "园", "街", "校", "厂", "景", "库", "住", "院"};
	size_t end = 0;
	size_t number = 0;

	for (size_t at = 0; at < length && number < 15; number++)
	{
		size_t size = Utf8Step(text + at, length - at);
		bool place = false;

		if (size == 3 && memcmp(text + at, "区", 3) == 0)
		{
			for (size_t i = 0; at >= 3 && i < sizeof(places) / sizeof(places[0]); i++)
				place = place || memcmp(text + at - 3, places[i], 3) == 0;
			/* 自治区 is a province */
			if (at >= 3 && memcmp(text + at - 3, "治", 3) == 0)
				end = number + 1;
			else if (!place)
				return number + 1;
		}
		else if (size == 3 && number > 0 &&
				 (memcmp(text + at, "县", 3) == 0 || memcmp(text + at, "旗", 3) == 0))
			return number + 1;
		else if (size == 3 && number > 0 && memcmp(text + at, "市", 3) == 0)
			end = number + 1;
		at += size;
	}
	return end;
}

/* The part down to the district stays; without one the first third, at most six characters. */
static size_t
mask_address(const char *text, size_t length, char *out)
{
	size_t count = characters(text, length);
	size_t kept = district_end(text, length);

	if (kept == 0)
		kept = count / 3 < 6 ? count / 3 : 6;
	return keep(text, length, kept, count, out);
}

/* First three and last four of 15 and more characters (identity card), first and last of 5 and more, else
 * nothing. */
static size_t
mask_id_number(const char *text, size_t length, char *out)
{
	size_t count = characters(text, length);

	if (count >= 15)
		return keep(text, length, 3, count - 4, out);
	if (count >= 5)
		return keep(text, length, 1, count - 1, out);
	return keep(text, length, 0, count, out);
}

size_t
MaskText(MaskKind kind, const char *text, size_t length, char *out)
{
	switch (kind)
	{
		case MASK_PHONE:
			return mask_phone(text, length, out);
		case MASK_NAME:
			return mask_name(text, length, out);
		case MASK_ADDRESS:
			return mask_address(text, length, out);
		case MASK_ID_NUMBER:
			return mask_id_number(text, length, out);
		case MASK_ALL:
			break;
	}
	return MaskKeep(text, length, 0, 0, out);
}

bool
MaskKindByName(const char *name, size_t length, MaskKind *kind)
{
	static const char *const names[] = {"all", "phone", "name", "address", "id-number"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (SpanIs((Span){name, length}, names[i]))
		{
			*kind = (MaskKind) i;
			return true;
		}
	return false;
}
