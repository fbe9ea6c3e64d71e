/* The table of status codes. */
#include "base/status.h"

#include <stdlib.h>

#include "wire/status_codes.h"

#define ROW(number, http, name, sqlstate, english, chinese) {number, http, name, english, chinese},
const StatusRow status_rows[] = {CBD_STATUS_TABLE(ROW)};
const int status_row_count = (int) (sizeof(status_rows) / sizeof(status_rows[0]));

static int
CompareRows(const void *key, const void *row)
{
	return *(const int *) key - ((const StatusRow *) row)->number;
}

const StatusRow *
StatusFind(int number)
{
	static const StatusRow unknown = {CBD_INTERNAL_ERROR, 500, "INTERNAL_ERROR", "Internal error",
									  "内部错误"};
	const StatusRow *row =
		bsearch(&number, status_rows, (size_t) status_row_count, sizeof(StatusRow), CompareRows);

	return row == NULL ? &unknown : row;
}

unsigned
StatusHttp(int number)
{
	return number == CBD_OK ? 200 : (unsigned) StatusFind(number)->http;
}

const char *
StatusText(int number, bool chinese)
{
	const StatusRow *row = StatusFind(number);

	return chinese ? row->chinese : row->english;
}
