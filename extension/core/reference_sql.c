/*
 * Reference data from SQL: the trigger of its tables, and data_file(), which reads the files that are
 * installed with it. A file's name is checked, so that nothing outside of the folder can be read.
 */
#include "postgres.h"

#include <sys/stat.h>

#include "commands/trigger.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "core/say.h"

#define DATA_FILE_LIMIT (64 * 1024 * 1024) /* bytes */

/* Statement trigger: every session, this one too, forgets what it has cached of the table. */
PG_FUNCTION_INFO_V1(cbd_reference_changed);
Datum
cbd_reference_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED), saymsg("this function is a trigger")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	return PointerGetDatum(NULL);
}

/* A file name of ours: no path, nothing hidden. */
static bool
IsDataFileName(const char *name)
{
	return name[0] != '.' && name[0] != '\0' &&
		   strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(name);
}

/* data_file(name) returns text: a file of $(sharedir)/extension/citybigdata, UTF-8. */
PG_FUNCTION_INFO_V1(cbd_data_file);
Datum
cbd_data_file(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char share[MAXPGPATH];
	char path[MAXPGPATH];
	struct stat about;
	FILE *file;
	text *result;
	size_t size;

	get_share_path(my_exec_path, share);
	snprintf(path, sizeof(path), "%s/extension/citybigdata/%s", share, name);
	if (!IsDataFileName(name) || stat(path, &about) != 0 || !S_ISREG(about.st_mode) ||
		about.st_size > DATA_FILE_LIMIT)
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_FILE), saymsg("there is no installed data file \"%s{name}\"", name),
			 saydetail("Data files are in the folder extension/citybigdata of the server's share directory."),
			 sayhint("A valid name is divisions.tsv.")));
	file = AllocateFile(path, PG_BINARY_R);
	if (file == NULL)
	{
		const char *why = strerror(errno);

		ereport(ERROR,
				(errcode_for_file_access(), saymsg("could not open file \"%s{path}\": %s{why}", path, why)));
	}
	result = palloc(VARHDRSZ + about.st_size);
	size = fread(VARDATA(result), 1, about.st_size, file);
	if (ferror(file))
	{
		const char *why = strerror(errno);

		ereport(ERROR,
				(errcode_for_file_access(), saymsg("could not read file \"%s{path}\": %s{why}", path, why)));
	}
	FreeFile(file);
	SET_VARSIZE(result, VARHDRSZ + size);
	pg_verify_mbstr(PG_UTF8, VARDATA(result), size, false);
	PG_RETURN_TEXT_P(result);
}
