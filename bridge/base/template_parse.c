/*
 * Reading template files: tags are cut out one after the other, each is compared with what it names, and the
 * place of the document is followed beside them. The first mistake ends it.
 */
#include "base/template_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/html_place.h"
#include "text/span.h"

#define DEPTH 16 /* of sections in sections, and of templates in templates */

/* A tag as it stands: {{kind name}}. */
typedef struct Written
{
	char sign; /* one of #^/>!{ or 0 for a value */
	const char *start, *end;
	const char *name;
	size_t length;
	bool alone; /* on its line */
} Written;

/* A file that is being read. */
typedef struct Parser
{
	Templates *templates;
	TemplateSource *source;
	const json_t *words;
	HtmlScan scan;
	int open[DEPTH]; /* sections: their tags, and where they began */
	HtmlPlace places[DEPTH];
	int depth;
	TemplateError *error;
} Parser;

int
TemplateFind(const Templates *templates, const char *name, size_t length)
{
	for (int i = 0; i < templates->count; i++)
		if (SpanIs((Span){name, length}, templates->sources[i].file.name))
			return i;
	return -1;
}

void
TemplateComplain(TemplateError *error, const TemplateSource *source, const char *at, const char *format, ...)
{
	va_list values;
	int line = 1, length;

	for (const char *c = source->file.text; c < at; c++)
		line += *c == '\n';
	length = snprintf(error->text, sizeof(error->text), "%.100s line %d: ", source->file.name, line);
	va_start(values, format);
	vsnprintf(error->text + length, sizeof(error->text) - (size_t) length, format, values);
	va_end(values);
}

#define WRONG(parser, at, ...) (TemplateComplain((parser)->error, (parser)->source, at, __VA_ARGS__), false)

/* A new tag at the end of the file's; the pointer holds until the next one is added. */
static TemplateTag *
AddTag(TemplateSource *source, TagKind kind, const char *name, size_t length)
{
	if (source->count == source->room)
	{
		source->room = source->room == 0 ? 32 : source->room * 2;
		source->tags = Reallocate(source->tags, (size_t) source->room * sizeof(TemplateTag));
	}
	source->tags[source->count] = (TemplateTag){.kind = kind, .name = name, .length = length};
	return &source->tags[source->count++];
}

/* Markup between two tags: kept where it is, and followed, so that the place of the next tag is known. */
static void
AddLiteral(Parser *parser, const char *start, const char *end)
{
	if (end > start)
		AddTag(parser->source, TAG_LITERAL, start, (size_t) (end - start));
	HtmlMove(&parser->scan, start, (size_t) (end - start));
}

/* The tag whose braces open at `start`. */
static bool
ReadTag(Parser *parser, const char *start, Written *tag)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	const char *at = start + 2;
	const char *close;

	*tag = (Written){.start = start};
	if (*at != '\0' && strchr("#^/>!{", *at) != NULL)
		tag->sign = *at++;
	close = strstr(at, tag->sign == '{' ? "}}}" : "}}");
	if (close == NULL)
		return WRONG(parser, start, "a tag is not closed");
	tag->end = close + (tag->sign == '{' ? 3 : 2);
	at += strspn(at, " ");
	tag->name = at;
	tag->length = strspn(at, letters);
	if (tag->sign == '!')
		return true;
	if (tag->length == 0 || at + tag->length + strspn(at + tag->length, " ") != close)
		return WRONG(parser, start, "a name has letters, digits and \"._-\", not \"%.*s\"",
					 (int) (close - at < 40 ? close - at : 40), at);
	return true;
}

/* Does the tag stand alone on its line? Then *start and *end become those of the line; `from` is where the
 * tag before it ended. */
static bool
AloneOnLine(const Parser *parser, const Written *tag, const char *from, const char **start, const char **end)
{
	const char *before = tag->start, *behind = tag->end + strspn(tag->end, " \t");

	while (before > from && (before[-1] == ' ' || before[-1] == '\t'))
		before--;
	if (tag->sign == 0 || (*behind != '\n' && *behind != '\0'))
		return false;
	if (before != parser->source->file.text && before[-1] != '\n')
		return false;
	*start = before;
	*end = *behind == '\n' ? behind + 1 : behind;
	return true;
}

/* {{#name}} or {{^name}}. What is between it and its end may be left out or repeated, so both must stand in
 * the same place of the document: a quote that opens in a section closes in it. */
static bool
OpenSection(Parser *parser, const Written *tag)
{
	if (parser->depth == DEPTH)
		return WRONG(parser, tag->start, "sections are nested deeper than %d", DEPTH);
	parser->open[parser->depth] = parser->source->count;
	parser->places[parser->depth++] = parser->scan.place;
	AddTag(parser->source, tag->sign == '#' ? TAG_SECTION : TAG_INVERTED, tag->name, tag->length);
	return true;
}

/* {{/name}}: the name is written again so that a forgotten end is told where it is, not at the end of the
 * file. */
static bool
CloseSection(Parser *parser, const Written *tag)
{
	TemplateTag *section;

	if (parser->depth == 0)
		return WRONG(parser, tag->start, "{{/%.*s}} closes nothing", (int) tag->length, tag->name);
	section = &parser->source->tags[parser->open[--parser->depth]];
	if (section->length != tag->length || memcmp(section->name, tag->name, tag->length) != 0)
		return WRONG(parser, tag->start, "{{/%.*s}} where {{/%.*s}} must stand", (int) tag->length, tag->name,
					 (int) section->length, section->name);
	if (parser->places[parser->depth] != parser->scan.place)
		return WRONG(parser, tag->start, "{{/%.*s}} ends in another place of the document than it began",
					 (int) tag->length, tag->name);
	section->end = parser->source->count;
	return true;
}

