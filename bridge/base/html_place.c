/*
 * The places of an HTML document: one step a byte. Not a parser of HTML: it follows quotes, tags and the two
 * elements whose content is not markup, which is what decides whether escaping is enough.
 */
#include "base/html_place.h"

#include <string.h>

static void
AddLetter(char name[HTML_NAME], char letter)
{
	size_t length = strlen(name);

	if (length < HTML_NAME - 1)
	{
		name[length] = letter;
		name[length + 1] = '\0';
	}
}

/* Elements in which < and & mean themselves, so that escaping would change what is written and protect
 * nothing. */
static bool
IsRaw(const char *element)
{
	return strcmp(element, "script") == 0 || strcmp(element, "style") == 0;
}

/* Begins a tag: its name follows. */
static void
OpenTag(HtmlScan *scan)
{
	*scan = (HtmlScan){.place = HTML_TAG};
}

/* A byte between < and >. */
static void
InTag(HtmlScan *scan, char byte)
{
	bool blank = byte == ' ' || byte == '\t' || byte == '\n';

	if (blank || byte == '>')
	{
		if (scan->element[0] == '\0')
			strcpy(scan->element, scan->name);
		scan->name[0] = '\0';
	}
	if (byte == '>')
		scan->place = IsRaw(scan->element) && !scan->closing ? HTML_RAW : HTML_TEXT;
	else if (byte == '"' || byte == '\'')
	{
		scan->place = byte == '"' ? HTML_DOUBLE : HTML_SINGLE;
		scan->value = 0;
	}
	else if (byte == '/' && scan->element[0] == '\0')
		scan->closing = true;
	else if (!blank && byte != '=')
		AddLetter(scan->name, byte);
}

void
HtmlMove(HtmlScan *scan, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		char byte = text[i];

		if (scan->place == HTML_TEXT && byte == '<')
			OpenTag(scan);
		else if (scan->place == HTML_RAW && byte == '<' && i + 1 < length && text[i + 1] == '/')
			OpenTag(scan);
		else if (scan->place == HTML_TAG)
			InTag(scan, byte);
		else if ((scan->place == HTML_DOUBLE && byte == '"') || (scan->place == HTML_SINGLE && byte == '\''))
		{
			scan->place = HTML_TAG;
			scan->name[0] = '\0';
		}
		else
			scan->value++;
	}
}

const char *
HtmlRefusesValue(const HtmlScan *scan)
{
	static const char *const addresses[] = {"href", "src", "action", "formaction"};

	if (scan->place == HTML_RAW)
		return "a value must not stand in <script> or <style>";
	if (scan->place == HTML_TAG)
		return "a value in a tag must stand in the quotes of an attribute";
	if (scan->place == HTML_TEXT)
		return NULL;
	if (strncmp(scan->name, "on", 2) == 0 || strcmp(scan->name, "style") == 0)
		return "a value must not stand in a handler or a style";
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		if (scan->value == 0 && strcmp(scan->name, addresses[i]) == 0)
			return "an address must not begin with a value, which could begin with javascript:";
	return NULL;
}
