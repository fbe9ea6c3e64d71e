/*
 * Steps (clause 4, 流程引擎): what people and the clock do with a case, and who has it then.
 *
 *   POST /events/{taskNum}/steps  step_rest.c --+
 *   POST /events/steps            step_bulk.c --+-- step_read.c: StepRequest, what is malformed
 *   advance_case()                step_sql.c ---+
 *       CaseLock()     step_case.c     the case's row, locked; unseen: 404
 *       StepCheck()    step_check.c    needs, posts, version, stage: the refusals in their order
 *       CaseAdvance()  step_advance.c  both; a case whose suspension is over comes back first
 *       StepTake()     step_take.c     history first, then the case; effects of the action (step_effect.c),
 *                                      requests (step_ask.c), clocks, facts, the work list (step_task.c)
 *   clock job          step_clock.c    the same for the clock's own steps
 *   reports            step_start.c    a case begins: EventStartHook
 *   readers            step_shape.c, step_history.c, step_actions.c, todo.c
 *
 * Words. An actor is who takes a step: an operator by one of his posts, the application of the case's sender,
 * a database role, or the clock. The holder is the account that a case is with; without one it lies in the
 * pool of a role. A task is the row of the work list of a case that waits for somebody. A request is what was
 * asked for and waits for a decision (case_request). Everything of a step is in one transaction, and the row
 * of the event is locked first, so that two steps of one case come one after the other.
 */
#ifndef CBD_STEP_H
#define CBD_STEP_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "access/endpoint.h"
#include "access/operator.h"
#include "core/error_list.h"
#include "deadline/clock.h"
#include "event/event_case.h"
#include "process/process.h"

/* Characters of note and reason, steps of one bulk request, and the longest suspension or reply time that is
 * taken for meant. */
#define STEP_TEXT_CHARACTERS 4000
#define STEP_BULK_LIMIT      500

/* Who takes a step. */
typedef enum ActorKind
{
	ACTOR_OPERATOR,
	ACTOR_SENDER, /* the application that the case's sender belongs to */
	ACTOR_ROLE,   /* a database role: an SQL session without an account */
	ACTOR_CLOCK,
	ACTOR_RULE /* a rule of the platform: may what posts may */
} ActorKind;

typedef struct Actor
{
	ActorKind kind;
	const char *name; /* for the history: user name, application code, role, clock */
	int64 account_id; /* of an operator; else 0 */
	int32 app_id;     /* of the request; 0 from SQL and of the clock */
	bool reads_all;   /* an application with the grant cases: sees every case, which lets it do nothing */
	OperatorPost *posts;
	int post_count;
} Actor;

/* What is asked for. Absent texts are NULL. */
typedef struct StepRequest
{
	char *task_num;
	char *action;
	bool has_version;
	int32 version;
	char *result; /* pass, fail */
	char *note;
	char *reason;
	char *to_unit;
	char *to_account; /* as it was given: a user name or a number */
	int64 to_account_id;
	bool has_until;
	TimestampTz until;
	char *condition_code;
	char *main_task_num;
	int32 evaluation;   /* 0: absent */
	EventReport medias; /* of it only the media count */
	ErrorList errors;   /* and warnings */
	/* of mainTaskNum, once it was judged */
	int32 main_rec_id; /* that case, or its main case */
	int32 main_state;
	CbdStatus main_status; /* why it cannot be merged into it; CBD_OK */
} StepRequest;

/* A case, its row being locked; texts are palloc'd. */
typedef struct Case
{
	int32 rec_id;
	char *task_num;
	char *sender;
	char *division;
	char *type;
	int32 state, base_state, version;
	char *process_code; /* NULL: in no process */
	int32 process_version;
	char *stage_name;
	char *unit;
	int64 holder;
	char *condition_code;
	bool supervised;
	bool suspended;
	TimestampTz suspended_until;
	int32 step_count, media_count, rework_count;
	bool closed;
	TimestampTz closed_at;
	int32 main_rec_id; /* that it is merged into; 0: none */
	/* of its task; role NULL: it waits for nobody */
	char *task_role;
	char *returned_from; /* the stage that returned it here; NULL */
	bool archived;       /* nothing is done with it any more */
	/* of its process; good as ProcessFind() says, renewed by CaseProcess() */
	const Process *process;
	const ProcessStage *stage;
} Case;

/* A step that may be taken: what StepCheck() found out. Copied out of the process, whose memory does not
 * last. */
typedef struct StepMove
{
	const Actor *actor;
	StepRequest *request;
	uint64 effects;
	bool keeps_version;
	ProcessLimit reply;
	int reviewers;
	const OperatorPost *post; /* that the actor acts by; NULL: no operator */
	bool moves;               /* to another stage */
	ProcessStage to;          /* the stage after the step */
	const char *asked_role;   /* whose task a verification or check is */
	ProcessLimit chain;       /* of the process */
} StepMove;

/* ---- reading a request (step_read.c) ---- */

