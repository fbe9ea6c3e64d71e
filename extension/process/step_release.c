/*
 * Cases of an account that does not act any more go back to the pool of its post, by a step `release` of
 * each: at once when the account is suspended or revoked, by maintain() when its post for it has ended. See
 * step.h.
 */
#include "postgres.h"
#include "fmgr.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "core/say.h"
#include "core/spi.h"
#include "event/case_right.h"
#include "process/step.h"

/* $1 account: what it holds, in the order in which cases are locked. */
static SpiQuery held_cases = {
	"SELECT rec_id FROM citybigdata.case_task WHERE holder OPERATOR(pg_catalog.=) $1 ORDER BY rec_id",
	1,
	{INT8OID},
	NULL,
	true};

/* The case back to the pool, where its process knows how. */
static void
Release(int32 rec_id, int64 account_id)
{
	Actor platform = {ACTOR_ROLE, "platform"};
	StepRequest request = {.action = "release", .reason = "who held it does not act any more"};
	StepMove move;
	Case c;

	if (!CaseLockById(rec_id, &c) || c.holder != account_id || !CaseProcess(&c))
		return;
	request.has_version = true;
	request.version = c.version;
	if (StepCheck(&c, &platform, &request, &move) == CBD_OK)
		(void) StepTake(&c, &move);
}

/* Everything that the query names. Returns how many cases it named. */
static uint64
ReleaseAll(SpiQuery *query, Datum argument, int64 account_id)
{
	int32 *cases;
	uint64 count;

	SpiBegin();
	count = SpiRun(query, &argument, NULL, SPI_OK_SELECT, 0);
	cases = SPI_palloc(sizeof(int32) * (count + 1));
	for (uint64 i = 0; i < count; i++)
		cases[i] = SpiInt32(i, 1);
	SpiEnd();
	for (uint64 i = 0; i < count; i++)
		Release(cases[i], account_id);
	return count;
}

PG_FUNCTION_INFO_V1(cbd_account_cases_release);
extern Datum cbd_account_cases_release(PG_FUNCTION_ARGS);

/* account_cases_release(): trigger after UPDATE of account, for each row that is not active any more */
Datum
cbd_account_cases_release(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	int column;
	int64 account_id;
	bool isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						saymsg("this function is a trigger after UPDATE for each row")));
	column = SPI_fnumber(RelationGetDescr(trigger->tg_relation), "account_id");
	account_id = DatumGetInt64(
		heap_getattr(trigger->tg_newtuple, column, RelationGetDescr(trigger->tg_relation), &isnull));
	(void) ReleaseAll(&held_cases, Int64GetDatum(account_id), account_id);
	return PointerGetDatum(NULL);
}

/* Most cases of an account that are released at once. */
#define RELEASE_PORTION 1000

/* $1 cases: those that nobody works on just now. */
static SpiQuery idle_cases = {"SELECT e.rec_id FROM citybigdata.event e WHERE e.rec_id "
							  "OPERATOR(pg_catalog.=) ANY ($1) ORDER BY e.rec_id "
							  "FOR NO KEY UPDATE SKIP LOCKED",
							  1,
							  {INT4ARRAYOID},
							  NULL,
							  true};

/* $1 account: its tasks. */
static SpiQuery held_tasks = {
	"SELECT t.rec_id, t.role, t.unit_code, t.division_code FROM citybigdata.case_task t "
	"WHERE t.holder OPERATOR(pg_catalog.=) $1 ORDER BY t.rec_id",
	1,
	{INT8OID},
	NULL,
	true};

/* Has the account a post of the role that reaches the case? As InOffice() has it. */
static bool
PostFits(const OperatorPost *posts, int count, const char *role, const CasePlace *place)
{
	for (int i = 0; i < count; i++)
		if (strcmp(posts[i].role, role) == 0 && PostReachesCase(&posts[i], place))
			return true;
	return false;
}

/* int[] of the cases that the account holds without a post for them, a portion. */
static Datum
LeftCases(int64 account_id, int *count)
{
	Datum cases[RELEASE_PORTION];
	OperatorPost *posts;
	int post_count = OperatorPosts(account_id, &posts);
	uint64 rows;

	*count = 0;
	SpiBegin();
	rows = SpiRun(&held_tasks, (Datum[]){Int64GetDatum(account_id)}, NULL, SPI_OK_SELECT, 0);
	for (uint64 i = 0; i < rows && *count < RELEASE_PORTION; i++)
	{
		CasePlace place = {SpiText(i, 3), SpiText(i, 4)};

		if (!PostFits(posts, post_count, SpiText(i, 2), &place))
			cases[(*count)++] = Int32GetDatum(SpiInt32(i, 1));
	}
	SpiEnd();
	return PointerGetDatum(construct_array(cases, *count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(cbd_maintain_cases);
extern Datum cbd_maintain_cases(PG_FUNCTION_ARGS);

/* maintain_cases() */
Datum
cbd_maintain_cases(PG_FUNCTION_ARGS)
{
	static SpiQuery holders = {
		"SELECT DISTINCT holder FROM citybigdata.case_task WHERE holder IS NOT NULL", 0, {0}};
	uint64 count;
	uint64 released = 0;
	int64 *accounts;

	SpiBegin();
	count = SpiRun(&holders, NULL, NULL, SPI_OK_SELECT, 0);
	accounts = SPI_palloc(sizeof(int64) * (count + 1));
	for (uint64 i = 0; i < count; i++)
		accounts[i] = SpiInt64(i, 1);
	SpiEnd();
	for (uint64 i = 0; i < count; i++)
	{
		int left;
		Datum cases = LeftCases(accounts[i], &left);

		if (left > 0)
			released += ReleaseAll(&idle_cases, cases, accounts[i]);
	}
	PG_RETURN_INT64(released);
}
