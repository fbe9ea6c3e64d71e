/* GET, POST /gateway/sms/report/{token}: a gateway reports; see sms_report.h. */
#include "postgres.h"

#include "sms/sms_report.h"

/* In an order of their own, so that two calls do not wait for each other's rows in a circle. */
static int
ByMessage(const void *a, const void *b)
{
	const SmsReportSaid *x = a, *y = b;
	int order = x->sms_id < y->sms_id ? -1 : x->sms_id > y->sms_id;

	if (order == 0)
		order = strcmp(x->id == NULL ? "" : x->id, y->id == NULL ? "" : y->id);
	if (order == 0)
		order = x->mobile < y->mobile ? -1 : x->mobile > y->mobile;
	return order;
}

/* {taken, repeated, waiting} and the errors of those that were wrong. */
static Datum
AnswerTaken(Call *call, const int *counts)
{
	StringInfoData data;
	char *errors = ErrorsJson(&call->errors, false);

	initStringInfo(&data);
	appendStringInfo(&data, "{\"taken\":%d,\"repeated\":%d,\"waiting\":%d", counts[SMS_TAKEN],
					 counts[SMS_REPEATED], counts[SMS_ORPHAN]);
	if (errors != NULL)
		appendStringInfo(&data, ",\"errors\":%s", errors);
	appendStringInfoChar(&data, '}');
	call->detail = psprintf("taken %d, repeated %d, waiting %d, wrong %d", counts[SMS_TAKEN],
							counts[SMS_REPEATED], counts[SMS_ORPHAN], call->errors.count);
	return Answer(call, CBD_OK, data.data);
}

/* rest_sms_report(..., token, names, texts) */
static Datum
Report(Call *call)
{
	SmsCallerGateway gateway;
	CbdStatus status = SmsCaller(call, &gateway);
	int counts[SMS_ORPHAN + 1] = {0};
	SmsReportSaid *said;
	SmsItem *items;
	int count, right = 0;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	count = SmsItems(call, &gateway, false, &items);
	said = palloc(sizeof(SmsReportSaid) * Max(count, 1));
	for (int i = 0; i < count; i++)
		if (SmsReportRead(&call->errors, &gateway, &items[i], &said[right]))
			right++;
	if (right == 0)
		return AnswerErrors(call);
	qsort(said, right, sizeof(SmsReportSaid), ByMessage);
	for (int i = 0; i < right; i++)
		counts[SmsReport(gateway.gateway_id, &said[i])]++;
	return AnswerTaken(call, counts);
}

ENDPOINT(cbd_rest_sms_report, "sms.report", Report);
