/* Versions of a rule; see rule_version.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "core/spi.h"
#include "rule/rule_version.h"
#include "utils/array.h"

void
RuleFollow(Rule *rule, Rule *older)
{
	for (Rule *other = older; other != NULL; other = other->older)
		if (other->from < rule->from)
			other->to = Min(other->to, rule->from);
		else if (rule->ended)
			other->to = other->from;
		else if (other->to > other->from)
			rule->to = Min(rule->to, other->from);
}

const Rule *
RuleOverlap(const Rule *rule, const Rule *older)
{
	for (const Rule *other = older; other != NULL && !rule->ended; other = other->older)
		if (!other->ended && other->to > other->from && other->from >= rule->from && rule->to > other->from)
			return other;
	return NULL;
}

void
RuleTakeBox(Rule *rule, uint64 row, int column)
{
	bool isnull;
	Datum box = SpiDatum(row, column, &isnull);
	Datum *edges;
	int count = 0;

	if (!isnull)
		deconstruct_array(DatumGetArrayTypeP(box), FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &edges,
						  NULL, &count);
	if (count == 4)
		rule->box = (ShapeBox){DatumGetFloat8(edges[0]), DatumGetFloat8(edges[1]), DatumGetFloat8(edges[2]),
							   DatumGetFloat8(edges[3])};
	rule->box = BoxWidened(&rule->box, rule->terms.metres);
}
