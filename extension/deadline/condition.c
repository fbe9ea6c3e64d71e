/* Filing conditions: finding one; see condition.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/spi.h"
#include "deadline/condition.h"

CbdStatus
FindCondition(const char *code, FilingCondition *condition)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT condition_code, event_type_code, condition_text, closing_condition, unit_code, calendar,"
		" limit_amount, limit_unit, warning_share, active FROM citybigdata.filing_condition"
		" WHERE condition_code OPERATOR(pg_catalog.=) $1",
		1, {TEXTOID}, NULL, true};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(code)};
	Datum amount = 0;
	bool found;
	bool isnull;

	memset(condition, 0, sizeof(*condition));
	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		condition->code = SpiText(0, 1);
		condition->event_type_code = SpiText(0, 2);
		condition->text = SpiText(0, 3);
		condition->closing_condition = SpiText(0, 4);
		condition->unit_code = SpiText(0, 5);
		condition->calendar = SpiText(0, 6);
		amount = SpiDatum(0, 7, &isnull);
		condition->limit_unit = SpiInt32(0, 8);
		condition->warning_share = SpiDouble(0, 9);
		condition->active = SpiBool(0, 10);
	}
	SpiEnd();
	/* made of full size here: inside, it would go with SPI's memory */
	if (found)
		condition->limit_amount = DatumGetNumeric(amount);
	return found && condition->active ? CBD_OK : CBD_UNKNOWN_CONDITION;
}

bool
ConditionFits(const FilingCondition *condition, int32 rec_id)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT FROM citybigdata.case_conditions($1) WHERE condition_code OPERATOR(pg_catalog.=) $2",
		2, {INT4OID, TEXTOID}, NULL};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(rec_id), CStringGetTextDatum(condition->code)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
	return found;
}

ClockLimit
ConditionLimit(const FilingCondition *condition)
{
	return (ClockLimit){condition->calendar, condition->limit_amount, condition->limit_unit,
						condition->warning_share};
}
