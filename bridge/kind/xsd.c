/*
 * The W3C XML Schema (1.0) of a resource's replies, from the catalogue's document of it: what xml.c makes of
 * them. Fields may be left out (fields=) and come in any order, so an item is an xs:all; null is xsi:nil.
 */
#include "kind/document.h"
#include "kind/kinds.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply/envelope.h"
#include "reply/xml.h"
#include "wire/status_codes.h"

/* An element: its type (NULL: declared inside it), and how often it may stand there (NULL: once). */
typedef struct Declaration
{
	const char *name, *type;
	bool may_be_null;
	const char *least, *most;
} Declaration;

/* Names declared in one xs:all: each may stand there once. */
typedef struct Declared
{
	json_t *names;
	XmlDocument *xsd;
} Declared;

static const char *
TypeName(const json_t *field)
{
	static const char *const names[][2] = {{"integer", "xs:integer"}, {"number", "xs:double"},
										   {"boolean", "xs:boolean"}, {"time", "time"},
										   {"day", "time"},           {"array", "xs:anyType"},
										   {"json", "xs:anyType"},    {"geometry", "xs:anyType"}};
	const char *type = json_string_value(json_object_get(field, "type"));

	for (size_t i = 0; type != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], type) == 0)
			return names[i][1];
	return "xs:string";
}

/* Opens elements inside each other; XmlClose() is due for each. */
static void
Open(XmlDocument *xsd, const char *const *elements, int count)
{
	for (int i = 0; i < count; i++)
		XmlOpen(xsd, elements[i]);
}

static void
Close(XmlDocument *xsd, int count)
{
	for (int i = 0; i < count; i++)
		XmlClose(xsd);
}

/* Opens xs:complexType or xs:simpleType with a name. */
static void
OpenNamed(XmlDocument *xsd, const char *element, const char *name)
{
	XmlOpen(xsd, element);
	XmlAttribute(xsd, "name", name);
}

static void
OpenElement(XmlDocument *xsd, const Declaration *element)
{
	OpenNamed(xsd, "xs:element", element->name);
	if (element->type != NULL)
		XmlAttribute(xsd, "type", element->type);
	if (element->least != NULL)
		XmlAttribute(xsd, "minOccurs", element->least);
	if (element->most != NULL)
		XmlAttribute(xsd, "maxOccurs", element->most);
	if (element->may_be_null)
		XmlAttribute(xsd, "nillable", "true");
}

static void
AddElements(XmlDocument *xsd, const Declaration *elements, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		OpenElement(xsd, &elements[i]);
		XmlClose(xsd);
	}
}

/* Documents the open element, and closes `closing` elements, all on one line. */
static void
Describe(XmlDocument *xsd, const char *text, int closing)
{
	XmlOpen(xsd, "xs:annotation");
	xmlTextWriterSetIndent(xsd->writer, 0);
	XmlOpen(xsd, "xs:documentation");
	xmlTextWriterWriteString(xsd->writer, (const xmlChar *) text);
	Close(xsd, 2 + closing);
	xmlTextWriterWriteRaw(xsd->writer, (const xmlChar *) "\n");
	xmlTextWriterSetIndent(xsd->writer, 1);
}

static void
AddField(Declared *declared, const char *name, const char *type, const json_t *field)
{
	const char *words[] = {json_string_value(json_object_get(field, "titleZh")),
						   json_string_value(json_object_get(field, "title")),
						   json_string_value(json_object_get(field, "description"))};
	Text text = {NULL, 0, 0};

	if (json_object_get(declared->names, name) != NULL)
		return;
	json_object_set_new(declared->names, name, json_true());
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i] != NULL && (i == 0 || words[i - 1] == NULL || strcmp(words[i], words[i - 1]) != 0))
			TextPrint(&text, "%s ", words[i]);
	OpenElement(declared->xsd, &(Declaration){name, type, true, "0", NULL});
	xmlTextWriterSetIndent(declared->xsd->writer, 0);
	Describe(declared->xsd, text.bytes == NULL ? "" : text.bytes, 1);
	free(text.bytes);
}

/* An item: the fields, a point's coordinates, the names of codes. */
static void
AddItem(XmlDocument *xsd, const json_t *fields)
{
	static const char *const place[] = {"longitude", "latitude", "coordinateX", "coordinateY"};
	Declared declared = {json_object(), xsd};
	json_t *field;
	char name[160];
	size_t i;

	OpenNamed(xsd, "xs:complexType", "item");
	XmlOpen(xsd, "xs:all");
	json_array_foreach(fields, i, field)
		AddField(&declared, json_string_value(json_object_get(field, "name")), TypeName(field), field);
	json_array_foreach(fields, i, field)
	{
		if (json_is_true(json_object_get(field, "isPlace")))
			for (size_t n = 0; n < sizeof(place) / sizeof(place[0]); n++)
				AddField(&declared, place[n], "xs:double", field);
		if (json_is_string(json_object_get(field, "codeTable")))
		{
			snprintf(name, sizeof(name), "%sName", json_string_value(json_object_get(field, "name")));
			AddField(&declared, name, "xs:string", field);
		}
	}
	Close(xsd, 2);
	json_decref(declared.names);
}

static void
AddCodeTables(XmlDocument *xsd, const json_t *fields)
{
	json_t *field;
	size_t i;

	OpenNamed(xsd, "xs:complexType", "codeTables");
	XmlOpen(xsd, "xs:all");
	json_array_foreach(fields, i, field) if (json_is_string(json_object_get(field, "codeTable"))) AddElements(
		xsd, &(Declaration){json_string_value(json_object_get(field, "name")), "xs:string", false, "0", NULL},
		1);
	Close(xsd, 2);
}

