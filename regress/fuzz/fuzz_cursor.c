/* Page cursors: any text; keys lie inside the cursor and end, and what is accepted as base64 is the only text
 * of its bytes. */
#include <stdlib.h>
#include <string.h>

#include "data/cursor_parse.h"
#include "text/base64.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text read to its end. */
static void
ReadAll(const char *text, size_t size)
{
	CursorText *cursor = malloc(sizeof(CursorText));
	CursorKey key;
	size_t before;

	if (cursor_open(cursor, text, size))
	{
		char *again = malloc(BASE64_SIZE(cursor->length + CURSOR_TAG));

		CHECK(cursor->length + CURSOR_TAG <= sizeof(cursor->bytes));
		CHECK(Base64Text(cursor->bytes, cursor->length + CURSOR_TAG, BASE64_URL, again) == size &&
			  memcmp(again, text, size) == 0);
		free(again);
		for (before = cursor->at; cursor_next(cursor, &key); before = cursor->at)
		{
			CHECK(cursor->at > before && cursor->at <= cursor->length);
			if (key.form == KEY_TEXT)
				CHECK(key.text >= (char *) cursor->bytes &&
					  key.text + key.length <= (char *) cursor->bytes + cursor->length);
		}
	}
	free(cursor);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size > 0 ? size : 1); /* exactly as long: reading past the end is seen */
	char *made = malloc(BASE64_SIZE(size + 1));
	unsigned char *bytes = malloc(size + 1);

	if (size > 0)
	{
		memcpy(text, data, size);
		memcpy(bytes + 1, data, size);
	}
	ReadAll(text, size);
	/* the same as bytes of a cursor, so that keys are reached */
	bytes[0] = CURSOR_FORM;
	ReadAll(made, Base64Text(bytes, size + 1, BASE64_URL, made));
	free(text);
	free(made);
	free(bytes);
	return 0;
}
