/*
 * The envelope as XML (5.4.1): root <response>, an object's members as elements of their names, the elements
 * of a list as <item>, null as xsi:nil. A name that XML does not allow gets "_" for each such character.
 */
#ifndef BRIDGE_XML_H
#define BRIDGE_XML_H

#include "reply/reply.h"

/* Replaces the JSON text by XML that declares `encoding`, still as UTF-8; false: memory, and the text stays.
 */
extern bool XmlFromJson(Text *json, const char *encoding);

#endif
