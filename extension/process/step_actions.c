/* What an actor may do with a case now: each action with what it needs, and whom it may go to. See step.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/json_write.h"
#include "core/spi.h"
#include "duplicate/duplicate.h"
#include "organisation/organisation.h"
#include "process/step.h"

/* Units and accounts that a list of choices has at most. */
#define CHOICES 200

/* ["reason","to"...]: what a step with the action must bring, as the members of a step are called. */
static void
WriteNeeds(StringInfo out, const ProcessAction *action)
{
	bool first = true;

	appendStringInfoString(out, ",\"needs\":[");
	if ((action->effects & EFFECTS_ANY_VERSION) == 0)
	{
		appendStringInfoString(out, "\"version\"");
		first = false;
	}
	for (uint32 need = 1; need <= action->needs; need <<= 1)
	{
		if ((action->needs & need) == 0)
			continue;
		if (!first)
			appendStringInfoChar(out, ',');
		first = false;
		if (need == NEED_UNIT || need == NEED_ACCOUNT)
			appendStringInfo(out, "\"to.%s\"", ProcessNeedName(need));
		else
			JsonString(out, ProcessNeedName(need));
	}
	appendStringInfoChar(out, ']');
}

/* The units, the one that answers for the case before others: [{"unit","name"}]. */
static void
WriteUnits(StringInfo out, const Case *c)
{
	static SpiQuery query = {
		"SELECT unit_code, name FROM citybigdata.unit WHERE state OPERATOR(pg_catalog.=) 'active' ORDER BY "
		"unit_code OPERATOR(pg_catalog.=) $1 DESC, unit_code",
		1,
		{TEXTOID}};
	char *responsible = ResponsibleUnit(c->type, c->division);
	uint64 rows;

	SpiBegin();
	rows = SpiRead(&query, (Datum[]){CStringGetTextDatum(responsible == NULL ? "" : responsible)}, NULL,
				   CHOICES);
	for (uint64 i = 0; i < rows; i++)
	{
		appendStringInfoString(out, i == 0 ? "{\"unit\":" : ",{\"unit\":");
		JsonString(out, SpiText(i, 1));
		JsonField(out, "name", SpiText(i, 2));
		appendStringInfoChar(out, '}');
	}
	SpiEnd();
}

/* Accounts with a post in one of the roles that reaches the case: [{"account","name"}]. */
static void
WriteAccounts(StringInfo out, const Case *c, uint32 roles)
{
	static SpiQuery query = {
		"SELECT DISTINCT a.account_id, a.user_name, a.contact_name FROM citybigdata.post p JOIN "
		"citybigdata.account a ON a.account_id OPERATOR(pg_catalog.=) coalesce(p.delegate_id, p.account_id) "
		"OR a.account_id OPERATOR(pg_catalog.=) p.account_id WHERE p.role OPERATOR(pg_catalog.=) ANY ($1) "
		"AND a.state OPERATOR(pg_catalog.=) 'active' ORDER BY a.user_name",
		1,
		{TEXTARRAYOID}};
	char *names[32];
	int count = 0;
	int written = 0;
	uint64 rows;

	for (uint32 role = 1; role <= ROLE_POSTS; role <<= 1)
		if ((roles & role) != 0)
			names[count++] = (char *) ProcessRoleName(role);
	SpiBegin();
	rows = SpiRead(&query, (Datum[]){TextArrayDatum(names, count)}, NULL, 10 * CHOICES);
	for (uint64 i = 0; i < rows && written < CHOICES; i++)
	{
		Actor actor = {ACTOR_OPERATOR, .account_id = SpiInt64(i, 1)};

		actor.post_count = OperatorPosts(actor.account_id, &actor.posts);
		if (ActorPost(&actor, c, roles) == NULL)
			continue;
		appendStringInfoString(out, written++ == 0 ? "{\"account\":" : ",{\"account\":");
		JsonString(out, SpiText(i, 2));
		JsonField(out, "name", SpiText(i, 3));
		appendStringInfoChar(out, '}');
	}
	SpiEnd();
}

/* May the actor see the candidate? */
static bool
SeesCandidate(const Actor *actor, const Duplicate *candidate)
{
	if (actor->kind == ACTOR_OPERATOR)
		return OperatorSeesCase(actor->posts, actor->post_count, &candidate->place);
	return actor->kind == ACTOR_ROLE || actor->reads_all || SenderBelongsTo(candidate->sender, actor->app_id);
}

/* Cases that may be of the same problem, best first: [{"taskNum","state","score","distance","minutes",
 * "reasons"}]. */
static void
WriteMains(StringInfo out, const Case *c, const Actor *actor)
{
	DuplicateSubject subject;
	Duplicate *found = NULL;
	int count = DuplicateSubjectOf(c->rec_id, &subject) ? DuplicatesFind(&subject, &found) : 0;
	int written = 0;

	for (int i = 0; i < count; i++)
	{
		const Duplicate *candidate = &found[i];
		bool first = true;

		if (!SeesCandidate(actor, candidate))
			continue;
		appendStringInfoString(out, written++ == 0 ? "{\"taskNum\":" : ",{\"taskNum\":");
		JsonString(out, candidate->task_num);
		appendStringInfo(out, ",\"state\":%d,\"score\":%.3f,\"distance\":%.1f,\"minutes\":%d,\"reasons\":[",
						 candidate->state, candidate->score, candidate->distance, candidate->minutes);
		for (int bit = 0; bit < DUPLICATE_REASONS; bit++)
			if ((candidate->reasons >> bit & 1) != 0)
			{
				appendStringInfo(out, first ? "\"%s\"" : ",\"%s\"", DuplicateReasonName(bit));
				first = false;
			}
		appendStringInfoString(out, "]}");
	}
}

/* What the action is, and whom it may go to. */
static void
WriteAction(StringInfo out, const Case *c, const Actor *actor, const ProcessAction *action)
{
	uint32 asked = StepTargetRoles(c, action);

	appendStringInfoString(out, "{\"action\":");
	JsonString(out, action->name);
	JsonField(out, "title", action->title);
	JsonField(out, "titleZh", action->title_zh);
	WriteNeeds(out, action);
	appendStringInfoString(out, ",\"to\":[");
	if ((action->needs & NEED_UNIT) != 0)
		WriteUnits(out, c);
	else if ((action->needs & NEED_MAIN) != 0)
		WriteMains(out, c, actor);
	else if (asked != 0)
		WriteAccounts(out, c, asked);
	appendStringInfoString(out, "]}");
}

void
WriteActions(StringInfo out, Case *c, const Actor *actor)
{
	bool first = true;

	/* as a step would find it */
	(void) CaseWake(c);
	appendStringInfoChar(out, '[');
	for (int i = 0; !c->archived && CaseProcess(c) && i < c->process->action_count; i++)
	{
		const ProcessAction *action = &c->process->actions[i];
		const OperatorPost *post;

		if ((action->from >> c->stage->order & 1) == 0 || StepAllowed(c, actor, action, &post) != CBD_OK)
			continue;
		if (!first)
			appendStringInfoChar(out, ',');
		first = false;
		WriteAction(out, c, actor, action);
	}
	appendStringInfoChar(out, ']');
}
