/*
 * Pages: templates and words together. Both languages are made of one file of words when the program starts,
 * so that a page takes no look at the other language while it is written.
 */
#include "base/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "text/base64.h"
#include "text/crypto.h"

void
PagesStart(Pages *pages, const char *folder, const TemplateFile *files, int count, const char *words)
{
	TemplateError error;
	char file[64];
	json_t *both;

	snprintf(file, sizeof(file), "%spage.json", folder);
	both = WordsLoad(file, words);
	pages->folder = folder;
	for (int i = 0; i < LANGUAGES; i++)
		pages->words[i] = WordsIn(both, (Language) i);
	json_decref(both);
	pages->templates = TemplatesParse(files, count, pages->words[ENGLISH], &error);
	if (pages->templates == NULL)
	{
		fprintf(stderr, "bridge/web/%s%s\n", folder, error.text);
		exit(1);
	}
}

void
PagesStop(Pages *pages)
{
	TemplatesFree(pages->templates);
	pages->templates = NULL;
	for (int i = 0; i < LANGUAGES; i++)
		json_decref(pages->words[i]);
}

const char *
PageWord(const Pages *pages, Language language, const char *group, const char *name, const char *otherwise)
{
	const char *word =
		json_string_value(json_object_get(json_object_get(pages->words[language], group), name));

	return word == NULL ? otherwise : word;
}

bool
PagesWrite(const Pages *pages, const char *file, Language language, json_t *data, Text *text)
{
	TemplateError error;
	bool good = TemplateRender(pages->templates, file, data, pages->words[language], text, &error);

	if (!good)
		LogEvent(LOG_ERROR, NULL, "bridge/web/%s%s", pages->folder, error.text);
	json_decref(data);
	return good;
}

/* Browsers take the digest of the bytes between the tags: that is the file as it stands, which {{{…}}} puts
 * there. */
void
PageHash(char hash[PAGE_HASH], const char *text)
{
	unsigned char digest[DIGEST_MAX];

	if (!DigestBytes(DIGEST_SHA256, text, strlen(text), digest))
		abort(); /* SHA-256 of memory cannot fail */
	Base64Text(digest, DigestSize(DIGEST_SHA256), BASE64, stpcpy(hash, "sha256-"));
}
