/* Names of files in headers; see disposition.h. */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "core/disposition.h"
#include "text/percent.h"

/* Control characters and what separates folders: no part of a file's name. */
static bool
IsForbidden(char c)
{
	return (unsigned char) c < 0x20 || c == 0x7f || c == '/' || c == '\\';
}

char *
Disposition(const char *name, bool in_place)
{
	StringInfoData text;
	char *safe = pstrdup(name);
	size_t length = strlen(safe);

	for (char *c = safe; *c != '\0'; c++)
		if (IsForbidden(*c))
			*c = '_';
	initStringInfo(&text);
	appendStringInfoString(&text, in_place ? "inline; filename=\"" : "attachment; filename=\"");
	for (const char *c = safe; *c != '\0'; c++)
		if ((unsigned char) *c < 0x80)
			appendStringInfoChar(&text, *c == '"' || *c == '%' ? '_' : *c);
		else if ((unsigned char) *c >= 0xc0)
			appendStringInfoChar(&text, '_');
	appendStringInfoString(&text, "\"; filename*=UTF-8''");
	enlargeStringInfo(&text, PERCENT_SIZE(length));
	text.len += PercentText(safe, length, "", text.data + text.len);
	text.data[text.len] = '\0';
	return text.data;
}
