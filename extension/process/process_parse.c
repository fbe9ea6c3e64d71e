/*
 * The JSON form of a process, read with all errors; see process_definition.h. Each reader takes an object,
 * refuses members that it does not have, and leaves out what is wrong.
 *
 *   {code, title, titleZh, start, chainLimit, stages: [...], actions: [...], escalation: [...]}
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "process/notice.h"
#include "process/process_definition.h"
#include "process/process_members.h"
#include "reference/code_table.h"

#define ACTION_LIMIT 500 /* of a process */
#define RUNG_LIMIT   20
#define TIMES_LIMIT  99 /* further limits until an escalation */

#define STAGE_EXAMPLE                                                                                        \
	"for example {\"name\":\"accept\",\"title\":\"Acceptance\",\"titleZh\":\"受理\",\"state\":1,"          \
	"\"roles\":[\"desk\"]}"
#define ACTION_EXAMPLE                                                                                       \
	"for example {\"name\":\"accept\",\"from\":[\"accept\"],\"to\":\"file\",\"roles\":[\"desk\"]}"

/* A name as stages and processes have: a letter, then letters, digits and hyphens. */
static bool
NameIsGood(const char *name, bool capitals)
{
	size_t length = strlen(name);

	if (length == 0 || length > 63 || name[0] < 'a' || name[0] > 'z')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '-' ||
			  (capitals && name[i] >= 'A' && name[i] <= 'Z')))
			return false;
	return true;
}

/* The place of the stage that a node names; -1: there is none, with an error unless there are no stages at
 * all, which is told already. */
static int
ReadStageName(const Process *process, const JsonNode *node, const char *message, ErrorList *errors)
{
	const ProcessStage *stage = node->kind == JSON_STRING ? ProcessStageFind(process, node->text) : NULL;

	if (stage == NULL && process->stage_count > 0)
		ErrorAdd(errors, JsonPointer(node), CBD_PROCESS_NO_STAGE, message);
	return stage == NULL ? -1 : stage->order;
}

/* The roles that an array of names (or "posts") says. */
static uint32
ReadRoles(const JsonNode *node, ErrorList *errors)
{
	uint32 roles = 0;

	if (node == NULL)
		return 0;
	if (node->kind == JSON_STRING && strcmp(node->text, "posts") == 0)
		return ROLE_POSTS;
	if (!MemberKind(node, JSON_ARRAY, "an array of roles or \"posts\", for example [\"desk\"]", errors))
		return 0;
	for (const JsonNode *item = node->first; item != NULL; item = item->next)
	{
		uint32 role = item->kind == JSON_STRING ? ProcessRoleBit(item->text) : 0;

		if (role == 0)
			ErrorPrint(errors, false, JsonPointer(item), CBD_CODE_NOT_IN_TABLE,
					   "unknown role; roles are %s{names}", ProcessNames("roles"));
		roles |= role;
	}
	return roles;
}

/* The pool of a stage. */
static ProcessPool
ReadPool(const JsonNode *node, ErrorList *errors)
{
	static const char *const pools[] = {"all", "division", "unit"};

	if (node == NULL)
		return POOL_ALL;
	for (int i = 0; node->kind == JSON_STRING && i < lengthof(pools); i++)
		if (strcmp(node->text, pools[i]) == 0)
			return (ProcessPool) i;
	ErrorAdd(errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE, "a pool is all, division or unit");
	return POOL_ALL;
}

/* The state of a stage; 0: it is none. */
static int
ReadState(const JsonNode *object, ErrorList *errors)
{
	const JsonNode *node = MemberRequired(object, "state", errors);
	int state;

	if (node == NULL)
		return 0;
	if (MemberWhole(node, 1, 7, &state) && state != 2)
		return state;
	ErrorAdd(errors, JsonPointer(node), CBD_CODE_NOT_IN_TABLE,
			 "the state of a stage is 1, 3, 4, 5, 6 (closed) or 7 (void); 8 and 9 are overlays");
	return 0;
}

