/*
 * Processes (clause 4, 流程引擎): how a case goes from stage to stage, as data.
 *
 *   JSON --process_parse.c--> Process + errors --process_check.c--> more errors (dead ends ...)
 *        save_process(): process_store.c writes process, process_stage, process_move; never changed again
 *   ProcessFind(code, version): process_cache.c, compiled, kept per backend until the table changes
 *   UPDATE of event: process_guard.c, the trigger that refuses what is no move of the case's version
 *
 * Words. A stage is where a case waits, and for whom; its state is the number that others see (code table
 * event-state). An action is what somebody does from a stage; its target is a stage, the same stage (stay),
 * or a stage before (return). Effects say what an action does beside moving; they are named as the actions
 * that have them in the shipped process. 8 and 9 are overlays over the state of the stage: suspended,
 * supervised.
 *
 * A Process is the backend's for good: versions do not change, so that a pointer stays valid. Unknown codes
 * and versions give NULL, never an error.
 */
#ifndef CBD_PROCESS_H
#define CBD_PROCESS_H

#include "postgres.h"
#include "utils/numeric.h"

/* The process that is shipped; new cases take it unless something says otherwise. */
#define PROCESS_DEFAULT "city-management"

/* States of cases: code table event-state. */
#define STATE_REPORTED   1
#define STATE_CLOSED     6
#define STATE_VOID       7
#define STATE_SUSPENDED  8
#define STATE_SUPERVISED 9

/* Actions of the platform itself, in no definition: entering a process (from no stage), and changing its
 * version. */
#define ACTION_START   "start"
#define ACTION_MIGRATE "migrate"

/* Most stages of a process: sets of them are masks. */
#define PROCESS_STAGES 64

/* Who acts: bits. The first nine are posts (code table case-role); sender: the application that reported;
 * clock: the platform, when time has passed. */
typedef enum ProcessRole
{
	ROLE_INSPECTOR = 1 << 0,
	ROLE_DESK = 1 << 1,
	ROLE_FILER = 1 << 2,
	ROLE_DISPATCHER = 1 << 3,
	ROLE_UNIT = 1 << 4,
	ROLE_HANDLER = 1 << 5,
	ROLE_VERIFIER = 1 << 6,
	ROLE_SUPERVISOR = 1 << 7,
	ROLE_LEADER = 1 << 8,
	ROLE_SENDER = 1 << 9,
	ROLE_CLOCK = 1 << 10
} ProcessRole;
#define ROLE_POSTS (ROLE_SENDER - 1) /* all roles that posts have */

/* What a step must bring: bits. `unit` and `account` are members of `to`. */
typedef enum ProcessNeed
{
	NEED_REASON = 1 << 0,
	NEED_CONDITION = 1 << 1, /* conditionCode */
	NEED_UNIT = 1 << 2,
	NEED_ACCOUNT = 1 << 3,
	NEED_UNTIL = 1 << 4,
	NEED_EVALUATION = 1 << 5,
	NEED_RESULT = 1 << 6,
	NEED_NOTE = 1 << 7,
	NEED_MEDIAS = 1 << 8,
	NEED_MAIN = 1 << 9 /* mainTaskNum */
} ProcessNeed;

