/* Cleaning of text; see clean_text.h. Input is UTF-8; bytes that are not are left as they are. */
#include <stdint.h>
#include <string.h>

#include "text/clean_text.h"
#include "text/utf8.h"

#define SIMILARITY_CHARACTERS 256 /* of each text are compared */

/* One character of UTF-8; *at moves. A broken sequence counts byte by byte. */
static uint32_t
next_character(const char *text, size_t length, size_t *at)
{
	uint32_t c;
	int size = Utf8Get(text + *at, length - *at, &c);

	if (size <= 0)
		return (unsigned char) text[(*at)++];
	*at += (size_t) size;
	return c;
}

/* White space, ideographic and no-break ones included. */
static bool
is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0xFEFF || c == 0x200B;
}

size_t
text_trim(const char *text, size_t length, size_t *start)
{
	size_t end = 0;
	size_t at = 0;

	*start = length;
	while (at < length)
	{
		size_t from = at;

		if (is_blank(next_character(text, length, &at)))
			continue;
		if (*start == length)
			*start = from;
		end = at;
	}
	return end > *start ? end - *start : 0;
}

size_t
text_half_width(const char *text, size_t length, char *out)
{
	size_t at = 0;
	size_t n = 0;

	while (at < length)
	{
		size_t from = at;
		uint32_t c = next_character(text, length, &at);

		if (at - from == 3 && c >= 0xFF01 && c <= 0xFF5E)
			out[n++] = (char) (c - 0xFF01 + '!');
		else if (at - from == 3 && c == 0x3000)
			out[n++] = ' ';
		else
		{
			memmove(out + n, text + from, at - from);
			n += at - from;
		}
	}
	return n;
}

/* The digits of a phone number with its country code taken off, hyphens as they stand; 0: other characters,
 * or too many. */
static size_t
phone_digits(const char *text, size_t length, char *out)
{
	size_t at = 0;
	size_t n = 0;
	bool plus = false;

	while (at < length)
	{
		uint32_t c = next_character(text, length, &at);

		if (c >= 0xFF01 && c <= 0xFF5E)
			c = c - 0xFF01 + '!';
		if (c == 0x2010 || c == 0x2011 || c == 0x2013 || c == 0x2014 || c == 0x2212 || c == '(' || c == ')')
			c = '-';
		if (c == '+' && n == 0 && !plus)
			plus = true;
		else if ((c >= '0' && c <= '9') || c == '-')
		{
			if (n == PHONE_SIZE - 4)
				return 0;
			if (c != '-' || (n > 0 && out[n - 1] != '-'))
				out[n++] = (char) c;
		}
		else if (!is_blank(c))
			return 0;
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	at = plus && n > 2 && memcmp(out, "86", 2) == 0                                      ? 2
		 : !plus && n > 4 && memcmp(out, "0086", 4) == 0                                 ? 4
		 : !plus && (n == 13 || (n == 14 && out[2] == '-')) && memcmp(out, "86", 2) == 0 ? 2
																						 : 0;
	if (plus && at == 0)
		return 0; /* another country */
	while (at < n && at > 0 && out[at] == '-')
		at++;
	memmove(out, out + at, n - at);
	return n - at;
}

/* How many ASCII digits there are. */
static size_t
count_digits(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

/* Area code (with its 0), subscriber's 7 or 8 digits beginning with 2 to 9, extension of 1 to 5 digits. */
static bool
fixed_line(const char *text, size_t length, char *out)
{
	size_t area;
	size_t at;
	size_t number;
	size_t extension;

	if (length < 10 || text[0] != '0' || text[1] == '0')
		return false;
	area = text[1] <= '2' ? 3 : 4;
	if (count_digits(text, length) < area)
		return false;
	at = text[area] == '-' ? area + 1 : area;
	number = count_digits(text + at, length - at);
	if (number < 7 || number > 8 || text[at] < '2')
		return false;
	extension = length - at - number;
	if (extension > 0 && (text[at + number] != '-' || extension < 2 || extension > 6 ||
						  count_digits(text + at + number + 1, extension - 1) != extension - 1))
		return false;
	memcpy(out, text, area);
	out[area] = '-';
	memcpy(out + area + 1, text + at, length - at);
	out[area + 1 + length - at] = '\0';
	return true;
}

/*
 * Numbers without an area: 400 and 800 numbers (400-810-1234), emergency numbers (110) and those of services,
 * five or six digits that begin with 1 or 9 (12345, 95598, 118114).
 */
static bool
service_number(const char *digits, size_t n, char *out)
{
	static const char *const emergency[] = {"110", "112", "119", "120", "122"};
	bool known = (n == 5 || n == 6) && (digits[0] == '1' || digits[0] == '9');

	for (size_t i = 0; n == 3 && i < sizeof(emergency) / sizeof(emergency[0]); i++)
		known = known || memcmp(digits, emergency[i], 3) == 0;
	if (known)
		memcpy(out, digits, n);
	else if (n == 10 && (memcmp(digits, "400", 3) == 0 || memcmp(digits, "800", 3) == 0))
	{
		memcpy(out, digits, 3);
		memcpy(out + 4, digits + 3, 3);
		memcpy(out + 8, digits + 6, 4);
		out[3] = out[7] = '-';
		n = 12;
	}
	else
		return false;
	out[n] = '\0';
	return true;
}

bool
text_phone(const char *text, size_t length, char *out)
{
	char raw[PHONE_SIZE];
	char digits[PHONE_SIZE];
	size_t n = phone_digits(text, length, raw);
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (raw[i] != '-')
			digits[m++] = raw[i];
	if (m == 11 && digits[0] == '1' && digits[1] >= '3')
	{
		memcpy(out, digits, m);
		out[m] = '\0';
		return true;
	}
	if (service_number(digits, m, out))
		return true;
	/* after +86 the area code has lost its 0 */
	if (n >= 9 && n < PHONE_SIZE - 2 && raw[0] != '0' && length > n &&
		(text[0] == '+' || memcmp(text, "\xEF\xBC\x8B", length >= 3 ? 3 : 1) == 0))
	{
		memmove(raw + 1, raw, n++);
		raw[0] = '0';
	}
	return fixed_line(raw, n, out);
}

/* The characters of a text, small letters for A to Z, full-width as ASCII, without blanks. */
static size_t
fold(const char *text, size_t length, uint32_t *out)
{
	size_t at = 0;
	size_t n = 0;

	while (at < length && n < SIMILARITY_CHARACTERS)
	{
		uint32_t c = next_character(text, length, &at);

		if (c >= 0xFF01 && c <= 0xFF5E)
			c = c - 0xFF01 + '!';
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (!is_blank(c))
			out[n++] = c;
	}
	return n;
}

double
text_similarity(const char *a, size_t a_length, const char *b, size_t b_length)
{
	uint32_t left[SIMILARITY_CHARACTERS];
	uint32_t right[SIMILARITY_CHARACTERS];
	bool used[SIMILARITY_CHARACTERS] = {false};
	size_t n = fold(a, a_length, left);
	size_t m = fold(b, b_length, right);
	size_t common = 0;

	if (n == 0 || m == 0)
		return 0;
	if (n == 1 || m == 1)
		return n == m && left[0] == right[0] ? 1 : 0;
	for (size_t i = 0; i + 1 < n; i++)
		for (size_t j = 0; j + 1 < m; j++)
			if (!used[j] && left[i] == right[j] && left[i + 1] == right[j + 1])
			{
				used[j] = true;
				common++;
				break;
			}
	return 2.0 * common / (n + m - 2);
}
