/*
 * What callers are told, in their language: messages of text/message.h for PostgreSQL code.
 *
 *   REST   the call's Accept-Language: Endpoint() sets it, LanguageEnter()
 *   SQL    the setting citybigdata.language
 *
 *   saymsg("there is no working calendar \"%s{code}\"", code)     in ereport(), instead of errmsg(...); the
 *                                                                 same are saydetail() and sayhint()
 *   Said("At most %d{limit}", limit)                              a text in the language in force
 *
 * The setting decides words and nothing else: no code compares what is said, and what is stored is English
 * (SaidIn(false, ...)), or a status code. Lines of the server's log that no caller gets are English:
 * errmsg(). A session whose client encoding has no Chinese characters is told English.
 */
#ifndef CBD_SAY_H
#define CBD_SAY_H

#include "postgres.h"

#include "text/message.h"

/* citybigdata.language */
typedef enum SayLanguage
{
	LANGUAGE_ENGLISH,
	LANGUAGE_CHINESE
} SayLanguage;

/* The language of a call from the bridge, until LanguageLeave() with what this returned. */
extern int LanguageEnter(bool chinese);
extern void LanguageLeave(int before);

/* Is Chinese the language in force? */
extern bool SayChinese(void);

/* A message in the language in force, palloc'd; in one that is named. */
extern char *Said(const char *format, ...) pg_attribute_printf(1, 2);
extern char *SaidIn(bool chinese, const char *format, va_list arguments) pg_attribute_printf(2, 0);

/* The message in both languages (text/message.h), palloc'd: for ErrorAdd(), and for a name with a star. */
extern char *SaidBoth(const char *format, ...) pg_attribute_printf(1, 2);

/* Two texts as one of both languages, palloc'd. */
extern char *SaidPair(const char *english, const char *chinese);

/* One language of a constant message or of a text of both, palloc'd where it is of both. */
extern const char *SaidOf(bool chinese, const char *message);

/* A constant message (MESSAGE()) in the language in force; constant text. Of a status code: SaidStatus(). */
extern const char *SaidText(const char *english);

/* errmsg(), errdetail(), errhint() of a message. */
#define saymsg(...)    errmsg_internal("%s", Said(__VA_ARGS__))
#define saydetail(...) errdetail_internal("%s", Said(__VA_ARGS__))
#define sayhint(...)   errhint("%s", Said(__VA_ARGS__))

#endif
