/* Facts of a case, kept by its steps; see case_fact.h. */
#include "postgres.h"

#include "core/spi.h"
#include "indicator/fact_row.h"

/* The first step: the row is new, unless the case was counted before. */
static void
CountReport(const FactStep *step)
{
	CaseFacts facts;

	FactsBegin(&facts);
	(void) FactsApply(&facts, step);
	FactRowStore(step->rec_id, &facts);
}

void
FactCount(const FactStep *step)
{
	CaseFacts facts;

	SpiBegin();
	if (strcmp(step->action, "report") == 0)
		CountReport(step);
	else
	{
		/* a case of before the facts were kept: what happened until now is for the recount to find */
		if (!FactRowRead(step->rec_id, &facts))
			FactsBegin(&facts);
		if (FactsApply(&facts, step))
			FactRowStore(step->rec_id, &facts);
	}
	SpiEnd();
}
