/*
 * The interface manual 接口说明书 (clause A.1): GET /openapi.json and GET /docs. Without a credential the
 * platform's endpoints, made once at start; with one the resources that rest_manual() tells are added to a
 * reply of its own.
 */
#ifndef BRIDGE_MANUAL_H
#define BRIDGE_MANUAL_H

#include <microhttpd.h>

#include "reply/reply.h"
#include "manual/messages.h"

/* Makes both languages; after DigestStart(), before the first worker. */
extern void ManualStart(void);
extern void ManualStop(void);
/* After a change of the configuration: the address of the platform stands in the documents. */
extern void ManualReload(void);

/* --print-openapi: the platform's document in English on standard output; false after saying what is not
 * documented. */
extern bool ManualPrint(void);

/* The body of a ROUTE_DOCUMENT that is not refused; 304 when the client has it. */
extern void ManualBody(Request *request, Text *text, const char **type, unsigned *http);
extern void ManualHeaders(struct MHD_Response *response,
						  const Request *request); /* nothing for other routes */

/* manual_page.c: the page of a document, from the templates of web/manual/; between PageStart() and
 * PageStop(). False, with the reason in the log, when it is not whole: a mistake of ours. */
extern bool PageWrite(Text *text, Language language, const json_t *spec);
extern const char *PagePolicy(void); /* its Content-Security-Policy */
extern void PageStart(void);
extern void PageStop(void);

#endif
