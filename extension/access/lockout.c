/* Lock-out by atomic increment; see lockout.h. */
#include "postgres.h"

#include <arpa/inet.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/inet.h"
#include "utils/timestamp.h"

#include "core/field.h"
#include "core/guc.h"
#include "core/keyed_row.h"
#include "access/lockout.h"
#include "core/spi.h"

#define ADDRESS      "address"
#define REGISTRATION "registration"

/* While other attempts of the same subject are being checked, tell the client to come back soon. */
#define CHECK_SECONDS 10

/*
 * $1 kind, $2 subject, $3 threshold, $4 duration in seconds, $5 now, $6 confirmed (0 reserve, 1 count).
 * The count starts anew after a lock that ended and after `duration` without an attempt. No row: locked.
 */
static SpiQuery reserve = {
	"INSERT INTO citybigdata.lockout AS l (kind, subject, failures, confirmed, last_attempt_at, locked_until)"
	" VALUES ($1, $2, 1, $6, $5, CASE WHEN $3 <= 1 THEN $5 + make_interval(secs => $4) END)"
	" ON CONFLICT ON CONSTRAINT lockout_pkey DO UPDATE SET"
	"  failures = CASE WHEN l.locked_until IS NOT NULL OR l.last_attempt_at < $5 - make_interval(secs => $4)"
	"   THEN 1 ELSE l.failures + 1 END,"
	"  confirmed = CASE WHEN l.locked_until IS NOT NULL OR l.last_attempt_at < $5 - make_interval(secs => $4)"
	"   THEN $6 ELSE l.confirmed + $6 END,"
	"  last_attempt_at = $5,"
	"  locked_until = CASE WHEN CASE WHEN l.locked_until IS NOT NULL OR l.last_attempt_at < $5 - "
	"make_interval(secs => $4)"
	"   THEN 1 ELSE l.failures + 1 END >= $3 THEN $5 + make_interval(secs => $4) END"
	" WHERE l.locked_until IS NULL OR l.locked_until <= $5",
	6,
	{TEXTOID, TEXTOID, INT4OID, FLOAT8OID, TIMESTAMPTZOID, INT4OID},
	NULL,
	true};

enum
{
	ROW_KIND,
	ROW_SUBJECT,
	ROW_FAILURES,
	ROW_CONFIRMED,
	ROW_LAST,
	ROW_UNTIL
};
static KeyedTable lockout_table = {
	"lockout",
	"lockout_pkey",
	{"kind", "subject", "failures", "confirmed", "last_attempt_at", "locked_until"}};

