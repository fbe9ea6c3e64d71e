/* multipart/form-data: the boundary from the first line, the body from the rest; fields lie inside the body,
 * in order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/multipart.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t head = line == NULL ? 0 : (size_t) (line - data);
	size_t length = line == NULL ? size : size - head - 1;
	char *type = malloc(head + 1);
	char *body = malloc(length > 0 ? length : 1);
	const char *last = body;
	Multipart parts;
	Span name, value;

	memcpy(type, data, head);
	type[head] = '\0';
	if (length > 0)
		memcpy(body, data + size - length, length);
	if (MultipartStart(&parts, type, body, length))
		while (MultipartNext(&parts, &name, &value))
		{
			CHECK(name.text >= last && name.text + name.length <= value.text);
			CHECK(value.text + value.length < body + length);
			if (parts.charset.text != NULL)
				CHECK(parts.charset.text >= last && parts.charset.text + parts.charset.length <= value.text);
			last = value.text + value.length;
		}
	(void) HeaderParameter((Span){body, length}, "charset", &value);
	free(type);
	free(body);
	return 0;
}
