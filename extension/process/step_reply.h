/* What the endpoints of steps share: who calls, and how a step is answered. */
#ifndef CBD_STEP_REPLY_H
#define CBD_STEP_REPLY_H

#include "postgres.h"
#include "event/event_case.h"
#include "process/step.h"

/* A call about steps, let in. */
typedef struct StepCall
{
	Call *call;
	Actor actor;
	CaseReader reader;
} StepCall;

/* Lets the caller in; false: *reply refuses it. */
extern bool StepCallBegin(StepCall *steps, Call *call, Datum *reply);

/* Adds the refusal of a step to its errors, where these do not tell it already. */
extern void StepRefusal(CbdStatus status, const Case *c, StepRequest *request);

/* The data of a refusal: its errors, and of a 409 the case as it is now and what may be done. */
extern char *StepRefusalData(StepCall *steps, CbdStatus status, Case *c, const StepRequest *request);

/* The data of a step that was taken: the case. warnings: an array of the step's, NULL: none. */
extern char *StepCaseData(StepCall *steps, const Case *c, char *warnings);

#endif
