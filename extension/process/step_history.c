/* Looking back at what was done with a case. See step.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/spi.h"
#include "process/step.h"

int64
LastHolder(int32 rec_id, const char *stage)
{
	static SpiQuery query = {
		"SELECT by_account FROM citybigdata.event_step WHERE rec_id OPERATOR(pg_catalog.=) $1 AND from_stage "
		"OPERATOR(pg_catalog.=) $2 AND to_stage OPERATOR(pg_catalog.<>) $2 ORDER BY step_no DESC LIMIT 1",
		2,
		{INT4OID, TEXTOID},
		NULL,
		true};
	Datum values[2] = {Int32GetDatum(rec_id), CStringGetTextDatum(stage)};
	int64 account = 0;

	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		account = SpiInt64(0, 1);
	SpiEnd();
	return account;
}

char *
StageBefore(const Case *c, uint64 among)
{
	static SpiQuery query = {
		"SELECT from_stage FROM citybigdata.event_step WHERE rec_id OPERATOR(pg_catalog.=) $1 AND to_stage "
		"OPERATOR(pg_catalog.=) $2 AND from_stage OPERATOR(pg_catalog.<>) $2 ORDER BY step_no DESC",
		2,
		{INT4OID, TEXTOID},
		NULL,
		true};
	Datum values[2] = {Int32GetDatum(c->rec_id), CStringGetTextDatum(c->stage->name)};
	char *before = NULL;
	uint64 rows;

	SpiBegin();
	rows = SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	for (uint64 i = 0; i < rows && before == NULL; i++)
	{
		char *name = SpiText(i, 1);
		const ProcessStage *stage = ProcessStageFind(c->process, name);

		if (stage != NULL && (among >> stage->order & 1) != 0)
			before = name;
	}
	SpiEnd();
	return before;
}
