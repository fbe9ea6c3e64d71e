/* Status codes: look-ups in the table made from status_codes.txt; see status.h. */
#include "postgres.h"
#include "core/say.h"
#include "core/status.h"

/* A line of status_codes.h, as this program needs it. */
typedef struct StatusRow
{
	int number;
	const char *sqlstate;
	const char *message;
	const char *chinese;
} StatusRow;

/* All of them, by number (regress/static.sh holds the order). */
static const StatusRow status_rows[] = {
#define STATUS_ROW(number, http, name, sqlstate, english, chinese) {number, sqlstate, english, chinese},
	CBD_STATUS_TABLE(STATUS_ROW)
#undef STATUS_ROW
};

/* The row of a status code; every code of the enumeration has one. */
static const StatusRow *
FindStatus(CbdStatus status)
{
	for (int i = 0; i < lengthof(status_rows); i++)
		if (status_rows[i].number == (int) status)
			return &status_rows[i];
	elog(ERROR, "status code %d is not in the table", (int) status);
}

bool
StatusExists(int number)
{
	for (int i = 0; i < lengthof(status_rows); i++)
		if (status_rows[i].number == number)
			return true;
	return false;
}

const char *
StatusMessage(CbdStatus status)
{
	return FindStatus(status)->message;
}

const char *
SaidStatus(CbdStatus status)
{
	return SayChinese() ? FindStatus(status)->chinese : StatusMessage(status);
}

char *
StatusBoth(CbdStatus status)
{
	return SaidPair(StatusMessage(status), FindStatus(status)->chinese);
}

int
StatusSqlstate(CbdStatus status)
{
	const char *s = FindStatus(status)->sqlstate;

	return MAKE_SQLSTATE(s[0], s[1], s[2], s[3], s[4]);
}

CbdStatus
StatusOfSqlstate(int sqlerrcode)
{
	const char *state = unpack_sql_state(sqlerrcode);
	int number = 0;

	if (state[0] != 'U' || state[1] != 'D')
		return CBD_OK;
	for (int i = 2; i < 5; i++)
		number = number * 36 + (state[i] >= 'A' ? state[i] - 'A' + 10 : state[i] - '0');
	return (CbdStatus) (40000 + number);
}

void
RaiseStatus(CbdStatus status, const char *detail)
{
	if (status != CBD_OK)
		ereport(ERROR, (errcode(StatusSqlstate(status)), errmsg_internal("%s", SaidStatus(status)),
						detail != NULL ? errdetail_internal("%s", SaidOf(SayChinese(), detail)) : 0));
}
