/*
 * Endpoint: POST requests: a service request becomes a report of table A.4; see open311.h.
 *
 * What is wrong with the fields of the specification is told by their names. Rules that only a report has
 * (the platform's area, phone numbers, media) are those of the event chapter, told with the field that it
 * came from.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/own_lock.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/event.h"
#include "open311/open311.h"
#include "text/utf8.h"

ARGUMENTS(ARG_API_KEY, ARG_JURISDICTION, ARG_SERVICE_CODE, ARG_LAT, ARG_LONG, ARG_ADDRESS, ARG_DESCRIPTION,
		  ARG_FIRST_NAME, ARG_LAST_NAME, ARG_PHONE, ARG_EMAIL, ARG_MEDIA_URL, ARG_MEDIA, ARG_LEVEL,
		  ARG_IDEMPOTENCY_KEY);

/* The codes of a service, from the top of the dictionary: at most three count. */
typedef struct ServiceCodes
{
	char *codes[3];
	int count;
} ServiceCodes;

/* A text argument; blanks count as absent. */
static char *
Given(const Call *call, int argument)
{
	char *text = CallText(call, argument);

	return text == NULL || TextBlank(text, strlen(text)) ? NULL : text;
}

/* The service and what is above it; false: there is no such service. */
static bool
FindService(const char *code, ServiceCodes *out)
{
	static SpiQuery query = {
		"WITH RECURSIVE up AS (SELECT c.code, c.parent_code, 1 AS depth FROM citybigdata.code_table_row c "
		"WHERE c.table_name = 'event-type' AND c.code = $1 AND NOT EXISTS (SELECT FROM "
		"citybigdata.code_table_row b WHERE b.table_name = c.table_name AND b.parent_code = c.code) "
		"UNION ALL SELECT p.code, p.parent_code, u.depth + 1 FROM up u JOIN citybigdata.code_table_row p ON "
		"p.table_name = 'event-type' AND p.code = u.parent_code WHERE u.depth < 9) SELECT code FROM up ORDER "
		"BY depth DESC",
		1,
		{TEXTOID}};
	uint64 rows;

	memset(out, 0, sizeof(*out));
	SpiBegin();
	rows = SpiRead(&query, (Datum[]){CStringGetTextDatum(code)}, NULL, 0);
	/* with more than three, the top one and the last two */
	for (uint64 i = 0; i < rows && out->count < 3; i++)
		if (i == 0 || rows - i <= 2)
			out->codes[out->count++] = SpiText(i, 1);
	SpiEnd();
	return out->count > 0;
}

static void
Missing(Call *call, const char *pointer, const char *message)
{
	ErrorAdd(&call->errors, pointer, CBD_MISSING_PARAMETER, message);
}

/* A number of degrees. */
static double
ReadDegrees(Call *call, int argument, const char *pointer, double limit)
{
	char *text = Given(call, argument);
	char *end;
	double value;

	if (text == NULL)
	{
		Missing(call, pointer,
				MESSAGE("was not provided; lat and long are needed, an address alone is not looked up"));
		return 0;
	}
	value = strtod(text, &end);
	if (end == text || end[strspn(end, " ")] != '\0' || !isfinite(value) || fabs(value) > limit)
		ErrorPrint(&call->errors, false, pointer, CBD_INVALID_COORDINATE,
				   "\"%s{value}\" is not a number of degrees from %g{from} to %g{to} (WGS 84)",
				   ShortText(text, strlen(text)), -limit, limit);
	return value;
}

/* The fields of the specification. */
static void
CheckFields(Call *call, ServiceCodes *service)
{
	char *code = Given(call, ARG_SERVICE_CODE);
	char *description = Given(call, ARG_DESCRIPTION);

	if (code == NULL)
		Missing(call, "/service_code", MESSAGE("was not provided"));
	else if (!FindService(code, service))
		ErrorPrint(&call->errors, false, "/service_code", CBD_NOT_FOUND,
				   "there is no service_code \"%s{code}\"; GET services lists them",
				   ShortText(code, strlen(code)));
	if (description == NULL)
		Missing(call, "/description", MESSAGE("was not provided"));
	else if (Utf8Characters(description, strlen(description)) > EVENT_DESC_CHARACTERS)
		ErrorPrint(&call->errors, false, "/description", CBD_FIELD_TOO_LONG,
				   "has more than %d{limit} characters", EVENT_DESC_CHARACTERS);
	if (!guc_open311_anonymous &&
		(Given(call, ARG_FIRST_NAME) == NULL || Given(call, ARG_LAST_NAME) == NULL ||
		 (Given(call, ARG_PHONE) == NULL && Given(call, ARG_EMAIL) == NULL)))
		Missing(
			call, "/phone",
			MESSAGE(
				"first_name, last_name and phone or email are needed: there are no anonymous requests here"));
}

/* ,"name":"text" unless it is NULL. */
static void
Put(StringInfo out, const char *name, const char *text)
{
	if (text != NULL)
		JsonField(out, name, text);
}

/* First and last name as one. */
static char *
FullName(const Call *call)
{
	char *first = Given(call, ARG_FIRST_NAME);
	char *last = Given(call, ARG_LAST_NAME);

	return first == NULL ? last : last == NULL ? first : psprintf("%s %s", first, last);
}

/* The number by which a repeat is known: that of the Idempotency-Key, else a new one. */
static char *
OtherTaskNum(const Call *call)
{
	char *key = Given(call, ARG_IDEMPOTENCY_KEY);
	uint8 random[16];
	char hex[sizeof(random) * 2 + 1];

	if (key != NULL)
		return psprintf("open311-%s", key);
	if (!pg_strong_random(random, sizeof(random)))
		elog(ERROR, "no random numbers");
	for (int i = 0; i < (int) sizeof(random); i++)
		snprintf(hex + 2 * i, 3, "%02x", random[i]);
	return psprintf("open311-%s", hex);
}