/* Values of a single request, by name; NULL: absent. `to` and `medias` are JSON texts. */
typedef struct StepFields
{
	char *action, *version, *if_match, *result, *note, *reason, *to, *until, *condition_code, *medias,
		*evaluation, *main_task_num;
} StepFields;

extern void StepReadFields(const StepFields *fields, bool egova, StepRequest *request);

/* The same of an object; it becomes a tree of its own, so that pointers begin there. */
extern void StepReadObject(JsonNode *object, bool egova, StepRequest *request);

/* ---- cases (step_case.c) ---- */

/* Locks the case of the taskNum. CBD_OK; 40400: there is none, or the actor does not see it; 40927: he does,
 * and it is archived (*c is it then, without a lock). */
extern CbdStatus CaseLock(const char *task_num, const Actor *actor, Case *c);

/* The same by rec_id, for whoever sees all. */
extern bool CaseLockById(int32 rec_id, Case *c);

/* The same without a lock, for readers, archived cases too. */
extern bool CaseRead(const char *task_num, const Actor *actor, Case *c);

/* Finds c->process and c->stage anew; false: it is in no process, or in a stage that this does not have. */
extern bool CaseProcess(Case *c);

/* A suspended case whose suspension is over, and whose process lets the clock bring it back: *c is as if it
 * had. False: it is another one, and unchanged. */
extern bool CaseWake(Case *c);

/* Does the actor see the case? An operator whose post reaches it, the sender's application, one that reads
 * all, a database role. */
extern bool ActorSees(const Actor *actor, const Case *c);

/* The post by which the actor may act in one of the roles (ProcessRole bits) on the case, that of the task's
 * role before others; NULL: none. */
extern const OperatorPost *ActorPost(const Actor *actor, const Case *c, uint32 roles);

/* Has the actor one of the roles for the case, be it without a post (sender, clock, database role)? */
extern bool ActorHasRole(const Actor *actor, const Case *c, uint32 roles, const OperatorPost **post);

/* Is the account active, with a post of one of the roles (bits) that reaches the case? */
extern bool InOffice(int64 account_id, uint32 roles, const Case *c);

/* The actor of a request, of an SQL session. */
extern void RequestActor(const Call *call, Actor *actor);
extern void RoleActor(Actor *actor);

/* The operator of that user name or number; false: there is no such account. */
extern bool AccountActor(const char *account, Actor *actor);

/* The number of an account by its user name or number; 0: there is none that is active. */
extern int64 AccountNumber(const char *account);

/* ---- judging ---- */

/*
 * May the step be taken? CBD_OK and *move, or the first refusal of: 422 (with errors), 403, 409 stale, 409
 * not from this state. The case is locked, or only looked at (step_check.c).
 */
extern CbdStatus StepCheck(Case *c, const Actor *actor, StepRequest *request, StepMove *move);

/* The move that the action is from where the case is, by nobody yet; false: it leads nowhere. */
extern bool StepMoveOf(const Case *c, const Actor *actor, StepRequest *request, const ProcessAction *action,
					   StepMove *move);

/* May the action be taken by the actor from where the case is, needs and version aside? 403, or one of 409
 * (step_allowed.c). */
extern CbdStatus StepAllowed(const Case *c, const Actor *actor, const ProcessAction *action,
							 const OperatorPost **post);

/* Is it a suspension, an extension or an appeal that the actor himself has asked for, and the action decides
 * it? (403) */
extern bool StepOwnRequest(const Case *c, const Actor *actor, const ProcessAction *action);

/* Who may take the action (bits of roles) now: a pool is for those whose work the case is. */
extern uint32 StepRoles(const Case *c, const ProcessAction *action);

/* Roles (bits) of those that `to.account` of the action may name; 0: it goes to nobody. */
extern uint32 StepTargetRoles(const Case *c, const ProcessAction *action);

/* Is the case with another account, who is in office for its task? */
extern bool HeldByAnother(const Case *c, const Actor *actor);

/* ---- taking (step_take.c) ---- */

/*
 * Takes the step that StepCheck() has let pass: history, case, clocks, facts, task, requests. CBD_OK: *c is
 * the case as it is then; else nothing is changed, and request->errors says why.
 */
extern CbdStatus StepTake(Case *c, const StepMove *move);

/* A step that was taken, a start too. */
typedef struct StepTaken
{
	const Case *before;
	Case *now;
	const char *action;
	const char *result; /* pass, fail; NULL */
	ActorKind by;
	TimestampTz time;
} StepTaken;

/*
 * Called behind each step, in its transaction, with the case's row locked: for chapters above (callback/,
 * rule/), each of which calls the one that was there before it first. Who takes further steps with the case
 * there gets calls for those too. NULL: none.
 */
extern void (*StepTakenHook)(const StepTaken *taken);

/* ---- the whole of one request (step_advance.c) ---- */

/* Checks and takes; a suspension that is over is ended before. */
extern CbdStatus CaseAdvance(Case *c, const Actor *actor, StepRequest *request);

/* The limit of a stage or chain of the case as the clocks take it; false: there is none. */
extern bool StepLimit(const Case *c, const ProcessLimit *limit, ClockLimit *out);

