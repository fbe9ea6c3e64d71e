/*
 * The audit log from SQL: audit_event() for functions written in SQL, and audit_records(), which takes the
 * records apart that the bridge hands back in batches. Their text is made by AuditRecord() and by the bridge.
 *
 * The parser of the plain form below is a second one beside json_tree.c on purpose: every read passes here,
 * and it takes a quarter of the time.
 */
#include "postgres.h"

#include <unistd.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inet.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "audit/audit.h"
#include "core/call.h"
#include "core/json_tree.h"
#include "core/say.h"

/* The columns of audit_records(), and the members of a record. */
static const struct
{
	const char *name;
	Oid type;
} members[] = {{"at", TIMESTAMPTZOID},   {"request_id", TEXTOID},    {"app_code", TEXTOID},
			   {"user_name", TEXTOID},   {"authenticated", BOOLOID}, {"client_addr", INETOID},
			   {"scheme", TEXTOID},      {"action", TEXTOID},        {"object", TEXTOID},
			   {"status_code", INT4OID}, {"detail", TEXTOID}};

#define MEMBERS lengthof(members)

/* Raises 22P02; rest_audit_append() then keeps the record as it came. */
static void
RaiseUnreadable(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION), saymsg("an audit record cannot be read")));
}

/* A number of the record: whole, and within the limits. */
static int64
Whole(const JsonNode *node, int64 least, int64 greatest)
{
	char *end;
	int64 value;

	errno = 0;
	value = node->kind == JSON_NUMBER ? strtoll(node->text, &end, 10) : 0;
	if (node->kind != JSON_NUMBER || errno != 0 || *end != '\0' || value < least || value > greatest)
		RaiseUnreadable();
	return value;
}

/* Microseconds since 1970. */
static Datum
Moment(const JsonNode *node)
{
	int64 shift = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	return TimestampTzGetDatum(Whole(node, MIN_TIMESTAMP + shift, END_TIMESTAMP - 1) - shift);
}

/* The value of a member in its column's type; a value of another kind is unreadable. */
static Datum
MemberDatum(const JsonNode *node, Oid type)
{
	if (type == TIMESTAMPTZOID)
		return Moment(node);
	if (type == INT4OID)
		return Int32GetDatum((int32) Whole(node, PG_INT32_MIN, PG_INT32_MAX));
	if (type == BOOLOID)
	{
		if (node->kind != JSON_TRUE && node->kind != JSON_FALSE)
			RaiseUnreadable();
		return BoolGetDatum(node->kind == JSON_TRUE);
	}
	if (node->kind != JSON_STRING)
		RaiseUnreadable();
	return type == INETOID ? DirectFunctionCall1(inet_in, CStringGetDatum(node->text))
						   : PointerGetDatum(cstring_to_text_with_len(node->text, node->length));
}

/* Takes the member over; members of other names are ignored. */
static void
TakeMember(const JsonNode *node, Datum *values, bool *nulls)
{
	for (int i = 0; i < MEMBERS; i++)
		if (node->kind != JSON_NULL && strcmp(node->key, members[i].name) == 0)
		{
			values[i] = MemberDatum(node, members[i].type);
			nulls[i] = false;
			return;
		}
}

/* Copies a string up to its closing quote, after which *at stands. NULL: it is not a plain one. */
static char *
PlainString(const char **at, const char *end, size_t *length)
{
	const char *begin = *at + 1;
	const char *p = begin;

	if (*at == end || **at != '"')
		return NULL;
	while (p < end && *p != '"' && *p != '\\' && (unsigned char) *p >= ' ')
		p++;
	if (p == end || *p != '"')
		return NULL;
	*at = p + 1;
	*length = p - begin;
	return pnstrdup(begin, p - begin);
}

