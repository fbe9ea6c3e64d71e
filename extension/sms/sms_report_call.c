/*
 * A gateway calls: which one it is, and what it says, whatever it calls its fields; see sms_report.h.
 *
 * Kannel calls with a GET whose parameters the platform chose itself; vendors post forms, a JSON object, or
 * an array of several. A field is found by the gateway's own name for it (sms_gateway.report_fields), else by
 * the usual names below.
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/interval.h"
#include "core/keyed_row.h"
#include "core/spi.h"
#include "sms/sms_report.h"

#define TIME_BACK    (7 * USECS_PER_DAY) /* older than any message is tried */
#define TIME_FORWARD USECS_PER_HOUR      /* clocks of gateways go wrong */
#define NAMES_MAX    12

/* Names of the fields in gateway's report_fields, and those that are usual. */
static const char *const field_names[SMS_FIELDS] = {"id",   "reference", "mobile",   "state", "reason",
													"time", "content",   "receiver", "items"};
static const char *const usual_names[SMS_FIELDS][NAMES_MAX] = {
	{"id", "msgId", "msgid", "messageId", "message_id", "smsId", "sid", "bizId", "biz_id", "taskId"},
	{"r", "reference", "outId", "out_id"},
	{"mobile", "phone", "phoneNumber", "phone_number", "to", "destination", "receiver"},
	{"state", "status", "stat", "report_status", "reportStatus", "success"},
	{"reason", "answer", "errCode", "err_code", "errMsg", "err_msg", "errmsg", "err", "description"},
	{"time", "reportTime", "report_time", "user_receive_time", "doneTime", "done_time", "donedate"},
	{NULL},
	{NULL},
	{"items", "reports", "list", "data"}};
static const char *const usual_reply_names[SMS_FIELDS][NAMES_MAX] = {
	{"id", "msgId", "msgid", "messageId", "message_id", "sequence_id", "sequenceId", "moId"},
	{NULL},
	{"from", "mobile", "phone", "phoneNumber", "phone_number", "sender"},
	{NULL},
	{NULL},
	{"time", "replyTime", "reply_time", "sendTime", "send_time", "moTime", "mo_time"},
	{"text", "content", "message", "msg", "msgContent"},
	{"to", "receiver", "destCode", "dest_code", "extend", "sp_number", "spNumber"},
	{"items", "replies", "list", "data"}};

/* ---- who calls ---- */

enum
{
	COL_ID,
	COL_CODE,
	COL_DIGEST,
	COL_NETWORKS,
	COL_FIELDS,
	COL_STATES
};

static KeyedTable gateways = {
	"sms_gateway",
	"sms_gateway_token_digest_key",
	{"gateway_id", "gateway_code", "token_digest", "report_networks", "report_fields", "report_states"}};

/* Is the client's address in one of the networks (cidr[])? */
static bool
AddressIn(Datum networks, const RestContext *context)
{
	Datum *elements;
	int count;
	bool found = false;

	if (!context->has_client_addr)
		return false;
	deconstruct_array(DatumGetArrayTypeP(networks), CIDROID, -1, false, TYPALIGN_INT, &elements, NULL,
					  &count);
	for (int i = 0; i < count && !found; i++)
		found = DatumGetBool(DirectFunctionCall2(network_supeq, elements[i], context->client_addr));
	return found;
}

/* A jsonb column as a tree; NULL: null. */
static JsonNode *
MapOf(const KeyedRow *row, int column)
{
	bool isnull;
	Datum value = RowDatum(row, column, &isnull);
	JsonRefusal refusal;
	char *text;

	if (isnull)
		return NULL;
	text = DatumGetCString(DirectFunctionCall1(jsonb_out, value));
	return JsonParse(text, strlen(text), &refusal);
}

CbdStatus
SmsCaller(Call *call, SmsCallerGateway *gateway)
{
	Datum digest = CallDatum(call, 0);
	RowKey key = BytesKey(COL_DIGEST, digest);
	CbdStatus status = CBD_NO_SUCH_GATEWAY_ADDRESS;
	KeyedRow row;

	if (RowOpen(&row, &gateways, &key, 1))
	{
		bytea *stored = DatumGetByteaPP(RowDatum(&row, COL_DIGEST, &(bool){false}));
		bytea *given = DatumGetByteaPP(digest);

		/* the index compares until the first byte that differs: of a digest, that tells nothing of the token
		 */
		if (VARSIZE_ANY_EXHDR(stored) == DIGEST_SIZE && VARSIZE_ANY_EXHDR(given) == DIGEST_SIZE &&
			CRYPTO_memcmp(VARDATA_ANY(stored), VARDATA_ANY(given), DIGEST_SIZE) == 0)
			status = AddressIn(RowDatum(&row, COL_NETWORKS, &(bool){false}), &call->context)
						 ? CBD_OK
						 : CBD_NOT_THE_GATEWAY;
		gateway->gateway_id = RowInt32(&row, COL_ID);
		gateway->code = RowText(&row, COL_CODE);
		gateway->names = MapOf(&row, COL_FIELDS);
		gateway->words = MapOf(&row, COL_STATES);
		call->object = gateway->code;
	}
	RowClose(&row);
	return status;
}

/* ---- what it says ---- */

