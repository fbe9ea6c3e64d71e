/*
 * Templates: the files of web/ that become pages. They are HTML with tags of Mustache, without logic; what is
 * shown is a value of jansson that C code made.
 *
 *   {{name}}                  the value of that name, escaped; it is a string or an integer
 *   {{.}}                     the value that the section goes over, escaped
 *   {{word.name}}             a word of the page in its language, escaped; `what stands so` in it becomes
 * <code>
 *   {{#name}} … {{/name}}     section: not at all when the value is false, null, "" or []; once an element of
 * an array; else once
 *   {{^name}} … {{/name}}     the opposite: once where the section would not be
 *   {{>file}}                 another template, with the same values
 *   {{{file}}}                another file as it stands: style, script, text of ours
 *   {{! note }}               nothing
 *
 * A line on which one tag of section, file or note stands alone is left out of the page, so that templates
 * can be indented and read. A template in the middle of a line loses its last line end.
 *
 * It is stricter than Mustache, so that a mistake is found when the program starts, not by a reader:
 *   - Names belong to the innermost object; those of the objects around it are not seen. A name that is not
 * given at all is an error, in a section too; what may be missing is given as null.
 *   - Nothing that comes with the data can get into a page unescaped: {{{…}}} names files that are compiled
 * in.
 *   - A value stands only where escaping makes it harmless: in text, or in an attribute with quotes
 * (html_place.h). A section ends in the place of the document where it began.
 *   - Words, files and the nesting of sections are compared when the files are read.
 *
 * Flow: TemplatesParse() at start-up, once for all languages; TemplateRender() from any thread afterwards.
 */
#ifndef BRIDGE_TEMPLATE_H
#define BRIDGE_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

/* A file of web/, compiled in (embed.h). Names and texts are kept as they are: they must be constants. */
typedef struct TemplateFile
{
	const char *name; /* letters, digits and "._-"; under it tags and errors call it */
	const char *text;
	bool plain; /* no template: for {{{name}}} only */
} TemplateFile;

typedef struct Templates Templates;

/* What is wrong and where: "page.html line 3: …". */
typedef struct TemplateError
{
	char text[256];
} TemplateError;

/* Reads `count` files; `words` (borrowed for the call) is an object of strings. NULL with *error filled. */
extern Templates *TemplatesParse(const TemplateFile *files, int count, const json_t *words,
								 TemplateError *error);
extern void TemplatesFree(Templates *templates);

/*
 * Appends the page that the file and the data, an object, make. False with *error filled when data are
 * missing or of the wrong kind; the page is then written all the same, without them.
 */
extern bool TemplateRender(const Templates *templates, const char *file, const json_t *data,
						   const json_t *words, Text *text, TemplateError *error);

#endif
