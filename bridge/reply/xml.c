/* JSON text written as XML by libxml2's writer. */
#include "reply/xml.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"

#define DEPTH_LIMIT 256 /* our own replies are far from that deep */

typedef struct Writing
{
	XmlDocument document;
	Text scratch; /* decoded strings */
} Writing;

bool
XmlBegin(XmlDocument *document, const char *encoding)
{
	document->buffer = xmlBufferCreate();
	document->writer = document->buffer == NULL ? NULL : xmlNewTextWriterMemory(document->buffer, 0);
	if (document->writer == NULL)
	{
		xmlBufferFree(document->buffer);
		return false;
	}
	/* not by xmlTextWriterStartDocument(), which would convert as well */
	xmlTextWriterWriteFormatRaw(document->writer, "<?xml version=\"1.0\" encoding=\"%s\"?>\n", encoding);
	return true;
}

void
XmlEnd(XmlDocument *document, Text *text)
{
	xmlTextWriterEndDocument(document->writer);
	xmlFreeTextWriter(document->writer);
	text->length = 0;
	TextAdd(text, (const char *) xmlBufferContent(document->buffer),
			(size_t) xmlBufferLength(document->buffer));
	xmlBufferFree(document->buffer);
}

void
XmlOpen(XmlDocument *document, const char *element)
{
	xmlTextWriterStartElement(document->writer, (const xmlChar *) element);
}

void
XmlClose(XmlDocument *document)
{
	xmlTextWriterEndElement(document->writer);
}

void
XmlAttribute(XmlDocument *document, const char *name, const char *value)
{
	xmlTextWriterWriteAttribute(document->writer, (const xmlChar *) name, (const xmlChar *) value);
}

/* A string literal decoded, NUL-terminated, with ? or U+FFFD for the characters that XML cannot hold. */
static const xmlChar *
Decoded(Writing *writing, Span literal)
{
	Text *scratch = &writing->scratch;
	size_t length;

	scratch->length = 0;
	TextAdd(scratch, literal.text, literal.length);
	length = JsonUnescape(scratch->bytes, literal.length, scratch->bytes);
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) scratch->bytes[i];

		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			scratch->bytes[i] = '?';
		else if (c == 0xEF && (unsigned char) scratch->bytes[i + 1] == 0xBF &&
				 (unsigned char) scratch->bytes[i + 2] >= 0xBE)
			scratch->bytes[i + 2] = (char) 0xBD; /* U+FFFE, U+FFFF */
	}
	scratch->bytes[length] = '\0';
	return (const xmlChar *) scratch->bytes;
}

/* 5.4.2-a: a letter or underscore, then letters, digits, underscores. False: the key is another name. */
static bool
XmlName(Span literal, char *name, size_t size)
{
	size_t length = literal.length < 2 ? 0 : literal.length - 2;
	size_t used = 0;

	for (size_t i = 0; i < length && used < size - 2; i++)
	{
		char c = literal.text[i + 1];
		bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
		bool digit = c >= '0' && c <= '9';

		if (used == 0 && !letter)
			name[used++] = '_';
		if (letter || digit)
			name[used++] = c;
		else if (used > 1 || i > 0)
			name[used++] = '_';
	}
	if (used == 0)
		name[used++] = '_';
	name[used] = '\0';
	return used == length && memcmp(name, literal.text + 1, used) == 0;
}

/* A JSON value as an element of that name; deeper than our own replies are, it is left empty. `key`: the
 * literal of a key that is no such name, which an attribute keeps; no bytes: there is none. */
static void
WriteValue(Writing *writing, const char *element, Span key, Span value, int depth)
{
	static const Span no_key = {NULL, 0};
	Span name, inner;
	size_t at = 1;
	bool object = value.text[0] == '{';
	char inner_name[128] = "item";

	XmlOpen(&writing->document, element);
	if (key.length > 0)
		XmlAttribute(&writing->document, "key", (const char *) Decoded(writing, key));
	if (value.text[0] == 'n')
		XmlAttribute(&writing->document, "xsi:nil", "true");
	else if (value.text[0] == '"')
		xmlTextWriterWriteString(writing->document.writer, Decoded(writing, value));
	else if (!object && value.text[0] != '[')
	{
		char *text = strndup(value.text, value.length);

		if (text != NULL)
			xmlTextWriterWriteString(writing->document.writer, (const xmlChar *) text);
		free(text);
	}
	else if (depth < DEPTH_LIMIT)
		while (JsonNext(value.text, value.length, &at, object, &name, &inner))
		{
			bool kept = !object || XmlName(name, inner_name, sizeof(inner_name));

			WriteValue(writing, inner_name, kept ? no_key : name, inner, depth + 1);
		}
	XmlClose(&writing->document);
}

bool
XmlFromJson(Text *json, const char *encoding)
{
	Writing writing = {.scratch = {NULL, 0, 0}};
	Span name, value;
	size_t at = 1;
	char element[128];

	if (!XmlBegin(&writing.document, encoding))
		return false;
	XmlOpen(&writing.document, "response");
	XmlAttribute(&writing.document, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
	while (JsonNext(json->bytes, json->length, &at, true, &name, &value))
	{
		(void) XmlName(name, element, sizeof(element));
		WriteValue(&writing, element, (Span){NULL, 0}, value, 0);
	}
	XmlEnd(&writing.document, json);
	TextClear(&writing.scratch);
	return true;
}
