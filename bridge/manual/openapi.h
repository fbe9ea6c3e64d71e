/*
 * OpenAPI 3.1 documents, made of the routes, their messages and the catalogue's documents of resources. The
 * manual's page is made of the same documents.
 */
#ifndef BRIDGE_OPENAPI_H
#define BRIDGE_OPENAPI_H

#include "manual/messages.h"

/* Numbers are printed as they were written: 17 digits would show 448463.732 as 448463.73200000002. */
#define SPEC_NUMBERS JSON_REAL_PRECISION(15)

/* A document under construction. */
typedef struct Spec
{
	Language language;
	json_t *root, *paths, *schemas, *responses; /* the last three are members of root's */
} Spec;

/* Codes of one operation, each once. */
typedef struct Codes
{
	int numbers[80];
	int count;
} Codes;

/* The platform's endpoints; `server` is their address. A new reference. */
extern json_t *SpecPlatform(Language language, const char *server);

/*
 * The same and the resources of `documents`: {"resources": [citybigdata.resource_document()], "codeTables":
 * {name: …}}. Shares what it can with `platform`. A new reference.
 */
extern json_t *SpecResources(const json_t *platform, Language language, const json_t *documents);

/* openapi_data.c */
extern json_t *TypeSchema(const char *type);                       /* of the catalogue */
extern void AddStandardComponents(Spec *spec, json_t *parameters); /* every standard parameter, once */
extern void AddStandard(json_t *parameters, json_t *body, const char *name); /* references to one of them */
extern void AddStandards(json_t *parameters, json_t *body, bool in_body);    /* all, in query or body */

/*
 * openapi_filter.c: what is said of a resource's fields and parameters, in its document
 *   TextOf        a member in the language of the document, else in English; "" for none
 *   MarkdownOf    a text of the publisher as CommonMark that stays text: in some readers HTML in it would not
 *   TitleOf, TitleAndText   the title; the same and what is said beyond it
 *   AddCodeTable  the code table of a field into its schema, with the codes of a small one
 *   AddOwn        a parameter of the resource's own, in the query and as a member of the POST body; takes
 * schema and text, and returns the parameter, which is the list's AddFilters    the filters of a field, one
 * parameter for each operator
 */
extern const char *TextOf(const Spec *spec, const json_t *object, const char *english, const char *chinese);
extern json_t *MarkdownOf(const char *text);
extern json_t *TitleOf(const Spec *spec, const json_t *object);
extern json_t *TitleAndText(const Spec *spec, const json_t *object);
extern void AddCodeTable(json_t *schema, const json_t *field, const json_t *tables);
extern json_t *AddOwn(json_t *parameters, json_t *body, const char *name, json_t *schema, json_t *text,
					  const json_t *about);
extern void AddFilters(Spec *spec, json_t *parameters, json_t *body, const json_t *field,
					   const json_t *tables);

/* openapi_algorithm.c: an algorithm's own path. What can go wrong is the same for every resource: as the
 * platform's operation at `path` says. */
extern void AddAlgorithm(Spec *spec, const json_t *document, const json_t *tables);
extern void CopyResponses(Spec *spec, json_t *operation, const char *path, const char *method);

/* openapi_schema.c: which members of a reply always come, and how XML writes them; changes the schema and
 * what is inside it */
extern void CompleteReply(json_t *schema);

/* openapi_parts.c */
extern json_t *Reference(const char *kind, const char *name); /* {"$ref": "#/components/kind/name"} */
extern void AddCode(Codes *codes, int number);
extern void RouteCodes(Codes *codes, const Route *route); /* those that come from the route's kind */
extern void AddResponses(Spec *spec, json_t *operation, Codes *codes, const Kind *kind);
extern void AddReply(Spec *spec, json_t *operation, const char *id, json_t *data, const json_t *example);
extern void AddSample(Spec *spec, json_t *operation, const char *method, const char *path);
extern void SetPath(Spec *spec, const char *path, const char *method, json_t *operation);
extern json_t *SecurityOf(const Route *route);
extern json_t *SecuritySchemes(Spec *spec, const char *server);
extern json_t *BaseSchemas(Language language);

#endif
