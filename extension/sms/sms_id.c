/* Keys of the numbers that gateways give; see sms_id.h. */
#include "sms/sms_id.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text/clean_text.h"
#include "text/hex.h"

#define HEX_DIGITS 16 /* of 64 bits */

bool
SmsIdKey(const char *text, size_t length, char out[SMS_ID_SIZE])
{
	size_t start;
	size_t count = text_trim(text, length, &start);

	text += start;
	while (count > 1 && *text == '0')
	{
		text++;
		count--;
	}
	if (count == 0 || count >= SMS_ID_SIZE)
		return false;
	for (size_t i = 0; i < count; i++)
	{
		if (text[i] <= ' ' || text[i] > '~')
			return false;
		out[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char) (text[i] | 0x20) : text[i];
	}
	out[count] = '\0';
	return true;
}

int
SmsIdKeys(const char *key, char keys[SMS_ID_KEYS][SMS_ID_SIZE])
{
	size_t length = strlen(key);
	bool decimal = true;
	bool hex = length <= HEX_DIGITS;
	uint64_t as_decimal = 0, as_hex = 0;
	int count = 1;

	for (size_t i = 0; i < length && (decimal || hex); i++)
	{
		int digit = HexDigit(key[i]);

		hex = hex && digit >= 0;
		decimal = decimal && digit >= 0 && digit <= 9 && as_decimal <= (UINT64_MAX - (uint64_t) digit) / 10;
		as_hex = as_hex << 4 | (uint64_t) (digit & 15);
		as_decimal = as_decimal * 10 + (uint64_t) (digit & 15);
	}
	strcpy(keys[0], key);
	if (decimal)
		snprintf(keys[count++], SMS_ID_SIZE, "%" PRIx64, as_decimal);
	if (hex)
		snprintf(keys[count++], SMS_ID_SIZE, "%" PRIu64, as_hex);
	return count;
}
