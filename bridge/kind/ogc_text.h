/*
 * Values and addresses of documents of OGC API Features as the texts that pages show: JSON strings, for the
 * data of templates. New references; documents are borrowed.
 */
#ifndef BRIDGE_OGC_TEXT_H
#define BRIDGE_OGC_TEXT_H

#include <jansson.h>
#include <stdbool.h>

/* The string member of that name; NULL: there is none. */
extern const char *OgcString(const json_t *object, const char *name);

/* A property as the text of a cell; "" of null. */
extern json_t *OgcText(const json_t *value);

/* A geometry: the place of a point, the type of all else; with `whole` their coordinates too. */
extern json_t *OgcGeometry(const json_t *geometry, bool whole);

/* What stands behind https:// in an address, with f=<form> as its last parameter; null: it is none of ours.
 */
extern json_t *OgcAddress(const char *address, const char *form);

/* The address of the document's link with that relation, as that form; null: there is none. */
extern json_t *OgcLinkAddress(const json_t *document, const char *relation, const char *form);

#endif
