/*
 * The vendor's camera paths, /artemis/…: the envelope {code, msg, data} that deployed callers read, with code
 * as a text, "0" for success and the status code else; always JSON. HTTP statuses as on the other vendor
 * paths (vendor.c). Data of a refusal are the errors.
 */
#include "kind/ask.h"
#include "kind/kinds.h"
#include "kind/vendor.h"
#include "reply/envelope.h"
#include "request/negotiate.h"
#include "request/params.h"
#include "wire/status_codes.h"

/* Kind.make */
static void
ArtemisMake(Request *request, Reply *reply)
{
	Text *text = &reply->text;
	bool success = request->status == CBD_OK;

	TextRoom(text, request->data.length + 256);
	TextPrint(text, "{\"code\":\"%d\",\"msg\":", request->status);
	TextAddJson(text, success ? "success" : StatusText(request->status, request->wanted.chinese));
	TextAddString(text, ",\"data\":");
	EnvelopeData(request, text);
	TextAdd(text, "}", 1);
	ReplyEncode(request, reply);
	reply->type = ArenaPrint(&request->arena, "application/json; charset=%s", CharsetLabel(request));
}

const Kind kind_artemis = {.name = "artemis",
						   .envelope = false,
						   .refusals = "ArtemisEnvelope",
						   .msg = true,
						   .other = FieldIgnored,
						   .http = VendorHttp,
						   .take = AskTake,
						   .make = ArtemisMake};