/* One stage; false: it has no usable name or state. */
static bool
ReadStage(const Process *process, const JsonNode *node, ProcessStage *stage, ErrorList *errors)
{
	static const char *const members[] = {"name",  "title", "titleZh", "state",
										  "roles", "pool",  "limit",   NULL};
	const JsonNode *roles;

	if (!MemberKind(node, JSON_OBJECT, "an object, " STAGE_EXAMPLE, errors))
		return false;
	MembersKnown(node, members, errors);
	stage->name = MemberText(node, "name", true, 63, errors);
	stage->title = MemberText(node, "title", true, 255, errors);
	stage->title_zh = MemberText(node, "titleZh", true, 255, errors);
	stage->state = ReadState(node, errors);
	stage->final = stage->state == STATE_CLOSED || stage->state == STATE_VOID;
	stage->pool = ReadPool(MemberFind(node, "pool"), errors);
	stage->limit = ProcessReadLimit(MemberFind(node, "limit"), true, errors);
	roles = MemberFind(node, "roles");
	stage->roles = ReadRoles(roles, errors);
	if (roles != NULL && roles->kind == JSON_ARRAY && roles->first != NULL &&
		roles->first->kind == JSON_STRING)
		stage->role = roles->first->text;
	else if (stage->roles == ROLE_POSTS)
		stage->role = ProcessRoleName(stage->roles);
	if (stage->name == NULL)
		return false;
	if (!NameIsGood(stage->name, true) || strcmp(stage->name, "stay") == 0 ||
		strcmp(stage->name, "before") == 0)
	{
		ErrorAdd(errors, JsonPointer(MemberFind(node, "name")), CBD_FIELD_OUT_OF_RANGE,
				 "a small letter, then letters, digits and hyphens, not stay or before; for example accept");
		return false;
	}
	if (ProcessStageFind(process, stage->name) != NULL)
	{
		ErrorAdd(errors, JsonPointer(MemberFind(node, "name")), CBD_FIELD_OUT_OF_RANGE,
				 "another stage has this name");
		return false;
	}
	return stage->state != 0;
}

/* The stages of the process. */
static void
ReadStages(ProcessDefinition *definition, const JsonNode *list, ErrorList *errors)
{
	Process *process = &definition->process;
	int room;

	if (list == NULL || !MemberKind(list, JSON_ARRAY, "an array of stages, " STAGE_EXAMPLE, errors))
	{
		definition->graph = false;
		return;
	}
	if (list->count == 0 || list->count > PROCESS_STAGES)
	{
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} stages",
				   PROCESS_STAGES);
		definition->graph = false;
	}
	room = Min(list->count, PROCESS_STAGES);
	process->stages = palloc0(sizeof(ProcessStage) * (room + 1));
	definition->stage_nodes = palloc0(sizeof(JsonNode *) * (room + 1));
	for (const JsonNode *node = list->first; node != NULL && node->index < room; node = node->next)
	{
		ProcessStage *stage = &process->stages[process->stage_count];

		memset(stage, 0, sizeof(*stage));
		stage->order = process->stage_count;
		definition->stage_nodes[process->stage_count] = node;
		if (ReadStage(process, node, stage, errors))
			process->stage_count++;
		else
			definition->graph = false;
	}
}

/* The stages that `from` names: an array, "open" or "all"; *known false: some are not. */
static uint64
ReadFrom(const Process *process, const JsonNode *node, bool *known, ErrorList *errors)
{
	uint64 from = 0;

	if (node == NULL)
	{
		*known = false;
		return 0;
	}
	if (node->kind == JSON_STRING && (strcmp(node->text, "open") == 0 || strcmp(node->text, "all") == 0))
	{
		for (int i = 0; i < process->stage_count; i++)
			if (node->text[0] == 'a' || !process->stages[i].final)
				from |= UINT64CONST(1) << i;
		return from;
	}
	if (!MemberKind(node, JSON_ARRAY, "an array of stages, \"open\" or \"all\"", errors))
		*known = false;
	else if (node->first == NULL)
	{
		ErrorAdd(errors, JsonPointer(node), CBD_FIELD_REQUIRED, "at least one stage");
		*known = false;
	}
	else
		for (const JsonNode *item = node->first; item != NULL; item = item->next)
		{
			int place = ReadStageName(process, item, NULL, errors);

			if (place >= 0)
				from |= UINT64CONST(1) << place;
			else
				*known = false;
		}
	return from;
}

