/*
 * Messages: what the manual says of every route, in English and Chinese. The route table (routes.c) says what
 * there is, the chapters in web/manual/ say what it means; both are compared, so that nothing live is
 * undocumented.
 *
 *   chapter     a file: {"title", "text", "operations": {"METHOD PATH": entry}, "schemas": {name: schema}}
 *   entry       {"id", "title", "text", "parameters": {name: messages and schema}, "request", "reply",
 * "example", "codes"} word        a member "title" or "text" whose value is ["English", "中文"]; "text"
 * becomes "description"
 */
#ifndef BRIDGE_MESSAGES_H
#define BRIDGE_MESSAGES_H

#include <jansson.h>

#include "base/words.h"
#include "request/routes.h"

/* Reads the chapters; before the first worker. The process ends when a chapter is not JSON: it is compiled
 * in. */
extern void MessagesStart(void);
extern void MessagesStop(void);

/* Chapters in the order of the manual; NULL behind the last. */
extern const json_t *Chapter(int number);
extern const char *ChapterTag(int number); /* file name without .json */

/* The entry of a route, borrowed; NULL: not documented. *chapter is where it stands. */
extern const json_t *MessagesOf(const Route *route, int *chapter);

/* common.json: "info", "parameters" that every route takes (appCode, authCode, format), "schemas" of every
 * reply; borrowed. */
extern const json_t *CommonMessages(void);
/* The parameters that every published resource takes: citybigdata.standard_parameters(); borrowed. */
extern const json_t *DataParameters(void);

/* "GET /api/v1/events" */
extern const char *RouteKey(const Route *route, char *text, size_t size);

/* Has the route table a parameter of that name for it? */
extern bool RouteTakes(const Route *route, const char *name);

/* A copy in one language: messages become strings. */
extern json_t *Worded(const json_t *value, Language language);
/* One word: the string of the language, borrowed; "" when it is missing. */
extern const char *Word(const json_t *object, const char *name, Language language);

/* Compares routes and chapters; says on standard error what is missing and where to add it. Number of errors.
 */
extern int MessagesCheck(void);

#endif
