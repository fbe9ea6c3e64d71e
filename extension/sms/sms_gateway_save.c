/* The row of a gateway; see sms_gateway_form.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/digest.h"
#include "core/field.h"
#include "core/guc.h"
#include "core/secret.h"
#include "core/spi.h"
#include "sms/sms_batch.h"
#include "sms/sms_gateway_form.h"

/* A text, null when NULL. */
static void
Put(Datum *values, bool *nulls, int at, const char *text)
{
	nulls[at] = text == NULL;
	values[at] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

/* The number of the gateway, locked; a new one: *added. SPI is connected. */
static int32
GatewayNumber(const char *code, bool *added)
{
	static SpiQuery find = {
		"SELECT gateway_id FROM citybigdata.sms_gateway WHERE gateway_code = $1 FOR NO KEY UPDATE",
		1,
		{TEXTOID}};
	static SpiQuery next = {
		"SELECT nextval('citybigdata.sms_gateway_gateway_id_seq'::regclass)::integer", 0, {0}, NULL};
	Datum values[] = {CStringGetTextDatum(code)};

	*added = SpiRun(&find, values, NULL, SPI_OK_SELECT, 1) == 0;
	if (*added)
		SpiRun(&next, NULL, NULL, SPI_OK_SELECT, 1);
	return SpiInt32(0, 1);
}

/* clang-format off */
#define COLUMNS \
	"title, kind, state, rank, weight, rate_per_minute, batch_size, timeout_seconds, resend_doubtful, method, url, headers, body," \
	" number_separator, success, refusal, id_pattern, user_name, sender, report_base, report_networks, report_fields, report_states"
#define VALUES \
	"$4, $5, $6, $7, $8, nullif($9, 0), $10, $11, $12, $13, $14, $15, $16, coalesce($17, ','), $18, $19, $20, $21, $22, $23," \
	" $24::text[]::inet[]::cidr[], $25::jsonb, $26::jsonb"
static SpiQuery insert_query = {
	"INSERT INTO citybigdata.sms_gateway (gateway_id, gateway_code, destination_id, " COLUMNS ", password, token, token_digest)"
	" OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, " VALUES ", $27, $28, $29)",
	29, {INT4OID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID, INT4OID, INT4OID, INT4OID, INT4OID, BOOLOID, TEXTOID, TEXTOID,
		 TEXTARRAYOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTARRAYOID, TEXTOID, TEXTOID,
		 BYTEAOID, BYTEAOID, BYTEAOID}, NULL};
static SpiQuery update_query = {
	"UPDATE citybigdata.sms_gateway SET (" COLUMNS ") = ROW(" VALUES "), password = coalesce($27, password), token = coalesce($28, token),"
	" token_digest = coalesce($29, token_digest), changed_at = now() WHERE gateway_id = $1 AND gateway_code = $2 AND destination_id = $3",
	29, {INT4OID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID, INT4OID, INT4OID, INT4OID, INT4OID, BOOLOID, TEXTOID, TEXTOID,
		 TEXTARRAYOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTARRAYOID, TEXTOID, TEXTOID,
		 BYTEAOID, BYTEAOID, BYTEAOID}, NULL};
/* clang-format on */

/* The values of both statements but for the secrets. */
static void
FormValues(const SmsGatewayForm *form, Datum *values, bool *nulls)
{
	values[1] = CStringGetTextDatum(form->code);
	values[3] = CStringGetTextDatum(form->title);
	values[4] = CStringGetTextDatum(form->kind);
	values[5] = CStringGetTextDatum(form->state);
	values[6] = Int32GetDatum(form->rank);
	values[7] = Int32GetDatum(form->weight);
	values[8] = Int32GetDatum(form->rate);
	values[9] = Int32GetDatum(form->batch_size);
	values[10] = Int32GetDatum(form->timeout);
	values[11] = BoolGetDatum(form->resend_doubtful);
	values[12] = CStringGetTextDatum(form->method);
	values[13] = CStringGetTextDatum(form->url);
	values[14] = TextArrayDatum(form->headers, form->header_count);
	Put(values, nulls, 15, form->body);
	Put(values, nulls, 16, form->separator);
	Put(values, nulls, 17, form->success);
	Put(values, nulls, 18, form->refusal);
	Put(values, nulls, 19, form->id_pattern);
	Put(values, nulls, 20, form->user_name);
	Put(values, nulls, 21, form->sender);
	Put(values, nulls, 22, form->report_base);
	values[23] = TextArrayDatum(form->networks, form->network_count);
	Put(values, nulls, 24, form->report_fields);
	Put(values, nulls, 25, form->report_states);
}

/* What waits there goes on by the new row, or elsewhere. */
static int
Switch(const SmsGatewayForm *form, int32 gateway_id, int64 destination_id)
{
	if (strcmp(form->state, "active") == 0)
	{
		OutboxEnable(destination_id, form->rate);
		return 0;
	}
	OutboxDisable(destination_id);
	return SmsLeaveGateway(gateway_id, destination_id);
}

void
SmsGatewaySave(const SmsGatewayForm *form, SavedGateway *saved)
{
	const char *base = form->report_base != NULL ? form->report_base : guc_public_url;
	int64 destination_id = OutboxDestination(SMS_PURPOSE, form->code);
	Datum values[29] = {0};
	bool nulls[29] = {false};
	char *token = NULL;
	int32 gateway_id;

	memset(saved, 0, sizeof(*saved));
	SpiBegin();
	gateway_id = GatewayNumber(form->code, &saved->added);
	FormValues(form, values, nulls);
	values[0] = Int32GetDatum(gateway_id);
	values[2] = Int64GetDatum(destination_id);
	nulls[26] = form->password == NULL;
	if (form->password != NULL)
		values[26] = EncryptSecret(SmsPasswordPurpose(gateway_id), form->password, strlen(form->password));
	nulls[27] = nulls[28] = !saved->added && !form->new_token;
	if (!nulls[27])
	{
		token = SpiKeep(RandomToken());
		values[27] = EncryptSecret(SmsTokenPurpose(gateway_id), token, strlen(token));
		values[28] = TextDigest(token);
	}
	SpiRun(saved->added ? &insert_query : &update_query, values, nulls,
		   saved->added ? SPI_OK_INSERT : SPI_OK_UPDATE, 0);
	SpiEnd();
	saved->moved = Switch(form, gateway_id, destination_id);
	if (token != NULL)
	{
		saved->report_url = SmsGatewayAddress(base, "report", token);
		saved->reply_url = SmsGatewayAddress(base, "reply", token);
	}
}
