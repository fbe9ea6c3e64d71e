/* What was asked for and is decided: rows of case_request. See step.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "core/spi.h"
#include "process/step.h"

/* What opens a request of the kind, and what decides it. */
typedef struct RequestKind
{
	const char *kind;
	uint64 asked;
	uint64 granted; /* or answered */
	uint64 refused;
} RequestKind;

static const RequestKind kinds[] = {
	{"verify", EFFECT_ASK_VERIFY, EFFECT_VERIFY, 0},
	{"check", EFFECT_ASK_CHECK, EFFECT_CHECK, 0},
	{"suspend", EFFECT_ASK_SUSPEND, EFFECT_SUSPEND, EFFECT_REFUSE_SUSPEND},
	{"extension", EFFECT_ASK_EXTENSION, EFFECT_GRANT_EXTENSION, EFFECT_REFUSE_EXTENSION},
	{"supervise", EFFECT_SUPERVISE, EFFECT_ANSWER, 0},
	{"appeal", EFFECT_APPEAL, EFFECT_DECIDE_APPEAL, 0}};

const char *
RequestAsked(uint64 effects)
{
	for (int i = 0; i < lengthof(kinds); i++)
		if ((effects & kinds[i].asked) != 0)
			return kinds[i].kind;
	return NULL;
}

const char *
RequestDecided(uint64 effects)
{
	for (int i = 0; i < lengthof(kinds); i++)
		if ((effects & (kinds[i].granted | kinds[i].refused)) != 0)
			return kinds[i].kind;
	return NULL;
}

/* A time of the last result; DT_NOEND: null. */
static TimestampTz
SpiTime(int column)
{
	return SpiIsNull(0, column) ? DT_NOEND : SpiInt64(0, column);
}

bool
RequestFind(int32 rec_id, const char *kind, CaseRequest *request)
{
	static SpiQuery query = {
		"SELECT request_id, asked_by, until, due, first_by, first_result OPERATOR(pg_catalog.=) 'pass' "
		"FROM citybigdata.case_request WHERE rec_id OPERATOR(pg_catalog.=) $1 AND kind "
		"OPERATOR(pg_catalog.=) $2 AND state OPERATOR(pg_catalog.=) 'open'",
		2,
		{INT4OID, TEXTOID},
		NULL,
		true};
	Datum values[2] = {Int32GetDatum(rec_id), CStringGetTextDatum(kind)};
	bool found;

	memset(request, 0, sizeof(*request));
	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		request->request_id = SpiInt64(0, 1);
		request->asked_by = SpiInt64(0, 2);
		request->until = SpiTime(3);
		request->due = SpiTime(4);
		request->has_first = !SpiIsNull(0, 5);
		request->first_by = SpiInt64(0, 5);
		request->first_pass = SpiBool(0, 6);
	}
	SpiEnd();
	return found;
}

bool
RequestEver(int32 rec_id, const char *kind)
{
	static SpiQuery query = {"SELECT 1 FROM citybigdata.case_request WHERE rec_id OPERATOR(pg_catalog.=) $1 "
							 "AND kind OPERATOR(pg_catalog.=) $2",
							 2,
							 {INT4OID, TEXTOID},
							 NULL,
							 true};
	Datum values[2] = {Int32GetDatum(rec_id), CStringGetTextDatum(kind)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
	return found;
}

/* When the reply is due: at the time that was asked for, or when the process says; DT_NOEND: never. */
static TimestampTz
DueTime(const StepMove *move, TimestampTz now)
{
	const char *code = move->reply.calendar != NULL ? move->reply.calendar : CALENDAR_DEFAULT;
	Calendar *calendar;
	TimestampTz due = DT_NOEND;
	int64 amount;
	bool running;

	if ((move->effects & EFFECT_SUPERVISE) != 0 && move->request->has_until)
		return move->request->until;
	if (move->reply.kind != PROCESS_LIMIT_FIXED)
		return DT_NOEND;
	calendar = CalendarFind(code, strlen(code));
	if (calendar == NULL ||
		CalendarAmount(calendar, move->reply.amount, move->reply.unit, &amount, &running) != CBD_OK)
		return DT_NOEND;
	if (running)
		return now + amount;
	return CalendarAddWork(calendar, now, amount, &due) == CBD_OK ? due : DT_NOEND;
}

/* Opens a request. */
static void
Open(const Case *c, const char *kind, const StepMove *move, TimestampTz now)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.case_request (rec_id, kind, asked_at, asked_by, until, due, reason) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7)",
		7,
		{INT4OID, TEXTOID, TIMESTAMPTZOID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID}};
	const StepRequest *request = move->request;
	const char *why = request->reason != NULL ? request->reason : request->note;
	TimestampTz due = DueTime(move, now);
	Datum values[7] = {Int32GetDatum(c->rec_id),
					   CStringGetTextDatum(kind),
					   TimestampTzGetDatum(now),
					   Int64GetDatum(move->actor->account_id),
					   TimestampTzGetDatum(request->until),
					   TimestampTzGetDatum(due),
					   why == NULL ? (Datum) 0 : CStringGetTextDatum(why)};
	bool nulls[7] = {false,           false,      false, move->actor->account_id == 0, !request->has_until,
					 due == DT_NOEND, why == NULL};

	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* The first of two reviewers has decided: it stays open. */
