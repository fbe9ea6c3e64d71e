/*
 * The documents of OGC API Features that are made here. All addresses in them begin with a base:
 * <public_url>/ogc, or <public_url>/ogc/s/<sealed>. New references.
 */
#ifndef BRIDGE_OGC_DOCUMENT_H
#define BRIDGE_OGC_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/words.h"

/* Reads the texts of web/ogc/; gives them back. */
extern void OgcDocumentsStart(void);
extern void OgcDocumentsStop(void);

extern json_t *OgcLanding(const char *base, Language language);
extern json_t *OgcConformance(void);

/* The description of the interface (OpenAPI 3.0). `sealed`: the base is. `collections` (borrowed): the
 * caller's, as rest_ogc_api() tells them; NULL: nobody is known. */
extern json_t *OgcApi(const char *base, bool sealed, Language language, const json_t *collections);

#endif
