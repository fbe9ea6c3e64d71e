/* Array literals; see array_literal.h. */
#include "text/array_literal.h"

size_t
ArrayElement(const char *element, size_t length, char *out)
{
	size_t used = 0;

	if (out[-1] != '{')
		out[used++] = ',';
	out[used++] = '"';
	for (size_t i = 0; i < length; i++)
	{
		if (element[i] == '"' || element[i] == '\\')
			out[used++] = '\\';
		out[used++] = element[i];
	}
	out[used++] = '"';
	return used;
}
