/* Names as parts of a JSON pointer; see json_pointer.h. */
#include "text/json_pointer.h"

size_t
JsonPointerPart(const char *name, size_t length, char *out)
{
	size_t used = 0;

	out[used++] = '/';
	for (size_t i = 0; i < length; i++)
		if (name[i] == '~' || name[i] == '/')
		{
			out[used++] = '~';
			out[used++] = name[i] == '~' ? '0' : '1';
		}
		else
			out[used++] = name[i];
	out[used] = '\0';
	return used;
}
