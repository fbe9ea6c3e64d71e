/* Showing templates: the tags of a file in order, with the object whose names are seen. */
#include "base/template.h"

#include <stdio.h>
#include <string.h>

#include "base/template_parse.h"

/* Bytes of a page, about: loops in loops multiply, and no page of ours comes near. */
#define PAGE_MAX (64 * 1024 * 1024)

/* What a file is shown with. */
typedef struct Render
{
	const Templates *templates;
	const TemplateSource *source;
	const json_t *words;
	Text *text;
	TemplateError *error;
	bool good;
} Render;

/* What the tags of a section see. */
typedef struct Scope
{
	const json_t *object; /* innermost: names */
	const json_t *value;  /* {{.}}; NULL outside sections */
} Scope;

static void Show(Render *render, int from, int to, Scope scope);

/* The first mistake is the one that is told. */
static void
Mistake(Render *render, const TemplateTag *tag, const char *what)
{
	if (render->good)
		TemplateComplain(render->error, render->source, tag->name, "{{%.*s}} %s", (int) tag->length,
						 tag->name, what);
	render->good = false;
}

/* The value of a tag's name; NULL after Mistake(). */
static const json_t *
Find(Render *render, const TemplateTag *tag, Scope scope)
{
	const json_t *value = scope.value;

	if (tag->kind == TAG_WORD)
		value = json_object_getn(render->words, tag->name + WORD_LENGTH, tag->length - WORD_LENGTH);
	else if (tag->length != 1 || tag->name[0] != '.')
		value = json_object_getn(scope.object, tag->name, tag->length);
	if (value == NULL)
		Mistake(render, tag, "is not given");
	return value;
}

/* A word of ours: `what stands so` is code. */
static void
ShowWord(Text *text, const char *word)
{
	bool code = false;

	for (const char *accent; (accent = strchr(word, '`')) != NULL; word = accent + 1)
	{
		TextAddHtml(text, word, (size_t) (accent - word));
		TextAddString(text, code ? "</code>" : "<code>");
		code = !code;
	}
	TextAddHtml(text, word, strlen(word));
	TextAddString(text, code ? "</code>" : "");
}

/* {{name}}: only what has one obvious text. A real number would need a decision about its digits, a truth
 * value about its language; whoever makes the data decides both. */
static void
ShowValue(Render *render, const TemplateTag *tag, Scope scope)
{
	const json_t *value = Find(render, tag, scope);

	if (tag->kind == TAG_WORD && tag->text && json_is_string(value))
		ShowWord(render->text, json_string_value(value));
	else if (json_is_string(value))
		TextAddHtml(render->text, json_string_value(value), json_string_length(value));
	else if (json_is_integer(value))
		TextPrint(render->text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (value != NULL)
		Mistake(render, tag, "is neither a string nor an integer");
}

/* Is a section over the value shown at all? */
static bool
IsShown(const json_t *value)
{
	if (json_is_string(value))
		return json_string_length(value) > 0;
	if (json_is_array(value))
		return json_array_size(value) > 0;
	return value != NULL && !json_is_null(value) && !json_is_false(value);
}

/* Once, with the value as {{.}}. An object hides the names of the one around it: {{code}} in a list can not
 * silently become the code of what the list belongs to. */
static void
ShowOnce(Render *render, int from, int to, Scope scope, const json_t *value)
{
	Show(render, from, to, (Scope){json_is_object(value) ? value : scope.object, value});
}

/* {{#name}} and {{^name}} up to their end. */
static void
ShowSection(Render *render, int tag, Scope scope)
{
	const TemplateTag *section = &render->source->tags[tag];
	const json_t *value = Find(render, section, scope);
	json_t *one;
	size_t i;

	if (section->kind == TAG_INVERTED && !IsShown(value))
		Show(render, tag + 1, section->end, scope);
	else if (section->kind == TAG_SECTION && json_is_array(value))
	{
		json_array_foreach(value, i, one) ShowOnce(render, tag + 1, section->end, scope, one);
	}
	else if (section->kind == TAG_SECTION && IsShown(value))
		ShowOnce(render, tag + 1, section->end, scope, value);
}

/* Another template in this one's place. */
static void
ShowPartial(Render *render, int file, bool alone, Scope scope)
{
	const TemplateSource *outer = render->source;

	render->source = &render->templates->sources[file];
	Show(render, 0, render->source->count - (!alone && render->source->line_end), scope);
	render->source = outer;
}

/* The tags from..to-1. */
static void
Show(Render *render, int from, int to, Scope scope)
{
	for (int i = from; i < to; i++)
	{
		const TemplateTag *tag = &render->source->tags[i];

		if (render->text->length > PAGE_MAX)
		{
			Mistake(render, tag, "makes the page too long");
			return;
		}
		switch (tag->kind)
		{
			case TAG_LITERAL:
				TextAdd(render->text, tag->name, tag->length);
				break;
			case TAG_VALUE:
			case TAG_WORD:
				ShowValue(render, tag, scope);
				break;
			case TAG_SECTION:
			case TAG_INVERTED:
				ShowSection(render, i, scope);
				i = tag->end - 1;
				break;
			case TAG_PARTIAL:
				ShowPartial(render, tag->file, tag->alone, scope);
				break;
			case TAG_PLAIN:
				TextAddString(render->text, render->templates->sources[tag->file].file.text);
				break;
		}
	}
}

bool
TemplateRender(const Templates *templates, const char *file, const json_t *data, const json_t *words,
			   Text *text, TemplateError *error)
{
	int number = TemplateFind(templates, file, strlen(file));
	Render render = {templates, NULL, words, text, error, true};

	if (number < 0 || templates->sources[number].file.plain)
	{
		snprintf(error->text, sizeof(error->text), "there is no template %s", file);
		return false;
	}
	ShowPartial(&render, number, true, (Scope){data, NULL});
	return render.good;
}
