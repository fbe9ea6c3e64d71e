/*
 * Entity tags (RFC 9110 8.8.3, 13.1.2) in plain C over (buffer, length): no palloc, no ereport. What is in
 * If-None-Match is decided here alone, by both programs.
 */
#ifndef CBD_ENTITY_TAG_H
#define CBD_ENTITY_TAG_H

#include <stdbool.h>

#include "text/span.h"

/*
 * Is the tag in the list of an If-None-Match header? Weak comparison: W/ counts nowhere. `tag` is the opaque
 * part, without quotes. "*" is every tag. The list is read leniently: a tag may stand without its quotes, and
 * blanks join as commas do.
 */
extern bool EntityTagListed(Span list, Span tag);

#endif
