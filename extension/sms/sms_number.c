/* Numbers of the mainland; see sms_number.h. */
#include "postgres.h"

#include "core/text_check.h"
#include "sms/sms_number.h"

#define DIGITS      11
#define FIRST_VALID INT64CONST(13000000000) /* 1[3-9] and nine digits */
#define LAST_VALID  INT64CONST(19999999999)
#define LIST_BYTES  (SMS_NUMBERS_MAX * 64) /* of a list that is read at all */

int64
SmsMobile(const char *text, size_t length)
{
	char digits[DIGITS + 5];
	size_t count = 0;
	bool plus = false;
	const char *own = digits;
	int64 number = 0;

	for (size_t i = 0; i < length; i++)
	{
		char c = text[i];

		if (c == ' ' || c == '\t' || (c == '-' && count > 0))
			continue;
		if (c == '+' && count == 0 && !plus)
			plus = true;
		else if (c < '0' || c > '9' || count == sizeof(digits) - 1)
			return 0;
		else
			digits[count++] = c;
	}
	/* +86, 0086, 86; a plus belongs to 86 alone */
	if (!plus && count == DIGITS + 4 && memcmp(own, "00", 2) == 0)
		own += 2, count -= 2;
	else if (!plus && count == DIGITS)
		own = digits;
	else if (count != DIGITS + 2)
		return 0;
	if (count == DIGITS + 2)
	{
		if (memcmp(own, "86", 2) != 0)
			return 0;
		own += 2;
	}
	for (int i = 0; i < DIGITS; i++)
		number = number * 10 + (own[i] - '0');
	return number >= FIRST_VALID && number <= LAST_VALID ? number : 0;
}

/* ---- lists ---- */

/* Order by number, then by place: so that repeats stand beside each other, the first one in front. */
static int
ByMobile(const void *a, const void *b)
{
	const SmsNumber *left = *(const SmsNumber *const *) a;
	const SmsNumber *right = *(const SmsNumber *const *) b;

	if (left->mobile != right->mobile)
		return left->mobile < right->mobile ? -1 : 1;
	return left->place - right->place;
}

/* One element of the list. */
static void
AddNumber(SmsNumbers *numbers, const char *text, size_t length)
{
	SmsNumber *item = &numbers->items[numbers->count];
	int64 mobile = SmsMobile(text, length);

	*item = (SmsNumber){mobile, NULL, numbers->count, mobile == 0 ? CBD_INVALID_PHONE : CBD_OK, 0};
	item->text = mobile != 0 ? psprintf(INT64_FORMAT, mobile) : ShortText(text, length);
	numbers->wrong += mobile == 0;
	numbers->count++;
}

/* Repeats go. */
static void
Unrepeat(SmsNumbers *numbers)
{
	SmsNumber **sorted = palloc(sizeof(SmsNumber *) * Max(numbers->count, 1));
	int kept = 0;

	for (int i = 0; i < numbers->count; i++)
		sorted[i] = &numbers->items[i];
	qsort(sorted, numbers->count, sizeof(SmsNumber *), ByMobile);
	for (int i = 1; i < numbers->count; i++)
		if (sorted[i]->mobile != 0 && sorted[i]->mobile == sorted[i - 1]->mobile)
			sorted[i]->place = -1;
	/* places are compared with those of the list, so they are read before they go */
	for (int i = 0; i < numbers->count; i++)
		if (numbers->items[i].place >= 0)
			numbers->items[kept++] = numbers->items[i];
	numbers->count = kept;
	pfree(sorted);
}

void
SmsReadNumbers(const char *list, const char *pointer, SmsNumbers *numbers, ErrorList *errors)
{
	int given = 1;
	bool empty = false;

	memset(numbers, 0, sizeof(*numbers));
	if (list == NULL || TextBlank(list, strlen(list)))
	{
		ErrorAdd(errors, pointer, CBD_FIELD_REQUIRED, "1 to 200 numbers with commas between");
		return;
	}
	for (const char *c = list; *c != '\0'; c++)
		given += *c == ',';
	numbers->given = given;
	if (given > SMS_NUMBERS_MAX || strlen(list) > LIST_BYTES)
	{
		ErrorPrint(errors, false, pointer, CBD_FIELD_OUT_OF_RANGE,
				   "at most %d{limit} numbers, here are %d{count}", SMS_NUMBERS_MAX, given);
		return;
	}
	numbers->items = palloc(sizeof(SmsNumber) * (size_t) given);
	for (const char *c = list; c != NULL;)
	{
		const char *comma = strchr(c, ',');
		size_t length = comma == NULL ? strlen(c) : (size_t) (comma - c);

		empty = empty || TextBlank(c, length);
		AddNumber(numbers, c, length);
		c = comma == NULL ? NULL : comma + 1;
	}
	if (empty)
		ErrorAdd(errors, pointer, CBD_INVALID_PHONE,
				 "an empty number: commas stand between numbers, not before or behind");
	else if (numbers->wrong == numbers->count)
		ErrorAdd(errors, pointer, CBD_INVALID_PHONE,
				 "none of them is a mobile number of the mainland, for example 13800138000");
	Unrepeat(numbers);
}