/* Where the action leads; false: to no stage of the process. */
static bool
ReadTarget(const Process *process, const JsonNode *object, ProcessAction *action, ErrorList *errors)
{
	const JsonNode *node = MemberRequired(object, "to", errors);

	if (node == NULL)
		return false;
	if (node->kind == JSON_STRING && strcmp(node->text, "stay") == 0)
		action->target = TARGET_STAY;
	else if (node->kind == JSON_STRING && strcmp(node->text, "before") == 0)
		action->target = TARGET_BEFORE;
	else
	{
		action->target = TARGET_STAGE;
		action->to = ReadStageName(process, node, "a stage, \"stay\" or \"before\"", errors);
		return action->to >= 0;
	}
	return true;
}

/* The needs that an array of names says, with those of the effects. */
static uint32
ReadNeeds(const JsonNode *node, uint64 effects, ErrorList *errors)
{
	uint32 needs = ProcessEffectNeeds(effects);

	if (node == NULL || !MemberKind(node, JSON_ARRAY, "an array of needs, for example [\"reason\"]", errors))
		return needs;
	for (const JsonNode *item = node->first; item != NULL; item = item->next)
	{
		uint32 need = item->kind == JSON_STRING ? ProcessNeedBit(item->text) : 0;

		if (need == 0)
			ErrorPrint(errors, false, JsonPointer(item), CBD_CODE_NOT_IN_TABLE,
					   "unknown need; needs are %s{names}", ProcessNames("needs"));
		needs |= need;
	}
	return needs;
}

/* The effects that an array of names says; absent: that of the action's name, if it is one. */
static uint64
ReadEffects(const JsonNode *node, const char *name, ErrorList *errors)
{
	uint64 effects = 0;

	if (node == NULL)
		return name == NULL ? 0 : ProcessEffectBit(name);
	if (!MemberKind(node, JSON_ARRAY, "an array of effects, for example [\"file\"]", errors))
		return 0;
	for (const JsonNode *item = node->first; item != NULL; item = item->next)
	{
		uint64 effect = item->kind == JSON_STRING ? ProcessEffectBit(item->text) : 0;

		if (effect == 0)
			ErrorPrint(errors, false, JsonPointer(item), CBD_CODE_NOT_IN_TABLE,
					   "unknown effect; effects are %s{names}", ProcessNames("effects"));
		effects |= effect;
	}
	return effects;
}

/* The name of an action, one of the code table; its titles where it has none of its own. */
static void
ReadActionName(const JsonNode *node, ProcessAction *action, ErrorList *errors)
{
	bool empty;

	action->name = MemberText(node, "name", true, 63, errors);
	action->title = MemberText(node, "title", false, 255, errors);
	action->title_zh = MemberText(node, "titleZh", false, 255, errors);
	if (action->name == NULL)
		return;
	if (!CodeTableHas("case-action", action->name, &empty) || strcmp(action->name, ACTION_START) == 0 ||
		strcmp(action->name, ACTION_MIGRATE) == 0)
		ErrorAdd(errors, JsonPointer(MemberFind(node, "name")), CBD_CODE_NOT_IN_TABLE,
				 "unknown action; actions are in the code table case-action, without start and migrate");
	else
	{
		const char *title = action->name;
		const char *title_zh = CodeTableName("case-action", action->name);

		ProcessStandardTitles(action->name, &title, &title_zh);
		if (action->title == NULL)
			action->title = title;
		if (action->title_zh == NULL)
			action->title_zh = title_zh;
	}
}

