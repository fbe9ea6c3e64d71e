/*
 * Documents of OGC API Features as pages for people. Which parts a page has follows from the members of the
 * document, whoever made it.
 */
#ifndef BRIDGE_OGC_PAGE_H
#define BRIDGE_OGC_PAGE_H

#include <jansson.h>

#include "base/text.h"
#include "request/request.h"

/* Reads words and templates; gives them back. */
extern void OgcPagesStart(void);
extern void OgcPagesStop(void);

/* Appends the document as a page, whose addresses begin with `base`. */
extern void OgcPage(Request *request, const char *base, const json_t *document, Text *text);

/* Appends the page of a refusal. */
extern void OgcErrorPage(Request *request, unsigned http, const char *code, const char *description,
						 Text *text);

/* The policy under which a browser shows the pages (Content Security Policy 3). */
extern const char *OgcPolicy(Request *request);

#endif
