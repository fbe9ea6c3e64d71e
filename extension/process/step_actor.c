/* Who takes a step: of a request, of an SQL session. See step.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "core/spi.h"
#include "process/step.h"

void
RequestActor(const Call *call, Actor *actor)
{
	const Caller *caller = &call->caller;

	memset(actor, 0, sizeof(*actor));
	actor->app_id = caller->app_id;
	if (caller->operator_)
	{
		actor->kind = ACTOR_OPERATOR;
		actor->name = caller->user_name;
		actor->account_id = caller->account_id;
		actor->posts = caller->posts;
		actor->post_count = caller->post_count;
	}
	else
	{
		actor->kind = ACTOR_SENDER;
		actor->name = caller->app_code;
		actor->reads_all = caller->all_cases;
	}
}

void
RoleActor(Actor *actor)
{
	memset(actor, 0, sizeof(*actor));
	actor->kind = ACTOR_ROLE;
	actor->name = ReviewerName(NULL);
}

static SpiQuery account_of_name = {
	"SELECT account_id, user_name FROM citybigdata.account WHERE pg_catalog.lower(user_name COLLATE "
	"pg_catalog.\"C\") OPERATOR(pg_catalog.=) pg_catalog.lower($1 COLLATE pg_catalog.\"C\") AND state "
	"OPERATOR(pg_catalog.=) 'active'",
	1,
	{TEXTOID},
	NULL,
	true};
static SpiQuery account_of_number = {"SELECT account_id, user_name FROM citybigdata.account WHERE account_id "
									 "OPERATOR(pg_catalog.=) $1 AND state OPERATOR(pg_catalog.=) 'active'",
									 1,
									 {INT8OID},
									 NULL,
									 true};

/* Number and name of an active account, by its user name or, when none has it, its number; 0: there is none.
 */
static int64
FindAccount(const char *account, char **name)
{
	int64 number = 0;

	SpiBegin();
	if (SpiRead(&account_of_name, (Datum[]){CStringGetTextDatum(account)}, NULL, 1) > 0 ||
		SpiRead(&account_of_number, (Datum[]){Int64GetDatum(PathNumber(account))}, NULL, 1) > 0)
	{
		number = SpiInt64(0, 1);
		*name = SpiText(0, 2);
	}
	SpiEnd();
	return number;
}

int64
AccountNumber(const char *account)
{
	char *name;

	return FindAccount(account, &name);
}

bool
AccountActor(const char *account, Actor *actor)
{
	char *name = NULL;

	memset(actor, 0, sizeof(*actor));
	actor->kind = ACTOR_OPERATOR;
	actor->account_id = FindAccount(account, &name);
	actor->name = name;
	if (actor->account_id == 0)
		return false;
	actor->post_count = OperatorPosts(actor->account_id, &actor->posts);
	return true;
}
