/* Saving versions of processes; between the files of the chapter. */
#ifndef CBD_PROCESS_STORE_H
#define CBD_PROCESS_STORE_H

#include "postgres.h"

#include "core/error_list.h"
#include "process/process_definition.h"

/* What saving came to. */
typedef struct SavedProcess
{
	char *code;
	int version;
	bool same; /* it was there: no new version */
} SavedProcess;

/* Reads and checks a definition, a JSON text; everything that is wrong is in errors. */
extern ProcessDefinition *ProcessExamine(const char *text, size_t length, ErrorList *errors);

/* Saves a definition that has no errors as the newest version of its process, by `saved_by`; equal content
 * makes no new version. */
extern SavedProcess ProcessSave(const ProcessDefinition *definition, const char *text, const char *saved_by);

/* Installs a shipped version; nothing when it is there with the same content. Error 40931: with another one.
 */
extern void ProcessInstall(const ProcessDefinition *definition, const char *text, int version);

#endif
