/* Accept and Accept-Language. */
#include "accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* An element "text;parameter;q=0.5"; quality in thousandths, 1000 when not given. */
typedef struct Choice
{
	const char *text;
	size_t length;
	int quality;
} Choice;

/* "0", "1", "0.xxx", "1.000"; -1 malformed. */
static int
Quality(const char *text, size_t length)
{
	int quality = 0;
	int scale = 100;

	if (length == 0 || length > 5 || (text[0] != '0' && text[0] != '1') || (length > 1 && text[1] != '.'))
		return -1;
	quality = (text[0] - '0') * 1000;
	for (size_t i = 2; i < length; i++, scale /= 10)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		quality += (text[i] - '0') * scale;
	}
	return quality > 1000 ? -1 : quality;
}

/* Takes the next element. 1: there; 0: end; -1: malformed. */
static int
Next(const char **at, Choice *choice)
{
	size_t length, used;

	*at += strspn(*at, " \t,");
	if (**at == '\0')
		return 0;
	length = strcspn(*at, ",");
	choice->text = *at;
	choice->length = strcspn(*at, ",; \t");
	choice->quality = 1000;
	for (used = choice->length; used < length;)
	{
		const char *parameter = *at + used;
		size_t skipped = strspn(parameter, "; \t");
		size_t size = strcspn(parameter + skipped, ",; \t");

		if (size == 0 && used + skipped < length)
			return -1;
		if (size >= 2 && (parameter[skipped] | 0x20) == 'q' && parameter[skipped + 1] == '=')
			choice->quality = Quality(parameter + skipped + 2, size - 2);
		if (choice->quality < 0)
			return -1;
		used += skipped + size;
	}
	*at += length;
	return choice->length > 0 ? 1 : -1;
}

static bool
Is(const Choice *choice, const char *name)
{
	return strlen(name) == choice->length && strncasecmp(choice->text, name, choice->length) == 0;
}

bool
AcceptsXml(const char *accept)
{
	int xml = 0, json = -1, application = -1, any = -1;
	const char *at = accept;
	Choice choice;
	int result;

	while ((result = Next(&at, &choice)) > 0)
	{
		if (memchr(choice.text, '/', choice.length) == NULL)
			return false;
		if ((Is(&choice, "application/xml") || Is(&choice, "text/xml")) && choice.quality > xml)
			xml = choice.quality;
		else if (Is(&choice, "application/json"))
			json = choice.quality;
		else if (Is(&choice, "application/*"))
			application = choice.quality;
		else if (Is(&choice, "*/*"))
			any = choice.quality;
	}
	/* the most particular range that matches JSON counts */
	if (json < 0)
		json = application >= 0 ? application : any;
	return result == 0 && xml > 0 && xml > json;
}

bool
AcceptsChinese(const char *accept_language)
{
	int chinese = 0, other = 0;
	bool chinese_first = false;
	const char *at = accept_language;
	Choice choice;
	int result;

	while ((result = Next(&at, &choice)) > 0)
	{
		bool is_chinese = choice.length >= 2 && strncasecmp(choice.text, "zh", 2) == 0 &&
						  (choice.length == 2 || choice.text[2] == '-');

		if (is_chinese && choice.quality > chinese)
		{
			chinese = choice.quality;
			chinese_first = chinese > other;
		}
		else if (!is_chinese && !Is(&choice, "*") && choice.quality > other)
			other = choice.quality;
	}
	return result == 0 && chinese > 0 && (chinese > other || (chinese == other && chinese_first));
}
