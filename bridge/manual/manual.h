/*
 * The interface manual 接口说明书 (clause A.1): GET /openapi.json and GET /docs. Without a credential the
 * platform's endpoints, made once at start; with one the resources that rest_manual() tells are added to a
 * reply of its own.
 */
#ifndef BRIDGE_MANUAL_H
#define BRIDGE_MANUAL_H

#include "manual/messages.h"
#include "request/kind.h"

/* Makes both languages; after DigestStart(), before the first worker. */
extern void ManualStart(void);
extern void ManualStop(void);
/* After a change of the configuration: the address of the platform stands in the documents. */
extern void ManualReload(void);

/* --print-openapi: the platform's document in English on standard output; false after saying what is not
 * documented. */
extern bool ManualPrint(void);

extern const Kind kind_openapi; /* GET /openapi.json */
extern const Kind kind_manual;  /* GET /docs */

/* manual_page.c: the page of a document, from the templates of web/manual/; between PageStart() and
 * PageStop(). False, with the reason in the log, when it is not whole: a mistake of ours. */
extern bool PageWrite(Text *text, Language language, const json_t *spec);
extern const char *PagePolicy(void); /* its Content-Security-Policy */
extern void PageStart(void);
extern void PageStop(void);

#endif
