/*
 * Lock-out by atomic increment; see lockout.h.
 *
 * Table lockout: one row per counter (struct Counter), `failures` counting attempts that failed or are being
 * checked, `confirmed` those that failed for certain. Each statement below is one conditional UPDATE, so that
 * a limit holds among any number of concurrent attempts. The row of the address is always locked before that
 * of the subject (Counters()): two requests never wait for each other in a circle.
 */
#include "postgres.h"

#include <arpa/inet.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/inet.h"
#include "utils/timestamp.h"

#include "core/field.h"
#include "core/guc.h"
#include "core/keyed_row.h"
#include "access/user_name.h"
#include "access/lockout.h"
#include "core/spi.h"

/* Kinds of counters beside those of lockout.h: whom they count is an address. */
#define ADDRESS      "address"
#define REGISTRATION "registration"

/* The address of a pair when the client's is not known (callers from SQL). */
#define NO_ADDRESS "-"

/* How long an address counts as known after a right password. */
#define KNOWN_DAYS 30

/* Address, the subject from there, the subject from wherever. */
#define COUNTERS_MAX 3

/* While other attempts of the same subject are being checked, tell the client to come back soon. */
#define CHECK_SECONDS 10

/*
 * What is counted, how far, and for how long it then is locked. A plain count starts anew after its lock and
 * after `seconds` without an attempt. A growing one goes on: each failure beyond the threshold doubles the
 * delay, up to `most`, until a success or `forget` seconds without an attempt.
 */
typedef struct Counter
{
	const char *kind;
	const char *subject;
	const char *address; /* "": the subject from wherever, or an address itself */
	int threshold;
	double seconds;
	bool growing;
	double most;
	double forget;
} Counter;

/* The parameters of a counter's statements and their types; CounterValues() gives them. */
#define COUNTER_ARGS                                                                                         \
	10, {TEXTOID, TEXTOID,   TEXTOID,   INT4OID,        FLOAT8OID,                                           \
		 BOOLOID, FLOAT8OID, FLOAT8OID, TIMESTAMPTZOID, INT4OID},                                            \
		NULL, true
/* The lock of a count of n failures, null: below the threshold. The parameters: CounterValues(). */
#define LOCK_OF(n)                                                                                           \
	"CASE WHEN " n " >= $4 THEN $9 + make_interval(secs => CASE WHEN $6"                                     \
	" THEN least($7, $5 * 2 ^ least(" n " - $4, 30)) ELSE $5 END) END"
#define STALE                                                                                                \
	"((NOT $6 AND l.locked_until IS NOT NULL) OR l.last_attempt_at < $9 - make_interval(secs => $8))"

/* No row: locked. $10: 0 reserve, 1 count as wrong. */
static SpiQuery reserve = {
	"INSERT INTO citybigdata.lockout AS l (kind, subject, address, failures, confirmed, last_attempt_at, "
	"locked_until) VALUES ($1, $2, $3, 1, $10, $9, " LOCK_OF(
		"1") ")"
			 " ON CONFLICT ON CONSTRAINT lockout_pkey DO UPDATE SET (failures, confirmed, last_attempt_at, "
			 "locked_until) ="
			 " (SELECT c.n, CASE WHEN c.n = 1 THEN $10 ELSE l.confirmed + $10 END, $9, " LOCK_OF(
				 "c.n") "  FROM (SELECT CASE WHEN " STALE " THEN 1 ELSE l.failures + 1 END AS n) AS c)"
						" WHERE l.locked_until IS NULL OR l.locked_until <= $9",
	COUNTER_ARGS};

/*
 * Another attempt's success may have cleared the count meanwhile: this failure then counts anew, so that a
 * success never hides the wrong guesses beside it.
 */
static SpiQuery confirm = {
	"UPDATE citybigdata.lockout l SET confirmed = l.confirmed + 1, failures = greatest(l.failures, "
	"l.confirmed + "
	"1), locked_until = CASE WHEN l.locked_until IS NULL THEN " LOCK_OF(
		"(l.confirmed + 1)") " ELSE l.locked_until END"
							 " WHERE l.kind = $1 AND l.subject = $2 AND l.address = $3",
	COUNTER_ARGS};

