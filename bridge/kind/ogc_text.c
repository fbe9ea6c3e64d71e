/* Values and addresses of documents of OGC API Features as texts of pages; see ogc_text.h. */
#include "kind/ogc_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SHOWN_TEXT 600 /* bytes of a geometry that are shown */

const char *
OgcString(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* JSON as text without what stands around it, cut where it is long. */
static json_t *
Printed(const json_t *value, size_t around)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	size_t length = text == NULL ? 0 : strlen(text);
	bool cut = length > SHOWN_TEXT && json_is_array(value);
	json_t *printed;

	if (length < 2 * around)
		around = 0;
	length = (cut ? SHOWN_TEXT : length - around) - around;
	printed = json_sprintf("%.*s%s", (int) length, text == NULL ? "" : text + around, cut ? " ..." : "");
	free(text);
	return printed;
}

json_t *
OgcText(const json_t *value)
{
	if (json_is_string(value))
		return json_copy((json_t *) value);
	return value == NULL || json_is_null(value) ? json_string("") : Printed(value, 0);
}

json_t *
OgcGeometry(const json_t *geometry, bool whole)
{
	const char *type = OgcString(geometry, "type");
	const json_t *coordinates = json_object_get(geometry, "coordinates");
	json_t *printed, *text;

	if (type == NULL)
		return json_string("");
	if (strcmp(type, "Point") == 0)
		return Printed(coordinates, 1);
	if (!whole || coordinates == NULL)
		return json_string(type);
	printed = Printed(coordinates, 0);
	text = json_sprintf("%s %s", type, json_string_value(printed));
	json_decref(printed);
	return text;
}

json_t *
OgcAddress(const char *address, const char *form)
{
	static const char scheme[] = "https://";
	Text text = {NULL, 0, 0};
	json_t *made;
	size_t length;

	if (address == NULL || strncmp(address, scheme, sizeof(scheme) - 1) != 0)
		return json_null();
	address += sizeof(scheme) - 1;
	length = strcspn(address, "?");
	TextAdd(&text, address, length);
	address += length;
	for (char mark = '?'; *address != '\0'; address += length)
	{
		address++;
		length = strcspn(address, "&");
		if (length == 0 || strncmp(address, "f=", 2) == 0)
			continue;
		TextPrint(&text, "%c%.*s", mark, (int) length, address);
		mark = '&';
	}
	TextPrint(&text, "%cf=%s", memchr(text.bytes, '?', text.length) == NULL ? '?' : '&', form);
	made = json_stringn(text.bytes, text.length);
	TextClear(&text);
	return made;
}

json_t *
OgcLinkAddress(const json_t *document, const char *relation, const char *form)
{
	json_t *link;
	size_t i;

	json_array_foreach(json_object_get(document, "links"), i, link)
	{
		const char *rel = OgcString(link, "rel");

		if (rel != NULL && strcmp(rel, relation) == 0)
			return OgcAddress(OgcString(link, "href"), form);
	}
	return json_null();
}
