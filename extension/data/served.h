/*
 * Serving a resource to a caller, the same for pages of data and for the features of it: may he read it, is
 * it there, and what an error of its relation becomes.
 *
 *   AuthoriseReading() --> FindServed() --> RunQueryGuarded(): work in a subtransaction --> answer
 *
 * The subtransaction is there for the audit: what the relation or the budget does to a request becomes an
 * answer whose row commits, not an error that takes it back.
 */
#ifndef CBD_SERVED_H
#define CBD_SERVED_H

#include "postgres.h"

#include "access/endpoint.h"
#include "data/query.h"

/*
 * The grant `cases` of the operators' client stands for the cases that an operator's posts reach: as a
 * published resource it is for those whom a post gives every case. So are the resources of their steps and
 * facts, when the client is granted them.
 */
extern bool ReadsWhole(const Caller *caller, const char *code);

/* CallAuthorise() for a resource that is read whole: CBD_OK, or the status of the refusal. */
extern CbdStatus AuthoriseReading(Call *call, const char *code);

/* The resource that the caller asks for: published, not past its sunset, of his level; to be given back by
 * ResourceRelease(). NULL with the status of the refusal: 40407, 40302, 50304, 50301. SPI is connected. */
extern Resource *FindServed(Call *call, const char *code, CbdStatus *status);

/*
 * Does the work in a subtransaction. CBD_OK, or the status of what is wrong, which `errors` tells: the
 * query's own when the work returned false, else what was raised with class UD; other errors release the
 * resource and are raised again.
 */
extern CbdStatus RunQueryGuarded(DataQuery *query, bool (*work)(DataQuery *query, void *state), void *state,
								 ErrorList *errors);

#endif