/* A value or a word: it must stand where escaping is enough. */
static bool
TakeValue(Parser *parser, const Written *tag)
{
	const char *refused = HtmlRefusesValue(&parser->scan);
	bool word = tag->length > WORD_LENGTH && strncmp(tag->name, "word.", WORD_LENGTH) == 0;

	if (refused != NULL)
		return WRONG(parser, tag->start, "%s", refused);
	if (word &&
		!json_is_string(json_object_getn(parser->words, tag->name + WORD_LENGTH, tag->length - WORD_LENGTH)))
		return WRONG(parser, tag->start, "there is no word \"%.*s\"", (int) tag->length - WORD_LENGTH,
					 tag->name + WORD_LENGTH);
	if (!word && tag->length > 1 && memchr(tag->name, '.', tag->length) != NULL)
		return WRONG(parser, tag->start, "only words have a dot in their name");
	AddTag(parser->source, word ? TAG_WORD : TAG_VALUE, tag->name, tag->length)->text =
		parser->scan.place == HTML_TEXT;
	parser->scan.value++;
	return true;
}

/* {{>file}} or {{{file}}}. A template starts in text when it is read by itself, so it may only be put into
 * text. A plain file is followed like markup: a style that contained </style> would end in another place. */
static bool
TakeFile(Parser *parser, const Written *tag)
{
	int file = TemplateFind(parser->templates, tag->name, tag->length);
	HtmlPlace place = parser->scan.place;
	bool plain = tag->sign == '{';
	TemplateTag *added;

	if (file < 0 || parser->templates->sources[file].file.plain != plain)
		return WRONG(parser, tag->start, "there is no %s \"%.*s\"", plain ? "plain file" : "template",
					 (int) tag->length, tag->name);
	added = AddTag(parser->source, plain ? TAG_PLAIN : TAG_PARTIAL, tag->name, tag->length);
	added->file = file;
	added->alone = tag->alone;
	if (plain)
		HtmlMove(&parser->scan, parser->templates->sources[file].file.text,
				 strlen(parser->templates->sources[file].file.text));
	if (parser->scan.place != place || (!plain && place != HTML_TEXT))
		return WRONG(parser, tag->start, "%.*s must begin and end in text, outside tags", (int) tag->length,
					 tag->name);
	return true;
}

static bool
TakeTag(Parser *parser, const Written *tag)
{
	switch (tag->sign)
	{
		case '#':
		case '^':
			return OpenSection(parser, tag);
		case '/':
			return CloseSection(parser, tag);
		case '>':
		case '{':
			return TakeFile(parser, tag);
		case '!':
			return true;
		default:
			return TakeValue(parser, tag);
	}
}

/* One file from its beginning to its end. The last line end has a tag of its own, so that a template in the
 * middle of a line can be shown without it. */
static bool
ParseSource(Parser *parser)
{
	const char *from = parser->source->file.text;
	const char *start, *end;
	Written tag;

	while ((start = strstr(from, "{{")) != NULL)
	{
		if (!ReadTag(parser, start, &tag))
			return false;
		end = tag.end;
		tag.alone = AloneOnLine(parser, &tag, from, &start, &end);
		AddLiteral(parser, from, start);
		if (!TakeTag(parser, &tag))
			return false;
		from = end;
	}
	end = from + strlen(from);
	parser->source->line_end = end > from && end[-1] == '\n';
	AddLiteral(parser, from, end - parser->source->line_end);
	AddLiteral(parser, end - parser->source->line_end, end);
	if (parser->depth > 0)
	{
		const TemplateTag *section = &parser->source->tags[parser->open[parser->depth - 1]];

		return WRONG(parser, section->name, "{{#%.*s}} is not closed", (int) section->length, section->name);
	}
	return parser->scan.place == HTML_TEXT || WRONG(parser, end, "the file ends in the middle of a tag");
}

/* Are templates in templates at most DEPTH deep? A circle never is. */
static bool
Ends(const Templates *templates, int file, int depth)
{
	const TemplateSource *source = &templates->sources[file];

	for (int i = 0; i < source->count; i++)
		if (source->tags[i].kind == TAG_PARTIAL &&
			(depth == DEPTH || !Ends(templates, source->tags[i].file, depth + 1)))
			return false;
	return true;
}

Templates *
TemplatesParse(const TemplateFile *files, int count, const json_t *words, TemplateError *error)
{
	Templates *templates = Allocate(sizeof(*templates));
	bool good = true;

	templates->count = count;
	templates->sources = Allocate((size_t) count * sizeof(TemplateSource));
	for (int i = 0; i < count; i++)
		templates->sources[i] = (TemplateSource){files[i], NULL, 0, 0};
	for (int i = 0; i < count && good; i++)
	{
		Parser parser = {
			.templates = templates, .source = &templates->sources[i], .words = words, .error = error};

		good = files[i].plain || ParseSource(&parser);
	}
	for (int i = 0; i < count && good; i++)
		if (!Ends(templates, i, 0))
			good =
				(TemplateComplain(error, &templates->sources[i], files[i].text, "it contains itself"), false);
	if (good)
		return templates;
	TemplatesFree(templates);
	return NULL;
}

void
TemplatesFree(Templates *templates)
{
	if (templates == NULL)
		return;
	for (int i = 0; i < templates->count; i++)
		free(templates->sources[i].tags);
	free(templates->sources);
	free(templates);
}
