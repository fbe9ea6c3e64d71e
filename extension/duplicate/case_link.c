/* Rows of table case_link, and the state of duplicates; see duplicate.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "core/index_lookup.h"
#include "core/kept_rows.h"
#include "core/spi.h"
#include "duplicate/duplicate.h"

void
CaseLinkStore(int32 rec_id, int32 main_rec_id, TimestampTz now)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.case_link (rec_id, main_rec_id, linked_at) VALUES ($1, $2, $3) ON CONFLICT "
		"ON CONSTRAINT case_link_pkey DO UPDATE SET main_rec_id = excluded.main_rec_id, linked_at = "
		"excluded.linked_at",
		3,
		{INT4OID, INT4OID, TIMESTAMPTZOID},
		NULL,
		true};
	Datum values[3] = {Int32GetDatum(rec_id), Int32GetDatum(main_rec_id), TimestampTzGetDatum(now)};

	SpiBegin();
	KeptRun(&query, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

void
CaseLinkEnd(int32 rec_id)
{
	static SpiQuery query = {
		"DELETE FROM citybigdata.case_link WHERE rec_id OPERATOR(pg_catalog.=) $1", 1, {INT4OID}, NULL, true};

	SpiBegin();
	KeptRun(&query, (Datum[]){Int32GetDatum(rec_id)}, NULL, SPI_OK_DELETE, 0);
	SpiEnd();
}

int
CaseDuplicates(int32 main_rec_id, int32 **numbers)
{
	static SpiQuery query = {"SELECT rec_id FROM citybigdata.case_link WHERE main_rec_id "
							 "OPERATOR(pg_catalog.=) $1 ORDER BY rec_id",
							 1,
							 {INT4OID},
							 NULL,
							 true};
	int count;

	*numbers = NULL;
	if (!TableHasPages("case_link"))
		return 0;
	SpiBegin();
	count = (int) SpiRun(&query, (Datum[]){Int32GetDatum(main_rec_id)}, NULL, SPI_OK_SELECT, 0);
	if (count > 0)
		*numbers = SPI_palloc(sizeof(int32) * count);
	for (int i = 0; i < count; i++)
		(*numbers)[i] = SpiInt32(i, 1);
	SpiEnd();
	return count;
}

void
CaseDuplicatesFollow(int32 main_rec_id, int32 state, TimestampTz now)
{
	/* locked first, in a statement of its own: whoever undoes a merge just now goes before */
	static SpiQuery lock = {
		"SELECT FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT l.rec_id "
		"FROM citybigdata.case_link l WHERE l.main_rec_id OPERATOR(pg_catalog.=) $1)) ORDER BY e.rec_id FOR "
		"NO KEY UPDATE",
		1,
		{INT4OID},
		NULL,
		true};
	static SpiQuery follow = {
		"UPDATE citybigdata.event e SET state = $2, update_time = $3 FROM citybigdata.case_link l WHERE "
		"l.main_rec_id OPERATOR(pg_catalog.=) $1 AND e.rec_id OPERATOR(pg_catalog.=) l.rec_id",
		3,
		{INT4OID, INT4OID, TIMESTAMPTZOID},
		NULL,
		true};
	Datum values[3] = {Int32GetDatum(main_rec_id), Int32GetDatum(state), TimestampTzGetDatum(now)};

	if (!TableHasPages("case_link"))
		return;
	SpiBegin();
	if (SpiRun(&lock, values, NULL, SPI_OK_SELECT, 0) > 0)
		SpiRun(&follow, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

bool
ReportedAfterClosing(int32 rec_id, int32 main_rec_id)
{
	static SpiQuery query = {
		"SELECT e.create_time OPERATOR(pg_catalog.>) m.closed_at FROM citybigdata.event e CROSS JOIN "
		"citybigdata.event m WHERE e.rec_id OPERATOR(pg_catalog.=) $1 AND m.rec_id OPERATOR(pg_catalog.=) $2",
		2,
		{INT4OID, INT4OID},
		NULL,
		true};
	bool after;

	SpiBegin();
	after = SpiRun(&query, (Datum[]){Int32GetDatum(rec_id), Int32GetDatum(main_rec_id)}, NULL, SPI_OK_SELECT,
				   1) > 0 &&
			SpiBool(0, 1);
	SpiEnd();
	return after;
}