static void
NoteFirst(int64 request_id, int64 account_id, const char *result)
{
	static SpiQuery query = {"UPDATE citybigdata.case_request SET first_by = $2, first_result = $3 WHERE "
							 "request_id OPERATOR(pg_catalog.=) $1",
							 3,
							 {INT8OID, INT8OID, TEXTOID}};
	Datum values[3] = {Int64GetDatum(request_id), Int64GetDatum(account_id), CStringGetTextDatum(result)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* A request is decided: granted, refused, answered. */
static void
Decide(int64 request_id, const char *state, int64 account_id, TimestampTz now)
{
	static SpiQuery query = {
		"UPDATE citybigdata.case_request SET state = $2, decided_by = $3, decided_at = $4 WHERE request_id "
		"OPERATOR(pg_catalog.=) $1",
		4,
		{INT8OID, TEXTOID, INT8OID, TIMESTAMPTZOID}};
	Datum values[4] = {Int64GetDatum(request_id), CStringGetTextDatum(state), Int64GetDatum(account_id),
					   TimestampTzGetDatum(now)};
	bool nulls[4] = {false, false, account_id == 0};

	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* Requests that nobody decides any more, since the case has left its stage, or ended. */
static void
Withdraw(int32 rec_id, bool all, TimestampTz now)
{
	static SpiQuery query = {
		"UPDATE citybigdata.case_request SET state = 'withdrawn', decided_at = $2 WHERE rec_id "
		"OPERATOR(pg_catalog.=) $1 AND state OPERATOR(pg_catalog.=) 'open' AND ($3 OR kind "
		"OPERATOR(pg_catalog.=) ANY (ARRAY['verify', 'check', 'suspend', 'extension']))",
		3,
		{INT4OID, TIMESTAMPTZOID, BOOLOID},
		NULL,
		true};
	Datum values[3] = {Int32GetDatum(rec_id), TimestampTzGetDatum(now), BoolGetDatum(all)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* Of several reviewers all must agree; the case is exempted only then. */
static void
DecideOpen(const StepMove *move, const CaseRequest *open, TimestampTz now)
{
	const StepRequest *request = move->request;
	bool pass = request->result == NULL || strcmp(request->result, "pass") == 0;
	bool refuses = (move->effects & (EFFECT_REFUSE_SUSPEND | EFFECT_REFUSE_EXTENSION)) != 0;
	const char *state;

	if ((move->effects & EFFECT_DECIDE_APPEAL) != 0)
	{
		if (move->reviewers > 1 && !open->has_first)
		{
			NoteFirst(open->request_id, move->actor->account_id, request->result);
			return;
		}
		state = pass && (!open->has_first || open->first_pass) ? "granted" : "refused";
	}
	else if ((move->effects & (EFFECT_VERIFY | EFFECT_CHECK | EFFECT_ANSWER)) != 0)
		state = "answered";
	else
		state = refuses ? "refused" : "granted";
	Decide(open->request_id, state, move->actor->account_id, now);
}

void
RequestsTake(const Case *c, const StepMove *move, TimestampTz now, bool *late)
{
	const char *asked = RequestAsked(move->effects);
	const char *decided = RequestDecided(move->effects);
	CaseRequest open;

	*late = false;
	if (asked != NULL)
		Open(c, asked, move, now);
	if (decided != NULL && RequestFind(c->rec_id, decided, &open))
	{
		*late = now > open.due;
		DecideOpen(move, &open, now);
	}
	if (move->moves || (move->effects & EFFECT_MERGE) != 0)
		Withdraw(c->rec_id, move->to.final, now);
}
