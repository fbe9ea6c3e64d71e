/*
 * What a request carries, cut into fields: path, query and body (JSON, form, multipart). A field is a name
 * and a value as they came, decoded; which of them mean something is not known here.
 *
 * Bodies are decoded in place and values point into them: they live as long as the body, or the request's
 * arena. What cannot be cut is refused with the byte at which that is seen, and nothing after it is read.
 */
#ifndef BRIDGE_FIELDS_H
#define BRIDGE_FIELDS_H

#include "request/request.h"

typedef struct Field
{
	Span name;
	char *text; /* NUL-terminated; may be changed */
	size_t length;
	int source; /* enum ParamSource */
	char json;  /* first character of a JSON value: '"' (decoded), '{', '[', 't', digit …; 0: not JSON */
} Field;

/* Is it an object or an array? */
extern bool FieldNested(const Field *field);

/* Is it JSON's true or false? */
extern bool FieldTruth(const Field *field);

/* Gives every field of the request to `take`, in the order in which they came. False after Refuse. */
extern bool FieldsRead(Request *request, void (*take)(Request *request, Field *field));

#endif
