/* Check characters by ISO 7064 MOD 37,36; see check_char.h: one wrong character and most swaps are found. */
#include "text/check_char.h"

/* Value = place. */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* The value of a character, -1 outside the alphabet. Not by isdigit(): that depends on the locale. */
static int
CharacterValue(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return -1;
}

char
CheckCharacter(const char *text, size_t length)
{
	int product = 36;

	if (length == 0)
		return '\0';
	for (size_t i = 0; i < length; i++)
	{
		int value = CharacterValue(text[i]);

		if (value < 0)
			return '\0';
		product = (product + value) % 36;
		if (product == 0)
			product = 36;
		product = product * 2 % 37;
	}
	return alphabet[(37 - product) % 36];
}

bool
CheckCharacterValid(const char *text, size_t length)
{
	char expected;

	if (length < 2)
		return false;
	expected = CheckCharacter(text, length - 1);
	return expected != '\0' && expected == text[length - 1];
}
