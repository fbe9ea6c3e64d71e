/*
 * Who is served which resource, and what becomes of an error meanwhile: what every endpoint that shows
 * published resources asks (data/query_rest.c, map/).
 *
 *   CallAuthorise(call, code) --> ReadsWhole() --> FindServed() --> RunServed() --> the answer
 */
#ifndef CBD_SERVED_H
#define CBD_SERVED_H

#include "postgres.h"
#include "access/endpoint.h"
#include "data/query.h"

/* The resource that the caller asks for; NULL with the status of the refusal. SPI is connected. Give it back
 * by ResourceRelease(). */
extern Resource *FindServed(Call *call, const char *code, CbdStatus *status);

/*
 * The grant `cases` of the operators' client stands for the cases that an operator's posts reach: as a
 * published resource it is for those whom a post gives every case. So are the resources of their steps and
 * facts, when the client is granted them. False: refuse with CBD_FORBIDDEN.
 */
extern bool ReadsWhole(const Caller *caller, const char *code);

/* Work on a query; false: query->errors tells why. */
typedef bool (*ServedWork)(DataQuery *query, void *argument);

/*
 * Runs the work in a subtransaction, so that a failure of the relation or of the budget becomes an answer
 * whose audit row commits. Not CBD_OK: the errors are in `errors`. Other errors go on, the resource released.
 */
extern CbdStatus RunServed(DataQuery *query, ServedWork work, void *argument, ErrorList *errors);

#endif
