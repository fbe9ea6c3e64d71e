/* Members of the objects of a definition, each with its errors. Texts point into the tree. */
#ifndef CBD_PROCESS_MEMBERS_H
#define CBD_PROCESS_MEMBERS_H

#include "postgres.h"

#include "core/error_list.h"
#include "core/json_tree.h"

/* A member that is not null; NULL: there is none. */
extern const JsonNode *MemberFind(const JsonNode *object, const char *name);

/* The same with an error when there is none. */
extern const JsonNode *MemberRequired(const JsonNode *object, const char *name, ErrorList *errors);

/* Is the node of the kind? Otherwise an error that tells what is expected. */
extern bool MemberKind(const JsonNode *node, JsonKind kind, const char *expected, ErrorList *errors);

/* Adds an error for each member that is none of the names (NULL-terminated). */
extern void MembersKnown(const JsonNode *object, const char *const *names, ErrorList *errors);

/* A text of at most `limit` characters; NULL: absent or wrong. */
extern const char *MemberText(const JsonNode *object, const char *name, bool required, int limit,
							  ErrorList *errors);

/* true or false; absent: false. */
extern bool MemberBool(const JsonNode *object, const char *name, ErrorList *errors);

/* Is it a whole number within the bounds? */
extern bool MemberWhole(const JsonNode *node, int low, int high, int *number);

#endif