/* One action; *known false: from or to are not understood. False: it is no action at all. */
static bool
ReadAction(const Process *process, const JsonNode *node, ProcessAction *action, bool *known,
		   ErrorList *errors)
{
	static const char *const members[] = {"name",  "title",   "titleZh",   "from",           "to",    "roles",
										  "needs", "effects", "reviewers", "whileSuspended", "reply", NULL};
	const JsonNode *node_of;

	if (!MemberKind(node, JSON_OBJECT, "an object, " ACTION_EXAMPLE, errors))
		return false;
	MembersKnown(node, members, errors);
	ReadActionName(node, action, errors);
	action->from = ReadFrom(process, MemberRequired(node, "from", errors), known, errors);
	if (!ReadTarget(process, node, action, errors))
		*known = false;
	action->roles = ReadRoles(MemberRequired(node, "roles", errors), errors);
	action->effects = ReadEffects(MemberFind(node, "effects"), action->name, errors);
	action->needs = ReadNeeds(MemberFind(node, "needs"), action->effects, errors);
	action->while_suspended = MemberBool(node, "whileSuspended", errors);
	action->reply = ProcessReadLimit(MemberFind(node, "reply"), false, errors);
	action->reviewers = 1;
	node_of = MemberFind(node, "reviewers");
	if (node_of != NULL && !MemberWhole(node_of, 1, 2, &action->reviewers))
		ErrorAdd(errors, JsonPointer(node_of), CBD_FIELD_OUT_OF_RANGE, "1 or 2 reviewers");
	return action->name != NULL;
}

/* The actions of the process. */
static void
ReadActions(ProcessDefinition *definition, const JsonNode *list, ErrorList *errors)
{
	Process *process = &definition->process;
	bool known = true;
	int room;

	if (list == NULL || !MemberKind(list, JSON_ARRAY, "an array of actions, " ACTION_EXAMPLE, errors))
	{
		definition->graph = false;
		return;
	}
	room = Min(list->count, ACTION_LIMIT);
	if (list->count > ACTION_LIMIT)
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} actions",
				   ACTION_LIMIT);
	process->actions = palloc0(sizeof(ProcessAction) * (room + 1));
	definition->action_nodes = palloc0(sizeof(JsonNode *) * (room + 1));
	for (const JsonNode *node = list->first; node != NULL && node->index < room; node = node->next)
	{
		ProcessAction *action = &process->actions[process->action_count];

		memset(action, 0, sizeof(*action));
		definition->action_nodes[process->action_count] = node;
		if (ReadAction(process, node, action, &known, errors))
			process->action_count++;
		else
			known = false;
	}
	if (!known)
		definition->graph = false;
}

/* The notices of a rung. */
static void
ReadNotices(const JsonNode *list, ProcessRung *rung, ErrorList *errors)
{
	if (list == NULL || !MemberKind(list, JSON_ARRAY, "an array of notices", errors))
		return;
	if (list->count > NOTICES_MAX)
	{
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} elements",
				   NOTICES_MAX);
		return;
	}
	rung->notices = palloc0(sizeof(Notice) * Max(list->count, 1));
	for (const JsonNode *node = list->first; node != NULL; node = node->next)
		if (NoticeRead(node, true, &rung->notices[rung->notice_count], errors))
			rung->notice_count++;
}

/* One rung of escalation. */
static void
ReadRung(const JsonNode *node, ProcessRung *rung, ErrorList *errors)
{
	static const char *const members[] = {"at", "times", "roles", "supervise", "notify", NULL};
	static const char *const whens[] = {"yellow", "red", "further"};
	const JsonNode *at;
	const JsonNode *times;
	int when;

	if (!MemberKind(node, JSON_OBJECT, "an object, for example {\"at\":\"red\",\"roles\":[\"leader\"]}",
					errors))
		return;
	MembersKnown(node, members, errors);
	at = MemberRequired(node, "at", errors);
	for (when = 0; at != NULL && when < lengthof(whens); when++)
		if (at->kind == JSON_STRING && strcmp(at->text, whens[when]) == 0)
			break;
	if (when == lengthof(whens))
		ErrorAdd(errors, JsonPointer(at), CBD_FIELD_OUT_OF_RANGE, "yellow, red or further");
	rung->when = (ProcessRungWhen) when;
	rung->roles = ReadRoles(MemberRequired(node, "roles", errors), errors);
	rung->supervise = MemberBool(node, "supervise", errors);
	ReadNotices(MemberFind(node, "notify"), rung, errors);
	times = MemberFind(node, "times");
	rung->times = rung->when == RUNG_FURTHER ? 1 : 0;
	if (times != NULL && (rung->when != RUNG_FURTHER || !MemberWhole(times, 1, TIMES_LIMIT, &rung->times)))
		ErrorPrint(errors, false, JsonPointer(times), CBD_FIELD_OUT_OF_RANGE,
				   "1 to %d{limit} further limits, only with \"at\":\"further\"", TIMES_LIMIT);
}

