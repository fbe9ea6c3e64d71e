/* Facts of a case, kept by its steps; see case_fact.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/keyed_row.h"
#include "core/row_insert.h"
#include "core/spi.h"
#include "deadline/clock.h"
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
		/* a row that changes is taken out of the roll-ups by its trigger */
		if (FactsApply(&facts, step))
			FactRowStore(step->rec_id, &facts);
		else if (step->moves)
			FactUnfold(step->rec_id);
	}
	SpiEnd();
}

void
FactUnfold(int32 rec_id)
{
	static SpiQuery lock = {
		"SELECT FROM citybigdata.case_fact WHERE rec_id OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE",
		1,
		{INT4OID},
		NULL,
		true};
	/* looks with a snapshot of after the lock */
	static SpiQuery unfold = {
		"UPDATE citybigdata.case_fact SET folded = false WHERE rec_id OPERATOR(pg_catalog.=) $1 AND folded",
		1,
		{INT4OID},
		NULL,
		true};
	Datum values[] = {Int32GetDatum(rec_id)};

	SpiBegin();
	if (SpiRun(&lock, values, NULL, SPI_OK_SELECT, 1) > 0)
		SpiRun(&unfold, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

void
FactsInstall(void)
{
	ClockStartedHook = FactUnfold;
}

/* Is the source one of the public's? */
static bool
PublicSource(int event_src_id)
{
	static KeyedTable sources = {"public_source", "public_source_pkey", {"event_src_id"}};
	RowKey key = Int32Key(0, event_src_id);
	KeyedRow row;
	bool found = RowOpen(&row, &sources, &key, 1);

	RowClose(&row);
	return found;
}

/* A text as a value. */
static Datum
TextValue(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

bool
FactCountNew(const FactReport *report)
{
	static InsertTable table = {.table = "case_fact",
								.columns = "rec_id, public_report, report_time, district_code, street_code, "
										   "community_code, event_src_id, event_type_code, main_type_code, "
										   "sub_type_code, reporter"};
	bool nulls[11] = {[10] = report->reporter == 0};
	Datum values[11] = {Int32GetDatum(report->rec_id),
						Int16GetDatum(PublicSource(report->event_src_id) ? 1 : 0),
						TimestampTzGetDatum(report->report_time),
						TextValue(report->district_code, &nulls[3]),
						TextValue(report->street_code, &nulls[4]),
						TextValue(report->community_code, &nulls[5]),
						Int32GetDatum(report->event_src_id),
						TextValue(report->event_type_code, &nulls[7]),
						TextValue(report->main_type_code, &nulls[8]),
						TextValue(report->sub_type_code, &nulls[9]),
						Int64GetDatum(report->reporter)};

	return RowInsert(&table, values, nulls);
}
