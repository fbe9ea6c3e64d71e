/*
 * Words: what people read, in the languages of the platform. A file of words is JSON in which a text is
 * ["English", "中文"]; WordsIn() takes one language out of it.
 */
#ifndef BRIDGE_WORDS_H
#define BRIDGE_WORDS_H

#include <jansson.h>
#include <stdbool.h>

typedef enum Language
{
	ENGLISH,
	CHINESE,
	LANGUAGES
} Language;

/* The one of the two that is in the language. */
extern const char *Say(Language language, const char *english, const char *chinese);

/* A file of bridge/web/ that is compiled in, parsed: a new reference. The process ends, with the line said on
 * standard error, when it is not JSON. */
extern json_t *WordsLoad(const char *file, const char *text);

/* Is it ["English", "中文"], neither empty? */
extern bool IsWord(const json_t *value);

/* A copy in which every text is a string in the language; a new reference. */
extern json_t *WordsIn(const json_t *words, Language language);

#endif
