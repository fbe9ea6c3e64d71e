/* Opting out by a reply: the words; see sms_reply.h. Plain C: no palloc, no ereport, no PostgreSQL header. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "sms/sms_reply_word.h"
#include "text/clean_text.h"

#define LONGEST 64 /* bytes; a longer text says something else */

/* What handsets send to be left alone; with or without 回复 before it. */
static const char *const words[] = {"T",        "TD",       "退订", "退訂",        "TUIDING",
									"取消订阅", "不再接收", "STOP", "UNSUBSCRIBE", "拒收"};

/* The length without what stands behind a word: blanks and marks. */
static size_t
WithoutMarks(const char *text, size_t length)
{
	static const char *const marks[] = {" ", ".", "!",  "。", "！", "\"", "”",
										"’", "'", "\n", "\r", "\t", "、", ","};
	bool found = true;

	while (found && length > 0)
	{
		found = false;
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && !found; i++)
		{
			size_t size = strlen(marks[i]);

			if (length >= size && memcmp(text + length - size, marks[i], size) == 0)
			{
				length -= size;
				found = true;
			}
		}
	}
	return length;
}

bool
SmsOptOut(const char *text, size_t length)
{
	char plain[LONGEST];
	size_t start;
	const char *at = plain;

	length = text_trim(text, length, &start);
	if (length == 0 || length > LONGEST)
		return false;
	length = text_half_width(text + start, length, plain);
	length = WithoutMarks(plain, length);
	for (size_t i = 0; i < 2; i++)
	{
		const char *prefix = i == 0 ? "回复" : "回";

		if (length > strlen(prefix) && memcmp(at, prefix, strlen(prefix)) == 0)
		{
			at += strlen(prefix);
			length -= strlen(prefix);
			break;
		}
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == length && strncasecmp(words[i], at, length) == 0)
			return true;
	return false;
}
