/*
 * Proposals: what needs two administrators who are two persons (GB/T 22239: separation of duties).
 *
 *   one administrator --Propose()--> admin_proposal, open --another one: DecideProposal()--> confirmed: done
 *                                                                                      \--> refused
 *
 * Published versions that show more than before (level_proposal, SQL of the data chapter) are numbered and
 * decided with them: action levels, of a resource.
 *
 * Needed for making an administrator, the second factor of one, whatever concerns accounts of the
 * administrator's own organisation, access of a high level for an account that the same administrator
 * approved, and for a password that was reset. The decision is one conditional UPDATE: of two at once one
 * gets the row. Nobody confirms what is proposed by, or is about, oneself, or by an administrator who holds
 * one's second factor, or whose second factor one holds.
 */
#ifndef CBD_PROPOSAL_H
#define CBD_PROPOSAL_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "core/caller.h"
#include "core/error_list.h"
#include "core/status.h"

/* What is proposed; absent parts are NULL, 0. */
typedef struct Proposal
{
	int64 proposal_id;
	const char *action; /* role, second-factor, account, access, grant, password; levels (level_proposal) */
	int64 account_id;   /* whom it is about; levels: 0 */
	int64 access_request_id;
	const char *role;
	const char *app_code;
	const char *resource;
	int level;
	bool has_end;
	TimestampTz valid_until;
} Proposal;

/* Stores a proposal of the caller (NULL: of the SQL session's role); sets proposal_id. CBD_OK; CBD_CONFLICT:
 * there is an open one about the same; CBD_POST_AND_ROLE: no role for an operator. */
extern CbdStatus Propose(const Caller *caller, Proposal *proposal);

/* What a confirmation showed or made, once; NULL, when nothing. */
typedef struct Decided
{
	Proposal proposal;
	char *address;  /* otpauth:// of a second factor */
	char *app_code; /* of an approved access request */
} Decided;

/*
 * Confirms and does it, or refuses. CBD_OK; CBD_NO_SUCH_PROPOSAL; CBD_SECOND_PERSON: the caller cannot
 * confirm it; CBD_CONFLICT: decided or expired before; any other: it is not possible any more, and is then
 * refused.
 */
extern CbdStatus DecideProposal(const Caller *caller, int64 proposal_id, bool confirm, const char *reason,
								Decided *decided, ErrorList *errors);

/* Must another administrator confirm what `caller` decides about the account? `level` 0: the account itself,
 * not its access. SQL callers who are superusers need nobody. */
extern bool NeedsSecondPerson(const Caller *caller, int64 account_id, int level);

/* The administrator (account) was shown the account's second factor. */
extern void NoteEnroller(int64 account_id, int64 administrator);

/* An SQL caller who is no superuser: may only propose. */
extern bool OnlyProposes(void);

#endif
