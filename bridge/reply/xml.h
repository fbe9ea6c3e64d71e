/*
 * XML by libxml2's writer; all XML of the bridge goes through here.
 *
 * The envelope as XML (5.4.1): root <response>, an object's members as elements of their names, the elements
 * of a list as <item>, null as xsi:nil. A name that XML does not allow gets "_" for each such character.
 */
#ifndef BRIDGE_XML_H
#define BRIDGE_XML_H

#include <stdbool.h>

#include <libxml/xmlwriter.h>

#include "base/text.h"

/* A document being written: what is written goes into memory. */
typedef struct XmlDocument
{
	xmlBufferPtr buffer;
	xmlTextWriterPtr writer;
} XmlDocument;

/* Starts a document with its declaration. The bytes are UTF-8 whatever it declares: charsets are the business
 * of encode.h, whose GB 18030 is of another edition than libxml2's. False: memory; nothing is to be given
 * back. */
extern bool XmlBegin(XmlDocument *document, const char *encoding);

/* Closes what is open, puts the document in place of the text, and gives it back. */
extern void XmlEnd(XmlDocument *document, Text *text);

extern void XmlOpen(XmlDocument *document, const char *element);
extern void XmlClose(XmlDocument *document);
extern void XmlAttribute(XmlDocument *document, const char *name, const char *value);

/* Replaces the JSON text by XML that declares `encoding`, still as UTF-8; false: memory, and the text stays.
 */
extern bool XmlFromJson(Text *json, const char *encoding);

#endif
