/* Notices: channels, templates; see notice.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/spi.h"
#include "process/notice.h"
#include "process/process_members.h"

#define CHANNELS_MAX 8

static const NoticeChannel *channels[CHANNELS_MAX];
static int channel_count;

/* What a template may name, in the order of the columns of `fields_query`. */
static const char *const field_names[] = {"taskNum", "otherTaskNum", "senderCode", "type",    "typeName",
										  "level",   "district",     "street",     "address", "state",
										  "stage",   "unit",         "createTime", "deadline"};
#define FIELDS ((int) lengthof(field_names))

/* clang-format off */
static SpiQuery fields_query = {
	"SELECT e.task_num, e.other_task_num, e.sender_code, t.code,"
	" (SELECT r.name FROM citybigdata.code_table_row r WHERE r.table_name OPERATOR(pg_catalog.=) 'event-type' AND r.code OPERATOR(pg_catalog.=) t.code),"
	" e.event_level_id, e.district_name, e.street_name, e.address, e.state, e.stage,"
	" coalesce((SELECT u.name FROM citybigdata.unit u WHERE u.unit_code OPERATOR(pg_catalog.=) e.unit_code), e.unit_code),"
	" to_char(e.create_time AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYY-MM-DD HH24:MI'),"
	" (SELECT to_char(min(k.deadline) AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYY-MM-DD HH24:MI')"
	"  FROM citybigdata.case_clock k WHERE k.rec_id OPERATOR(pg_catalog.=) e.rec_id AND k.stopped_at IS NULL"
	"  AND pg_catalog.isfinite(k.deadline))"
	" FROM citybigdata.event e CROSS JOIN LATERAL (SELECT coalesce(e.sub_type_code, e.main_type_code, e.event_type_code) AS code) t"
	" WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
	1, {INT4OID}, NULL, true};
/* clang-format on */

void
NoticeRegister(const NoticeChannel *channel)
{
	if (channel_count == CHANNELS_MAX)
		elog(ERROR, "more than %d channels of notices", CHANNELS_MAX);
	channels[channel_count++] = channel;
}

/* ---- reading ---- */

/* Names with commas between; `name(i)` for i < count. */
static char *
Listed(int count, const char *(*name)(int i))
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < count; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", name(i));
	return names.data;
}

static const char *
ChannelName(int i)
{
	return channels[i]->name;
}

static const char *
FieldName(int i)
{
	return field_names[i];
}

/* The field that a template names at "{"; -1: none. *end: behind its "}". */
static int
FieldAt(const char *brace, const char **end)
{
	const char *close = strchr(brace, '}');

	for (int i = 0; close != NULL && i < FIELDS; i++)
		if (strlen(field_names[i]) == (size_t) (close - brace - 1) &&
			strncmp(brace + 1, field_names[i], (size_t) (close - brace - 1)) == 0)
		{
			*end = close + 1;
			return i;
		}
	return -1;
}

/* The template; NULL: wrong, with errors. */
static char *
ReadTemplate(const JsonNode *object, ErrorList *errors)
{
	const char *text = MemberText(object, "template", true, NOTICE_TEMPLATE, errors);
	const char *at = text;

	while (at != NULL && (at = strpbrk(at, "{}")) != NULL)
		if (*at == '}' || FieldAt(at, &at) < 0)
		{
			ErrorPrint(errors, false, psprintf("%s/template", JsonPointer(object)), CBD_FIELD_OUT_OF_RANGE,
					   "a template names fields in braces: %s{names}", Listed(FIELDS, FieldName));
			return NULL;
		}
	return text == NULL ? NULL : pstrdup(text);
}

/* The member that is a channel; NULL: there is none, or more, with an error. */
static const JsonNode *
ChannelMember(const JsonNode *object, const NoticeChannel **channel, ErrorList *errors)
{
	const JsonNode *found = NULL;
	int others = 0;

	for (const JsonNode *node = object->first; node != NULL; node = node->next)
	{
		bool known = false;

		for (int i = 0; i < channel_count; i++)
			if (strcmp(channels[i]->name, node->key) == 0)
			{
				known = true;
				*channel = channels[i];
				others += found != NULL;
				found = node;
			}
		if (!known && strcmp(node->key, "template") != 0)
		{
			ErrorPrint(errors, false, JsonPointer(node), CBD_NO_CHANNEL, "the platform tells by %s{names}",
					   Listed(channel_count, ChannelName));
			return NULL;
		}
	}
	if (found == NULL || others > 0)
	{
		ErrorPrint(errors, false, JsonPointer(object), CBD_NO_CHANNEL,
				   "one of %s{names}, and a template, are expected", Listed(channel_count, ChannelName));
		return NULL;
	}
	return found;
}

bool
NoticeRead(const JsonNode *node, bool check, Notice *notice, ErrorList *errors)
{
	const JsonNode *receiver;

	if (!MemberKind(node, JSON_OBJECT,
					MESSAGE("an object, for example {\"callback\":\"OA-APP\",\"template\":\"late\"}"),
					errors))
		return false;
	receiver = ChannelMember(node, &notice->channel, errors);
	notice->template = ReadTemplate(node, errors);
	if (receiver == NULL)
		return false;
	notice->receiver = notice->channel->read(receiver, check, errors);
	return notice->receiver != NULL && notice->template != NULL;
}

/* ---- telling ---- */

/* The template with the case's fields in the place of their names; what a case does not have is a dash. */
static char *
Fill(const char *template, int32 rec_id)
{
	Datum values[] = {Int32GetDatum(rec_id)};
	char *fields[FIELDS] = {NULL};
	StringInfoData out;

	SpiBegin();
	if (SpiRun(&fields_query, values, NULL, SPI_OK_SELECT, 1) > 0)
		for (int i = 0; i < FIELDS; i++)
			fields[i] = SpiText(0, i + 1);
	SpiEnd();
	initStringInfo(&out);
	while (*template != '\0')
	{
		size_t length = strcspn(template, "{");
		int field;

		appendBinaryStringInfo(&out, template, (int) length);
		template += length;
		if (*template == '\0')
			break;
		field = FieldAt(template, &template);
		if (field < 0)
			appendStringInfoChar(&out, *template ++);
		else
			appendStringInfoString(&out, fields[field] == NULL ? "-" : fields[field]);
	}
	return out.data;
}

int
NoticeSend(const Notice *notice, const Case *c, const char *by)
{
	Told told = {c, by, Fill(notice->template, c->rec_id), notice->template};

	return notice->channel->send(notice->receiver, &told);
}
