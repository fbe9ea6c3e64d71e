/* The block list over REST, for the system administrator: numbers that get no message of one application, or
 * of any. Numbers are shown whole: who asks for one must see whether it is there. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "sms/sms.h"

#define NOTE_MAX 255

/* clang-format off */
/* $1 number, 0: any; $2 after "number application", $3 rows */
static SpiQuery blocks_page = {
	PAGE_OF("'mobile', p.mobile::text, 'appCode', a.app_code, 'source', p.source, 'note', p.note, 'createTime', " SHOWN_TIME("p.created_at"),
			"place COLLATE \"C\"", "3")
	"(SELECT b.*, concat(b.mobile, ' ', lpad(b.app_id::text, 10, '0')) AS place FROM citybigdata.sms_block b"
	" WHERE ($1 = 0 OR b.mobile = $1) AND ROW(b.mobile, b.app_id) > ROW(coalesce(nullif(split_part($2, ' ', 1), '')::bigint, 0),"
	"  coalesce(nullif(split_part($2, ' ', 2), '')::bigint, -1))"
	" ORDER BY b.mobile, b.app_id LIMIT $3) p LEFT JOIN citybigdata.application a ON a.app_id = p.app_id",
	3, {INT8OID, TEXTOID, INT4OID}, NULL};
/* clang-format on */

/* Is it a cursor of the list: a number, a blank, ten digits? */
static bool
IsPlace(const char *text)
{
	return text[0] == '\0' || (strlen(text) == 22 && strspn(text, "0123456789") == 11 && text[11] == ' ' &&
							   strspn(text + 12, "0123456789") == 10);
}

/* rest_admin_sms_blocks(..., mobile, cursor, page_size) */
static Datum
AdminBlocks(Call *call)
{
	ARGUMENTS(ARG_MOBILE, ARG_CURSOR, ARG_PAGE_SIZE);
	/* they are numbers of persons, which the audit log does not have */
	static const char *const filters[] = {NULL};
	char *mobile = CallText(call, ARG_MOBILE);
	const char *cursor;
	Datum values[3];
	Datum refusal;
	int64 number = 0;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	if (mobile != NULL && mobile[0] != '\0')
	{
		number = SmsMobile(mobile, strlen(mobile));
		if (number == 0)
			ErrorAdd(&call->errors, "/mobile", CBD_INVALID_PHONE,
					 "a mobile number of the mainland, for example 13800138000");
		else
			call->detail =
				psprintf("mobile=" INT64_FORMAT "****%04d", number / 100000000, (int) (number % 10000));
	}
	cursor = CheckTextCursor(call, CallText(call, ARG_CURSOR), 22);
	if (!IsPlace(cursor))
		ErrorAdd(&call->errors, "/cursor", CBD_INVALID_PARAMETER, NULL);
	values[0] = Int64GetDatum(number);
	values[1] = CStringGetTextDatum(cursor);
	values[2] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &blocks_page, values, NULL);
}

ENDPOINT(cbd_rest_admin_sms_blocks, "sms.blocks", AdminBlocks);

/* The application of that code: -1: there is none; of NULL: 0. */
static int32
ApplicationOf(const char *app_code)
{
	static SpiQuery query = {
		"SELECT app_id FROM citybigdata.application WHERE app_code = $1", 1, {TEXTOID}, NULL};
	Datum values[1];
	int32 app_id = -1;

	if (app_code == NULL || app_code[0] == '\0')
		return 0;
	values[0] = CStringGetTextDatum(app_code);
	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		app_id = SpiInt32(0, 1);
	SpiEnd();
	return app_id;
}

/* Changes the list; returns how many rows. */
static int
Change(const SmsNumbers *numbers, bool block, int32 app_id, const char *note)
{
	static SpiQuery add = {
		"INSERT INTO citybigdata.sms_block (mobile, app_id, source, note) SELECT m, $2, 'administrator', $3"
		" FROM unnest($1) m ON CONFLICT ON CONSTRAINT sms_block_pkey DO NOTHING",
		3,
		{INT8ARRAYOID, INT4OID, TEXTOID}};
	static SpiQuery remove = {"DELETE FROM citybigdata.sms_block WHERE mobile = ANY ($1) AND app_id = $2",
							  2,
							  {INT8ARRAYOID, INT4OID}};
	Datum *elements = palloc(sizeof(Datum) * numbers->count);
	bool nulls[3] = {false, false, note == NULL};
	Datum values[3];
	int changed;

	for (int i = 0; i < numbers->count; i++)
		elements[i] = Int64GetDatum(numbers->items[i].mobile);
	values[0] = PointerGetDatum(
		construct_array(elements, numbers->count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[1] = Int32GetDatum(app_id);
	values[2] = note == NULL ? (Datum) 0 : CStringGetTextDatum(note);
	SpiBegin();
	changed = (int) SpiRun(block ? &add : &remove, values, nulls, block ? SPI_OK_INSERT : SPI_OK_DELETE, 0);
	SpiEnd();
	return changed;
}

/* rest_sms_block(..., action, mobile_str, app, note): {changed} */
static Datum
BlockCall(Call *call)
{
	ARGUMENTS(ARG_ACTION, ARG_MOBILES, ARG_APP, ARG_NOTE);
	static const char *const actions[] = {"block", "unblock", NULL};
	static const TextRule note_rule = {"/note", 1, NOTE_MAX, false, false};
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	SmsNumbers numbers;
	const char *action;
	const char *note;
	int32 app_id;
	int changed;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	action = CheckChoice(call, "/action", CallText(call, ARG_ACTION), actions, true, "block or unblock");
	SmsReadNumbers(CallText(call, ARG_MOBILES), "/mobileStr", &numbers, &call->errors);
	for (int i = 0; i < numbers.count && numbers.wrong < numbers.count; i++)
		if (numbers.items[i].mobile == 0)
			ErrorAdd(&call->errors, "/mobileStr", CBD_INVALID_PHONE,
					 "a mobile number of the mainland, for example 13800138000");
	app_id = ApplicationOf(CallText(call, ARG_APP));
	if (app_id < 0)
		ErrorAdd(&call->errors, "/app", CBD_INVALID_APP_CODE, "there is no such application");
	note = CheckText(&call->errors, &note_rule, CallText(call, ARG_NOTE));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	changed = Change(&numbers, strcmp(action, "block") == 0, app_id, note);
	call->detail = psprintf("%s, %d numbers, %d changed", action, numbers.count, changed);
	return Answer(call, CBD_OK, psprintf("{\"changed\":%d}", changed));
}

ENDPOINT(cbd_rest_sms_block, "sms.block", BlockCall);