/* The value at *at, if it is a plain string, a number of at most 18 digits, true or false. */
static bool
PlainValue(const char **at, const char *end, JsonNode *node)
{
	const char *begin = *at;

	if (begin < end && *begin == '"')
	{
		node->kind = JSON_STRING;
		return (node->text = PlainString(at, end, &node->length)) != NULL;
	}
	if ((end - begin >= 4 && memcmp(begin, "true", 4) == 0) ||
		(end - begin >= 5 && memcmp(begin, "false", 5) == 0))
	{
		node->kind = *begin == 't' ? JSON_TRUE : JSON_FALSE;
		*at += *begin == 't' ? 4 : 5;
		return true;
	}
	while (*at < end && **at >= '0' && **at <= '9')
		(*at)++;
	node->kind = JSON_NUMBER;
	node->text = pnstrdup(begin, *at - begin);
	return *at > begin && *at - begin <= 18 && (*begin != '0' || *at - begin == 1);
}

/*
 * Records as they are written here: one flat object without white space and escapes. False: anything else,
 * which is the parser's. The parser takes four times as long, and this is done for every read.
 */
static bool
ReadPlainRecord(const char *text, size_t length, Datum *values, bool *nulls)
{
	const char *end = text + length;
	const char *at = text;

	memset(nulls, true, MEMBERS * sizeof(bool));
	do
	{
		JsonNode node = {0};
		size_t key_length;

		if (at == end || *at != (at == text ? '{' : ','))
			return false;
		at++;
		node.key = PlainString(&at, end, &key_length);
		if (node.key == NULL || at == end || *at++ != ':' || !PlainValue(&at, end, &node))
			return false;
		TakeMember(&node, values, nulls);
	} while (at < end && *at != '}');
	return at == end - 1;
}

/* One record into the columns: the plain form in one pass, any other by the parser. */
static void
ReadRecord(const char *text, size_t length, Datum *values, bool *nulls)
{
	JsonRefusal refusal;
	JsonNode *record;

	if (ReadPlainRecord(text, length, values, nulls))
		return;
	record = JsonParse(text, length, &refusal);
	if (record == NULL || record->kind != JSON_OBJECT)
		RaiseUnreadable();
	memset(nulls, true, MEMBERS * sizeof(bool));
	for (JsonNode *node = record->first; node != NULL; node = node->next)
		TakeMember(node, values, nulls);
}

/* audit_records(records): a row of each; error 22P02 when one of them cannot be read */
PG_FUNCTION_INFO_V1(cbd_audit_records);
extern Datum cbd_audit_records(PG_FUNCTION_ARGS);

Datum
cbd_audit_records(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum *records;
	bool *absent;
	int count;
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "citybigdata audit record", ALLOCSET_DEFAULT_SIZES);

	InitMaterializedSRF(fcinfo, 0);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &records, &absent, &count);
	for (int i = 0; i < count; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(memory);
		Datum values[MEMBERS] = {0};
		bool nulls[MEMBERS];
		text *record = absent[i] ? NULL : DatumGetTextPP(records[i]);

		if (record == NULL)
			RaiseUnreadable();
		ReadRecord(VARDATA_ANY(record), VARSIZE_ANY_EXHDR(record), values, nulls);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(memory);
	}
	MemoryContextDelete(memory);
	return (Datum) 0;
}

/* audit_event(action, object, detail): the audit row of an administration function written in SQL; error
 * null_value_not_allowed: no action */
PG_FUNCTION_INFO_V1(cbd_audit_event);
Datum
cbd_audit_event(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), saymsg("action must not be null")));
	AuditWrite(NULL, NULL, text_to_cstring(PG_GETARG_TEXT_PP(0)), ArgText(fcinfo, 1), CBD_OK,
			   ArgText(fcinfo, 2));
	PG_RETURN_VOID();
}

/* host_name(): the server's name as HOSTNAME of RFC 5424 has it: 255 visible characters of ASCII at most; "-"
 * where it has none. */
PG_FUNCTION_INFO_V1(cbd_host_name);
Datum
cbd_host_name(PG_FUNCTION_ARGS)
{
	char name[256] = "";
	bool good = gethostname(name, sizeof(name) - 1) == 0 && name[0] != '\0';

	for (const char *at = name; *at != '\0'; at++)
		good = good && *at > ' ' && *at < 0x7f;
	PG_RETURN_TEXT_P(cstring_to_text(good ? name : "-"));
}
