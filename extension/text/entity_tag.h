/*
 * Entity tags (RFC 9110 8.8.3, 13.1.2) in plain C over (buffer, length): no palloc, no ereport. What is in
 * If-None-Match is decided here alone, by both programs.
 */
#ifndef CBD_ENTITY_TAG_H
#define CBD_ENTITY_TAG_H

#include <stdbool.h>

#include "text/span.h"

/*
 * Is the tag in the header If-None-Match? Weak comparison: W/ counts nowhere. `tag` is the opaque part,
 * without quotes. "*" is every tag. What is no tag, one without both quotes too, is passed over.
 */
extern bool EntityTagListed(Span header, Span tag);

/* The opaque part of a tag as it stands in the header ETag; empty: it is none. */
extern Span EntityTagOpaque(Span etag);

#endif
