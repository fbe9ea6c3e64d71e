/*
 * The main case and the duplicates of a case that is read. The number of a case is told to who may see the
 * case. The number of the main case is told to the application of the duplicate's sender too: it stands for
 * its report. See duplicate.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/index_lookup.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "duplicate/duplicate.h"

/* $1 the case: its main case, then its duplicates, newest first, whether archived or not. */
static SpiQuery links_of = {
	"SELECT k.main, e.task_num, e.sender_code, e.unit_code, coalesce(e.community_code, e.street_code, "
	"e.district_code) FROM ("
	"SELECT l.main_rec_id AS rec_id, true AS main FROM citybigdata.case_link l WHERE l.rec_id "
	"OPERATOR(pg_catalog.=) $1 UNION ALL "
	"SELECT l.main_rec_id, true FROM citybigdata.case_link_archive l WHERE l.rec_id "
	"OPERATOR(pg_catalog.=) $1 UNION ALL "
	"(SELECT l.rec_id, false FROM citybigdata.case_link l WHERE l.main_rec_id OPERATOR(pg_catalog.=) $1 "
	"ORDER BY l.rec_id DESC LIMIT 500) UNION ALL "
	"(SELECT l.rec_id, false FROM citybigdata.case_link_archive l WHERE l.main_rec_id OPERATOR(pg_catalog.=) "
	"$1 ORDER BY l.rec_id DESC LIMIT 500)) k "
	"CROSS JOIN LATERAL (SELECT a.* FROM citybigdata.event a WHERE a.rec_id OPERATOR(pg_catalog.=) k.rec_id "
	"UNION ALL SELECT a.* FROM citybigdata.event_archive a WHERE a.rec_id OPERATOR(pg_catalog.=) k.rec_id) e "
	"ORDER BY k.main DESC, e.rec_id DESC",
	1,
	{INT4OID},
	NULL,
	true};

/* May the reader see the case of result row `at`? */
static bool
MaySeeLinked(const CaseReader *reader, uint64 at)
{
	const Caller *caller = &reader->call->caller;
	CasePlace place;

	if (!caller->operator_)
		return MaySee(reader, SpiText(at, 3));
	place = (CasePlace){SpiText(at, 4), SpiText(at, 5)};
	return OperatorSeesCase(caller->posts, caller->post_count, &place);
}

void
WriteCaseLinks(StringInfo out, const CaseRow *row)
{
	const CaseReader *reader = row->reader;
	/* where nothing was ever merged, a list of cases need not ask for each of them */
	bool any = TableHasPages("case_link") || TableHasPages("case_link_archive");
	uint64 rows = any ? SpiRead(&links_of, (Datum[]){Int32GetDatum(row->rec_id)}, NULL, 0) : 0;
	bool merged = rows > 0 && SpiBool(0, 1);
	bool own = !reader->call->caller.operator_ && SenderBelongsTo(row->sender, reader->call->caller.app_id);
	int written = 0;

	JsonField(out, "mainTaskNum", merged && (own || MaySeeLinked(reader, 0)) ? SpiText(0, 2) : NULL);
	appendStringInfoString(out, ",\"duplicates\":[");
	for (uint64 i = merged ? 1 : 0; i < rows; i++)
		if (MaySeeLinked(reader, i))
		{
			if (written++ > 0)
				appendStringInfoChar(out, ',');
			JsonString(out, SpiText(i, 2));
		}
	appendStringInfoChar(out, ']');
}
