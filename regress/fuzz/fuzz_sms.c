/* Numbers that gateways give, and words that opt out: any bytes; a key's key is itself, each reading of its
 * digits leads back to it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sms/sms_id.h"
#include "sms/sms_reply_word.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is it one of the keys? */
static int
Among(char keys[SMS_ID_KEYS][SMS_ID_SIZE], int count, const char *key)
{
	for (int i = 0; i < count; i++)
		if (strcmp(keys[i], key) == 0)
			return 1;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size > 0 ? size : 1);
	char key[SMS_ID_SIZE], again[SMS_ID_SIZE];
	char keys[SMS_ID_KEYS][SMS_ID_SIZE], back[SMS_ID_KEYS][SMS_ID_SIZE];

	if (size > 0)
		memcpy(text, data, size);
	if (SmsIdKey(text, size, key))
	{
		int count = SmsIdKeys(key, keys);

		CHECK(SmsIdKey(key, strlen(key), again) && strcmp(key, again) == 0);
		CHECK(count >= 1 && count <= SMS_ID_KEYS && strcmp(keys[0], key) == 0);
		for (int i = 1; i < count; i++)
			CHECK(Among(back, SmsIdKeys(keys[i], back), key));
	}
	(void) SmsOptOut(text, size);
	free(text);
	return 0;
}
