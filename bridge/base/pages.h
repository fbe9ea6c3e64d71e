/*
 * Pages: what people see in a browser. The markup is templates of web/ (template.h), what they say is a file
 * of words beside them (words.h); C code makes the data. What is wrong with either ends the program when it
 * starts, with file and line on standard error.
 *
 *   PagesStart()  files and words, once          web/consent.html, web/page.json
 *   PagesWrite()  data in one language -> HTML   from any thread
 *   PageHash()    of a style or script, for the Content-Security-Policy
 */
#ifndef BRIDGE_PAGES_H
#define BRIDGE_PAGES_H

#include "base/template.h"
#include "base/text.h"
#include "base/words.h"

typedef struct Pages
{
	const char *folder; /* under bridge/web/, "" or with a slash at its end: for messages */
	Templates *templates;
	json_t *words[LANGUAGES];
} Pages;

/* `words` is the text of page.json in the same folder. */
extern void PagesStart(Pages *pages, const char *folder, const TemplateFile *files, int count,
					   const char *words);
extern void PagesStop(Pages *pages);

/* The word `name` of a group of words, or `otherwise` when there is none. Borrowed. */
extern const char *PageWord(const Pages *pages, Language language, const char *group, const char *name,
							const char *otherwise);

/* Appends the page; takes the data. False when something was missing in them, which is a mistake of ours: the
 * log says what. */
extern bool PagesWrite(const Pages *pages, const char *file, Language language, json_t *data, Text *text);

#define PAGE_HASH 64 /* more than "sha256-", 44 letters of base64 and NUL */

/* 'sha256-…' of an inline style or script, without quotes. */
extern void PageHash(char hash[PAGE_HASH], const char *text);

#endif