/* Takes one attempt back, and the lock that it brought. $4 threshold, $5 confirmed as it was counted */
static SpiQuery undo = {"UPDATE citybigdata.lockout SET failures = greatest(failures - 1, 0), confirmed = "
						"greatest(confirmed - $5, 0),"
						" locked_until = CASE WHEN failures - 1 >= $4 THEN locked_until END"
						" WHERE kind = $1 AND subject = $2 AND address = $3",
						5,
						{TEXTOID, TEXTOID, TEXTOID, INT4OID, INT4OID},
						NULL,
						true};

/* Columns of lockout. */
enum
{
	ROW_KIND,
	ROW_SUBJECT,
	ROW_ADDRESS,
	ROW_FAILURES,
	ROW_CONFIRMED,
	ROW_LAST,
	ROW_UNTIL,
	ROW_SUCCEEDED
};
static KeyedTable lockout_table = {"lockout",
								   "lockout_pkey",
								   {"kind", "subject", "address", "failures", "confirmed", "last_attempt_at",
									"locked_until", "succeeded_at"}};

/* $1 kind, $2 subject, $3 address: it starts anew. */
static SpiQuery clear_subject = {
	"UPDATE citybigdata.lockout SET failures = 0, confirmed = 0, locked_until = NULL"
	" WHERE kind = $1 AND subject = $2 AND address = ANY (ARRAY['', $3]) AND failures > 0",
	3,
	{TEXTOID, TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 kind, $2 subject, $3 address: it is known to the account from now on. */
static SpiQuery note_success = {"UPDATE citybigdata.lockout SET succeeded_at = clock_timestamp()"
								" WHERE kind = $1 AND subject = $2 AND address = $3",
								3,
								{TEXTOID, TEXTOID, TEXTOID},
								NULL,
								true};

/* $1 request, $2 user name, $3 address, $4 counted from everywhere: an attempt was counted for it. */
static SpiQuery store_reservation = {"INSERT INTO citybigdata.login_reservation (request_id, user_name, "
									 "address, everywhere) VALUES ($1, $2, $3, $4)",
									 4,
									 {TEXTOID, TEXTOID, TEXTOID, BOOLOID},
									 NULL,
									 true};

/* $1 request, $2 user name, $3 address. A reservation serves for a minute: the log-in lane answers or gives
 * up long before. */
static SpiQuery take_reservation = {
	"DELETE FROM citybigdata.login_reservation WHERE reservation_id ="
	" (SELECT reservation_id FROM citybigdata.login_reservation WHERE request_id = $1 AND user_name = $2 AND "
	"address = $3"
	"  AND reserved_at > clock_timestamp() - interval '1 minute' LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING "
	"everywhere",
	3,
	{TEXTOID, TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 request, $2 address: the reservation ends; the name that was counted comes back. */
static SpiQuery release_reservation = {"DELETE FROM citybigdata.login_reservation WHERE request_id = $1 AND "
									   "address = $2 RETURNING user_name, everywhere",
									   2,
									   {TEXTOID, TEXTOID},
									   NULL,
									   true};

/* The text that an address is counted by: IPv4 whole, IPv6 by its /64, which one subscriber has. */
static char *
CountedBy(bool v4, const uint8 *address)
{
	uint8 bytes[16] = {0};
	char text[INET6_ADDRSTRLEN];

	memcpy(bytes, address, v4 ? 4 : 8);
	if (inet_ntop(v4 ? AF_INET : AF_INET6, bytes, text, sizeof(text)) == NULL)
		elog(ERROR, "inet_ntop failed");
	return v4 ? pstrdup(text) : psprintf("%s/64", text);
}

/* The client's address as it is counted: IPv4 whole, IPv6 by its /64; NULL: there is none, as in calls
 * from SQL. */
static char *
AddressSubject(const RestContext *context)
{
	inet *addr;

	if (!context->has_client_addr)
		return "";
	addr = DatumGetInetPP(context->client_addr);
	return CountedBy(ip_family(addr) == PGSQL_AF_INET, ip_addr(addr));
}

char *
LockoutAddress(const char *text)
{
	static const uint8 mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:192.0.2.1 is an IPv4 client */
	char *address = pnstrdup(text, strcspn(text, "/"));
	uint8 bytes[16];

	if (inet_pton(AF_INET, address, bytes) == 1)
		return CountedBy(true, bytes);
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return NULL;
	return memcmp(bytes, mapped, sizeof(mapped)) == 0 ? CountedBy(true, bytes + 12) : CountedBy(false, bytes);
}

void
MakeAttempt(const RestContext *context, const char *kind, const char *subject, Attempt *attempt)
{
	bool application = strcmp(kind, "application") == 0;

	attempt->address = AddressSubject(context);
	attempt->kind = kind;
	/* user names are the same whatever their case */
	attempt->subject = application ? pstrdup(subject) : FoldAscii(subject);
	/* a key of 122 bits is not guessed from many addresses; a user name that cannot exist has no counter */
	attempt->everywhere = !application;
	if (!application && !UserNamePossible(subject))
		attempt->subject = NULL;
}

/* The counter of the client's address. */
static Counter
AddressCounter(const Attempt *attempt)
{
	return (Counter){.kind = ADDRESS,
					 .subject = attempt->address,
					 .address = "",
					 .threshold = guc_lockout_address_threshold,
					 .seconds = guc_lockout_duration,
					 .forget = guc_lockout_duration};
}

/* That of the subject from this address. */
static Counter
PairCounter(const Attempt *attempt)
{
	return (Counter){.kind = attempt->kind,
					 .subject = attempt->subject,
					 .address = attempt->address[0] != '\0' ? attempt->address : NO_ADDRESS,
					 .threshold = guc_lockout_threshold,
					 .seconds = guc_lockout_duration,
					 .forget = guc_lockout_duration};
}

/*
 * That of the subject from wherever: guesses from many addresses. It begins with a short delay, since
 * strangers can bring it about. A second factor is asked for behind a right password: its delay begins with a
 * whole lock-out and grows to a day, or six digits would be found in time.
 */
static Counter
SubjectCounter(const Attempt *attempt)
{
	bool totp = strcmp(attempt->kind, SECOND_FACTOR) == 0;

	return (Counter){.kind = attempt->kind,
					 .subject = attempt->subject,
					 .address = "",
					 .threshold = totp ? guc_lockout_threshold : guc_lockout_subject_threshold,
					 .seconds = totp ? guc_lockout_duration : Max(guc_lockout_duration / 64.0, 1),
					 .growing = true,
					 .most = totp ? Max(guc_lockout_duration, SECS_PER_DAY) : guc_lockout_duration,
					 .forget = totp ? 30.0 * SECS_PER_DAY : SECS_PER_DAY};
}

/* The counters that an attempt counts towards, in the order in which their rows are locked. */
static int
Counters(const Attempt *attempt, Counter counters[COUNTERS_MAX])
{
	int count = 0;

	if (attempt->address[0] != '\0')
		counters[count++] = AddressCounter(attempt);
	if (attempt->subject == NULL)
		return count;
	if (strcmp(attempt->kind, SECOND_FACTOR) != 0)
		counters[count++] = PairCounter(attempt);
	if (attempt->everywhere)
		counters[count++] = SubjectCounter(attempt);
	return count;
}

/* Opens the row of a counter; RowClose() is due. */
static bool
OpenCounter(const Counter *counter, KeyedRow *row)
{
	RowKey keys[3] = {TextKey(ROW_KIND, counter->kind), TextKey(ROW_SUBJECT, counter->subject),
					  TextKey(ROW_ADDRESS, counter->address)};

	return RowOpen(row, &lockout_table, keys, 3);
}

/* Seconds, at least 1 when it is locked; 1 while other attempts are being checked. */
static int
CounterLockedFor(const Counter *counter)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz last;
	TimestampTz until;
	KeyedRow row;
	int seconds = 0;

	RowsLatestBegin();
	if (OpenCounter(counter, &row) && RowTime(&row, ROW_UNTIL, &until) && until > now)
	{
		RowTime(&row, ROW_LAST, &last);
		if (RowInt32(&row, ROW_CONFIRMED) < RowInt32(&row, ROW_FAILURES) &&
			last > now - CHECK_SECONDS * USECS_PER_SEC)
			seconds = 1;
		else
			seconds = Min((until - now + USECS_PER_SEC - 1) / USECS_PER_SEC, PG_INT32_MAX);
	}
	RowClose(&row);
	RowsLatestEnd();
	return seconds;
}

void
KnowAddress(Attempt *attempt)
{
	Counter pair;
	KeyedRow row;
	TimestampTz at;

	if (attempt->subject == NULL || attempt->address[0] == '\0')
		return;
	pair = PairCounter(attempt);
	RowsLatestBegin();
	if (OpenCounter(&pair, &row) && RowTime(&row, ROW_SUCCEEDED, &at) &&
		at > GetCurrentTimestamp() - KNOWN_DAYS * USECS_PER_DAY)
		attempt->everywhere = false;
	RowClose(&row);
	RowsLatestEnd();
}

int
LockedFor(const Attempt *attempt)
{
	Counter counters[COUNTERS_MAX];
	int count = Counters(attempt, counters);
	int seconds = 0;

	for (int i = 0; i < count; i++)
		seconds = Max(seconds, CounterLockedFor(&counters[i]));
	return seconds;
}

/* The parameters of COUNTER_ARGS. */
static void
CounterValues(const Counter *counter, int confirmed, Datum values[10])
{
	values[0] = CStringGetTextDatum(counter->kind);
	values[1] = CStringGetTextDatum(counter->subject);
	values[2] = CStringGetTextDatum(counter->address);
	values[3] = Int32GetDatum(counter->threshold);
	values[4] = Float8GetDatum(counter->seconds);
	values[5] = BoolGetDatum(counter->growing);
	values[6] = Float8GetDatum(counter->most);
	values[7] = Float8GetDatum(counter->forget);
	values[8] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[9] = Int32GetDatum(confirmed);
}

/* Counts one try; false when it is locked. */
static bool
ReserveCounter(const Counter *counter, int confirmed, int *retry_after)
{
	Datum values[10];

	CounterValues(counter, confirmed, values);
	if (SpiRun(&reserve, values, NULL, SPI_OK_INSERT, 0) == 1)
		return true;
	*retry_after = Max(CounterLockedFor(counter), 1);
	return false;
}

/* Gives one try back. */
static void
UndoCounter(const Counter *counter, int confirmed)
{
	Datum values[5] = {CStringGetTextDatum(counter->kind), CStringGetTextDatum(counter->subject),
					   CStringGetTextDatum(counter->address), Int32GetDatum(counter->threshold),
					   Int32GetDatum(confirmed)};

	SpiRun(&undo, values, NULL, SPI_OK_UPDATE, 0);
}

/* An attempt that is refused because of a lock counts nowhere: it was not checked. */
static bool
ReserveAll(const Attempt *attempt, int confirmed, int *retry_after)
{
	Counter counters[COUNTERS_MAX];
	int count = Counters(attempt, counters);
	int open = 0;

	/* looked at first, so that a flood against a locked subject writes nothing here */
	*retry_after = LockedFor(attempt);
	if (*retry_after > 0)
		return false;
	SpiBegin();
	while (open < count && ReserveCounter(&counters[open], confirmed, retry_after))
		open++;
	for (int i = 0; open < count && i < open; i++)
		UndoCounter(&counters[i], confirmed);
	SpiEnd();
	return open == count;
}

bool
ReserveAttempt(const Attempt *attempt, int *retry_after)
{
	return ReserveAll(attempt, 0, retry_after);
}

bool
CountFailure(const Attempt *attempt, int *retry_after)
{
	return ReserveAll(attempt, 1, retry_after);
}

void
AttemptSucceeded(const Attempt *attempt)
{
	Counter counter;
	Datum values[3];

	SpiBegin();
	if (attempt->address[0] != '\0')
	{
		counter = AddressCounter(attempt);
		UndoCounter(&counter, 0);
		counter = PairCounter(attempt);
		values[0] = CStringGetTextDatum(counter.kind);
		values[1] = CStringGetTextDatum(counter.subject);
		values[2] = CStringGetTextDatum(counter.address);
		SpiRun(&note_success, values, NULL, SPI_OK_UPDATE, 0);
	}
	SpiEnd();
	ClearFailures(attempt);
}

void
AttemptFailed(const Attempt *attempt)
{
	Counter counters[COUNTERS_MAX];
	int count = Counters(attempt, counters);
	Datum values[10];

	SpiBegin();
	for (int i = 0; i < count; i++)
	{
		CounterValues(&counters[i], 1, values);
		SpiRun(&confirm, values, NULL, SPI_OK_UPDATE, 0);
	}
	SpiEnd();
}

void
ClearFailures(const Attempt *attempt)
{
	Counter pair = PairCounter(attempt);
	Datum values[3] = {CStringGetTextDatum(pair.kind), CStringGetTextDatum(pair.subject),
					   CStringGetTextDatum(pair.address)};

	SpiBegin();
	SpiRun(&clear_subject, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* The counter of registrations from the client's address: the last one that is let through locks. */
static Counter
RegistrationCounter(const RestContext *context)
{
	return (Counter){.kind = REGISTRATION,
					 .subject = AddressSubject(context),
					 .address = "",
					 .threshold = guc_registration_limit,
					 .seconds = guc_lockout_duration,
					 .forget = guc_lockout_duration};
}

bool
CountRegistration(const RestContext *context, int *retry_after)
{
	Counter counter;
	bool open;

	if (guc_registration_limit == 0 || !context->has_client_addr)
		return true;
	counter = RegistrationCounter(context);
	SpiBegin();
	open = ReserveCounter(&counter, 1, retry_after);
	SpiEnd();
	return open;
}

void
ForgetRegistration(const RestContext *context)
{
	Counter counter;

	if (guc_registration_limit == 0 || !context->has_client_addr)
		return;
	counter = RegistrationCounter(context);
	SpiBegin();
	UndoCounter(&counter, 1);
	SpiEnd();
}

void
StoreReservation(const RestContext *context, const Attempt *attempt)
{
	Datum values[4];

	if (context->request_id == NULL)
		return;
	values[0] = CStringGetTextDatum(context->request_id);
	values[1] = CStringGetTextDatum(attempt->subject != NULL ? attempt->subject : "");
	values[2] = CStringGetTextDatum(attempt->address);
	values[3] = BoolGetDatum(attempt->everywhere);
	SpiBegin();
	SpiRun(&store_reservation, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

bool
TakeReservation(const RestContext *context, Attempt *attempt)
{
	Datum values[3];
	bool taken;

	if (context->request_id == NULL)
		return false;
	values[0] = CStringGetTextDatum(context->request_id);
	values[1] = CStringGetTextDatum(attempt->subject != NULL ? attempt->subject : "");
	values[2] = CStringGetTextDatum(attempt->address);
	SpiBegin();
	taken = SpiRun(&take_reservation, values, NULL, SPI_OK_DELETE_RETURNING, 0) == 1;
	if (taken)
		attempt->everywhere = SpiBool(0, 1);
	SpiEnd();
	return taken;
}

void
ReleaseReservation(const RestContext *context)
{
	Datum values[2];
	Attempt *attempts;
	uint64 count;

	if (context->request_id == NULL)
		return;
	values[0] = CStringGetTextDatum(context->request_id);
	values[1] = CStringGetTextDatum(AddressSubject(context));
	SpiBegin();
	count = SpiRun(&release_reservation, values, NULL, SPI_OK_DELETE_RETURNING, 0);
	attempts = palloc(Max(count, 1) * sizeof(Attempt));
	for (uint64 i = 0; i < count; i++)
	{
		MakeAttempt(context, ACCOUNT, SpiText(i, 1), &attempts[i]);
		attempts[i].everywhere = SpiBool(i, 2);
	}
	for (uint64 i = 0; i < count; i++)
	{
		Counter counters[COUNTERS_MAX];
		int counted = Counters(&attempts[i], counters);

		for (int n = 0; n < counted; n++)
			UndoCounter(&counters[n], 0);
	}
	SpiEnd();
}
