/* The row of a case, and who sees it: reading and locking. See step.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "event/case_right.h"
#include "process/step.h"

/* What a step needs to know of a case, by $1 rec_id. */
#define CASE_ROW(archived, cases)                                                                            \
	"SELECT e.task_num, e.sender_code, coalesce(e.community_code, e.street_code, e.district_code), "         \
	"e.event_type_code, e.state, e.base_state, e.version, e.process_code, e.process_version, e.stage, "      \
	"e.unit_code, e.holder, e.condition_code, e.supervised, e.suspended_until, e.step_count, "               \
	"e.media_count, e.rework_count, e.closed_at, " archived " FROM " cases " e "                             \
	"WHERE e.rec_id OPERATOR(pg_catalog.=) $1"

static SpiQuery case_row = {CASE_ROW("e.archived",
									 "(SELECT *, false AS archived FROM citybigdata.event UNION ALL "
									 "SELECT *, true FROM citybigdata.event_archive)"),
							1,
							{INT4OID},
							NULL,
							true};
/* locked against other steps, not against rows that refer to it */
static SpiQuery case_row_locked = {
	CASE_ROW("false", "citybigdata.event") " FOR NO KEY UPDATE", 1, {INT4OID}, NULL, true};
/* after the lock, in a statement of its own: whoever had the lock before may have changed it */
static SpiQuery case_task = {
	"SELECT t.role, t.returned_from, l.main_rec_id FROM (SELECT $1 AS rec_id) c LEFT JOIN "
	"citybigdata.case_task t ON t.rec_id OPERATOR(pg_catalog.=) c.rec_id LEFT JOIN citybigdata.case_link l "
	"ON "
	"l.rec_id OPERATOR(pg_catalog.=) c.rec_id",
	1,
	{INT4OID},
	NULL,
	true};

/* Takes the case out of row 0 of the last result. */
static void
TakeCase(int32 rec_id, Case *c)
{
	memset(c, 0, sizeof(*c));
	c->rec_id = rec_id;
	c->task_num = SpiText(0, 1);
	c->sender = SpiText(0, 2);
	c->division = SpiText(0, 3);
	c->type = SpiText(0, 4);
	c->state = SpiInt32(0, 5);
	c->base_state = SpiInt32(0, 6);
	c->version = SpiInt32(0, 7);
	c->process_code = SpiText(0, 8);
	c->process_version = SpiInt32(0, 9);
	c->stage_name = SpiText(0, 10);
	c->unit = SpiText(0, 11);
	c->holder = SpiInt64(0, 12);
	c->condition_code = SpiText(0, 13);
	c->supervised = SpiBool(0, 14);
	c->suspended = !SpiIsNull(0, 15);
	c->suspended_until = SpiInt64(0, 15);
	c->step_count = SpiInt32(0, 16);
	c->media_count = SpiInt32(0, 17);
	c->rework_count = SpiInt32(0, 18);
	c->closed = !SpiIsNull(0, 19);
	c->closed_at = SpiInt64(0, 19);
	c->archived = SpiBool(0, 20);
}

/* The case with its task; false: there is none. */
static bool
FetchCase(int32 rec_id, bool lock, Case *c)
{
	Datum values[1] = {Int32GetDatum(rec_id)};
	bool found;

	SpiBegin();
	found = lock ? SpiRun(&case_row_locked, values, NULL, SPI_OK_SELECT, 1) > 0
				 : SpiRead(&case_row, values, NULL, 1) > 0;
	if (found)
	{
		TakeCase(rec_id, c);
		if ((lock ? SpiRun(&case_task, values, NULL, SPI_OK_SELECT, 1)
				  : SpiRead(&case_task, values, NULL, 1)) > 0)
		{
			c->task_role = SpiText(0, 1);
			c->returned_from = SpiText(0, 2);
			c->main_rec_id = SpiInt32(0, 3);
		}
	}
	SpiEnd();
	return found;
}

