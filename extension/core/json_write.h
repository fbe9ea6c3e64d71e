/*
 * Writing JSON (RFC 8259) into a StringInfo: without format strings, which cost more than the rest. Texts are
 * UTF-8; NULL gives null.
 */
#ifndef CBD_JSON_WRITE_H
#define CBD_JSON_WRITE_H

#include "postgres.h"
#include "lib/stringinfo.h"

extern void JsonString(StringInfo out, const char *text);                  /* with quotes and escapes */
extern void JsonName(StringInfo out, const char *name);                    /* "name": */
extern void JsonField(StringInfo out, const char *name, const char *text); /* both; the comma where needed */
extern void JsonInt(StringInfo out, int64 value);

/* Takes the blanks between the tokens of a valid JSON text out, in place: PostgreSQL's json functions write
 * some. NULL stays NULL. */
extern char *JsonCompact(char *text);

#endif
