/* Whether an action may be taken from where a case is, by whom, and after what was done with it. See step.h.
 */
#include "postgres.h"

#include "core/spi.h"
#include "process/step.h"

bool
HeldByAnother(const Case *c, const Actor *actor)
{
	return c->holder != 0 && c->holder != actor->account_id && c->task_role != NULL &&
		   InOffice(c->holder, ProcessRoleBit(c->task_role), c);
}

/* Who got a case back may hand it to whoever returned it, not past him; a final stage is no handing on. */
static bool
PassesReturner(const Case *c, const ProcessAction *action)
{
	const ProcessStage *returner =
		c->returned_from == NULL ? NULL : ProcessStageFind(c->process, c->returned_from);
	const ProcessStage *to;

	if (returner == NULL || action->target != TARGET_STAGE || (action->effects & EFFECT_RETURN) != 0)
		return false;
	to = &c->process->stages[action->to];
	return !to->final && to->order > returner->order;
}

/* The overlays, and who holds the case. */
static CbdStatus
OverlaysAllow(const Case *c, const Actor *actor, const ProcessAction *action, const OperatorPost *post)
{
	uint64 effects = action->effects;

	/* what is done is done with the main case */
	if (c->main_rec_id != 0 && (effects & ~(EFFECT_UNMERGE | EFFECTS_KEEP_VERSION)) != 0)
		return CBD_MERGED;
	if (((effects & EFFECT_UNMERGE) != 0 && c->main_rec_id == 0) ||
		(c->suspended && !action->while_suspended) || ((effects & EFFECT_RESUME) != 0 && !c->suspended) ||
		((effects & EFFECT_SUSPEND) != 0 && c->suspended) ||
		((effects & EFFECT_SUPERVISE) != 0 && c->supervised) || PassesReturner(c, action))
		return CBD_NOT_FROM_HERE;
	if ((effects & EFFECT_CLAIM) != 0)
		return c->holder == actor->account_id && c->holder != 0 ? CBD_NOT_FROM_HERE
			   : HeldByAnother(c, actor)                        ? CBD_HELD_BY_ANOTHER
																: CBD_OK;
	if ((effects & EFFECT_RELEASE) != 0 && c->holder == 0)
		return CBD_NOT_FROM_HERE;
	/* those who do the same work leave it to him; others have something of their own to do with the case */
	if (post != NULL && c->task_role != NULL && strcmp(post->role, c->task_role) == 0 &&
		(effects & EFFECT_COMMENT) == 0 && HeldByAnother(c, actor))
		return CBD_HELD_BY_ANOTHER;
	return CBD_OK;
}

/* What was asked for before: nothing twice, no decision without it, an appeal once, by two reviewers. */
static CbdStatus
RequestsAllow(const Case *c, const Actor *actor, const ProcessAction *action)
{
	const char *asked = RequestAsked(action->effects);
	const char *decided = RequestDecided(action->effects);
	CaseRequest request;

	if (asked != NULL && ((action->effects & EFFECT_APPEAL) != 0 ? RequestEver(c->rec_id, asked)
																 : RequestFind(c->rec_id, asked, &request)))
		return CBD_ASKED_ALREADY;
	if (decided == NULL)
		return CBD_OK;
	if (!RequestFind(c->rec_id, decided, &request))
		return (action->effects & EFFECT_SUSPEND) != 0 ? CBD_OK : CBD_NOTHING_ASKED;
	if (request.has_first && request.first_by == actor->account_id)
		return CBD_OTHER_REVIEWER;
	return CBD_OK;
}

uint32
StepRoles(const Case *c, const ProcessAction *action)
{
	uint32 pool = c->stage->roles | (c->task_role == NULL ? 0 : ProcessRoleBit(c->task_role));

	return (action->effects & (EFFECT_CLAIM | EFFECT_RELEASE)) != 0 ? action->roles & pool : action->roles;
}

bool
StepOwnRequest(const Case *c, const Actor *actor, const ProcessAction *action)
{
	static const uint64 decides = EFFECT_SUSPEND | EFFECT_REFUSE_SUSPEND | EFFECT_GRANT_EXTENSION |
								  EFFECT_REFUSE_EXTENSION | EFFECT_DECIDE_APPEAL;
	CaseRequest request;

	return actor->account_id != 0 && (action->effects & decides) != 0 &&
		   RequestFind(c->rec_id, RequestDecided(action->effects), &request) &&
		   request.asked_by == actor->account_id;
}

CbdStatus
StepAllowed(const Case *c, const Actor *actor, const ProcessAction *action, const OperatorPost **post)
{
	CbdStatus status;

	if (!ActorHasRole(actor, c, StepRoles(c, action), post) ||
		((action->effects & EFFECT_CLAIM) != 0 && actor->account_id == 0))
		return CBD_ACTION_NOT_HELD;
	if (StepOwnRequest(c, actor, action))
		return CBD_OWN_REQUEST;
	status = OverlaysAllow(c, actor, action, *post);
	return status != CBD_OK ? status : RequestsAllow(c, actor, action);
}
