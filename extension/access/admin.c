/*
 * What the endpoints of administration share; see admin.h. Checks add to the call's errors and return what is
 * safe to go on with.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/interval.h"
#include "access/admin.h"
#include "access/proposal.h"

/* $1 appCode: the account that owns it. */
static SpiQuery application_owner = {
	"SELECT account_id FROM citybigdata.application WHERE app_code = $1", 1, {TEXTOID}, NULL, true};

Datum
TextOrNull(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

const char *
CheckReason(Call *call, const char *reason)
{
	static const TextRule rule = {"/reason", 1, 500, false, false};

	return CheckText(&call->errors, &rule, reason);
}

bool
CheckNumber(Call *call, const char *pointer, const char *text, double low, double high, bool whole,
			double *number)
{
	char *end;

	*number = 0;
	if (text == NULL || text[0] == '\0')
		return false;
	*number = strtod(text, &end);
	if (strlen(text) <= 20 && strspn(text, "0123456789.") == strlen(text) && *end == '\0' && *number >= low &&
		*number <= high && (!whole || *number == floor(*number)))
		return true;
	ErrorAdd(&call->errors, pointer, CBD_FIELD_OUT_OF_RANGE,
			 SaidBoth(whole ? "%g{low} to %.0f{high}, a whole number" : "%g{low} to %.0f{high}", low, high));
	return false;
}

TimestampTz
CheckTime(Call *call, const char *pointer, const char *text, TimestampTz absent)
{
	TimePointText point;
	ParseError error = {0};
	TimestampTz time;

	if (text == NULL || text[0] == '\0')
		return absent;
	if (time_point_parse(text, strlen(text), &point, &error) && TimePointValue(&point, &time, &error))
		return time;
	ErrorAdd(&call->errors, pointer, CBD_FIELD_TIME,
			 SaidBoth("%s{why*}. %s{hint*}", error.message, error.hint));
	return absent;
}

TimestampTz
CheckEnd(Call *call, const char *text, bool *endless)
{
	static const TextRule rule = {"/validUntil", 1, 20, true, true};
	TimestampTz end = 0;

	*endless = false;
	text = CheckText(&call->errors, &rule, text);
	if (text == NULL)
		return 0;
	*endless = strcmp(text, "never") == 0;
	if (!*endless)
		end = CheckTime(call, rule.pointer, text, 0);
	call->detail = psprintf("until %s", text);
	return end;
}

const char *
CheckChoice(Call *call, const char *pointer, const char *text, const char *const *choices, bool required,
			const char *wanted)
{
	TextRule rule = {pointer, 1, 64, required, false};

	text = CheckText(&call->errors, &rule, text);
	if (text == NULL || IsOneOf(text, choices))
		return text;
	ErrorAdd(&call->errors, pointer, CBD_FIELD_OUT_OF_RANGE, wanted);
	return NULL;
}

CbdStatus
NotOwn(const Call *call, int64 account_id)
{
	return call->caller.account_id == account_id ? CBD_OWN_ACCOUNT : CBD_OK;
}

Datum
AnswerProposed(Call *call, Proposal *proposal, const char *data)
{
	CbdStatus status = Propose(&call->caller, proposal);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	call->detail = psprintf("proposal " INT64_FORMAT ": %s", proposal->proposal_id, proposal->action);
	return Answer(call, CBD_OK,
				  psprintf("%.*s,\"proposalId\":" INT64_FORMAT ",\"state\":\"proposed\"}",
						   (int) strlen(data) - 1, data, proposal->proposal_id));
}

int64
ApplicationOwner(const char *app_code)
{
	Datum value = CStringGetTextDatum(app_code == NULL ? "" : app_code);
	int64 account_id = 0;

	SpiBegin();
	if (SpiRun(&application_owner, &value, NULL, SPI_OK_SELECT, 1) == 1)
		account_id = SpiInt64(0, 1);
	SpiEnd();
	return account_id;
}