/* Which field a name is for; SMS_FIELDS: none. */
static SmsField
FieldOf(const SmsCallerGateway *gateway, bool reply, const char *name)
{
	if (gateway->names != NULL)
		for (const JsonNode *own = gateway->names->first; own != NULL; own = own->next)
			if (own->kind == JSON_STRING && strcmp(own->text, name) == 0)
				for (int field = 0; field < SMS_FIELDS; field++)
					if (strcmp(own->key, field_names[field]) == 0)
						return field;
	for (int field = 0; field < SMS_FIELDS; field++)
	{
		const char *const *names = reply ? usual_reply_names[field] : usual_names[field];

		for (int i = 0; i < NAMES_MAX && names[i] != NULL; i++)
			if (strcmp(names[i], name) == 0)
				return field;
	}
	return SMS_FIELDS;
}

/* Takes a pair; the first one that says something counts. */
static void
TakePair(const SmsCallerGateway *gateway, bool reply, SmsItem *item, const char *name, char *text)
{
	SmsField field = FieldOf(gateway, reply, name);

	if (field < SMS_FIELDS && text[0] != '\0' && item->fields[field] == NULL)
		item->fields[field] = text;
}

/* The members of an object. Numbers and truth values as they are written. */
static void
TakeMembers(const SmsCallerGateway *gateway, bool reply, SmsItem *item, const JsonNode *object)
{
	for (const JsonNode *member = object->first; member != NULL; member = member->next)
		if (member->kind == JSON_STRING || member->kind == JSON_NUMBER)
			TakePair(gateway, reply, item, member->key, member->text);
		else if (member->kind == JSON_TRUE || member->kind == JSON_FALSE)
			TakePair(gateway, reply, item, member->key, member->kind == JSON_TRUE ? "true" : "false");
}

/* The elements of the array; *items NULL: it is none, and errors were added. */
static int
TakeArray(Call *call, const SmsCallerGateway *gateway, bool reply, const char *text, SmsItem **items)
{
	JsonRefusal refusal;
	const JsonNode *array = JsonParse(text, strlen(text), &refusal);
	int count = 0;

	*items = NULL;
	if (array == NULL)
		ErrorAdd(&call->errors, "/items", refusal.status, refusal.message);
	else if (array->kind != JSON_ARRAY || array->count == 0 || array->count > SMS_ITEMS_MAX)
		ErrorPrint(&call->errors, false, "/items", CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} elements",
				   SMS_ITEMS_MAX);
	else
		*items = palloc0(sizeof(SmsItem) * array->count);
	if (*items == NULL)
		return 0;
	for (const JsonNode *element = array->first; element != NULL; element = element->next)
	{
		SmsItem *item = &(*items)[count];

		item->pointer = psprintf("/items/%d", count++);
		if (element->kind == JSON_OBJECT)
			TakeMembers(gateway, reply, item, element);
	}
	return count;
}

int
SmsItems(Call *call, const SmsCallerGateway *gateway, bool reply, SmsItem **items)
{
	int name_count, text_count;
	char **names = CallTexts(call, 1, &name_count);
	char **texts = CallTexts(call, 2, &text_count);
	SmsItem *item = palloc0(sizeof(SmsItem));

	item->pointer = "";
	for (int i = 0; i < name_count && i < text_count; i++)
		TakePair(gateway, reply, item, names[i], texts[i]);
	*items = item;
	if (item->fields[SMS_FIELD_ITEMS] != NULL && item->fields[SMS_FIELD_ITEMS][0] == '[')
		return TakeArray(call, gateway, reply, item->fields[SMS_FIELD_ITEMS], items);
	return 1;
}

char *
SmsPointer(const SmsItem *item, const char *field)
{
	return psprintf("%s/%s", item->pointer, field);
}

int64
SmsHandset(const char *text)
{
	int64 mobile = SmsMobile(text, strlen(text));

	return mobile == 0 && text[0] == '+' ? SmsMobile(text + 1, strlen(text + 1)) : mobile;
}

/* ---- times ---- */

/*
 * What gateways write beside the forms of the standard, brought into one of them: yyyy-MM-dd HH:mm:ss as 14
 * digits, 13 digits (milliseconds) without the last three.
 */
static char *
PlainTime(const char *text)
{
	size_t length = strlen(text);
	char *plain = pstrdup(text);
	int count = 0;

	if (length == 13 && strspn(text, "0123456789") == 13)
		plain[10] = '\0';
	else if (length == 19 && text[4] == text[7] && (text[4] == '-' || text[4] == '/') && text[10] == ' ' &&
			 text[13] == ':' && text[16] == ':')
	{
		for (size_t i = 0; i < length; i++)
			if (text[i] >= '0' && text[i] <= '9')
				plain[count++] = text[i];
		plain[count] = '\0';
	}
	return plain;
}

bool
SmsItemTime(ErrorList *errors, const SmsItem *item, TimestampTz *time)
{
	TimestampTz now = GetCurrentTimestamp();
	TimePointText point;
	ParseError error;
	char *text;

	if (item->fields[SMS_FIELD_TIME] == NULL)
		return false;
	text = PlainTime(item->fields[SMS_FIELD_TIME]);
	if (!time_point_parse(text, strlen(text), &point, &error) || !TimePointValue(&point, time, &error))
		ErrorAdd(errors, SmsPointer(item, "time"), CBD_FIELD_TIME,
				 SaidBoth("%s{why*}. %s{hint*}", error.message, error.hint));
	else if (*time < now - TIME_BACK || *time > now + TIME_FORWARD)
		ErrorAdd(errors, SmsPointer(item, "time"), CBD_SMS_STALE, NULL);
	else
		return true;
	return false;
}
