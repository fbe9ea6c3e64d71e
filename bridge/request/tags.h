/*
 * Entity tags of If-None-Match (RFC 9110 8.8.3, 13.1.2), compared weakly: W/ means nothing. What is no tag,
 * one without quotes too, is passed over.
 */
#ifndef BRIDGE_TAGS_H
#define BRIDGE_TAGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "text/span.h"

/* Takes the next tag off *header, without W/ and quotes; false at the end. "*" is one. */
extern bool TagNext(const char **header, Span *tag);

/* Is the tag, as it stands in an ETag header, in the list? NULL: there is no list. */
extern bool TagListed(const char *header, const char *tag);

/* All tags of the list without W/ and quotes, separated by blanks. */
extern const char *TagsPlain(Arena *arena, const char *header);

#endif
