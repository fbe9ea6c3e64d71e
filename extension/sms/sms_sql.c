/* SMS from SQL: send_sms(), save_gateway(), sms_mobile(), sms_parts(). See sms.h. */
#include "postgres.h"

#include "commands/async.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "access/account.h"
#include "audit/audit.h"
#include "core/own_statement.h"
#include "core/result_row.h"
#include "sms/sms.h"
#include "sms/sms_content.h"
#include "sms/sms_gateway_form.h"

PG_FUNCTION_INFO_V1(cbd_sms_mobile);
extern Datum cbd_sms_mobile(PG_FUNCTION_ARGS);

/* sms_mobile(text): the number, null: none of the mainland */
Datum
cbd_sms_mobile(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	int64 mobile = SmsMobile(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	if (mobile == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(mobile);
}

PG_FUNCTION_INFO_V1(cbd_sms_shape);
extern Datum cbd_sms_shape(PG_FUNCTION_ARGS);

/* sms_parts(content, signature): (characters, units, unicode, parts). Errors: 42200 */
Datum
cbd_sms_shape(PG_FUNCTION_ARGS)
{
	ErrorList errors = {0};
	char *content = SmsReadContent(ArgText(fcinfo, 0), "/content", &errors);
	Datum values[4];
	bool nulls[4] = {false};
	SmsShape shape;

	ErrorsRaise(&errors, NULL);
	shape = SmsShapeOf(SmsOnAir(content, ArgText(fcinfo, 1)));
	values[0] = Int32GetDatum((int32) pg_mbstrlen(content));
	values[1] = Int32GetDatum(shape.units);
	values[2] = BoolGetDatum(shape.unicode);
	values[3] = Int32GetDatum(shape.parts);
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

/* The arguments of send_sms(). */
static void
ReadArguments(FunctionCallInfo fcinfo, SmsForm *form)
{
	form->mobiles = ArgText(fcinfo, 0);
	form->content = ArgText(fcinfo, 1);
	form->msg_id = ArgText(fcinfo, 2);
	form->need_reply = ArgBool(fcinfo, 3) ? "true" : "false";
	form->template_code = ArgText(fcinfo, 4);
	if (!PG_ARGISNULL(5))
	{
		Jsonb *parameters = PG_GETARG_JSONB_P(5);

		form->parameters = JsonbToCString(NULL, &parameters->root, VARSIZE(parameters));
	}
}

PG_FUNCTION_INFO_V1(cbd_send_sms);
extern Datum cbd_send_sms(PG_FUNCTION_ARGS);

/* send_sms(mobile_str, content, msg_id, need_reply, template, parameters): (status_code, message, msg_id,
 * parts, accepted, rejected) */
Datum
cbd_send_sms(PG_FUNCTION_ARGS)
{
	SmsRequest request = {.source = "sql", .subject = ReviewerName(NULL)};
	SmsAnswer answer = {0};
	ErrorList errors = {0};
	SmsForm form = {0};
	Datum values[6];
	bool nulls[6] = {false};
	CbdStatus status;

	ReadArguments(fcinfo, &form);
	SmsRead(&form, &request, &errors);
	status = errors.count > 0 ? ErrorsStatus(&errors) : SmsSend(&request, &answer);
	AuditWrite(NULL, NULL, "sms.send", answer.msg_id, status,
			   errors.count > 0
				   ? ErrorsSummary(&errors)
				   : psprintf("%d numbers, %d accepted", request.numbers.given, answer.accepted));
	/* the reply of a bridge says that there is something to be sent; nobody else does */
	if (status == CBD_OK && answer.accepted > 0 && !answer.repeat)
		Async_Notify("citybigdata_outbox", "");
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(errors.count > 0 ? errors.entries[0].said : SaidStatus(status));
	nulls[2] = answer.msg_id == NULL;
	values[2] = nulls[2] ? (Datum) 0 : CStringGetTextDatum(answer.msg_id);
	values[3] = Int32GetDatum(answer.parts);
	values[4] = Int32GetDatum(answer.accepted);
	values[5] = DirectFunctionCall1(
		jsonb_in, CStringGetDatum(errors.count > 0 ? ErrorsJson(&errors, false) : SmsRejected(&answer)));
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

PG_FUNCTION_INFO_V1(cbd_save_gateway);
extern Datum cbd_save_gateway(PG_FUNCTION_ARGS);

/* save_gateway(definition): (gateway_code, added, moved, report_url, reply_url). Errors: 42200 */
Datum
cbd_save_gateway(PG_FUNCTION_ARGS)
{
	Jsonb *definition = PG_GETARG_JSONB_P(0);
	char *text = JsonbToCString(NULL, &definition->root, VARSIZE(definition));
	ErrorList errors = {0};
	JsonRefusal refusal;
	JsonNode *root;
	SmsGatewayForm form;
	SavedGateway saved;
	Datum values[5];
	bool nulls[5] = {false};

	/* a password may be in it */
	HideStatement();
	ErrorsBegin(&errors);
	root = JsonParse(text, strlen(text), &refusal);
	if (root == NULL)
		ErrorAdd(&errors, "", refusal.status, refusal.message);
	else
		SmsGatewayExamine(root, &form, &errors);
	ErrorsRaise(&errors, NULL);
	SmsGatewaySave(&form, &saved);
	AuditWrite(NULL, NULL, "gateway.save", form.code, CBD_OK, saved.added ? "new" : "changed");
	values[0] = CStringGetTextDatum(form.code);
	values[1] = BoolGetDatum(saved.added);
	values[2] = Int32GetDatum(saved.moved);
	nulls[3] = nulls[4] = saved.report_url == NULL;
	values[3] = nulls[3] ? (Datum) 0 : CStringGetTextDatum(saved.report_url);
	values[4] = nulls[4] ? (Datum) 0 : CStringGetTextDatum(saved.reply_url);
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}