/* ---- merging (step_main.c, step_links.c, step_merge.c) ---- */

/* Locks the cases of the requests, the cases that these are merged into or stand for, and those that they are
 * to be merged into, in an order in which no two transactions wait for each other in a circle. What the
 * actor does not see is not waited for. seen[]: sees he the case of the request? NULL: it is looked up. */
extern void CasesLock(const Actor *actor, const StepRequest *requests, const bool *seen, int count);

/* The main case that the step names: what is wrong with it into the errors (422), or into
 * request->main_status (409). */
extern void CheckMain(const Case *c, const Actor *actor, StepRequest *request);

/* StepTake(), for what takes steps of other cases beside one that is being taken. */
typedef CbdStatus (*StepTaker)(Case *c, const StepMove *move);

/* What a step does with links, before the row of the case is written: merge, with the case's own duplicates,
 * and unmerge. */
extern void LinksTake(const Case *before, const StepMove *move, TimestampTz now, StepTaker take);

/* After the row of a main case was written: its duplicates get its state, or are on their own again when it
 * has become void. */
extern void LinksFollow(const Case *c, const StepMove *move, TimestampTz now, StepTaker take);

/* The action with the effect from where the case is; NULL: its process has none. c->process is known. */
extern const ProcessAction *CaseActionWith(const Case *c, uint64 effect);

/*
 * For rules: merges the case, which was reported in this transaction, into the best candidate that is open
 * and has at least that score (duplicate.h; 0: DUPLICATE_LINK_SCORE), if there is one within so many metres
 * and minutes (0: as duplicate_setting says). Returns the recID of the main case; 0: none, nothing is
 * changed. SPI is not connected.
 */
typedef struct DuplicateLinkOptions
{
	double min_score;
	int metres;
	int minutes;
	const char *note; /* of the step; NULL: none */
} DuplicateLinkOptions;

#define DUPLICATE_LINK_SCORE 0.75

extern int32 DuplicateLinkBest(int32 rec_id, const DuplicateLinkOptions *options);

/* ---- requests of a case (step_ask.c) ---- */

typedef struct CaseRequest
{
	int64 request_id;
	int64 asked_by;    /* 0: nobody's account */
	TimestampTz until; /* that was asked for; DT_NOEND: none */
	TimestampTz due;   /* when it should be decided; DT_NOEND: none */
	bool has_first;    /* a first reviewer has decided */
	int64 first_by;
	bool first_pass;
} CaseRequest;

/* Kind of request that the effects open, or decide; NULL: none. */
extern const char *RequestAsked(uint64 effects);
extern const char *RequestDecided(uint64 effects);

/* The open request of that kind; false: there is none. */
extern bool RequestFind(int32 rec_id, const char *kind, CaseRequest *request);

/* Was there ever one of that kind? */
extern bool RequestEver(int32 rec_id, const char *kind);

/* What the step does with requests: opens one, decides one, withdraws those that end with the stage. `late`:
 * it decided one after it was due. */
extern void RequestsTake(const Case *c, const StepMove *move, TimestampTz now, bool *late);

/* ---- the work list (step_task.c) ---- */

/* Whom a case waits for from now on; role NULL: for nobody. */
typedef struct Task
{
	const char *role;
	int64 holder; /* 0: in the pool */
	const char *returned_from;
} Task;

/* Writes the task with the deadline of the case's clocks; `started`: its stage clock, if the step has just
 * started it. */
extern void TaskWrite(const Case *c, const Task *task, const ClockState *started, TimestampTz now);

/* The same for a new case, which has no task yet; the task has a role. */
extern void TaskWriteNew(const Case *c, const Task *task, const ClockState *started, TimestampTz now);

/* ---- what was done (step_history.c) ---- */

/* The account that moved the case out of the stage last; 0: nobody. */
extern int64 LastHolder(int32 rec_id, const char *stage);

/* The stage that the case came from into its stage, of the set (bits of order); NULL: it never moved. */
extern char *StageBefore(const Case *c, uint64 among);

/* ---- starting (step_start.c) ---- */

/* How a report starts in the newest version of a process; false: there is no such process. */
extern bool CaseStartWith(const char *process, EventStart *start);

/* Starts a process, by its newest version, for a locked case that has none. CBD_OK; CBD_CONFLICT: it has one;
 * CBD_NO_SUCH_PROCESS. */
extern CbdStatus CaseStart(Case *c, const Actor *actor, const char *process);

/* The hooks that the chapter puts into others: members of a case (step_shape.c), steps of the clock
 * (step_clock.c). */
extern void WriteCaseMembers(StringInfo out, const CaseRow *row, const CaseFormat *format);
extern void ClockStep(const ClockEvent *event);

/* Installs the hooks of the chapter. */
extern void StepsInstall(void);

/* ---- what may be done (step_actions.c) ---- */

/* Appends [{"action","title","needs","to"}] of what the actor may do now; of merge, `to` are candidates. SPI
 * is not connected. */
extern void WriteActions(StringInfo out, Case *c, const Actor *actor);

#endif
