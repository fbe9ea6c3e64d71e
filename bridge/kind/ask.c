/*
 * Asking another system for a reply; see ask.h, outbound/ask.h.
 *
 * The request keeps waiting, and its worker does other things. When the client leaves, or its time is over,
 * the ask is forgotten (RequestFree); its answer goes nowhere, and nothing was written that would need it.
 */
#include "kind/ask.h"

#include <string.h>

#include "kind/kinds.h"
#include "outbound/ask.h"
#include "reply/envelope.h"
#include "request/run.h"
#include "wire/status_codes.h"

/* AskDone */
static void
Answered(void *owner, Span outcome)
{
	Request *request = owner;

	request->ask = NULL;
	if (request->phase == PHASE_WAITING)
		RequestContinue(request,
						(Span){ArenaCopy(&request->arena, outcome.text, outcome.length), outcome.length});
}

int
AskTake(Request *request)
{
	const Frame *frame = &request->frame;

	if (frame->ask.length == 0)
		return CBD_OK;
	if (frame->status != CBD_OK || frame->more.length == 0)
		return CBD_INTERNAL_ERROR;
	request->caller.scheme = SCHEME_CONTINUED;
	request->caller.credential = ArenaCopy(&request->arena, frame->more.text, frame->more.length);
	request->caller.credential_length = frame->more.length;
	request->ask = AskSend(request->worker->asks, frame->ask, Answered, request);
	ResultFree(request->result);
	request->result = NULL;
	request->answered = false;
	request->data = (Span){NULL, 0};
	if (request->ask == NULL)
		return CBD_OVERLOADED;
	/* it has a time limit of its own, and answers before that */
	ClientEnter(request->client, CLIENT_WAITING, ConfigNow()->outbound_timeout + ConfigNow()->queue_timeout);
	return TAKE_ASKED;
}

const Kind kind_asked = {
	.name = "asked", .formats = FORMATS_ENVELOPE, .envelope = true, .take = AskTake, .make = EnvelopeMake};
