/*
 * Templates: the file up to the first NUL, the data as JSON behind it. Whatever the file is, it is refused
 * with a message or shown inside its bounds; what comes with the data has no markup once it is in a page.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/template.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Characters that mean something in HTML. */
static size_t
CountMarkup(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += strchr("<>\"'", *text) != NULL;
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *input = malloc(size + 1);
	const char *file = input;
	size_t length;
	TemplateError error = {""};
	Templates *templates;
	json_t *words, *values;
	Text text = {NULL, 0, 0};

	memcpy(input, data, size);
	input[size] = '\0';
	length = strlen(file);
	words = json_loads("{\"lang\": \"zh\"}", 0, NULL);
	templates = TemplatesParse((TemplateFile[]){{"page.html", file}, {"part.html", "{{#a}}{{b}}{{/a}}"}}, 2,
							   words, &error);
	values = length < size ? json_loadb(input + length + 1, size - length - 1, 0, NULL) : NULL;
	CHECK((templates == NULL) == (error.text[0] != '\0'));
	if (templates != NULL && json_is_object(values))
	{
		bool good = TemplateRender(templates, "page.html", values, words, &text, &error);

		CHECK(good == (error.text[0] == '\0'));
		if (CountMarkup(file) == 0 && text.bytes != NULL)
			CHECK(CountMarkup(text.bytes) == 0);
	}
	free(text.bytes);
	json_decref(values);
	json_decref(words);
	TemplatesFree(templates);
	free(input);
	return 0;
}