/* The pictures: one by its address, one that came as a file, in base64; NULL: none. */
static void
PutMedia(StringInfo out, const char *url, const char *file)
{
	const char *values[] = {url, file};
	int count = (url != NULL) + (file != NULL);

	if (count == 0)
		return;
	appendStringInfo(out, ",\"mediaNum\":%d,\"medias\":[", count);
	for (int i = 0; i < lengthof(values); i++)
	{
		if (values[i] == NULL)
			continue;
		appendStringInfoString(out, out->data[out->len - 1] == '[' ? "{" : ",{");
		appendStringInfoString(out,
							   "\"mediaName\":\"open311\",\"mediaType\":\"IMAGE\",\"mediaUsage\":\"上报\"");
		Put(out, i == 0 ? "mediaURL" : "content", values[i]);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

/* The report of table A.4. */
static char *
ReportText(Call *call, const ServiceCodes *service, LonLat place)
{
	static const char *const types[] = {"eventTypeCode", "mainTypeCode", "subTypeCode"};
	char *address = Given(call, ARG_ADDRESS);
	const char *url = Given(call, ARG_MEDIA_URL);
	const char *file = Given(call, ARG_MEDIA);
	char *level = Given(call, ARG_LEVEL);
	double x = 0, y = 0;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"eventSrcID\":%d,\"recTypeID\":%d", guc_open311_source, guc_open311_rec_type);
	Put(&out, "otherTaskNum", OtherTaskNum(call));
	Put(&out, "eventDesc", Given(call, ARG_DESCRIPTION));
	Put(&out, "address", address != NULL ? address : psprintf("%.6f, %.6f", place.lat, place.lon));
	if (LonLatToPlane(place, &x, &y))
		appendStringInfo(&out, ",\"coordinateX\":%.3f,\"coordinateY\":%.3f", x, y);
	for (int i = 0; i < service->count; i++)
		Put(&out, types[i], service->codes[i]);
	Put(&out, "eventLevelID", level);
	Put(&out, "humanName", FullName(call));
	Put(&out, "cellphone", Given(call, ARG_PHONE));
	Put(&out, "email", Given(call, ARG_EMAIL));
	PutMedia(&out, url, file);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* The field of the specification that a field of the report came from. */
static const char *
FieldOf(const char *pointer)
{
	static const char *const fields[][2] = {{"/eventDesc", "/description"},
											{"/address", "/address_string"},
											{"/coordinateX", "/long"},
											{"/coordinateY", "/lat"},
											{"/eventTypeCode", "/service_code"},
											{"/mainTypeCode", "/service_code"},
											{"/subTypeCode", "/service_code"},
											{"/eventLevelID", "/attribute[level]"},
											{"/humanName", "/first_name"},
											{"/cellphone", "/phone"},
											{"/medias", "/media_url"}};

	if (strncmp(pointer, "/medias", strlen("/medias")) == 0 && strstr(pointer, "/content") != NULL)
		return "/media";
	for (int i = 0; i < lengthof(fields); i++)
		if (strncmp(pointer, fields[i][0], strlen(fields[i][0])) == 0)
			return fields[i][1];
	return pointer;
}

/* Errors of the report by the names of the specification. */
static void
TakeErrors(Call *call, const EventReport *report)
{
	for (int i = 0; i < report->errors.kept; i++)
	{
		const ErrorEntry *entry = &report->errors.entries[i];

		if (!entry->warning)
			ErrorCopy(&call->errors, FieldOf(entry->pointer), entry);
	}
}

/* Stores the valid report: its taskNum. CBD_EVENT_CONFLICT: the key was used with another request. */
static CbdStatus
Store(const Call *call, const EventReport *report, const char *sender, StoredEvent *stored)
{
	OwnLock(EventLockKey(sender, report->other_task_num));
	SpiBegin();
	StoreEvent(report, sender, call->caller.app_id, stored);
	SpiEnd();
	return stored->status;
}

/* rest_open311_report(context, ARG_...) */
static Datum
Report(Call *call)
{
	ServiceCodes service = {{0}};
	EventReport report;
	StoredEvent stored;
	LonLat place;
	char *sender;
	char *text;
	Datum reply;

	if (!Open311Begin(call, ARG_API_KEY, &reply))
		return reply;
	CheckFields(call, &service);
	place.lat = ReadDegrees(call, ARG_LAT, "/lat", 90);
	place.lon = ReadDegrees(call, ARG_LONG, "/long", 180);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	sender = Open311Sender(call, CallText(call, ARG_JURISDICTION));
	if (sender == NULL)
		return Answer(call, CBD_SENDER_NOT_OWNED, NULL);
	text = ReportText(call, &service, place);
	ValidateEvent(text, strlen(text), true, &report);
	TakeErrors(call, &report);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (Store(call, &report, sender, &stored) != CBD_OK)
		return Answer(call, CBD_IDEMPOTENCY_MISMATCH, NULL);
	call->object = pstrdup(stored.task_num);
	call->detail = stored.repeat ? "reported before" : NULL;
	return Answer(call, CBD_OK,
				  psprintf("[{\"service_request_id\":\"%s\",\"service_notice\":null,\"account_id\":null}]",
						   stored.task_num));
}

ENDPOINT(cbd_rest_open311_report, "open311.report", Report);
