/* What the endpoints of administration share: fields, whose account it is, changes that must not be anybody's
 * own. */
#ifndef CBD_REST_ADMIN_H
#define CBD_REST_ADMIN_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "access/endpoint.h"
#include "core/spi.h"

/* The optional reason: at most 500 characters. */
extern const char *CheckReason(Call *call, const char *reason);

/* A number of a field within bounds; false when it is absent or errory. */
extern bool CheckNumber(Call *call, const char *pointer, const char *text, double low, double high,
						bool whole, double *number);

/* A time of the standard; absent: the one given. */
extern TimestampTz CheckTime(Call *call, const char *pointer, const char *text, TimestampTz absent);

/*
 * The required end of an account, application or grant: a time, or never (*endless). call->detail tells it.
 */
extern TimestampTz CheckEnd(Call *call, const char *text, bool *endless);

/* One of the choices (NULL-terminated), or NULL when absent or errory. `wanted` tells them to people. */
extern const char *CheckChoice(Call *call, const char *pointer, const char *text, const char *const *choices,
							   bool required, const char *wanted);

/* A text for SQL, null when NULL. */
extern Datum TextOrNull(const char *text, bool *isnull);

/*
 * Nobody changes what is one's own (GB/T 22239: nobody raises oneself): CBD_OWN_ACCOUNT when it belongs to
 * the caller's account.
 */
extern CbdStatus NotOwn(const Call *call, int64 account_id);

/* Stores the proposal of the caller instead of what was asked for, and answers {…, proposalId, state:
 * "proposed"}: `data` is a JSON object of what it is about. 40900: it is proposed already. */
struct Proposal;
extern Datum AnswerProposed(Call *call, struct Proposal *proposal, const char *data);

/* The account that an application belongs to; 0: there is no such application. */
extern int64 ApplicationOwner(const char *app_code);

#endif
