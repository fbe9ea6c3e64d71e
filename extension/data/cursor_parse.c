/* Taking cursors apart, in plain C; see cursor_parse.h. Bytes are authentic only after the tag was checked.
 */
#include "data/cursor_parse.h"

#include <string.h>

#include "text/base64.h"

#define HEAD (1 + sizeof(uint32_t)) /* form, version */

bool
cursor_open(CursorText *cursor, const char *text, size_t length)
{
	ptrdiff_t size = length > CURSOR_LIMIT ? -1 : Base64Bytes(text, length, BASE64_URL, cursor->bytes, NULL);

	if (size < (ptrdiff_t) (HEAD + CURSOR_TAG))
		return false;
	memcpy(&cursor->version, cursor->bytes + 1, sizeof(cursor->version));
	cursor->length = (size_t) size - CURSOR_TAG;
	cursor->at = HEAD;
	return cursor->bytes[0] == CURSOR_FORM;
}

/* Takes the next bytes; false: there are not as many. */
static bool
Take(CursorText *cursor, void *out, size_t size)
{
	if (cursor->length - cursor->at < size)
		return false;
	memcpy(out, cursor->bytes + cursor->at, size);
	cursor->at += size;
	return true;
}

bool
cursor_next(CursorText *cursor, CursorKey *key)
{
	unsigned char form;

	if (!Take(cursor, &form, 1) || form > KEY_TEXT)
		return false;
	key->form = (KeyForm) form;
	if (key->form == KEY_NULL)
		return true;
	if (key->form == KEY_BITS)
		return Take(cursor, &key->bits, sizeof(key->bits));
	if (!Take(cursor, &key->length, sizeof(key->length)) || cursor->length - cursor->at < key->length)
		return false;
	key->text = (const char *) cursor->bytes + cursor->at;
	cursor->at += key->length;
	return true;
}

bool
cursor_ended(const CursorText *cursor)
{
	return cursor->at == cursor->length;
}
