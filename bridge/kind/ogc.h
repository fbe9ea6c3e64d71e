/*
 * OGC API Features at the bridge (parts 1, 2 and 3): GET /ogc/..., the same behind a sealed base.
 *
 *   ogc.c            the kinds: JSON or HTML, exceptions, where addresses begin
 *   ogc_document.c   landing page, conformance classes, description of the interface: made here, of web/ogc/
 *   ogc_page.c       a document, whoever made it, as HTML
 *
 * Collections and features are documents of the extension (rest_ogc_...), which the JSON reply is as it stands.
 *
 *   base   where all addresses of a reply begin: <public_url>/ogc, or <public_url>/ogc/s/<sealed>
 */
#ifndef BRIDGE_OGC_H
#define BRIDGE_OGC_H

#include <jansson.h>

#include "base/text.h"
#include "base/words.h"
#include "request/request.h"

/* Where the addresses of the reply begin, in the request's memory; NULL: public_url is not configured. */
extern const char *OgcBase(Request *request);

/* The language of what is told. */
extern Language OgcLanguage(const Request *request);

/* Documents at `base`, which is sealed or not; new references. `collections` (borrowed) is what rest_ogc_api() has told of the caller's,
 * NULL: nobody is known. */
extern json_t *OgcLanding(const char *base, Language language);
extern json_t *OgcConformance(void);
extern json_t *OgcApi(const char *base, bool sealed, Language language, const json_t *collections);

/* What ogc_document.c reads: started and stopped with the pages. */
extern void OgcDocumentsStart(void);
extern void OgcDocumentsStop(void);

/* Reads words and templates; gives them back. */
extern void OgcPagesStart(void);
extern void OgcPagesStop(void);

/* Appends the document as a page. */
extern void OgcPage(Request *request, const json_t *document, Text *text);

/* Appends the page of a refusal. */
extern void OgcErrorPage(Request *request, unsigned http, const char *code, const char *description, Text *text);

/* The policy under which a browser shows the pages (Content Security Policy 3). */
extern const char *OgcPolicy(Request *request);

#endif
