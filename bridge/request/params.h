/*
 * Parameters: the fields of a request and its headers into the values of the route's parameter table, by
 * name. Values point into the body or the request's arena. Lists become array literals, secrets their
 * digests.
 */
#ifndef BRIDGE_PARAMS_H
#define BRIDGE_PARAMS_H

#include "request/fields.h"

/* Query, path, header and body into values, then what the kind begins with; false after Refuse. */
extern bool BindParameters(Request *request);

/* The value of the route's parameter of that name, which it has. */
extern Value *ValueOf(Request *request, const char *name);

/* An element of a list. */
extern void ListAdd(Request *request, Value *value, Span text, const char *pointer);

/* A pair behind those that the request has (PARAM_PAIR_NAMES, PARAM_PAIR_VALUES). */
extern void PairAdd(Request *request, Span name, Span value);

/* RFC 6901 pointer to a field. */
extern const char *FieldPointer(Request *request, const Field *field);

/* What a kind does with a field that is no parameter (Kind.other): refuses it where it would silently change
 * the result, or lets it be. */
extern void FieldUnknown(Request *request, Field *field);
extern void FieldIgnored(Request *request, Field *field);

#endif
