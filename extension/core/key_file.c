/*
 * The file with the master keys; see key_file.h. Keys are overwritten in memory after use, and no message
 * has a byte of them.
 */
#include "postgres.h"
#include "core/varlena.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"

#include "core/digest.h"
#include "core/guc.h"
#include "core/key_file.h"
#include "core/say.h"
#include "core/status.h"
#include "text/hex.h"

#define FORMER_FILE "citybigdata.key" /* in the data directory: the default of 0.1.0 */

PG_FUNCTION_INFO_V1(cbd_master_key_state);

/* What looking at the file came to. */
typedef enum Look
{
	LOOK_GOOD,
	LOOK_MISSING,
	LOOK_UNREADABLE,
	LOOK_UNSAFE,
	LOOK_MALFORMED
} Look;

/* For KeyFileState(), and as the detail in the server's log. */
static const char *const looks[][2] = {
	[LOOK_GOOD] = {"ok", ""},
	[LOOK_MISSING] = {"missing", "there is no such file"},
	[LOOK_UNREADABLE] = {"unreadable", "it cannot be read"},
	[LOOK_UNSAFE] = {"unsafe", "others may read or write it"},
	[LOOK_MALFORMED] = {"malformed", "it does not hold keys of 64 hexadecimal digits"}};

/* One key a line, blanks around it allowed. False: malformed. */
static bool
ParseKeys(const char *text, MasterKeys *keys)
{
	keys->count = 0;
	for (;;)
	{
		text += strspn(text, " \t\r\n");
		if (*text == '\0')
			return keys->count > 0;
		if (keys->count == KEYS_MAX)
			return false;
		if (!HexBytes(text, KEY_SIZE, keys->key[keys->count]))
			return false;
		text += 2 * KEY_SIZE;
		if (*text != '\0' && strchr(" \t\r\n", *text) == NULL)
			return false;
		keys->count++;
	}
}

/* The path of the key file into path[MAXPGPATH]. */
static void
KeyFilePath(char *path)
{
	struct stat st;

	if (!is_absolute_path(guc_key_file))
	{
		snprintf(path, MAXPGPATH, "%s/%s", DataDir, guc_key_file);
		return;
	}
	strlcpy(path, guc_key_file, MAXPGPATH);
	if (strcmp(guc_key_file, KEY_FILE_DEFAULT) != 0 || stat(path, &st) == 0)
		return;
	snprintf(path, MAXPGPATH, "%s/%s", DataDir, FORMER_FILE);
	if (stat(path, &st) != 0)
		strlcpy(path, guc_key_file, MAXPGPATH);
}

/* Reads the open file into `keys`; like the server's own TLS key it must be nobody else's to read. */
static Look
ReadOpenFile(int fd, MasterKeys *keys)
{
	char text[KEYS_MAX * (2 * KEY_SIZE + 2) + 2];
	struct stat st;
	ssize_t length;
	bool good;

	if (fstat(fd, &st) != 0)
		return LOOK_UNREADABLE;
	if (!S_ISREG(st.st_mode) || (st.st_uid != geteuid() && st.st_uid != 0) ||
		(st.st_mode & (st.st_uid == 0 ? S_IRWXO | S_IWGRP : S_IRWXO | S_IRWXG)))
		return LOOK_UNSAFE;
	length = read(fd, text, sizeof(text) - 1);
	if (length < 0)
		return LOOK_UNREADABLE;
	text[length] = '\0';
	good = length < sizeof(text) - 1 && ParseKeys(text, keys);
	explicit_bzero(text, sizeof(text));
	return good ? LOOK_GOOD : LOOK_MALFORMED;
}

/* Reads the file at `path` into `keys`, which are wiped unless it is good. */
static Look
ReadKeyFile(const char *path, MasterKeys *keys)
{
	/* a FIFO of that name would stop the session here without O_NONBLOCK */
	int fd = OpenTransientFile(path, O_RDONLY | O_NONBLOCK | PG_BINARY);
	Look look;

	memset(keys, 0, sizeof(*keys));
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? LOOK_MISSING : LOOK_UNREADABLE;
	look = ReadOpenFile(fd, keys);
	CloseTransientFile(fd);
	if (look != LOOK_GOOD)
		explicit_bzero(keys, sizeof(*keys));
	return look;
}

void
ReadMasterKeys(MasterKeys *keys)
{
	char path[MAXPGPATH];
	Look look;

	KeyFilePath(path);
	look = ReadKeyFile(path, keys);
	if (look != LOOK_GOOD)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_MASTER_KEY)), saymsg("the master key cannot be used"),
						errdetail_log("File \"%s\": %s.", path, looks[look][1]),
						sayhint("citybigdata.key_file names a file of the server's user, mode 0600, with 64 "
								"hexadecimal digits: (umask 077; openssl rand -hex 32 > "
								"/etc/citybigdata/master.key)")));
}

bool
HasKeyFile(void)
{
	char path[MAXPGPATH];
	struct stat st;

	KeyFilePath(path);
	return stat(path, &st) == 0;
}

void
KeyId(const uint8 *key, uint8 id[KEY_ID_SIZE])
{
	uint8 digest[DIGEST_SIZE];

	Sha256(key, KEY_SIZE, digest);
	memcpy(id, digest, KEY_ID_SIZE);
	explicit_bzero(digest, sizeof(digest));
}

/* Does the path lead into the data directory, by whatever links? */
static bool
InDataDirectory(const char *path)
{
	char file[PATH_MAX];
	char data[PATH_MAX];
	size_t length;

	if (realpath(path, file) == NULL || realpath(DataDir, data) == NULL)
		return false;
	length = strlen(data);
	return strncmp(file, data, length) == 0 && file[length] == '/';
}

/* Has one of the keys the id that stands in the encrypted secret? */
static bool
KeysFit(const MasterKeys *keys, const bytea *sealed)
{
	uint8 id[KEY_ID_SIZE];

	if (sealed == NULL || VARSIZE_ANY_EXHDR(sealed) < 1 + KEY_ID_SIZE)
		return true;
	for (int i = 0; i < keys->count; i++)
	{
		KeyId(keys->key[i], id);
		if (memcmp(id, VARDATA_ANY(sealed) + 1, KEY_ID_SIZE) == 0)
			return true;
	}
	return false;
}

const char *
KeyFileState(const bytea *sealed)
{
	char path[MAXPGPATH];
	MasterKeys keys;
	Look look;
	bool fits;

	KeyFilePath(path);
	look = ReadKeyFile(path, &keys);
	if (look != LOOK_GOOD)
		return looks[look][0];
	fits = KeysFit(&keys, sealed);
	explicit_bzero(&keys, sizeof(keys));
	if (!fits)
		return "other";
	return InDataDirectory(path) ? "data-directory" : looks[LOOK_GOOD][0];
}

/* master_key_state(sealed bytea): KeyFileState() */
Datum
cbd_master_key_state(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(KeyFileState(PG_ARGISNULL(0) ? NULL : PG_GETARG_BYTEA_PP(0))));
}
