/* Who calls, and the parameters that the endpoints share; see open311.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/api_key.h"
#include "access/judge.h"
#include "core/interval.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/case_field.h"
#include "event/event.h"
#include "event/event_level.h"
#include "open311/open311.h"

bool
Open311Begin(Call *call, int key, Datum *reply)
{
	CbdStatus status = CallGiven(call, key) ? AuthoriseKey(call, CallDatum(call, key), OPEN311_RESOURCE)
											: CallAuthorise(call, OPEN311_RESOURCE);
	Origin origin = call->caller.origin;
	Caller all;

	if (status != CBD_OK)
	{
		*reply = Answer(call, status, NULL);
		return false;
	}
	/* with the grant cases it reads all of them, up to the level of that */
	if (AuthoriseApplication(&call->context, call->caller.app_id, &origin, "cases", &all) == CBD_OK)
	{
		call->caller.all_cases = true;
		call->caller.level =
			call->caller.token_level > 0 ? Min(all.level, call->caller.token_level) : all.level;
	}
	return true;
}

char *
Open311Sender(const Call *call, const char *wanted)
{
	static SpiQuery query = {
		"SELECT s.sender_code FROM citybigdata.sender s WHERE s.app_id OPERATOR(pg_catalog.=) $1 ORDER BY "
		"s.sender_code OPERATOR(pg_catalog.=) $2 DESC, s.sender_code LIMIT 1",
		2,
		{INT4OID, TEXTOID}};
	Datum values[2] = {Int32GetDatum(call->caller.app_id), CStringGetTextDatum(wanted == NULL ? "" : wanted)};
	char *sender = NULL;

	SpiBegin();
	if (SpiRead(&query, values, NULL, 1) > 0)
		sender = SpiText(0, 1);
	SpiEnd();
	return sender;
}

TimestampTz
Open311Time(Call *call, int argument, const char *name, TimestampTz otherwise)
{
	char *text = CallText(call, argument);
	TimePointText point;
	ParseError error;
	TimestampTz value;

	if (text == NULL || text[0] == '\0')
		return otherwise;
	if (time_point_parse(text, strlen(text), &point, &error) && TimePointValue(&point, &value, &error))
		return value;
	ErrorPrint(&call->errors, false, psprintf("/%s", name), CBD_INVALID_TIME,
			   "\"%s{value}\" is not a time; for example 2026-01-31T08:30:00Z",
			   ShortText(text, strlen(text)));
	return otherwise;
}

/* The next element of a list with commas, without blanks around it; NULL: there is none. */
static char *
NextElement(char **at)
{
	char *element;
	char *end;

	if (*at == NULL)
		return NULL;
	element = *at + strspn(*at, " ");
	end = strchr(element, ',');
	*at = end == NULL ? NULL : end + 1;
	if (end == NULL)
		end = element + strlen(element);
	while (end > element && end[-1] == ' ')
		end--;
	return pnstrdup(element, end - element);
}

bool
Open311List(Call *call, int argument, const char *name, Datum *texts)
{
	char *at = CallText(call, argument);
	Datum values[OPEN311_LIST];
	int count = 0;

	if (at == NULL || at[0] == '\0')
		return false;
	while (at != NULL && count < OPEN311_LIST)
		values[count++] = CStringGetTextDatum(NextElement(&at));
	if (at != NULL)
		ErrorPrint(&call->errors, false, psprintf("/%s", name), CBD_INVALID_PARAMETER,
				   "at most %d{limit}, with commas between them", OPEN311_LIST);
	*texts = PointerGetDatum(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT));
	return true;
}

bool
Open311Numbers(Call *call, int argument, Datum *numbers)
{
	char *at = CallText(call, argument);
	Datum values[OPEN311_LIST];
	int count = 0;

	if (at == NULL || at[0] == '\0')
		return false;
	while (at != NULL && count < OPEN311_LIST)
	{
		/* 0, which no case has, where it cannot be one */
		values[count++] = Int32GetDatum(TaskNumRecId(NextElement(&at)));
	}
	if (at != NULL)
		ErrorPrint(&call->errors, false, "/service_request_id", CBD_INVALID_PARAMETER,
				   "at most %d{limit}, with commas between them", OPEN311_LIST);
	*numbers = PointerGetDatum(construct_array(values, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	return true;
}

void
Open311Shown(const Call *call, const char *field, Datum *own, Datum *other)
{
	const Caller *caller = &call->caller;
	int number = CaseFieldNumber(field);
	int own_level = Min(CaseLevelWanted(), CASE_LEVEL_OWN);

	if (caller->token_level > 0)
		own_level = Min(own_level, caller->token_level);
	*own = BoolGetDatum(CaseFieldShown(number, Max(own_level, caller->all_cases ? caller->level : 1)));
	*other = BoolGetDatum(CaseFieldShown(number, caller->all_cases ? caller->level : 1));
}
