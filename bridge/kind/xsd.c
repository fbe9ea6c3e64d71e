/*
 * The W3C XML Schema (1.0) of a resource's replies, from the catalogue's document of it: what xml.c makes of
 * them. Fields may be left out (fields=) and come in any order, so an item is an xs:all; null is xsi:nil.
 */
#include "kind/xsd.h"

#include <stdio.h>
#include <string.h>

#define INDENT "      "

/* Names declared in one xs:all: each may stand there once. */
typedef struct Declared
{
	json_t *names;
	Text *text;
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

static void
AddElement(Declared *declared, const char *name, const char *type, const json_t *field)
{
	const char *words[] = {json_string_value(json_object_get(field, "titleZh")),
						   json_string_value(json_object_get(field, "title")),
						   json_string_value(json_object_get(field, "description"))};
	Text *text = declared->text;

	if (json_object_get(declared->names, name) != NULL)
		return;
	json_object_set_new(declared->names, name, json_true());
	TextPrint(text, INDENT "<xs:element name=\"%s\" type=\"%s\" minOccurs=\"0\" nillable=\"true\">", name,
			  type);
	TextAddString(text, "<xs:annotation><xs:documentation>");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i] != NULL && (i == 0 || words[i - 1] == NULL || strcmp(words[i], words[i - 1]) != 0))
		{
			TextAddHtml(text, words[i], strlen(words[i]));
			TextAddString(text, " ");
		}
	TextAddString(text, "</xs:documentation></xs:annotation></xs:element>\n");
}

/* An item: the fields, a point's coordinates, the names of codes. */
static void
AddItem(Text *text, const json_t *fields)
{
	static const char *const place[] = {"longitude", "latitude", "coordinateX", "coordinateY"};
	Declared declared = {json_object(), text};
	json_t *field;
	char name[160];
	size_t i;

	TextAddString(text, "  <xs:complexType name=\"item\">\n    <xs:all>\n");
	json_array_foreach(fields, i, field)
		AddElement(&declared, json_string_value(json_object_get(field, "name")), TypeName(field), field);
	json_array_foreach(fields, i, field)
	{
		if (json_is_true(json_object_get(field, "isPlace")))
			for (size_t n = 0; n < sizeof(place) / sizeof(place[0]); n++)
				AddElement(&declared, place[n], "xs:double", field);
		if (json_is_string(json_object_get(field, "codeTable")))
		{
			snprintf(name, sizeof(name), "%sName", json_string_value(json_object_get(field, "name")));
			AddElement(&declared, name, "xs:string", field);
		}
	}
	TextAddString(text, "    </xs:all>\n  </xs:complexType>\n");
	json_decref(declared.names);
}

static void
AddCodeTables(Text *text, const json_t *fields)
{
	json_t *field;
	size_t i;

	TextAddString(text, "  <xs:complexType name=\"codeTables\">\n    <xs:all>\n");
	json_array_foreach(fields, i, field)
	{
		if (json_is_string(json_object_get(field, "codeTable")))
			TextPrint(text, INDENT "<xs:element name=\"%s\" type=\"xs:string\" minOccurs=\"0\"/>\n",
					  json_string_value(json_object_get(field, "name")));
	}
	TextAddString(text, "    </xs:all>\n  </xs:complexType>\n");
}

/* A page, or the errors. */
static void
AddData(Text *text)
{
	TextAddString(
		text,
		"  <xs:complexType name=\"data\">\n    <xs:choice>\n      <xs:sequence>\n"
		"        <xs:element name=\"items\">\n          <xs:complexType>\n            <xs:sequence>\n"
		"              <xs:element name=\"item\" type=\"item\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n"
		"            </xs:sequence>\n          </xs:complexType>\n        </xs:element>\n"
		"        <xs:element name=\"nextCursor\" type=\"xs:string\" nillable=\"true\"/>\n");
	TextAddString(
		text, "        <xs:element name=\"totalCount\" type=\"xs:long\" minOccurs=\"0\"/>\n"
			  "        <xs:element name=\"countMethod\" type=\"xs:string\" minOccurs=\"0\"/>\n"
			  "        <xs:element name=\"codeTables\" type=\"codeTables\"/>\n      </xs:sequence>\n"
			  "      <xs:element name=\"errors\" type=\"errors\"/>\n    </xs:choice>\n  </xs:complexType>\n");
}

void
XsdWrite(Text *text, const json_t *document)
{
	const json_t *fields = json_object_get(document, "fields");
	const char *code = json_string_value(json_object_get(document, "code"));
	const char *title = json_string_value(json_object_get(document, "titleZh"));
	bool published = json_is_array(fields); /* events and its like are not pages of fields */

	TextAddString(text,
				  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xs:schema "
				  "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n  <xs:annotation><xs:documentation>");
	TextAddHtml(text, code, strlen(code));
	TextAddString(text, " ");
	TextAddHtml(text, title == NULL ? "" : title, title == NULL ? 0 : strlen(title));
	TextAddString(text, "</xs:documentation></xs:annotation>\n  <xs:element name=\"response\">\n    "
						"<xs:complexType>\n      <xs:sequence>\n"
						"        <xs:element name=\"success\" type=\"xs:boolean\"/>\n        <xs:element "
						"name=\"code\" type=\"xs:int\"/>\n"
						"        <xs:element name=\"statusCode\" type=\"xs:int\"/>\n        <xs:element "
						"name=\"message\" type=\"xs:string\"/>\n"
						"        <xs:element name=\"requestId\" type=\"xs:string\"/>\n");
	TextPrint(text, "        <xs:element name=\"data\" type=\"%s\" nillable=\"true\"/>\n",
			  published ? "data" : "xs:anyType");
	TextAddString(text, "      </xs:sequence>\n    </xs:complexType>\n  </xs:element>\n");
	if (published)
	{
		AddData(text);
		AddItem(text, fields);
		AddCodeTables(text, fields);
		TextAddString(text, "  <xs:complexType name=\"errors\">\n    <xs:sequence>\n      <xs:element "
							"name=\"item\" minOccurs=\"0\" maxOccurs=\"unbounded\">\n"
							"        <xs:complexType>\n          <xs:sequence>\n            <xs:element "
							"name=\"pointer\" type=\"xs:string\"/>\n"
							"            <xs:element name=\"statusCode\" type=\"xs:int\"/>\n            "
							"<xs:element name=\"message\" type=\"xs:string\"/>\n"
							"          </xs:sequence>\n        </xs:complexType>\n      </xs:element>\n    "
							"</xs:sequence>\n  </xs:complexType>\n");
		TextAddString(text,
					  "  <xs:simpleType name=\"time\">\n    <xs:annotation><xs:documentation>yyyyMMddHHmmss, "
					  "or Unix seconds (timeFormat=unix)</xs:documentation></xs:annotation>\n"
					  "    <xs:restriction base=\"xs:string\">\n      <xs:pattern value=\"-?[0-9]+\"/>\n    "
					  "</xs:restriction>\n  </xs:simpleType>\n");
	}
	TextAddString(text, "</xs:schema>\n");
}