/* A page, or the errors. */
static void
AddData(XmlDocument *xsd)
{
	static const char *const outer[] = {"xs:choice", "xs:sequence"};
	static const char *const inner[] = {"xs:complexType", "xs:sequence"};
	static const Declaration item = {"item", "item", false, "0", "unbounded"};
	static const Declaration rest[] = {{"nextCursor", "xs:string", true, NULL, NULL},
									   {"totalCount", "xs:long", false, "0", NULL},
									   {"countMethod", "xs:string", false, "0", NULL},
									   {"codeTables", "codeTables", false, NULL, NULL}};
	static const Declaration errors = {"errors", "errors", false, NULL, NULL};

	OpenNamed(xsd, "xs:complexType", "data");
	Open(xsd, outer, 2);
	OpenNamed(xsd, "xs:element", "items");
	Open(xsd, inner, 2);
	AddElements(xsd, &item, 1);
	Close(xsd, 3);
	AddElements(xsd, rest, sizeof(rest) / sizeof(rest[0]));
	XmlClose(xsd); /* xs:sequence */
	AddElements(xsd, &errors, 1);
	Close(xsd, 2);
}

static void
AddErrors(XmlDocument *xsd)
{
	static const char *const inner[] = {"xs:complexType", "xs:sequence"};
	static const Declaration item = {"item", NULL, false, "0", "unbounded"};
	static const Declaration members[] = {{"pointer", "xs:string", false, NULL, NULL},
										  {"statusCode", "xs:int", false, NULL, NULL},
										  {"message", "xs:string", false, NULL, NULL}};

	OpenNamed(xsd, "xs:complexType", "errors");
	XmlOpen(xsd, "xs:sequence");
	OpenElement(xsd, &item);
	Open(xsd, inner, 2);
	AddElements(xsd, members, sizeof(members) / sizeof(members[0]));
	Close(xsd, 5);
}

static void
AddTime(XmlDocument *xsd)
{
	OpenNamed(xsd, "xs:simpleType", "time");
	Describe(xsd, "yyyyMMddHHmmss, or Unix seconds (timeFormat=unix)", 0);
	XmlOpen(xsd, "xs:restriction");
	XmlAttribute(xsd, "base", "xs:string");
	XmlOpen(xsd, "xs:pattern");
	XmlAttribute(xsd, "value", "-?[0-9]+");
	Close(xsd, 3);
}

/* The envelope; its data is xs:anyType where no page of fields is answered. */
static void
AddResponse(XmlDocument *xsd, bool published)
{
	static const char *const inner[] = {"xs:complexType", "xs:sequence"};
	const Declaration members[] = {{"success", "xs:boolean", false, NULL, NULL},
								   {"code", "xs:int", false, NULL, NULL},
								   {"statusCode", "xs:int", false, NULL, NULL},
								   {"message", "xs:string", false, NULL, NULL},
								   {"requestId", "xs:string", false, NULL, NULL},
								   {"data", published ? "data" : "xs:anyType", true, NULL, NULL}};

	OpenNamed(xsd, "xs:element", "response");
	Open(xsd, inner, 2);
	AddElements(xsd, members, sizeof(members) / sizeof(members[0]));
	Close(xsd, 3);
}

static void
WriteSchema(Text *text, const json_t *document)
{
	const json_t *fields = json_object_get(document, "fields");
	const char *title = json_string_value(json_object_get(document, "titleZh"));
	bool published = json_is_array(fields); /* events and its like are not pages of fields */
	Text name = {NULL, 0, 0};
	XmlDocument xsd;

	TextPrint(&name, "%s %s", json_string_value(json_object_get(document, "code")),
			  title == NULL ? "" : title);
	if (!XmlBegin(&xsd, "UTF-8"))
		abort(); /* as everywhere when memory ends */
	xmlTextWriterSetIndent(xsd.writer, 1);
	xmlTextWriterSetIndentString(xsd.writer, (const xmlChar *) "  ");
	XmlOpen(&xsd, "xs:schema");
	XmlAttribute(&xsd, "xmlns:xs", "http://www.w3.org/2001/XMLSchema");
	Describe(&xsd, name.bytes, 0);
	AddResponse(&xsd, published);
	if (published)
	{
		AddData(&xsd);
		AddItem(&xsd, fields);
		AddCodeTables(&xsd, fields);
		AddErrors(&xsd);
		AddTime(&xsd);
	}
	XmlEnd(&xsd, text);
	free(name.bytes);
}

/* The schema of what rest_resource has told: citybigdata.resource_document(). */
static void
WriteTold(Request *request, Text *text)
{
	json_t *document = json_loadb(request->data.text, request->data.length, 0, NULL);

	WriteSchema(text, document);
	json_decref(document);
}

/* Kind.make */
static void
XsdMake(Request *request, Reply *reply)
{
	if (request->status == CBD_OK)
		DocumentReplyMade(request, reply, "application/xml; charset=utf-8", "xsd", WriteTold);
	else
		EnvelopeMake(request, reply);
}

const Kind kind_xsd = {.name = "xsd",
					   .formats = FORMATS_ENVELOPE,
					   .tagged = true,
					   .document = true,
					   .make = XsdMake,
					   .headers = DocumentHeaders};
