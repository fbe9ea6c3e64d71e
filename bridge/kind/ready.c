/*
 * The kind of /readyz: what rest_ready tells of the versions, and of the master key, and what the database's
 * lanes can do now.
 *
 * The state of the lanes is looked up when the function has answered, so that what is told is what the
 * next request would find. Without a connection the lanes are told all the same, with 503.
 */
#include <string.h>

#include "db/ready.h"
#include "db/sealing.h"
#include "kind/inside.h"
#include "kind/kinds.h"
#include "outbound/outbound.h"
#include "reply/envelope.h"
#include "wire/status_codes.h"

/* Adds the lanes to the data; refuses where one that counts, or the master key, is of no use. */
static void
AddLanes(Request *request, const MasterKeyFault *key)
{
	const Worker *worker = request->worker;
	int status = ReadyStatus(worker->db, worker->audit);
	Text text = {NULL, 0, 0};

	TextAddString(&text, "{");
	if (request->data.length > 2) /* the versions, as an object */
	{
		TextAdd(&text, request->data.text + 1, request->data.length - 2);
		TextAddString(&text, ",");
	}
	ReadyText(&text, worker->db, worker->audit, key, CallerInside(request), request->wanted.chinese);
	if (CallerInside(request))
	{
		TextAddString(&text, ",\"outbound\":");
		OutboundState(&text);
	}
	TextAddString(&text, "}");
	KeepData(request, &text);
	if (status == CBD_OK && key != NULL && !key->usable)
		status = CBD_MASTER_KEY;
	if (status != CBD_OK)
		Refuse(request, status, NULL, NULL);
}

/* Kind.begin */
static void
ReadyBegin(Request *request)
{
	if (request->worker->draining)
		Refuse(request, CBD_UNAVAILABLE, NULL, NULL);
	else if (DbConnected(request->worker->db, LANE_FAST) == 0)
		AddLanes(request, NULL); /* nobody to ask */
}

/* Kind.take */
static int
ReadyTake(Request *request)
{
	if (request->frame.status == CBD_OK)
	{
		SealingTold(request->data.text, request->data.length);
		AddLanes(request, MasterKeyTold(request->data.text, request->data.length));
	}
	return CBD_OK;
}

const Kind kind_ready = {.name = "ready",
						 .formats = FORMATS_ENVELOPE,
						 .envelope = true,
						 .begin = ReadyBegin,
						 .take = ReadyTake,
						 .make = EnvelopeMake};
