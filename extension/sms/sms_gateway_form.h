/*
 * Gateways as administrators save them (docs/sms.md): an object with all its errors, then a row.
 *
 * A save is the whole gateway: what is left out is as when it is new, but for the password, which stays, and
 * the token of its reports.
 */
#ifndef CBD_SMS_GATEWAY_FORM_H
#define CBD_SMS_GATEWAY_FORM_H

#include "postgres.h"

#include "core/error_list.h"
#include "core/json_tree.h"

#define SMS_HEADERS_MAX  16
#define SMS_NETWORKS_MAX 32

/* What is saved. Texts that are absent: NULL. */
typedef struct SmsGatewayForm
{
	const char *code, *title, *kind, *state, *method, *url, *body, *separator;
	const char *success, *refusal, *id_pattern, *user_name, *password, *sender, *report_base;
	char *headers[SMS_HEADERS_MAX];
	int header_count;
	char *networks[SMS_NETWORKS_MAX];
	int network_count;
	char *report_fields, *report_states; /* JSON */
	int rank, weight, batch_size, timeout;
	int rate; /* numbers a minute; 0: any */
	bool resend_doubtful;
	bool new_token;
} SmsGatewayForm;

/* What became of it; the addresses are shown once, when the token is new: else NULL. */
typedef struct SavedGateway
{
	bool added;
	int moved; /* batches that went to other gateways */
	char *report_url;
	char *reply_url;
} SavedGateway;

extern void SmsGatewayExamine(const JsonNode *root, SmsGatewayForm *form, ErrorList *errors);
extern void SmsGatewaySave(const SmsGatewayForm *form, SavedGateway *saved);

#endif