static SpiQuery clear_subject = {
	"UPDATE citybigdata.lockout SET failures = 0, confirmed = 0, locked_until = NULL"
	" WHERE kind = $1 AND subject = $2 AND failures > 0",
	2,
	{TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 kind, $2 subject, $3 threshold, $4 confirmed as it was counted: takes one attempt back, and the lock
 * that it brought */
static SpiQuery undo = {"UPDATE citybigdata.lockout SET failures = greatest(failures - 1, 0), confirmed = "
						"greatest(confirmed - $4, 0),"
						" locked_until = CASE WHEN failures - 1 >= $3 THEN locked_until END"
						" WHERE kind = $1 AND subject = $2",
						4,
						{TEXTOID, TEXTOID, INT4OID, INT4OID},
						NULL,
						true};

/*
 * $1 kind, $2 subject, $3 threshold, $4 duration, $5 now. Another attempt's success may have cleared the
 * count meanwhile: this failure then counts anew, so that a success never hides the wrong guesses beside it.
 */
static SpiQuery confirm = {
	"UPDATE citybigdata.lockout SET confirmed = confirmed + 1, failures = greatest(failures, confirmed + 1),"
	" locked_until = CASE WHEN locked_until IS NULL AND confirmed + 1 >= $3 THEN $5 + make_interval(secs => "
	"$4)"
	"  ELSE locked_until END"
	" WHERE kind = $1 AND subject = $2",
	5,
	{TEXTOID, TEXTOID, INT4OID, FLOAT8OID, TIMESTAMPTZOID},
	NULL,
	true};

static SpiQuery store_reservation = {
	"INSERT INTO citybigdata.login_reservation (request_id, user_name, address) VALUES ($1, $2, $3)",
	3,
	{TEXTOID, TEXTOID, TEXTOID},
	NULL,
	true};

/* A reservation serves for a minute: the log-in lane answers or gives up long before. */
static SpiQuery take_reservation = {
	"DELETE FROM citybigdata.login_reservation WHERE reservation_id ="
	" (SELECT reservation_id FROM citybigdata.login_reservation WHERE request_id = $1 AND user_name = $2 AND "
	"address = $3"
	"  AND reserved_at > clock_timestamp() - interval '1 minute' LIMIT 1 FOR UPDATE SKIP LOCKED)",
	3,
	{TEXTOID, TEXTOID, TEXTOID},
	NULL,
	true};

static SpiQuery release_reservation = {
	"DELETE FROM citybigdata.login_reservation WHERE request_id = $1 AND address = $2 RETURNING user_name",
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
	attempt->address = AddressSubject(context);
	attempt->kind = kind;
	/* user names are the same whatever their case */
	attempt->subject = strcmp(kind, "account") == 0 ? FoldAscii(subject) : pstrdup(subject);
}

/* Seconds, at least 1 when it is locked; 1 while other attempts are being checked. */
static int
RowLockedFor(const char *kind, const char *subject)
{
	RowKey keys[2] = {TextKey(ROW_KIND, kind), TextKey(ROW_SUBJECT, subject)};
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz last;
	TimestampTz until;
	KeyedRow row;
	int seconds = 0;

	RowsLatestBegin();
	if (RowOpen(&row, &lockout_table, keys, 2) && RowTime(&row, ROW_UNTIL, &until) && until > now)
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

int
LockedFor(const Attempt *attempt)
{
	int seconds = 0;

	if (attempt->address[0] != '\0')
		seconds = RowLockedFor(ADDRESS, attempt->address);
	return Max(seconds, RowLockedFor(attempt->kind, attempt->subject));
}

/* Counts one try of one subject; false when it is locked. */
static bool
ReserveRow(const char *kind, const char *subject, int threshold, int confirmed, int *retry_after)
{
	Datum values[6] = {CStringGetTextDatum(kind),
					   CStringGetTextDatum(subject),
					   Int32GetDatum(threshold),
					   Float8GetDatum(guc_lockout_duration),
					   TimestampTzGetDatum(GetCurrentTimestamp()),
					   Int32GetDatum(confirmed)};

	if (SpiRun(&reserve, values, NULL, SPI_OK_INSERT, 0) == 1)
		return true;
	*retry_after = Max(RowLockedFor(kind, subject), 1);
	return false;
}

/* Gives a subject one attempt back. */
static void
UndoRow(const char *kind, const char *subject, int threshold, int confirmed)
{
	Datum values[4] = {CStringGetTextDatum(kind), CStringGetTextDatum(subject), Int32GetDatum(threshold),
					   Int32GetDatum(confirmed)};

	SpiRun(&undo, values, NULL, SPI_OK_UPDATE, 0);
}

static void
UndoAddress(const char *address, int confirmed)
{
	if (address[0] != '\0')
		UndoRow(ADDRESS, address, guc_lockout_address_threshold, confirmed);
}

/* An attempt that is refused because of a lock counts nowhere: it was not checked. */
static bool
ReserveBoth(const Attempt *attempt, int confirmed, int *retry_after)
{
	bool open;

	/* looked at first, so that a flood against a locked subject writes nothing here */
	*retry_after = LockedFor(attempt);
	if (*retry_after > 0)
		return false;
	SpiBegin();
	open = attempt->address[0] == '\0' ||
		   ReserveRow(ADDRESS, attempt->address, guc_lockout_address_threshold, confirmed, retry_after);
	if (open && !ReserveRow(attempt->kind, attempt->subject, guc_lockout_threshold, confirmed, retry_after))
	{
		UndoAddress(attempt->address, confirmed);
		open = false;
	}
	SpiEnd();
	return open;
}

bool
ReserveAttempt(const Attempt *attempt, int *retry_after)
{
	return ReserveBoth(attempt, 0, retry_after);
}

bool
CountFailure(const Attempt *attempt, int *retry_after)
{
	return ReserveBoth(attempt, 1, retry_after);
}

void
AttemptSucceeded(const Attempt *attempt)
{
	SpiBegin();
	UndoAddress(attempt->address, 0);
	SpiEnd();
	ClearFailures(attempt);
}

static void
ConfirmRow(const char *kind, const char *subject, int threshold)
{
	Datum values[5] = {CStringGetTextDatum(kind), CStringGetTextDatum(subject), Int32GetDatum(threshold),
					   Float8GetDatum(guc_lockout_duration), TimestampTzGetDatum(GetCurrentTimestamp())};

	SpiRun(&confirm, values, NULL, SPI_OK_UPDATE, 0);
}

void
AttemptFailed(const Attempt *attempt)
{
	SpiBegin();
	if (attempt->address[0] != '\0')
		ConfirmRow(ADDRESS, attempt->address, guc_lockout_address_threshold);
	ConfirmRow(attempt->kind, attempt->subject, guc_lockout_threshold);
	SpiEnd();
}

void
ClearFailures(const Attempt *attempt)
{
	Datum values[2] = {CStringGetTextDatum(attempt->kind), CStringGetTextDatum(attempt->subject)};

	SpiBegin();
	SpiRun(&clear_subject, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

bool
CountRegistration(const RestContext *context, int *retry_after)
{
	bool open;

	if (guc_registration_limit == 0 || !context->has_client_addr)
		return true;
	SpiBegin();
	/* the last one that is let through locks */
	open = ReserveRow(REGISTRATION, AddressSubject(context), guc_registration_limit, 1, retry_after);
	SpiEnd();
	return open;
}

void
ForgetRegistration(const RestContext *context)
{
	if (guc_registration_limit == 0 || !context->has_client_addr)
		return;
	SpiBegin();
	UndoRow(REGISTRATION, AddressSubject(context), guc_registration_limit, 1);
	SpiEnd();
}

void
StoreReservation(const RestContext *context, const Attempt *attempt)
{
	Datum values[3];

	if (context->request_id == NULL)
		return;
	values[0] = CStringGetTextDatum(context->request_id);
	values[1] = CStringGetTextDatum(attempt->subject);
	values[2] = CStringGetTextDatum(attempt->address);
	SpiBegin();
	SpiRun(&store_reservation, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

bool
TakeReservation(const RestContext *context, const Attempt *attempt)
{
	Datum values[3];
	bool taken;

	if (context->request_id == NULL)
		return false;
	values[0] = CStringGetTextDatum(context->request_id);
	values[1] = CStringGetTextDatum(attempt->subject);
	values[2] = CStringGetTextDatum(attempt->address);
	SpiBegin();
	taken = SpiRun(&take_reservation, values, NULL, SPI_OK_DELETE, 0) == 1;
	SpiEnd();
	return taken;
}

void
ReleaseReservation(const RestContext *context)
{
	Datum values[2];
	char *address;
	uint64 count;
	char **user_names;

	if (context->request_id == NULL)
		return;
	address = AddressSubject(context);
	values[0] = CStringGetTextDatum(context->request_id);
	values[1] = CStringGetTextDatum(address);
	SpiBegin();
	count = SpiRun(&release_reservation, values, NULL, SPI_OK_DELETE_RETURNING, 0);
	user_names = palloc(Max(count, 1) * sizeof(char *));
	for (uint64 i = 0; i < count; i++)
		user_names[i] = SpiText(i, 1);
	for (uint64 i = 0; i < count; i++)
	{
		UndoAddress(address, 0);
		UndoRow("account", user_names[i], guc_lockout_threshold, 0);
	}
	SpiEnd();
}