/* What an action does: bits of a uint64. */
#define EFFECT_ACCEPT           (UINT64CONST(1) << 0)
#define EFFECT_REJECT           (UINT64CONST(1) << 1)
#define EFFECT_ASK_VERIFY       (UINT64CONST(1) << 2) /* opens a request "verify" */
#define EFFECT_VERIFY           (UINT64CONST(1) << 3) /* answers it */
#define EFFECT_FILE             (UINT64CONST(1) << 4) /* sets the condition and starts the chain's clock */
#define EFFECT_DISPATCH         (UINT64CONST(1) << 5) /* sets the unit */
#define EFFECT_TAKE             (UINT64CONST(1) << 6)
#define EFFECT_ASSIGN           (UINT64CONST(1) << 7) /* sets the holder */
#define EFFECT_RETURN           (UINT64CONST(1) << 8)
#define EFFECT_HANDLE           (UINT64CONST(1) << 9)
#define EFFECT_DIRECT           (UINT64CONST(1) << 10)
#define EFFECT_ASK_CHECK        (UINT64CONST(1) << 11) /* opens a request "check" */
#define EFFECT_CHECK            (UINT64CONST(1) << 12) /* answers it */
#define EFFECT_REWORK           (UINT64CONST(1) << 13) /* counts a rework */
#define EFFECT_CLOSE            (UINT64CONST(1) << 14)
#define EFFECT_VOID             (UINT64CONST(1) << 15)
#define EFFECT_REOPEN           (UINT64CONST(1) << 16)
#define EFFECT_ASK_SUSPEND      (UINT64CONST(1) << 17) /* opens a request "suspend" */
#define EFFECT_SUSPEND          (UINT64CONST(1) << 18) /* grants it: suspended_until, clocks stand */
#define EFFECT_REFUSE_SUSPEND   (UINT64CONST(1) << 19)
#define EFFECT_RESUME           (UINT64CONST(1) << 20) /* ends the suspension */
#define EFFECT_ASK_EXTENSION    (UINT64CONST(1) << 21) /* opens a request "extension" */
#define EFFECT_GRANT_EXTENSION  (UINT64CONST(1) << 22)
#define EFFECT_REFUSE_EXTENSION (UINT64CONST(1) << 23)
#define EFFECT_SUPERVISE        (UINT64CONST(1) << 24) /* opens a request "supervise": the reply is due */
#define EFFECT_ANSWER           (UINT64CONST(1) << 25) /* answers it: no longer supervised */
#define EFFECT_APPEAL           (UINT64CONST(1) << 26) /* opens a request "appeal" */
#define EFFECT_DECIDE_APPEAL    (UINT64CONST(1) << 27) /* `reviewers` of them decide it */
#define EFFECT_CLAIM            (UINT64CONST(1) << 28) /* sets the holder: who does it */
#define EFFECT_RELEASE          (UINT64CONST(1) << 29) /* back to the pool */
#define EFFECT_COMMENT          (UINT64CONST(1) << 30)
#define EFFECT_VISIT            (UINT64CONST(1) << 31)
#define EFFECT_WITHDRAW         (UINT64CONST(1) << 32)
#define EFFECT_ESCALATE         (UINT64CONST(1) << 33)
#define EFFECT_MERGE            (UINT64CONST(1) << 34) /* into a main case: its clocks stand, nobody has it */
#define EFFECT_UNMERGE          (UINT64CONST(1) << 35) /* ends that */

/* Steps that keep the version of the case, and steps whose version is not compared. */
#define EFFECTS_KEEP_VERSION (EFFECT_COMMENT | EFFECT_VISIT)
#define EFFECTS_ANY_VERSION  (EFFECTS_KEEP_VERSION | EFFECT_CLAIM | EFFECT_WITHDRAW | EFFECT_ESCALATE)

/* How long something may take. */
typedef enum ProcessLimitKind
{
	PROCESS_LIMIT_NONE,
	PROCESS_LIMIT_CONDITION, /* that of the filing condition; none while the case has no condition */
	PROCESS_LIMIT_FIXED
} ProcessLimitKind;

typedef struct ProcessLimit
{
	ProcessLimitKind kind;
	/* of a fixed one */
	const char *calendar; /* NULL: that of the unit, else the default one */
	Numeric amount;
	int unit; /* calendar.h LimitUnit */
	double warning_share;
} ProcessLimit;

/* Whose posts of the stage's roles have the case in their pool. */
typedef enum ProcessPool
{
	POOL_ALL,      /* every one */
	POOL_DIVISION, /* those of the case's division */
	POOL_UNIT      /* those of the case's unit */
} ProcessPool;

