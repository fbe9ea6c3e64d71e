/*
 * The text of a page cursor in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL header.
 * What the parts mean and whether they are authentic is for cursor.c to say; nothing here trusts them.
 *
 *   cursor = base64url( form version keys tag )
 *   keys   = per order column: kind, then nothing (null), 8 bytes (fixed-size value) or length and text
 */
#ifndef CBD_CURSOR_PARSE_H
#define CBD_CURSOR_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURSOR_FORM  1
#define CURSOR_TAG   16   /* bytes of the tag */
#define CURSOR_LIMIT 6144 /* characters of a cursor */
#define CURSOR_BYTES (CURSOR_LIMIT / 4 * 3 + 3)

/* A cursor decoded: its bytes, and how far they were read. */
typedef struct CursorText
{
	unsigned char bytes[CURSOR_BYTES];
	size_t length; /* of form, version and keys; the tag follows */
	uint32_t version;
	size_t at; /* of the next key */
} CursorText;

/* How a key stands in a cursor: not at all, as the bits of a number or time, as text. */
typedef enum KeyForm
{
	KEY_NULL,
	KEY_BITS,
	KEY_TEXT
} KeyForm;

/* One key of the last row of a page. */
typedef struct CursorKey
{
	KeyForm form;
	uint64_t bits;    /* KEY_BITS */
	const char *text; /* KEY_TEXT: inside the cursor's bytes, not NUL-terminated */
	uint32_t length;
} CursorKey;

/* False: not the text of a cursor of this form. */
extern bool cursor_open(CursorText *cursor, const char *text, size_t length);

/* The next key; false: there is none, or it does not fit into the bytes. */
extern bool cursor_next(CursorText *cursor, CursorKey *key);

/* Have all keys been read, to the last byte? */
extern bool cursor_ended(const CursorText *cursor);

#endif
