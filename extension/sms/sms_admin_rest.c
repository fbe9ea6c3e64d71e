/*
 * Gateways, policies and templates over REST, for the system administrator: GET lists, POST saves. Passwords
 * and tokens are shown in no list. The block list: sms_block_rest.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "core/json_tree.h"
#include "process/process_members.h"
#include "sms/sms.h"
#include "sms/sms_content.h"
#include "sms/sms_gateway_form.h"
#include "sms/sms_template.h"

#define CODE_MAX  63
#define TITLE_MAX 64
#define CAP_MAX   1000

static const char *const states[] = {"active", "disabled", NULL};

/* clang-format off */
/* $1 state, null: any; $2 after this one, $3 rows */
static SpiQuery gateways_page = {
	PAGE_OF("'code', p.gateway_code, 'title', p.title, 'kind', p.kind, 'state', p.state, 'rank', p.rank, 'weight', p.weight,"
			" 'ratePerMinute', p.rate_per_minute, 'batchSize', p.batch_size, 'timeout', p.timeout_seconds, 'resendDoubtful', p.resend_doubtful,"
			" 'method', p.method, 'url', p.url, 'headers', p.headers, 'body', p.body, 'numberSeparator', p.number_separator,"
			" 'success', p.success, 'refusal', p.refusal, 'idPattern', p.id_pattern, 'userName', p.user_name, 'hasPassword', p.password IS NOT NULL,"
			" 'sender', p.sender, 'reportBase', p.report_base, 'reportNetworks', p.report_networks::text[], 'reportFields', p.report_fields,"
			" 'reportStates', p.report_states, 'works', d.state = 'active' AND (d.failures < 5 OR d.not_before <= now()), 'failures', d.failures,"
			" 'failingSince', " SHOWN_TIME("d.failing_since") ", 'notBefore', " SHOWN_TIME("nullif(greatest(d.not_before, now()), now())") ","
			" 'lastError', citybigdata.say(d.last_error), 'waiting', (SELECT count(*) FROM citybigdata.outbox_queue q WHERE q.destination_id = p.destination_id),"
			" 'changeTime', " SHOWN_TIME("p.changed_at"), "gateway_code COLLATE \"C\"", "3")
	"(SELECT g.* FROM citybigdata.sms_gateway g WHERE ($1 IS NULL OR g.state = $1) AND g.gateway_code COLLATE \"C\" > $2"
	" ORDER BY g.gateway_code COLLATE \"C\" LIMIT $3) p JOIN citybigdata.outbox_destination d ON d.destination_id = p.destination_id",
	3, {TEXTOID, TEXTOID, INT4OID}, NULL};

/* $1 after this one, $2 rows */
#define NOW(column) "CASE WHEN n.quiet_from <> n.quiet_to THEN to_char(n." column ", 'HH24:MI') END"
static SpiQuery policies_page = {
	PAGE_OF("'appCode', a.app_code, 'signature', p.signature, 'perMinute', p.per_minute, 'perHour', p.per_hour, 'perDay', p.per_day,"
			" 'textPerMinute', p.text_per_minute, 'textPerHour', p.text_per_hour, 'textPerDay', p.text_per_day,"
			" 'quietFrom', to_char(p.quiet_from, 'HH24:MI'), 'quietTo', to_char(p.quiet_to, 'HH24:MI'),"
			" 'now', json_build_object('signature', n.signature, 'perMinute', n.per_minute, 'perHour', n.per_hour, 'perDay', n.per_day,"
			"  'textPerMinute', n.text_per_minute, 'textPerHour', n.text_per_hour, 'textPerDay', n.text_per_day,"
			"  'quietFrom', " NOW("quiet_from") ", 'quietTo', " NOW("quiet_to") "), 'changeTime', " SHOWN_TIME("p.changed_at"), "place", "2")
	"(SELECT x.*, x.app_id + 1 AS place FROM citybigdata.sms_policy x WHERE x.app_id >= $1 ORDER BY x.app_id LIMIT $2) p"
	" LEFT JOIN citybigdata.application a ON a.app_id = p.app_id CROSS JOIN LATERAL citybigdata.sms_policy_now(p.app_id) n",
	2, {INT8OID, INT4OID}, NULL};

