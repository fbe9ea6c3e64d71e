/*
 * Notices by SMS (process/notice.h): a rule or the clock tells numbers of a case. The receiver in a
 * definition is a list with commas between:
 *
 *   13800138000   a number of the mainland
 *   holder        who the case is with: the number of his account
 *   reporter      who reported it: the cellphone of the case
 *   @user         an account, by its user name
 *
 * Accounts and cases are read when it is told. Policies, caps and the block list count as for any message;
 * what the template may name has nothing personal.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "process/notice.h"
#include "process/process_members.h"
#include "sms/sms.h"
#include "sms/sms_content.h"

#define RECEIVERS_MAX 20
#define RECEIVER_SIZE 128 /* bytes of one, with its NUL */

#define EXPECTED                                                                                             \
	MESSAGE("numbers, holder, reporter or @ and a user name, commas between, for example "                   \
			"holder,13800138000")

/* The next receiver of the list, without blanks around it; false: there is none, or it is too long. */
static bool
Next(const char **list, char *out)
{
	const char *begin = *list;
	size_t length;

	if (begin == NULL)
		return false;
	length = strcspn(begin, ",");
	*list = begin[length] == ',' ? begin + length + 1 : NULL;
	while (length > 0 && *begin == ' ')
		begin++, length--;
	while (length > 0 && begin[length - 1] == ' ')
		length--;
	if (length == 0 || length >= RECEIVER_SIZE)
		return false;
	memcpy(out, begin, length);
	out[length] = '\0';
	return true;
}

/* The number of the active account; NULL: none. */
static char *
AccountMobile(const char *user_name, int64 account_id)
{
	static SpiQuery query = {
		"SELECT a.mobile FROM citybigdata.account a WHERE a.state OPERATOR(pg_catalog.=) 'active' AND"
		" (a.account_id OPERATOR(pg_catalog.=) $1 OR pg_catalog.lower(a.user_name COLLATE \"C\")"
		" OPERATOR(pg_catalog.=) pg_catalog.lower($2 COLLATE \"C\"))",
		2,
		{INT8OID, TEXTOID},
		NULL};
	Datum values[] = {Int64GetDatum(account_id), CStringGetTextDatum(user_name)};
	char *mobile = NULL;

	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		mobile = SpiText(0, 1);
	SpiEnd();
	return mobile;
}

/* The number of who reported the case; NULL: none was given. */
static char *
ReporterMobile(int32 rec_id)
{
	static SpiQuery query = {
		"SELECT coalesce(e.cellphone, citybigdata.event_person(e.rec_id, e.personal, 'cellphone'))"
		" FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
		1,
		{INT4OID},
		NULL,
		true};
	Datum values[] = {Int32GetDatum(rec_id)};
	char *mobile = NULL;

	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		mobile = SpiText(0, 1);
	SpiEnd();
	return mobile;
}

/* What is wrong with one receiver; false: it is right. */
static bool
Wrong(const char *receiver, bool check, const JsonNode *node, ErrorList *errors)
{
	if (strcmp(receiver, "holder") == 0 || strcmp(receiver, "reporter") == 0)
		return false;
	if (receiver[0] == '@')
	{
		if (!check || AccountMobile(receiver + 1, 0) != NULL)
			return false;
		ErrorPrint(errors, false, JsonPointer(node), CBD_UNKNOWN_ACCOUNT, "no active account \"%s{name}\"",
				   ShortText(receiver + 1, strlen(receiver + 1)));
		return true;
	}
	if (SmsMobile(receiver, strlen(receiver)) != 0)
		return false;
	ErrorAdd(errors, JsonPointer(node), CBD_INVALID_PHONE, EXPECTED);
	return true;
}

/* NoticeChannel.read */
static char *
ReadReceivers(const JsonNode *value, bool check, ErrorList *errors)
{
	int before = errors->count;
	char receiver[RECEIVER_SIZE];
	const char *list;
	int count = 0;

	if (!MemberKind(value, JSON_STRING, EXPECTED, errors))
		return NULL;
	for (list = value->text; list != NULL && count <= RECEIVERS_MAX; count++)
		if (!Next(&list, receiver))
			ErrorAdd(errors, JsonPointer(value), CBD_FIELD_OUT_OF_RANGE, EXPECTED);
		else
			(void) Wrong(receiver, check, value, errors);
	if (count > RECEIVERS_MAX)
		ErrorPrint(errors, false, JsonPointer(value), CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} receivers",
				   RECEIVERS_MAX);
	return errors->count > before ? NULL : pstrdup(value->text);
}

/* The numbers of the receivers as mobileStr; NULL: there is none. */
static char *
Numbers(const char *receivers, const Case *c)
{
	char receiver[RECEIVER_SIZE];
	StringInfoData out;

	initStringInfo(&out);
	while (Next(&receivers, receiver))
	{
		const char *mobile = receiver;

		if (strcmp(receiver, "holder") == 0)
			mobile = c->holder == 0 ? NULL : AccountMobile("", c->holder);
		else if (strcmp(receiver, "reporter") == 0)
			mobile = ReporterMobile(c->rec_id);
		else if (receiver[0] == '@')
			mobile = AccountMobile(receiver + 1, 0);
		if (mobile != NULL && SmsMobile(mobile, strlen(mobile)) != 0)
			appendStringInfo(&out, "%s%s", out.len > 0 ? "," : "", mobile);
	}
	return out.len > 0 ? out.data : NULL;
}

/* NoticeChannel.send */
static int
SendNotice(const char *receivers, const Told *told)
{
	SmsRequest request = {.source = "rule", .subject = told->c->task_num};
	ErrorList errors = {0};
	SmsAnswer answer;

	SmsReadNumbers(Numbers(receivers, told->c), "", &request.numbers, &errors);
	request.content = SmsReadContent(told->text, "", &errors);
	if (errors.count > 0 || SmsSend(&request, &answer) != CBD_OK)
		return 0;
	return answer.accepted;
}

const NoticeChannel sms_notices = {"sms", ReadReceivers, SendNotice};
