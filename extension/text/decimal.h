/* Decimal numbers without sign, in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL
 * header. */
#ifndef CBD_DECIMAL_H
#define CBD_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "text/span.h"

#define DECIMAL_DIGITS 18 /* all numbers of that many fit into 64 bits */

/* A text of 1 to `most` digits (at most DECIMAL_DIGITS) and nothing else, as a number. False: it is none, and
 * *number is undefined. */
static inline bool
DecimalRead(Span text, size_t most, int64_t *number)
{
	*number = 0;
	if (text.length == 0 || text.length > most)
		return false;
	for (size_t i = 0; i < text.length; i++)
	{
		if (text.text[i] < '0' || text.text[i] > '9')
			return false;
		*number = *number * 10 + (text.text[i] - '0');
	}
	return true;
}

#endif