/* $1 state, null: any; $2 after this one, $3 rows */
static SpiQuery templates_page = {
	PAGE_OF("'code', p.template_code, 'title', p.title, 'content', p.content, 'state', p.state, 'changeTime', " SHOWN_TIME("p.changed_at"),
			"template_code COLLATE \"C\"", "3")
	"(SELECT t.* FROM citybigdata.sms_template t WHERE ($1 IS NULL OR t.state = $1) AND t.template_code COLLATE \"C\" > $2"
	" ORDER BY t.template_code COLLATE \"C\" LIMIT $3) p",
	3, {TEXTOID, TEXTOID, INT4OID}, NULL};
/* clang-format on */

/* A list whose filter is a state and whose key is a code. */
static Datum
StateList(Call *call, SpiQuery *page)
{
	ARGUMENTS(ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"state", "cursor", "pageSize", NULL};
	Datum values[3];
	bool nulls[3] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(
		CheckChoice(call, "/state", CallText(call, ARG_STATE), states, false, "active or disabled"),
		&nulls[0]);
	values[1] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), CODE_MAX));
	values[2] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, page, values, nulls);
}

/* ---- gateways ---- */

/* rest_admin_gateways(..., state, cursor, page_size) */
static Datum
AdminGateways(Call *call)
{
	return StateList(call, &gateways_page);
}

ENDPOINT(cbd_rest_admin_gateways, "gateway.list", AdminGateways);

/* rest_gateway_save(..., gateway): {code, added, moved, reportUrl, replyUrl} */
static Datum
GatewaySave(Call *call)
{
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	ErrorList errors;
	SmsGatewayForm form;
	SavedGateway saved;
	StringInfoData data;
	JsonNode *root;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	ErrorsBegin(&errors);
	root = CallTree(call, 0, "/gateway");
	if (root != NULL)
		SmsGatewayExamine(root, &form, &errors);
	for (int i = 0; i < errors.kept; i++)
		ErrorCopy(&call->errors, psprintf("/gateway%s", errors.entries[i].pointer), &errors.entries[i]);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	SmsGatewaySave(&form, &saved);
	call->object = form.code;
	call->detail = psprintf("%s, %s%s", saved.added ? "new" : "changed", form.state,
							form.password != NULL ? ", with a password" : "");
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "code", form.code);
	appendStringInfo(&data, ",\"added\":%s,\"moved\":%d", saved.added ? "true" : "false", saved.moved);
	JsonField(&data, "reportUrl", saved.report_url);
	JsonField(&data, "replyUrl", saved.reply_url);
	appendStringInfoChar(&data, '}');
	return Answer(call, CBD_OK, data.data);
}

ENDPOINT(cbd_rest_gateway_save, "gateway.save", GatewaySave);

/* ---- policies ---- */

/* rest_admin_sms_policies(..., cursor, page_size) */
static Datum
AdminPolicies(Call *call)
{
	ARGUMENTS(ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"cursor", "pageSize", NULL};
	Datum values[2];
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[1] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &policies_page, values, NULL);
}

ENDPOINT(cbd_rest_admin_sms_policies, "sms.policies", AdminPolicies);

/* The application of that code; -1: none, with errors. NULL: 0. */
static int32
PolicyApplication(const char *app_code, ErrorList *errors)
{
	static SpiQuery query = {
		"SELECT app_id FROM citybigdata.application WHERE app_code = $1", 1, {TEXTOID}, NULL};
	Datum values[1];
	int32 app_id = -1;

	if (app_code == NULL)
		return 0;
	values[0] = CStringGetTextDatum(app_code);
	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		app_id = SpiInt32(0, 1);
	SpiEnd();
	if (app_id < 0)
		ErrorAdd(errors, "/policy/appCode", CBD_INVALID_APP_CODE, "there is no such application");
	return app_id;
}