bool
CaseProcess(Case *c)
{
	c->process = c->process_code == NULL ? NULL : ProcessFind(c->process_code, c->process_version);
	c->stage =
		c->process == NULL || c->stage_name == NULL ? NULL : ProcessStageFind(c->process, c->stage_name);
	return c->stage != NULL;
}

bool
CaseWake(Case *c)
{
	const ProcessAction *resume;

	if (!c->suspended || c->suspended_until > GetCurrentTimestamp() || !CaseProcess(c))
		return false;
	resume = ProcessActionFind(c->process, c->stage, "resume");
	if (resume == NULL || (resume->roles & ROLE_CLOCK) == 0 || (resume->effects & EFFECT_RESUME) == 0)
		return false;
	c->suspended = false;
	c->state = ProcessState(c->stage, false, c->supervised);
	return true;
}

static CasePlace
PlaceOf(const Case *c)
{
	return (CasePlace){c->unit, c->division};
}

bool
ActorSees(const Actor *actor, const Case *c)
{
	CasePlace place;

	switch (actor->kind)
	{
		case ACTOR_SENDER:
			return actor->reads_all || SenderBelongsTo(c->sender, actor->app_id);
		case ACTOR_OPERATOR:
			place = PlaceOf(c);
			return OperatorSeesCase(actor->posts, actor->post_count, &place);
		default:
			return true;
	}
}

const OperatorPost *
ActorPost(const Actor *actor, const Case *c, uint32 roles)
{
	const OperatorPost *found = NULL;
	CasePlace place = PlaceOf(c);

	for (int i = 0; i < actor->post_count; i++)
	{
		const OperatorPost *post = &actor->posts[i];

		if ((ProcessRoleBit(post->role) & roles) == 0 || !PostReachesCase(post, &place))
			continue;
		if (c->task_role != NULL && strcmp(post->role, c->task_role) == 0)
			return post;
		if (found == NULL)
			found = post;
	}
	return found;
}

bool
ActorHasRole(const Actor *actor, const Case *c, uint32 roles, const OperatorPost **post)
{
	*post = NULL;
	switch (actor->kind)
	{
		case ACTOR_OPERATOR:
			*post = ActorPost(actor, c, roles & ROLE_POSTS);
			return *post != NULL;
		case ACTOR_SENDER:
			return (roles & ROLE_SENDER) != 0 && SenderBelongsTo(c->sender, actor->app_id);
		case ACTOR_CLOCK:
			return (roles & ROLE_CLOCK) != 0;
		default:
			return (roles & (ROLE_POSTS | ROLE_SENDER)) != 0;
	}
}

bool
InOffice(int64 account_id, uint32 roles, const Case *c)
{
	Actor actor = {ACTOR_OPERATOR, .account_id = account_id};

	actor.post_count = OperatorPosts(account_id, &actor.posts);
	return ActorPost(&actor, c, roles) != NULL;
}

/* By taskNum; what is no number of this platform is not looked up. */
static bool
FindCase(const char *task_num, const Actor *actor, bool lock, Case *c)
{
	int32 rec_id = task_num == NULL ? 0 : TaskNumRecId(task_num);

	return rec_id != 0 && FetchCase(rec_id, lock, c) && strcmp(c->task_num, task_num) == 0 &&
		   ActorSees(actor, c);
}

CbdStatus
CaseLock(const char *task_num, const Actor *actor, Case *c)
{
	if (FindCase(task_num, actor, true, c))
		return CBD_OK;
	return FindCase(task_num, actor, false, c) && c->archived ? CBD_CASE_ARCHIVED : CBD_NO_SUCH_EVENT;
}

bool
CaseRead(const char *task_num, const Actor *actor, Case *c)
{
	return FindCase(task_num, actor, false, c);
}

bool
CaseLockById(int32 rec_id, Case *c)
{
	return FetchCase(rec_id, true, c);
}
