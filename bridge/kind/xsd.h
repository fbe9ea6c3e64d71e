/* XML schema of a published resource: GET /resources/{code}/schema.xsd. */
#ifndef BRIDGE_XSD_H
#define BRIDGE_XSD_H

#include <jansson.h>

#include "reply/reply.h"

/* `document` is citybigdata.resource_document(). */
extern void XsdWrite(Text *text, const json_t *document);

#endif
