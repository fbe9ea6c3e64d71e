/* Media: any Range header for any size is whole, unsatisfiable or a part inside the medium; any leading bytes
 * have a content type, and no page is shown in place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "media/media_check.h"
#include "media/media_type.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes are the medium's size. */
static void
Range(const char *text, size_t size)
{
	int64_t total = size < 2 ? 0 : (unsigned char) text[0] | (unsigned char) text[1] << 8;
	int64_t first, last;

	if (media_range(size < 2 ? NULL : text + 2, total, &first, &last) == MEDIA_PART)
		CHECK(first >= 0 && first <= last && last < total);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *exact = malloc(size + 1);
	char *text = (char *) exact;
	const char *type;

	if (size > 0)
		memcpy(exact, data, size);
	exact[size] = '\0';
	Range(text, size);
	for (int voice = 0; voice < 2; voice++)
	{
		/* the bytes as content, as a declared type and as a name */
		type = media_content_type(exact, size, text, text, voice != 0);
		CHECK(media_type_valid(type));
		CHECK(!media_shown_in_place(type) ||
			  (strchr(type, '+') == NULL && strncasecmp(type, "text/", 5) != 0));
		CHECK(media_type_valid(media_content_type(exact, size, NULL, text, voice != 0)));
	}
	(void) media_extension(text);
	free(exact);
	return 0;
}