/* The rungs of escalation, in their order. */
static void
ReadRungs(Process *process, const JsonNode *list, ErrorList *errors)
{
	if (list == NULL || !MemberKind(list, JSON_ARRAY, "an array of rungs", errors))
		return;
	if (list->count > RUNG_LIMIT)
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} rungs",
				   RUNG_LIMIT);
	process->rungs = palloc0(sizeof(ProcessRung) * (RUNG_LIMIT + 1));
	for (const JsonNode *node = list->first; node != NULL && process->rung_count < RUNG_LIMIT;
		 node = node->next)
	{
		ProcessRung *rung = &process->rungs[process->rung_count++];

		ReadRung(node, rung, errors);
		if (node->index > 0 && rung->when == rung[-1].when && rung->times <= rung[-1].times &&
			rung->when == RUNG_FURTHER)
			ErrorAdd(errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
					 "further rungs come in ascending order of times");
		else if (node->index > 0 &&
				 (rung->when < rung[-1].when || (rung->when == rung[-1].when && rung->when != RUNG_FURTHER)))
			ErrorAdd(errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
					 "rungs come in the order yellow, red, further, the first two once");
	}
}

/* The process's own members, and then all others. */
static void
ReadProcess(ProcessDefinition *definition, ErrorList *errors)
{
	static const char *const members[] = {"code",   "title",   "titleZh",    "start", "chainLimit",
										  "stages", "actions", "escalation", NULL};
	const JsonNode *root = definition->root;
	Process *process = &definition->process;
	const JsonNode *start;

	MembersKnown(root, members, errors);
	process->code = MemberText(root, "code", true, 63, errors);
	if (process->code != NULL && !NameIsGood(process->code, false))
		ErrorAdd(errors, "/code", CBD_FIELD_OUT_OF_RANGE,
				 "a small letter, then small letters, digits and hyphens; for example city-management");
	process->title = MemberText(root, "title", true, 255, errors);
	process->title_zh = MemberText(root, "titleZh", true, 255, errors);
	process->chain = ProcessReadLimit(MemberFind(root, "chainLimit"), true, errors);
	ReadStages(definition, MemberRequired(root, "stages", errors), errors);
	ReadActions(definition, MemberRequired(root, "actions", errors), errors);
	ReadRungs(process, MemberFind(root, "escalation"), errors);
	start = MemberRequired(root, "start", errors);
	if (start != NULL)
	{
		int place = ReadStageName(process, start, NULL, errors);

		process->start = place < 0 ? NULL : &process->stages[place];
	}
	if (process->start == NULL)
		definition->graph = false;
	else if (process->start->final)
		ErrorAdd(errors, "/start", CBD_FIELD_OUT_OF_RANGE, "a case does not begin where it ends");
}

/* Reports a member that occurs twice. */
static void
ReportDuplicate(void *errors, const JsonNode *member)
{
	ErrorAdd(errors, JsonPointer(member), CBD_DUPLICATE_KEY, NULL);
}

ProcessDefinition *
ProcessRead(const JsonNode *root, ErrorList *errors)
{
	ProcessDefinition *definition = palloc0(sizeof(*definition));

	definition->root = root;
	definition->graph = true;
	JsonDuplicates(root, ReportDuplicate, errors);
	if (MemberKind(root, JSON_OBJECT, "an object with code, title, titleZh, start, stages and actions",
				   errors))
		ReadProcess(definition, errors);
	else
		definition->graph = false;
	return definition;
}
