/*
 * The file with the master keys, citybigdata.key_file; secret.h says what they encrypt.
 *
 * It holds one key a line, 64 hexadecimal digits, the newest first, at most KEYS_MAX. It belongs to the
 * server's user, or to root, and nobody else may read it. Its place is outside the data directory, so that
 * no base backup has it. While there is no file at the default place, citybigdata.key in the data directory
 * is taken, where it was in 0.1.0; KeyFileState() tells of that.
 */
#ifndef CBD_KEY_FILE_H
#define CBD_KEY_FILE_H

#include "postgres.h"

#define KEY_FILE_DEFAULT "/etc/citybigdata/master.key"

/* Bytes; KEYS_MAX: keys in the file. */
#define KEY_SIZE    32
#define KEY_ID_SIZE 4
#define KEYS_MAX    16

/* The keys, the newest first. To be wiped after use. */
typedef struct MasterKeys
{
	int count;
	uint8 key[KEYS_MAX][KEY_SIZE];
} MasterKeys;

/* Reads the file. Raises CBD_MASTER_KEY when it is missing, unsafe or malformed. */
extern void ReadMasterKeys(MasterKeys *keys);

/* Is there a key file at all? */
extern bool HasKeyFile(void);

/* The first bytes of the key's digest: tell keys apart without telling the key. */
extern void KeyId(const uint8 *key, uint8 id[KEY_ID_SIZE]);

/*
 * What there is to say of the file, without raising anything: "ok"; "data-directory": good, but in the data
 * directory; "missing"; "unsafe": others may read or write it, or it is no ordinary file; "unreadable";
 * "malformed"; "other": it has not the key that sealed `sealed` (an encrypted secret; NULL: none).
 */
extern const char *KeyFileState(const bytea *sealed);

#endif
