/* Formulas in CSV; see csv_guard.h. */
#include "text/csv_guard.h"

#include <string.h>

bool
CsvNeedsGuard(const char *text, size_t length)
{
	static const char wide[][4] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
								   "\xEF\xBC\xA0"}; /* = + - @ */

	if (length == 0)
		return false;
	if (memchr("=+-@\t\r\n'", text[0], 8) != NULL)
		return true;
	for (size_t i = 0; length >= 3 && i < sizeof(wide) / sizeof(wide[0]); i++)
		if (memcmp(text, wide[i], 3) == 0)
			return true;
	return false;
}
