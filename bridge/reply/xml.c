/* JSON text written as XML by libxml2's writer. */
#include "reply/xml.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"

#define DEPTH_LIMIT 256 /* our own replies are far from that deep */

typedef struct Writing
{
	xmlTextWriterPtr writer;
	Text scratch; /* decoded strings */
} Writing;

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

/* 5.4.2-a: a letter or underscore, then letters, digits, underscores. */
static void
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
}

static void
WriteValue(Writing *writing, const char *element, Span value, int depth)
{
	Span name, inner;
	size_t at = 1;
	bool object = value.text[0] == '{';
	char inner_name[128] = "item";

	xmlTextWriterStartElement(writing->writer, (const xmlChar *) element);
	if (value.text[0] == 'n')
		xmlTextWriterWriteAttribute(writing->writer, (const xmlChar *) "xsi:nil", (const xmlChar *) "true");
	else if (value.text[0] == '"')
		xmlTextWriterWriteString(writing->writer, Decoded(writing, value));
	else if (!object && value.text[0] != '[')
	{
		char *text = strndup(value.text, value.length);

		if (text != NULL)
			xmlTextWriterWriteString(writing->writer, (const xmlChar *) text);
		free(text);
	}
	else if (depth < DEPTH_LIMIT)
		while (JsonNext(value.text, value.length, &at, object, &name, &inner))
		{
			if (object)
				XmlName(name, inner_name, sizeof(inner_name));
			WriteValue(writing, inner_name, inner, depth + 1);
		}
	xmlTextWriterEndElement(writing->writer);
}

bool
XmlFromJson(Text *json, const char *encoding)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	Writing writing = {buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0), {NULL, 0, 0}};
	Span name, value;
	size_t at = 1;
	char element[128];

	if (writing.writer == NULL)
	{
		xmlBufferFree(buffer);
		return false;
	}
	/* not by the writer, which would convert as well, by another edition of the charset */
	xmlTextWriterWriteFormatRaw(writing.writer, "<?xml version=\"1.0\" encoding=\"%s\"?>\n", encoding);
	xmlTextWriterStartElement(writing.writer, (const xmlChar *) "response");
	xmlTextWriterWriteAttribute(writing.writer, (const xmlChar *) "xmlns:xsi",
								(const xmlChar *) "http://www.w3.org/2001/XMLSchema-instance");
	while (JsonNext(json->bytes, json->length, &at, true, &name, &value))
	{
		XmlName(name, element, sizeof(element));
		WriteValue(&writing, element, value, 0);
	}
	xmlTextWriterEndDocument(writing.writer);
	xmlFreeTextWriter(writing.writer);
	json->length = 0;
	TextAdd(json, (const char *) xmlBufferContent(buffer), (size_t) xmlBufferLength(buffer));
	xmlBufferFree(buffer);
	if (writing.scratch.bytes != NULL)
		explicit_bzero(writing.scratch.bytes, writing.scratch.capacity);
	free(writing.scratch.bytes);
	return true;
}
