/*
 * Base64 (RFC 4648) in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL header.
 *
 * Reading is strict: padding as it is written, unused bits zero, nothing else, so that each value has one
 * text; a cursor or a sealed address could otherwise be had in several spellings. OpenSSL writes; its decoder
 * is not used, since it trims blanks, takes "=" in any place and does not say where the text is wrong.
 */
#ifndef CBD_BASE64_H
#define CBD_BASE64_H

#include <stddef.h>

/* Alphabets of RFC 4648. */
typedef enum Base64Form
{
	BASE64,        /* + and /, padded */
	BASE64_BLANKS, /* the same; in reading, blanks and line breaks are skipped */
	BASE64_URL     /* - and _, not padded (section 5) */
} Base64Form;

/* Room for the text of `length` bytes with the closing NUL, and for the bytes of a text. */
#define BASE64_SIZE(length)  (((length) + 2) / 3 * 4 + 1)
#define BASE64_BYTES(length) (((length) + 3) / 4 * 3)

/* Writes at most 1 GB with a closing NUL: out[BASE64_SIZE(length)]. Returns the length of the text. */
extern size_t Base64Text(const void *bytes, size_t length, Base64Form form, char *out);

/*
 * Reads into out[BASE64_BYTES(length)], which may be `text` itself. Returns the number of bytes; -1: it is
 * not of the form, and *offset (may be NULL) is the first wrong byte of the text, or length when it ends too
 * early or its last character has unused bits.
 */
extern ptrdiff_t Base64Bytes(const char *text, size_t length, Base64Form form, unsigned char *out,
							 size_t *offset);

#endif
