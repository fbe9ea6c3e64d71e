/* The look at JSON text before it is parsed; see json_scan.h. */
#include "text/json_scan.h"

/* The offset just after the string whose opening quote is at `at`, or `length` when it does not end. */
static size_t
skip_string(const char *buffer, size_t length, size_t at)
{
	for (at++; at < length && buffer[at] != '"' && buffer[at] != '\0'; at++)
		if (buffer[at] == '\\')
			at++;
	return at < length && buffer[at] == '"' ? at + 1 : at < length ? at : length;
}

JsonScan
json_scan(const char *buffer, size_t length, int max_depth, int max_values, size_t *offset)
{
	int depth = 0;
	int values = 1;
	size_t at = 0;

	while (at < length)
	{
		*offset = at;
		switch (buffer[at])
		{
			case '\0':
				return JSON_SCAN_ZERO_BYTE;
			case '"':
				at = skip_string(buffer, length, at);
				continue;
			case '{':
			case '[':
				if (++depth > max_depth)
					return JSON_SCAN_TOO_DEEP;
				values++;
				break;
			case '}':
			case ']':
				depth--;
				break;
			case ',':
				values++;
				break;
		}
		if (values > max_values)
			return JSON_SCAN_TOO_MANY_VALUES;
		at++;
	}
	return JSON_SCAN_OK;
}
