/* What call-backs are told: messages made in the transaction of a step or of the clock job; see callback.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "callback/callback.h"
#include "core/index_lookup.h"
#include "core/interval.h"
#include "core/spi.h"
#include "deadline/clock.h"
#include "process/notice.h"
#include "process/step.h"

/* One event of a case. */
typedef struct CaseEvent
{
	const char *type;
	const char *action;
	int part; /* of what came with one step: 0 the step, 1 its closing, 2 and 3 a deadline that passed, 4
				 notices */
	int32 rec_id;
	const char *task_num;
	const char *sender;
	int32 state;
	const char *stage;
	int32 version;
	int32 step;
	TimestampTz time;
	const Told *told; /* of a notice; else NULL */
} CaseEvent;

/* ---- cases ---- */

/* The data of the event: nothing personal. */
static char *
CaseData(const CaseEvent *event, const char *other_task_num)
{
	StringInfoData out;
	char time[32];

	FormatTimePoint(event->time, time);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "taskNum", event->task_num);
	JsonField(&out, "otherTaskNum", other_task_num);
	JsonField(&out, "senderCode", event->sender);
	JsonField(&out, "action", event->action);
	appendStringInfo(&out, ",\"state\":%d", event->state);
	JsonField(&out, "stage", event->stage);
	appendStringInfo(&out, ",\"version\":%d", event->version);
	JsonField(&out, "time", time);
	if (event->told != NULL)
	{
		appendStringInfoString(&out, ",\"notice\":{");
		JsonField(&out, "by", event->told->by);
		JsonField(&out, "text", event->told->text);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* Destinations of the call-backs that want to be told, and the sender's number of the case. Returns how many.
 */
static int
Wanted(const CaseEvent *event, int64 **destinations, char **other_task_num)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT c.destination_id, e.other_task_num FROM citybigdata.sender s"
		" JOIN citybigdata.callback c ON c.app_id = s.app_id JOIN citybigdata.event e ON e.rec_id = $3"
		" WHERE s.sender_code = $1 AND c.state = 'active' AND $2 = ANY (c.events)"
		" AND (c.sender_codes IS NULL OR $1 = ANY (c.sender_codes))"
		" AND " CALLBACK_COUNTS("c.app_id") " ORDER BY c.callback_id",
		3, {TEXTOID, TEXTOID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(event->sender), CStringGetTextDatum(event->type),
					  Int32GetDatum(event->rec_id)};
	int count;

	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	*destinations = SPI_palloc(sizeof(int64) * Max(count, 1));
	for (int i = 0; i < count; i++)
		(*destinations)[i] = SpiInt64(i, 1);
	*other_task_num = count > 0 ? SpiText(0, 2) : NULL;
	SpiEnd();
	return count;
}

/* Puts one message for each destination. The case's row is locked, so that its messages have numbers in their
 * order. */
static void
Put(const CaseEvent *event, const char *other_task_num, const int64 *destinations, int count)
{
	char *data = CaseData(event, other_task_num);
	char *sequence =
		event->part == 0 ? psprintf("%010d", event->step) : psprintf("%010d.%d", event->step, event->part);

	for (int i = 0; i < count; i++)
	{
		OutboxMessage message = {OutboxNumber(), destinations[i], event->task_num, event->type,
								 event->task_num};

		message.payload = CloudEvent(message.message_id, event->type, event->task_num, sequence, data);
		(void) OutboxPut(&message);
	}
}

void
CallbackTell(int32 app_id, const char *type, const char *subject, const char *data)
{
	static SpiQuery query = {"SELECT c.destination_id FROM citybigdata.callback c WHERE c.app_id = $1"
							 " AND c.state = 'active' AND $2 = ANY (c.events)"
							 " AND " CALLBACK_COUNTS("c.app_id") " ORDER BY c.callback_id",
							 2,
							 {INT4OID, TEXTOID},
							 NULL,
							 true};
	Datum values[] = {Int32GetDatum(app_id), CStringGetTextDatum(type)};
	int64 destinations[CALLBACKS_MAX];
	int count;

	if (!TableHasPages("callback"))
		return;
	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, CALLBACKS_MAX);
	for (int i = 0; i < count; i++)
		destinations[i] = SpiInt64(i, 1);
	SpiEnd();
	for (int i = 0; i < count; i++)
	{
		OutboxMessage message = {OutboxNumber(), destinations[i], NULL, type, subject};

		message.payload = CloudEvent(message.message_id, type, subject, NULL, data);
		(void) OutboxPut(&message);
	}
}

/* Tells the call-backs that want the event. */
static void
Tell(const CaseEvent *event)
{
	int64 *destinations;
	char *other_task_num;
	int count;

	/* while nobody has registered any, a step costs nothing more */
	if (event->sender == NULL || !TableHasPages("callback"))
		return;
	count = Wanted(event, &destinations, &other_task_num);
	if (count > 0)
		Put(event, other_task_num, destinations, count);
}

/* The event of a case as it is. */
static CaseEvent
EventOf(const Case *c, const char *type, const char *action, int part, TimestampTz time)
{
	return (CaseEvent){type,     action,        part,       c->rec_id,     c->task_num, c->sender,
					   c->state, c->stage_name, c->version, c->step_count, time,        NULL};
}

void
CallbackNotice(const Told *told, const char *other_task_num, const int64 *destinations, int count)
{
	CaseEvent event = EventOf(told->c, CASE_NOTICE, "notify", 4, GetCurrentTimestamp());

	event.told = told;
	Put(&event, other_task_num, destinations, count);
}

static void (*taken_before)(const StepTaken *taken);

/* StepTakenHook: a step was taken. */
static void
TellStep(const StepTaken *taken)
{
	CaseEvent step = EventOf(taken->now, "case.step", taken->action, 0, taken->time);
	CaseEvent closed = EventOf(taken->now, "case.closed", taken->action, 1, taken->time);

	if (taken_before != NULL)
		taken_before(taken);
	Tell(&step);
	if (taken->now->closed && !taken->before->closed)
		Tell(&closed);
}

/* ClockPassedHook: a clock passed a point. */
static void
ClockPassed(const ClockEvent *passed)
{
	Case c;

	if (strcmp(passed->at, "red") != 0 || !TableHasPages("callback") || !CaseLockById(passed->rec_id, &c))
		return;
	{
		CaseEvent event =
			EventOf(&c, "case.overdue", "escalate", passed->kind == CLOCK_STAGE ? 2 : 3, passed->now);

		Tell(&event);
	}
}

void
CallbacksInstall(void)
{
	OutboxRegister(&callback_purpose);
	taken_before = StepTakenHook;
	StepTakenHook = TellStep;
	ClockPassedHook = ClockPassed;
}
