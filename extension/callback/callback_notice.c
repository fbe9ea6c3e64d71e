/*
 * Notices by call-back (process/notice.h): the call-backs of an application that asked for case.notice get
 * what a rule or the clock tells of a case. The receiver in a definition is the application's code.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "callback/callback.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "process/notice.h"
#include "process/process_members.h"

/* May the application be called back now? */
static bool
ApplicationCounts(const char *app_code)
{
	static SpiQuery query = {
		"SELECT FROM citybigdata.application a WHERE a.app_code OPERATOR(pg_catalog.=) $1"
		" AND " CALLBACK_COUNTS("a.app_id"),
		1,
		{TEXTOID},
		NULL,
		true};
	Datum values[] = {CStringGetTextDatum(app_code)};
	bool counts;

	SpiBegin();
	counts = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
	return counts;
}

/* NoticeChannel.read */
static char *
ReadReceiver(const JsonNode *value, bool check, ErrorList *errors)
{
	if (!MemberKind(value, JSON_STRING, MESSAGE("the appCode of an application"), errors))
		return NULL;
	if (check && !ApplicationCounts(value->text))
		ErrorPrint(errors, false, JsonPointer(value), CBD_CODE_NOT_IN_TABLE,
				   "no active application \"%s{code}\" with the grant callbacks",
				   ShortText(value->text, value->length));
	return pstrdup(value->text);
}

/* NoticeChannel.send */
static int
SendNotice(const char *receiver, const Told *told)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT c.destination_id, e.other_task_num FROM citybigdata.application a"
		" JOIN citybigdata.callback c ON c.app_id OPERATOR(pg_catalog.=) a.app_id"
		" JOIN citybigdata.event e ON e.rec_id OPERATOR(pg_catalog.=) $2"
		" WHERE a.app_code OPERATOR(pg_catalog.=) $1 AND c.state OPERATOR(pg_catalog.=) 'active'"
		" AND '" CASE_NOTICE "' OPERATOR(pg_catalog.=) ANY (c.events) AND " CALLBACK_COUNTS("a.app_id")
		" ORDER BY c.callback_id",
		2, {TEXTOID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(receiver), Int32GetDatum(told->c->rec_id)};
	int64 destinations[CALLBACKS_MAX];
	char *other_task_num;
	int count;

	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, CALLBACKS_MAX);
	for (int i = 0; i < count; i++)
		destinations[i] = SpiInt64(i, 1);
	other_task_num = count > 0 ? SpiText(0, 2) : NULL;
	SpiEnd();
	if (count > 0)
		CallbackNotice(told, other_task_num, destinations, count);
	return count;
}

void
CallbackNoticesInstall(void)
{
	static const NoticeChannel channel = {"callback", ReadReceiver, SendNotice};

	NoticeRegister(&channel);
}
