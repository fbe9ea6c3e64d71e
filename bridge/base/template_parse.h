/* What is made of template files; between template_parse.c, which makes it, and template.c, which shows it.
 */
#ifndef BRIDGE_TEMPLATE_PARSE_H
#define BRIDGE_TEMPLATE_PARSE_H

#include "base/template.h"

#define WORD_LENGTH 5 /* of "word." */

typedef enum TagKind
{
	TAG_LITERAL, /* markup between tags: name and length are the markup itself */
	TAG_VALUE,
	TAG_WORD,
	TAG_SECTION,
	TAG_INVERTED,
	TAG_PARTIAL,
	TAG_PLAIN
} TagKind;

/* Names are places in the file's text. The end of a section has no tag of its own. */
typedef struct TemplateTag
{
	TagKind kind;
	const char *name;
	size_t length;
	int end;    /* sections: number of the tag behind them */
	int file;   /* partial and plain: which */
	bool alone; /* partial: on its line */
	bool text;  /* word: between tags, not in an attribute */
} TemplateTag;

typedef struct TemplateSource
{
	TemplateFile file;
	TemplateTag *tags;
	int count, room;
	bool line_end; /* its last tag is the end of its last line, and nothing else */
} TemplateSource;

struct Templates
{
	TemplateSource *sources;
	int count;
};

/* Number of the file of that name; -1: there is none. */
extern int TemplateFind(const Templates *templates, const char *name, size_t length);

/* Fills *error with file and line of `at`, a place in the source's text, and what is wrong. */
extern void TemplateComplain(TemplateError *error, const TemplateSource *source, const char *at,
							 const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
