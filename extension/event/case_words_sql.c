/* The words of a case, in SQL: what event_words holds, and the look at a text itself. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

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

Datum
WordPairs(const text *a, const text *b)
{
	size_t room = 1 + (a == NULL ? 0 : VARSIZE_ANY_EXHDR(a)) + (b == NULL ? 0 : VARSIZE_ANY_EXHDR(b));
	int32 *pairs = palloc(sizeof(int32) * room);
	Datum *values = palloc(sizeof(Datum) * room);
	size_t count = AddPairs(b, pairs, AddPairs(a, pairs, 0));
	size_t kept = 0;

	qsort(pairs, count, sizeof(int32), ComparePairs);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || pairs[i] != pairs[i - 1])
			values[kept++] = Int32GetDatum(pairs[i]);
	return PointerGetDatum(construct_array(values, (int) kept, INT4OID, sizeof(int32), true, TYPALIGN_INT));
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
