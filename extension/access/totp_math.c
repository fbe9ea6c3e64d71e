/* One-time passwords as arithmetic (RFC 4226, RFC 6238) and base32 (RFC 4648); see totp_math.h. Plain C. */
#include <stdio.h>

#include "access/totp_math.h"

bool
TotpCode(DigestKind kind, const unsigned char *secret, size_t length, uint64_t step, char *code)
{
	unsigned char counter[8];
	unsigned char mac[DIGEST_MAX];
	const unsigned char *at;
	uint32_t number;

	for (int i = 7; i >= 0; i--, step >>= 8)
		counter[i] = (unsigned char) step;
	if (!HmacBytes(kind, secret, length, counter, sizeof(counter), mac))
		return false;
	/* RFC 4226, 5.3: the last four bits say where the number is */
	at = mac + (mac[DigestSize(kind) - 1] & 0x0F);
	number = (uint32_t) (at[0] & 0x7F) << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
	snprintf(code, TOTP_DIGITS + 1, "%06u", (unsigned) (number % 1000000));
	return true;
}

void
Base32Text(const unsigned char *data, size_t length, char *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned group = 0;
	int bits = 0;

	for (size_t i = 0; i < length; i++)
	{
		group = (group << 8 | data[i]) & 0xFFFF;
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = letters[group >> (bits - 5) & 31];
	}
	if (bits > 0)
		*out++ = letters[group << (5 - bits) & 31];
	*out = '\0';
}

bool
Base32Bytes(const char *text, size_t length, unsigned char *out, size_t size, size_t *out_length)
{
	unsigned group = 0;
	int bits = 0;

	*out_length = 0;
	while (length > 0 && text[length - 1] == '=')
		length--;
	for (size_t i = 0; i < length; i++)
	{
		char c = text[i];
		unsigned value;

		if (c == ' ' || c == '-')
			continue;
		if (c >= 'A' && c <= 'Z')
			value = (unsigned) (c - 'A');
		else if (c >= 'a' && c <= 'z')
			value = (unsigned) (c - 'a');
		else if (c >= '2' && c <= '7')
			value = (unsigned) (c - '2' + 26);
		else
			return false;
		group = (group << 5 | value) & 0xFFFF;
		bits += 5;
		if (bits >= 8)
		{
			if (*out_length == size)
				return false;
			bits -= 8;
			out[(*out_length)++] = (unsigned char) (group >> bits);
		}
	}
	return true;
}