/* hh:mm, hours up to 23. */
static const char *
ReadHour(const JsonNode *root, const char *name, ErrorList *errors)
{
	const char *text = MemberText(root, name, false, 5, errors);
	int hour;
	int minute;

	if (text == NULL)
		return NULL;
	if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789:") != 5 ||
		sscanf(text, "%2d:%2d", &hour, &minute) != 2 || hour > 23 || minute > 59)
		ErrorAdd(errors, psprintf("/%s", name), CBD_FIELD_TIME, "an hour such as 22:00");
	return text;
}

/* Members of a policy as the values of its statement. */
static void
ReadPolicy(const JsonNode *root, Datum *values, bool *nulls, ErrorList *errors)
{
	static const char *const caps[] = {"perMinute",     "perHour",     "perDay",
									   "textPerMinute", "textPerHour", "textPerDay"};
	static const char *const names[] = {"appCode",   "signature",     "perMinute",   "perHour",
										"perDay",    "textPerMinute", "textPerHour", "textPerDay",
										"quietFrom", "quietTo",       NULL};
	const char *signature;
	const char *from;
	const char *to;

	MembersKnown(root, names, errors);
	signature = MemberText(root, "signature", false, SMS_SIGNATURE_MAX, errors);
	/* as it is stored: composing makes it shorter or longer */
	if (signature != NULL)
		signature = SmsReadContent(signature, "/signature", errors);
	if (signature != NULL && (pg_mbstrlen(signature) < SMS_SIGNATURE_MIN ||
							  pg_mbstrlen(signature) > SMS_SIGNATURE_MAX || strstr(signature, "【") != NULL ||
							  strstr(signature, "】") != NULL || strpbrk(signature, "\t\r\n") != NULL))
		ErrorAdd(errors, "/signature", CBD_FIELD_OUT_OF_RANGE,
				 "2 to 20 characters, without the brackets that the platform puts around it");
	values[1] = TextOrNull(signature, &nulls[1]);
	for (size_t i = 0; i < lengthof(caps); i++)
	{
		const JsonNode *node = MemberFind(root, caps[i]);
		int number = 0;

		if (node != NULL && !MemberWhole(node, 0, CAP_MAX, &number))
			ErrorPrint(errors, false, psprintf("/%s", caps[i]), CBD_FIELD_OUT_OF_RANGE,
					   "a whole number from %d{low} to %d{high}", 0, CAP_MAX);
		nulls[2 + i] = node == NULL;
		values[2 + i] = Int32GetDatum(number);
	}
	from = ReadHour(root, "quietFrom", errors);
	to = ReadHour(root, "quietTo", errors);
	if ((from == NULL) != (to == NULL))
		ErrorAdd(errors, "/quietTo", CBD_FIELD_REQUIRED, "quietFrom and quietTo, both or none");
	values[8] = TextOrNull(from, &nulls[8]);
	values[9] = TextOrNull(to, &nulls[9]);
}

