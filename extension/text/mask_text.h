/*
 * Masking of personal data (clause 6.3, DB11/T 1918): keep a little, put * for the rest, character by
 * character (UTF-8). Plain C: no palloc, no ereport, no PostgreSQL header. The result has as many characters
 * as the value and is at most as long in bytes.
 */
#ifndef CBD_MASK_TEXT_H
#define CBD_MASK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* What of a text stays readable. */
typedef enum MaskKind
{
	MASK_ALL, /* every character */
	MASK_PHONE,
	MASK_NAME,
	MASK_ADDRESS,
	MASK_ID_NUMBER
} MaskKind;

/* The kind by its name: all, phone, name, address, id-number. False: unknown. */
extern bool MaskKindByName(const char *name, size_t length, MaskKind *kind);

/* The masked value into out[length]; returns its bytes. */
extern size_t MaskText(MaskKind kind, const char *text, size_t length, char *out);

/*
 * All but the first `first` and the last `last` characters masked; negative counts as 0. A value of no more
 * than first + last characters would come out whole: it is masked entirely.
 */
extern size_t MaskKeep(const char *text, size_t length, int first, int last, char *out);

#endif
