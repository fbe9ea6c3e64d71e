/* The words and marks of a case, in SQL: what event_words holds, and the look at a text itself; see
 * case_words.h. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "event/case_words.h"
#include "text/bigram.h"

/* qsort: pairs, ascending. */
static int
ComparePairs(const void *left, const void *right)
{
	int32 a = *(const int32 *) left;
	int32 b = *(const int32 *) right;

	return a < b ? -1 : a > b;
}

/* Adds the pairs of a text; pairs[] has room. Returns how many there are then. */
static size_t
AddPairs(const text *value, int32 *pairs, size_t count)
{
	char *folded;

	if (value == NULL)
		return count;
	folded = palloc(VARSIZE_ANY_EXHDR(value) + 1);
	return count + text_bigrams(folded, text_fold(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), folded),
								pairs + count);
}

/* Bytes of both texts: more than they have pairs. */
static size_t
RoomOf(const text *a, const text *b)
{
	return (a == NULL ? 0 : VARSIZE_ANY_EXHDR(a)) + (b == NULL ? 0 : VARSIZE_ANY_EXHDR(b));
}

/* int[] of the numbers, each once, ascending; numbers[] is sorted by it. */
static Datum
NumberSet(int32 *numbers, size_t count)
{
	size_t kept = 0;

	qsort(numbers, count, sizeof(int32), ComparePairs);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || numbers[i] != numbers[i - 1])
			numbers[kept++] = numbers[i];
	return MarkArray(numbers, (int) kept);
}

Datum
MarkArray(const int32 *marks, int count)
{
	Datum *values = palloc(sizeof(Datum) * (count + 1));

	for (int i = 0; i < count; i++)
		values[i] = Int32GetDatum(marks[i]);
	return PointerGetDatum(construct_array(values, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

Datum
WordPairs(const text *a, const text *b)
{
	int32 *pairs = palloc(sizeof(int32) * (RoomOf(a, b) + 1));

	return NumberSet(pairs, AddPairs(b, pairs, AddPairs(a, pairs, 0)));
}

/* ---- marks ---- */

int
CaseMonth(TimestampTz time)
{
	TimestampTz days = time / USECS_PER_DAY - (time % USECS_PER_DAY < 0 ? 1 : 0);
	int year, month, day;

	j2date((int) days + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return year * MONTHS_PER_YEAR + month - 1;
}

int32
MonthMark(int month)
{
	return (int32) hash_bytes_uint32((uint32) month);
}

int32
TypeMark(const text *type)
{
	return (int32) hash_bytes((const unsigned char *) VARDATA_ANY(type), (int) VARSIZE_ANY_EXHDR(type));
}

int32
TypeMonthMark(const text *type, int month)
{
	return (int32) hash_combine((uint32) TypeMark(type), (uint32) MonthMark(month));
}

PG_FUNCTION_INFO_V1(cbd_case_words);
extern Datum cbd_case_words(PG_FUNCTION_ARGS);

/* case_words(event_desc, address, event_type_code, create_time): the pairs of the texts and the marks of the
 * case. */
Datum
cbd_case_words(PG_FUNCTION_ARGS)
{
	text *description = PG_GETARG_TEXT_PP(0);
	text *address = PG_GETARG_TEXT_PP(1);
	text *type = PG_GETARG_TEXT_PP(2);
	int month = CaseMonth(PG_GETARG_TIMESTAMPTZ(3));
	int32 *numbers = palloc(sizeof(int32) * (RoomOf(description, address) + 3));
	size_t count = AddPairs(address, numbers, AddPairs(description, numbers, 0));

	numbers[count++] = MonthMark(month);
	numbers[count++] = TypeMark(type);
	numbers[count++] = TypeMonthMark(type, month);
	PG_RETURN_DATUM(NumberSet(numbers, count));
}

PG_FUNCTION_INFO_V1(cbd_text_pairs);
extern Datum cbd_text_pairs(PG_FUNCTION_ARGS);

/* text_pairs(a, b): WordPairs(); either may be null. */
Datum
cbd_text_pairs(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(WordPairs(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0),
							  PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1)));
}

PG_FUNCTION_INFO_V1(cbd_text_has);
extern Datum cbd_text_has(PG_FUNCTION_ARGS);

/* text_has(value, words): does the text have the words, whatever the width and case of letters and the blanks
 * are? */
Datum
cbd_text_has(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	text *words = PG_GETARG_TEXT_PP(1);
	char *folded = palloc(VARSIZE_ANY_EXHDR(value) + 1);
	char *wanted = palloc(VARSIZE_ANY_EXHDR(words) + 1);

	PG_RETURN_BOOL(text_has(folded, text_fold(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), folded), wanted,
							text_fold(VARDATA_ANY(words), VARSIZE_ANY_EXHDR(words), wanted)));
}