typedef struct ProcessStage
{
	const char *name;
	const char *title;
	const char *title_zh;
	int order;        /* place in the process, from 0: after a return nobody moves past who returned */
	int state;        /* 1, 3, 4, 5, 6, 7 */
	bool final;       /* its state is closed or void */
	uint64 before;    /* open stages from which an action leads here that is no return: bit `order` */
	uint32 roles;     /* it waits for; 0 when final and nobody is waited for */
	const char *role; /* the first of them: whose task it is; NULL when there is none */
	ProcessPool pool;
	ProcessLimit limit;
} ProcessStage;

/* Where an action leads. */
typedef enum ProcessTarget
{
	TARGET_STAY,
	TARGET_STAGE,
	TARGET_BEFORE /* the stage that the case came from: one of `before` of the stage */
} ProcessTarget;

/* The same name may stand several times with other stages, never twice for one stage. */
typedef struct ProcessAction
{
	const char *name;
	const char *title;
	const char *title_zh;
	uint64 from; /* stages: bit `order` */
	ProcessTarget target;
	int to; /* of TARGET_STAGE: its place */
	uint32 roles;
	uint32 needs; /* those of the effects included */
	uint64 effects;
	int reviewers;        /* who must agree: 1 or 2 */
	bool while_suspended; /* may be done while the case is suspended */
	ProcessLimit reply;   /* time for the reply to what is asked for (supervise, askVerify ...) */
} ProcessAction;

/* A rung of escalation: at the warning time (yellow), at the deadline (red), then after each further limit.
 */
typedef enum ProcessRungWhen
{
	RUNG_YELLOW,
	RUNG_RED,
	RUNG_FURTHER
} ProcessRungWhen;

typedef struct ProcessRung
{
	ProcessRungWhen when;
	int times;    /* of a further one: from that multiple of the limit on; 1 = one limit after the deadline */
	uint32 roles; /* who is told */
	bool supervise;         /* the case is supervised from then on */
	struct Notice *notices; /* who is told beside them: notice.h */
	int notice_count;
} ProcessRung;

typedef struct Process
{
	const char *code;
	int version;
	const char *title;
	const char *title_zh;
	ProcessLimit chain; /* of the whole chain, from filing */
	const ProcessStage *start;
	ProcessStage *stages;
	int stage_count;
	ProcessAction *actions;
	int action_count;
	ProcessRung *rungs;
	int rung_count;
} Process;

/* A version of a process; NULL: there is none. */
extern const Process *ProcessFind(const char *code, int version);

/* The version that new cases take: the newest; NULL: there is no such process. */
extern const Process *ProcessNewest(const char *code);

/* A stage by its name; NULL: the process has none. */
extern const ProcessStage *ProcessStageFind(const Process *process, const char *name);

/* The action of that name from the stage; NULL: it is not allowed from here, or nowhere. */
extern const ProcessAction *ProcessActionFind(const Process *process, const ProcessStage *from,
											  const char *name);

/* The roles that have the action from any stage; 0: the process does not have it. */
extern uint32 ProcessActionRoles(const Process *process, const char *name);

/* Does the action lead from the stage to the other one (or stay)? */
extern bool ProcessMoveAllowed(const ProcessAction *action, const ProcessStage *from, const ProcessStage *to);

/* The one stage that the action leads to from here; NULL for TARGET_BEFORE, which the history decides. */
extern const ProcessStage *ProcessActionTarget(const Process *process, const ProcessAction *action,
											   const ProcessStage *from);

/* The state that others see: that of the stage, with its overlays unless it is final. */
extern int ProcessState(const ProcessStage *stage, bool suspended, bool supervised);

/* The bit of a role's, a need's or an effect's name; 0: there is none. */
extern uint32 ProcessRoleBit(const char *name);
extern uint32 ProcessNeedBit(const char *name);
extern uint64 ProcessEffectBit(const char *name);

/* The name of one bit. */
extern const char *ProcessRoleName(uint32 role);
extern const char *ProcessNeedName(uint32 need);
extern const char *ProcessEffectName(uint64 effect);

#endif
