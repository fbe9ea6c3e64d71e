/* Writing JSON; see json_write.h. Escapes are PostgreSQL's own (escape_json). */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/json.h"

#include "core/json_write.h"

#define INT64_DIGITS 20 /* with the sign */

void
JsonString(StringInfo out, const char *text)
{
	if (text == NULL)
		appendStringInfoString(out, "null");
	else
		escape_json(out, text);
}

void
JsonField(StringInfo out, const char *name, const char *text)
{
	char last = out->len > 0 ? out->data[out->len - 1] : '{';

	if (last != '{' && last != '[' && last != ',')
		appendStringInfoChar(out, ',');
	JsonName(out, name);
	JsonString(out, text);
}

void
JsonName(StringInfo out, const char *name)
{
	appendStringInfoChar(out, '"');
	appendStringInfoString(out, name);
	appendStringInfoString(out, "\":");
}

void
JsonInt(StringInfo out, int64 value)
{
	char digits[INT64_DIGITS + 1];

	appendBinaryStringInfo(out, digits, pg_lltoa(value, digits));
}

char *
JsonCompact(char *text)
{
	char *out = text;
	bool quoted = false;

	if (text == NULL)
		return NULL;
	for (const char *in = text; *in != '\0'; in++)
	{
		if (*in == '"')
			quoted = !quoted;
		else if (!quoted && (*in == ' ' || *in == '\n'))
			continue;
		else if (quoted && *in == '\\')
			*out++ = *in++; /* what is escaped comes with it */
		*out++ = *in;
	}
	*out = '\0';
	return text;
}
