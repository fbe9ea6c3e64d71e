/* How alike two reports are; see duplicate.h. No database. */
#include "postgres.h"

#include "duplicate/duplicate.h"
#include "text/bigram.h"
#include "text/utf8.h"

/* Parts of the score. A place that is exact and a text that is the same are worth the same; time is a weaker
 * sign, since a problem lasts. Without texts the other two have the score to themselves. */
#define SHARE_NEAR   0.4
#define SHARE_RECENT 0.2
#define SHARE_TEXT   0.4

/* What remains of it for a type that is another one, and for a case that is closed: it may have come back. */
#define FACTOR_OTHER_TYPE 0.85
#define FACTOR_CLOSED     0.8

static const char *const reason_names[DUPLICATE_REASONS] = {"sameType",    "otherType", "near",  "recent",
															"similarText", "samePart",  "closed"};

const char *
DuplicateReasonName(int place)
{
	return reason_names[place];
}

double
DuplicateScore(const DuplicateLikeness *likeness, int *reasons)
{
	double score = SHARE_NEAR * likeness->near + SHARE_RECENT * likeness->recent;

	score = likeness->text < 0 ? score / (SHARE_NEAR + SHARE_RECENT) : score + SHARE_TEXT * likeness->text;
	/* the same lamp or well cover: half of what is missing */
	if (likeness->same_part)
		score += (1 - score) / 2;
	if (!likeness->same_type)
		score *= FACTOR_OTHER_TYPE;
	if (likeness->closed)
		score *= FACTOR_CLOSED;
	*reasons = (likeness->same_type ? REASON_SAME_TYPE : REASON_OTHER_TYPE) |
			   (likeness->near >= 0.75 ? REASON_NEAR : 0) | (likeness->recent >= 0.75 ? REASON_RECENT : 0) |
			   (likeness->text >= 0.5 ? REASON_TEXT : 0) | (likeness->same_part ? REASON_PART : 0) |
			   (likeness->closed ? REASON_CLOSED : 0);
	return score;
}

static int
ComparePairs(const void *a, const void *b)
{
	int32 one = *(const int32 *) a;
	int32 other = *(const int32 *) b;

	return (one > other) - (one < other);
}

TextPairs
TextPairsOf(const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);
	char *folded = palloc(length + 1);
	size_t folded_length = length == 0 ? 0 : text_fold(text, length, folded);
	TextPairs out = {palloc(sizeof(int32) * (length + 1)), 0};
	int kept = 0;

	if (Utf8Characters(folded, folded_length) > 1)
		out.count = (int) text_bigrams(folded, folded_length, out.pairs);
	qsort(out.pairs, out.count, sizeof(int32), ComparePairs);
	for (int i = 0; i < out.count; i++)
		if (i == 0 || out.pairs[i] != out.pairs[i - 1])
			out.pairs[kept++] = out.pairs[i];
	out.count = kept;
	pfree(folded);
	return out;
}

double
TextLikeness(const TextPairs *a, const TextPairs *b)
{
	int common = 0;

	if (a->count == 0 || b->count == 0)
		return -1;
	for (int i = 0, j = 0; i < a->count && j < b->count;)
	{
		int order = ComparePairs(&a->pairs[i], &b->pairs[j]);

		common += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return 2.0 * common / (a->count + b->count);
}