/* rest_sms_policy_save(..., policy): {appCode} */
static Datum
PolicySave(Call *call)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.sms_policy AS p (app_id, signature, per_minute, per_hour, per_day, "
		"text_per_minute,"
		" text_per_hour, text_per_day, quiet_from, quiet_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
		"$9::time,"
		" $10::time) ON CONFLICT ON CONSTRAINT sms_policy_pkey DO UPDATE SET signature = $2, per_minute = $3,"
		" per_hour = $4, per_day = $5, text_per_minute = $6, text_per_hour = $7, text_per_day = $8,"
		" quiet_from = $9::time, quiet_to = $10::time, changed_at = now()",
		10,
		{INT4OID, TEXTOID, INT4OID, INT4OID, INT4OID, INT4OID, INT4OID, INT4OID, TEXTOID, TEXTOID}};
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	Datum values[10] = {0};
	bool nulls[10] = {false};
	const char *app_code = NULL;
	ErrorList errors;
	JsonNode *root;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	ErrorsBegin(&errors);
	root = CallTree(call, 0, "/policy");
	if (root != NULL &&
		MemberKind(root, JSON_OBJECT, MESSAGE("an object, for example {\"perDay\": 20}"), &errors))
	{
		app_code = MemberText(root, "appCode", false, 64, &errors);
		ReadPolicy(root, values, nulls, &errors);
		values[0] = Int32GetDatum(PolicyApplication(app_code, &call->errors));
	}
	for (int i = 0; i < errors.kept; i++)
		ErrorCopy(&call->errors, psprintf("/policy%s", errors.entries[i].pointer), &errors.entries[i]);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
	call->object = app_code != NULL ? app_code : "all";
	return Answer(call, CBD_OK,
				  app_code == NULL ? "{\"appCode\":null}" : psprintf("{\"appCode\":\"%s\"}", app_code));
}

ENDPOINT(cbd_rest_sms_policy_save, "sms.policy", PolicySave);

/* ---- templates ---- */

/* rest_admin_sms_templates(..., state, cursor, page_size) */
static Datum
AdminTemplates(Call *call)
{
	return StateList(call, &templates_page);
}

ENDPOINT(cbd_rest_admin_sms_templates, "sms.templates", AdminTemplates);

/* ["name", ...] of a template's parameters. */
static char *
ParameterNames(const char *content)
{
	StringInfoData out;
	SmsParameter parameter;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (const char *at = content; (at = SmsNextParameter(at, &parameter)) != NULL; at++)
	{
		if (out.len > 1)
			appendStringInfoChar(&out, ',');
		JsonString(&out, pnstrdup(parameter.name, parameter.length));
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

/* rest_sms_template_save(..., code, title, content, state): {code, parameters} */
static Datum
TemplateSave(Call *call)
{
	ARGUMENTS(ARG_CODE, ARG_TITLE, ARG_CONTENT, ARG_STATE);
	static SpiQuery query = {
		"INSERT INTO citybigdata.sms_template (template_code, title, content, state) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT ON CONSTRAINT sms_template_pkey DO UPDATE SET title = $2, content = $3, state = $4,"
		" changed_at = now()",
		4,
		{TEXTOID, TEXTOID, TEXTOID, TEXTOID}};
	static const TextRule code_rule = {"/code", 1, CODE_MAX, true, true};
	static const TextRule title_rule = {"/title", 1, TITLE_MAX, true, false};
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	const char *code;
	const char *title;
	const char *state;
	char *content;
	Datum values[4];

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	code = CheckText(&call->errors, &code_rule, CallText(call, ARG_CODE));
	if (code != NULL &&
		(strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != strlen(code) ||
		 strchr("._-", code[0]) != NULL))
		ErrorAdd(&call->errors, "/code", CBD_FIELD_CHARACTER,
				 "letters, digits, points, hyphens and underscores, for example lamps-01");
	title = CheckText(&call->errors, &title_rule, CallText(call, ARG_TITLE));
	content = SmsReadContent(CallText(call, ARG_CONTENT), "/content", &call->errors);
	state = CheckChoice(call, "/state", CallText(call, ARG_STATE), states, false, "active or disabled");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = CStringGetTextDatum(code);
	values[1] = CStringGetTextDatum(title);
	values[2] = CStringGetTextDatum(content);
	values[3] = CStringGetTextDatum(state == NULL ? "active" : state);
	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	call->object = code;
	return Answer(call, CBD_OK,
				  psprintf("{\"code\":\"%s\",\"parameters\":%s}", code, ParameterNames(content)));
}

ENDPOINT(cbd_rest_sms_template_save, "sms.template", TemplateSave);
