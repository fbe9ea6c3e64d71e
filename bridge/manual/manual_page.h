/*
 * The page of the manual as data. C code takes the OpenAPI document apart and makes the jansson values that
 * the templates of web/manual/ show; it writes no markup. Words come from web/manual/page.json.
 *
 *   OpenAPI document --> PageData()        contents, chapters, structures, samples, codes   page.html
 *                        OperationData()   one operation                                    operation.html
 *                        TableData()       parameters, members of a body or a reply         table.html
 *                        TypeData()        what a value is                                  type.html
 *                        TextData()        descriptions                                     text.html
 *
 * Every function returns a new reference. A name that a template shows is always there: null where there is
 * nothing to show (template.h).
 */
#ifndef BRIDGE_MANUAL_PAGE_H
#define BRIDGE_MANUAL_PAGE_H

#include <jansson.h>

#include "base/pages.h"

/* What is taken apart, and for whom. */
typedef struct ManualSource
{
	const json_t *spec; /* the OpenAPI document */
	Language language;
	const Pages *pages; /* templates and words */
} ManualSource;

/* manual_operation.c: {"id", "title", "method", "verb", "path", "text", …}; see web/manual/operation.html. */
extern json_t *OperationData(const ManualSource *source, const char *path, const char *method,
							 const json_t *operation);

/* ---- manual_table.c ---- */

/* A word of a group of page.json; `otherwise` when it has none. */
extern const char *ManualWord(const ManualSource *source, const char *group, const char *name,
							  const char *otherwise);

/* {"paragraphs": [{"parts": [{"plain", "code"}]}]}, or null when there is no text. Words between grave
 * accents are code; an empty line begins a paragraph. */
extern json_t *TextData(const char *text);

/* [{"structure", "plain"}]: pieces of what a schema is called, one of the two null. */
extern json_t *TypeData(const ManualSource *source, const json_t *schema);

/* {"placed", "rows": []} for table.html. */
extern json_t *TableData(bool placed);

/* Appends a row a member to the table; `must`: what is required is marked. `prefix` stands before the names.
 */
extern void AddMembers(const ManualSource *source, json_t *table, const json_t *schema, const char *prefix,
					   bool must);
/* The same of one parameter of an operation. */
extern void AddParameter(const ManualSource *source, json_t *table, const json_t *parameter);

/* Appends to a list whose members are shown with something between: gives the member "more", which is false
 * for the first. Takes the member. */
extern void AddListed(json_t *list, json_t *member);

/* A string member, or "". */
extern const char *StringOf(const json_t *object, const char *name);

/* Last part of {"$ref": "#/components/schemas/Case"}, or "". */
extern const char *ReferenceName(const json_t *object);

/* What a reference to components/`kind` names, or the object itself. */
extern const json_t *Resolved(const ManualSource *source, const json_t *object, const char *kind);

/* Is it one of the parameters that every resource takes (openapi_data.c)? */
extern bool IsStandard(const json_t *object);
extern bool IsOperator(const json_t *schema); /* of field.op, which is shown with its field */

#endif
