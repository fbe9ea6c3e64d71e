/* Accept and Accept-Language. */
#include "base/accept.h"
#include "text/span.h"

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
ChoiceIs(const Choice *choice, const char *name)
{
	return SpanIsAnyCase((Span){choice->text, choice->length}, name);
}

const char *const format_names[FORMATS] = {"json", "xml", "csv", "geojson", "ndjson"};

/* The format of a media type other than JSON's; FORMAT_JSON: of none. */
static ReplyFormat
FormatOf(const Choice *choice, bool data)
{
	static const struct
	{
		const char *type;
		ReplyFormat format;
	} types[] = {{"application/xml", FORMAT_XML},
				 {"text/xml", FORMAT_XML},
				 {"text/csv", FORMAT_CSV},
				 {"application/geo+json", FORMAT_GEOJSON},
				 {"application/x-ndjson", FORMAT_NDJSON},
				 {"application/ndjson", FORMAT_NDJSON}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ChoiceIs(choice, types[i].type) && (data || types[i].format == FORMAT_XML))
			return types[i].format;
	return FORMAT_JSON;
}

ReplyFormat
AcceptFormat(const char *accept, bool data)
{
	int best = 0, json = -1, application = -1, any = -1;
	ReplyFormat chosen = FORMAT_JSON;
	const char *at = accept;
	Choice choice;
	int result;

	while ((result = Next(&at, &choice)) > 0)
	{
		ReplyFormat format = FormatOf(&choice, data);

		if (memchr(choice.text, '/', choice.length) == NULL)
			return FORMAT_JSON;
		if (format != FORMAT_JSON && choice.quality > best)
		{
			best = choice.quality;
			chosen = format;
		}
		else if (ChoiceIs(&choice, "application/json"))
			json = choice.quality;
		else if (ChoiceIs(&choice, "application/*"))
			application = choice.quality;
		else if (ChoiceIs(&choice, "*/*"))
			any = choice.quality;
	}
	/* the most particular range that matches JSON counts */
	if (json < 0)
		json = application >= 0 ? application : any;
	return result == 0 && best > json ? chosen : FORMAT_JSON;
}

/* Is it application/json, or a type made of it? */
static bool
IsJson(const Choice *choice)
{
	static const char suffix[] = "+json";
	size_t length = sizeof(suffix) - 1;

	return ChoiceIs(choice, "application/json") ||
		   (choice->length > length &&
			strncasecmp(choice->text + choice->length - length, suffix, length) == 0);
}

/* The quality by the most particular of the ranges that name a type; -1: none does. */
static int
MostParticular(int type, int group, int any)
{
	return type >= 0 ? type : group >= 0 ? group : any;
}

AcceptedPage
AcceptPage(const char *accept)
{
	int json = -1, application = -1, html = -1, text = -1, any = -1;
	bool empty = true;
	Choice choice;
	int result;

	while ((result = Next(&accept, &choice)) > 0)
	{
		int *range = NULL;

		if (IsJson(&choice))
			range = &json;
		else if (ChoiceIs(&choice, "text/html") || ChoiceIs(&choice, "application/xhtml+xml"))
			range = &html;
		else if (ChoiceIs(&choice, "application/*"))
			range = &application;
		else if (ChoiceIs(&choice, "text/*"))
			range = &text;
		else if (ChoiceIs(&choice, "*/*"))
			range = &any;
		if (range != NULL && choice.quality > *range)
			*range = choice.quality;
		empty = false;
	}
	if (result < 0 || empty)
		return ACCEPTS_JSON;
	json = MostParticular(json, application, any);
	html = MostParticular(html, text, any);
	if (html > json && html > 0)
		return ACCEPTS_HTML;
	return json > 0 ? ACCEPTS_JSON : ACCEPTS_NEITHER;
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
		else if (!is_chinese && !ChoiceIs(&choice, "*") && choice.quality > other)
			other = choice.quality;
	}
	return result == 0 && chinese > 0 && (chinese > other || (chinese == other && chinese_first));
}

/*
 * The quality of `name`, which has an alias, against that of `other`, each by itself or by "*"; 0 when the
 * header names neither. False: malformed.
 */
static bool
Compare(const char *header, const char *name, const char *alias, const char *other, int *quality,
		int *other_quality)
{
	int any = 0;
	Choice choice;
	int result;

	*quality = *other_quality = -1;
	while ((result = Next(&header, &choice)) > 0)
		if (ChoiceIs(&choice, name) || ChoiceIs(&choice, alias))
			*quality = choice.quality;
		else if (ChoiceIs(&choice, other))
			*other_quality = choice.quality;
		else if (ChoiceIs(&choice, "*"))
			any = choice.quality;
	if (*quality < 0)
		*quality = any;
	if (*other_quality < 0)
		*other_quality = any;
	return result == 0;
}

bool
AcceptsGb18030(const char *accept_charset)
{
	int gb18030, utf8;

	/* programs that list every charset they know, all alike, get UTF-8 */
	return Compare(accept_charset, "gb18030", "csgb18030", "utf-8", &gb18030, &utf8) && gb18030 > 0 &&
		   gb18030 > utf8;
}

bool
AcceptsGzip(const char *accept_encoding)
{
	int gzip, identity;

	return Compare(accept_encoding, "gzip", "x-gzip", "identity", &gzip, &identity) && gzip > 0 &&
		   gzip >= identity;
}
