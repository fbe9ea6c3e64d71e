/*
 * How a medium is given out, in plain C over texts: its content type, whether a browser may show it in place,
 * the range of bytes that was asked for (RFC 9110, 14). No palloc, no ereport, no PostgreSQL header.
 *
 * A content type comes from the leading bytes where these tell one (media_check.h), else from what was
 * declared, else from the file's name. What a browser could run (HTML, SVG, XML, scripts, PDF) is never shown
 * in place.
 */
#ifndef CBD_MEDIA_TYPE_H
#define CBD_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Served with it, a browser saves the file and shows nothing of it. */
#define MEDIA_TYPE_UNKNOWN "application/octet-stream"

/* Leading bytes that media_sniff() needs. */
#define MEDIA_LEAD 192

/*
 * The content type of a medium. `declared` and `name` may be NULL; `voice`: a container that holds sound or
 * pictures holds sound. The result is constant text, or `declared`.
 */
extern const char *media_content_type(const unsigned char *lead, size_t lead_length, const char *declared,
									  const char *name, bool voice);

/* Is it a content type without parameters (RFC 9110, 8.3.1), of at most 100 characters? */
extern bool media_type_valid(const char *type);

/* May a browser show it in place? Pictures, videos and sound, SVG excepted. */
extern bool media_shown_in_place(const char *type);

/* The usual extension of a file of that type, without the dot; NULL when none is known. */
extern const char *media_extension(const char *type);

/* What a Range header asks for (RFC 9110 14.2). */
typedef enum MediaRange
{
	MEDIA_WHOLE, /* no range, several, another unit, or malformed: the header is ignored */
	MEDIA_PART,  /* *first to *last, both included */
	MEDIA_UNSATISFIABLE
} MediaRange;

/* Reads a Range header (NULL: absent) for a medium of `total` bytes. */
extern MediaRange media_range(const char *header, int64_t total, int64_t *first, int64_t *last);

#endif
