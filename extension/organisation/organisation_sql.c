/* The organisation in SQL: responsible_unit(), unit_answers(), unit_within(), post_covers(). A null argument
 * is as in organisation.h: none is known, or in a post: every one. */
#include "postgres.h"
#include "fmgr.h"

#include "utils/builtins.h"

#include "core/call.h"
#include "organisation/organisation.h"

/* responsible_unit(event_type, division) returns text: null when nobody answers. */
PG_FUNCTION_INFO_V1(cbd_responsible_unit);
extern Datum cbd_responsible_unit(PG_FUNCTION_ARGS);

Datum
cbd_responsible_unit(PG_FUNCTION_ARGS)
{
	char *unit = ResponsibleUnit(ArgText(fcinfo, 0), ArgText(fcinfo, 1));

	if (unit == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(unit));
}

/* unit_answers(unit, event_type, division) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_unit_answers);
extern Datum cbd_unit_answers(PG_FUNCTION_ARGS);

Datum
cbd_unit_answers(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(UnitAnswers(ArgText(fcinfo, 0), ArgText(fcinfo, 1), ArgText(fcinfo, 2)));
}

/* unit_within(unit, ancestor) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_unit_within);
extern Datum cbd_unit_within(PG_FUNCTION_ARGS);

Datum
cbd_unit_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(UnitWithin(ArgText(fcinfo, 0), ArgText(fcinfo, 1)));
}

/* post_covers(post_unit, post_division, unit, division) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_post_covers);
extern Datum cbd_post_covers(PG_FUNCTION_ARGS);

Datum
cbd_post_covers(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(
		PostCovers(ArgText(fcinfo, 0), ArgText(fcinfo, 1), ArgText(fcinfo, 2), ArgText(fcinfo, 3)));
}
