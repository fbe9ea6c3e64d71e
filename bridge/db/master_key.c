/* What the database told of its master key; see master_key.h. */
#include "db/master_key.h"

#include <stdatomic.h>
#include <string.h>

static atomic_bool unusable;

static const MasterKeyFault faults[] = {
	{"data-directory",
	 true,
	 {"the master key lies in the data directory: every base backup has it",
	  "主密钥文件位于数据目录内，每个基础备份都包含它"}},
	{"missing",
	 false,
	 {"the master key file is missing (citybigdata.key_file)", "主密钥文件不存在（citybigdata.key_file）"}},
	{"unsafe",
	 false,
	 {"the master key file may be read or written by others: it needs mode 0600 and the server's user as its "
	  "owner",
	  "主密钥文件可被他人读写：属主须为数据库服务器用户，权限 0600"}},
	{"unreadable", false, {"the server cannot read the master key file", "数据库服务器无法读取主密钥文件"}},
	{"malformed",
	 false,
	 {"the master key file does not hold keys of 64 hexadecimal digits",
	  "主密钥文件的内容不是 64 位十六进制数字"}},
	{"other",
	 false,
	 {"the master key file has not the key that the platform's secrets were encrypted with",
	  "主密钥文件中没有加密平台秘密所用的密钥"}}};

/* The fault of the state at text[length]; NULL: none of that name. */
static const MasterKeyFault *
FindFault(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
	{
		size_t size = strlen(faults[i].state);

		if (size < length && memcmp(text, faults[i].state, size) == 0 && text[size] == '"')
			return &faults[i];
	}
	return NULL;
}

const MasterKeyFault *
MasterKeyTold(const char *json, size_t length)
{
	static const char member[] = "\"masterKey\":";
	const char *at = length == 0 ? NULL : memmem(json, length, member, sizeof(member) - 1);
	const MasterKeyFault *fault;

	if (at == NULL)
		return NULL;
	at += sizeof(member) - 1;
	while (at < json + length && (*at == ' ' || *at == '"'))
		at++;
	fault = FindFault(at, length - (size_t) (at - json));
	atomic_store_explicit(&unusable, fault != NULL && !fault->usable, memory_order_relaxed);
	return fault;
}

bool
MasterKeyUsable(void)
{
	return !atomic_load_explicit(&unusable, memory_order_relaxed);
}
