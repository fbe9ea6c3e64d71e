/* multipart/form-data (RFC 7578) cut into its fields, in place. Plain C over (buffer, length), no allocation.
 */
#ifndef BRIDGE_MULTIPART_H
#define BRIDGE_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/target.h"

typedef struct Multipart
{
	const char *body;
	size_t length;
	char delimiter[76]; /* CR LF -- boundary */
	size_t delimiter_length;
	size_t at;
	Span charset;      /* that the part now read declares; text NULL: none */
	bool file;         /* it has a file name: its value is bytes of any sort */
	const char *error; /* what is wrong at byte `at`; NULL: nothing */
} Multipart;

/* The value of a parameter of a header line: name="value" or name=value; false when it is not there. */
extern bool HeaderParameter(Span line, const char *wanted, Span *value);

/* Takes the boundary from the Content-Type; false when there is none. */
extern bool MultipartStart(Multipart *parts, const char *content_type, const char *body, size_t length);

/* The next field. False at the end, or with `error` set. The byte after a value is one of the delimiter and
 * may be overwritten. */
extern bool MultipartNext(Multipart *parts, Span *name, Span *value);

#endif
