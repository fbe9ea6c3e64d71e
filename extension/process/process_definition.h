/*
 * Definitions of processes: from JSON to a Process with all errors, and what makes a Process whole. Between
 * the files of the chapter; the JSON form is told in docs/processes.md.
 */
#ifndef CBD_PROCESS_DEFINITION_H
#define CBD_PROCESS_DEFINITION_H

#include "postgres.h"

#include "core/error_list.h"
#include "core/json_tree.h"
#include "process/process.h"

/* A definition that was read: what it says, and where it says it. */
typedef struct ProcessDefinition
{
	Process process;
	const JsonNode *root;
	const JsonNode **stage_nodes; /* of process.stages, process.actions */
	const JsonNode **action_nodes;
	bool graph; /* stages, and from and to of all actions, are understood: the graph can be checked */
} ProcessDefinition;

/* Reads the definition, all of it, into the current memory context (process_parse.c). Errors are added; what
 * is wrong is left out. */
extern ProcessDefinition *ProcessRead(const JsonNode *root, ErrorList *errors);

/* The limit that the node says (none, condition, or an object); none when it is wrong, with errors. */
extern ProcessLimit ProcessReadLimit(const JsonNode *node, bool condition_allowed, ErrorList *errors);

/* Adds what is wrong with the whole: dead ends, stages that cannot be reached, where nobody may act, effects
 * that do not go together (process_check.c). */
extern void ProcessCheck(const ProcessDefinition *definition, ErrorList *errors);

/* Fills ProcessStage.before; the stages and actions being there. */
extern void ProcessLinkStages(Process *process);

/* ---- names (process_names.c) ---- */

/* What steps with these effects must bring. */
extern uint32 ProcessEffectNeeds(uint64 effects);

/* The effects whose actions stay in their stage. */
extern uint64 ProcessEffectsThatStay(void);

/* The titles of an action named as an effect; false: it is none. */
extern bool ProcessStandardTitles(const char *name, const char **title, const char **title_zh);

/* All "roles", "needs" or "effects", with commas: for messages. */
extern char *ProcessNames(const char *kind);

#endif
