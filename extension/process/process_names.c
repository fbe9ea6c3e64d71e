/* The names of roles, needs and effects of processes, as definitions write them, and titles of the actions
 * that are named as effects; see process.h. */
#include "postgres.h"

#include "port/pg_bitutils.h"

#include "process/process.h"
#include "process/process_definition.h"

/* By bit number. */
static const char *const role_names[] = {"inspector", "desk",       "filer",  "dispatcher", "unit", "handler",
										 "verifier",  "supervisor", "leader", "sender",     "clock"};
static const char *const need_names[] = {"reason",     "conditionCode", "unit", "account", "until",
										 "evaluation", "result",        "note", "medias",  "mainTaskNum"};

/* An effect, the titles of the action that is named after it, what a step with it must bring, and whether it
 * leaves the case in its stage. */
typedef struct EffectName
{
	const char *name;
	const char *title;
	const char *title_zh;
	uint32 needs;
	bool stays;
} EffectName;

static const EffectName effects[] = {
	{"accept", "Accept", "受理"},
	{"reject", "Reject", "不予受理", NEED_REASON},
	{"askVerify", "Ask for verification", "核实派发", 0, true},
	{"verify", "Verify", "核实", NEED_RESULT, true},
	{"file", "File", "立案", NEED_CONDITION},
	{"dispatch", "Dispatch", "派遣", NEED_UNIT},
	{"take", "Take over", "接收", 0, true},
	{"assign", "Assign", "指派", NEED_ACCOUNT, true},
	{"return", "Return", "回退", NEED_REASON},
	{"handle", "Report as handled", "处置反馈"},
	{"direct", "Handle directly", "自行处置"},
	{"askCheck", "Ask for a check", "核查派发", 0, true},
	{"check", "Check", "核查", NEED_RESULT, true},
	{"rework", "Send back for rework", "返工"},
	{"close", "Close", "结案"},
	{"void", "Void", "作废"},
	{"reopen", "Reopen", "重新启动"},
	{"askSuspend", "Ask for suspension", "申请挂账", 0, true},
	{"suspend", "Suspend", "挂账", NEED_UNTIL, true},
	{"refuseSuspend", "Refuse suspension", "不予挂账", 0, true},
	{"resume", "Resume", "恢复办理", 0, true},
	{"askExtension", "Ask for extension", "申请延期", 0, true},
	{"grantExtension", "Grant extension", "同意延期", 0, true},
	{"refuseExtension", "Refuse extension", "不予延期", 0, true},
	{"supervise", "Supervise", "督办", 0, true},
	{"answer", "Answer the supervision", "督办回复", NEED_NOTE, true},
	{"appeal", "Appeal", "申诉", NEED_REASON, true},
	{"decideAppeal", "Decide the appeal", "申诉裁定", NEED_RESULT, true},
	{"claim", "Claim", "认领", 0, true},
	{"release", "Release", "释放", 0, true},
	{"comment", "Comment", "批注", NEED_NOTE, true},
	{"visit", "Visit", "回访", NEED_EVALUATION, true},
	{"withdraw", "Withdraw", "撤回"},
	{"escalate", "Escalate", "升级", 0, true},
	{"merge", "Merge", "合并", NEED_MAIN, true},
	{"unmerge", "Undo the merge", "取消合并", 0, true},
};

/* Place of the name in a list; -1: it is not there. */
static int
PlaceOf(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

/* The effect of that name; NULL: there is none. */
static const EffectName *
EffectFind(const char *name)
{
	for (int i = 0; i < lengthof(effects); i++)
		if (strcmp(effects[i].name, name) == 0)
			return &effects[i];
	return NULL;
}

uint32
ProcessRoleBit(const char *name)
{
	int place = PlaceOf(role_names, lengthof(role_names), name);

	return place < 0 ? 0 : (uint32) 1 << place;
}

uint32
ProcessNeedBit(const char *name)
{
	int place = PlaceOf(need_names, lengthof(need_names), name);

	return place < 0 ? 0 : (uint32) 1 << place;
}

uint64
ProcessEffectBit(const char *name)
{
	const EffectName *effect = EffectFind(name);

	return effect == NULL ? 0 : UINT64CONST(1) << (effect - effects);
}

const char *
ProcessRoleName(uint32 role)
{
	return role_names[pg_rightmost_one_pos32(role)];
}

const char *
ProcessNeedName(uint32 need)
{
	return need_names[pg_rightmost_one_pos32(need)];
}

const char *
ProcessEffectName(uint64 effect)
{
	return effects[pg_rightmost_one_pos64(effect)].name;
}

uint32
ProcessEffectNeeds(uint64 bits)
{
	uint32 needs = 0;

	for (int i = 0; i < lengthof(effects); i++)
		if ((bits >> i & 1) != 0)
			needs |= effects[i].needs;
	return needs;
}

uint64
ProcessEffectsThatStay(void)
{
	uint64 bits = 0;

	for (int i = 0; i < lengthof(effects); i++)
		if (effects[i].stays)
			bits |= UINT64CONST(1) << i;
	return bits;
}

bool
ProcessStandardTitles(const char *name, const char **title, const char **title_zh)
{
	const EffectName *effect = EffectFind(name);

	if (effect == NULL)
		return false;
	*title = effect->title;
	*title_zh = effect->title_zh;
	return true;
}

char *
ProcessNames(const char *kind)
{
	StringInfoData out;
	bool roles = strcmp(kind, "roles") == 0;
	bool needs = strcmp(kind, "needs") == 0;
	int count = roles ? lengthof(role_names) : needs ? lengthof(need_names) : lengthof(effects);

	initStringInfo(&out);
	for (int i = 0; i < count; i++)
		appendStringInfo(&out, "%s%s", i == 0 ? "" : ", ",
						 roles   ? role_names[i]
						 : needs ? need_names[i]
								 : effects[i].name);
	return out.data;
}
