/*
 * Reference data on the side of HTTP: divisions, code tables, status codes (clauses 5.4.3, 5.4.4-c). They
 * change seldom, so every reply has an entity tag and a client that has it already gets 304; tables are also
 * to be had as CSV and NDJSON, where a row names its table's version, since there is no envelope around it.
 */
#ifndef BRIDGE_REFERENCE_H
#define BRIDGE_REFERENCE_H

#include <microhttpd.h>

#include "base/accept.h"

typedef struct Request Request;

/* Is a table what the route of the request gives, so that it may be CSV or NDJSON? */
extern bool ReferenceTable(const Request *request);

/* Before the question is asked: `bom` is true or false. */
extern void ReferenceCheck(Request *request);

/* Is the tag in an If-None-Match, by the weak comparison of RFC 9110 8.8.3.2? */
extern bool TagListed(const char *header, const char *tag);

/* The answer is there: the entity tag, and the rows as the format wants them. */
extern void ReferenceTake(Request *request);

/* ETag, and that the reply may be kept but not used without asking. */
extern void ReferenceHeaders(struct MHD_Response *response, const Request *request);

#endif
