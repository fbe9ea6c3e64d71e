/* Accounts: registration and review (clause 5.2-a). What the endpoints and the SQL functions share. */
#ifndef CBD_ACCOUNT_H
#define CBD_ACCOUNT_H

#include "postgres.h"
#include "access/access.h"
#include "core/field.h"

/* 3 to 64 of A-Z a-z 0-9 . _ @ -, beginning with a letter or digit: any other user name cannot exist. */
extern bool UserNamePossible(const char *user_name);

/* Registers an account in state pending; returns its number, 0 with errors. */
extern int64 RegisterAccount(ErrorList *errors, const char *user_name, const char *password,
							 const char *organization, const char *contact_name, const char *mobile);

/* Approves or rejects a pending account. CBD_OK, CBD_NO_SUCH_ACCOUNT, CBD_ALREADY_REVIEWED. */
extern CbdStatus ReviewAccount(int64 account_id, bool approve, const char *reviewer, const char *note);

/*
 * Changes a password. `user_name`, `password` and `new_password` may be NULL: errors. An account that has a
 * second factor needs it, unless not `ask_factor`. CBD_OK; CBD_INVALID_CREDENTIALS, CBD_LOCKED_OUT with
 * *retry_after; CBD_FORBIDDEN: the account is not active; CBD_CONFLICT; or errors. *caller: who it was, for
 * the audit row.
 */
extern CbdStatus ChangePassword(const RestContext *context, const char *user_name, const char *password,
								const char *new_password, const char *totp, bool ask_factor, Caller *caller,
								ErrorList *errors, int *retry_after);

/* An access request after its fields were checked. */
typedef struct AccessForm
{
	const char *platform_code; /* NULL = this platform */
	char **resources;
	int resource_count;
	const char *purpose; /* NULL = none */
	char **methods;
	int method_count;
	char **ip_ranges;
	int ip_range_count;
	char **sender_codes;
	int sender_code_count;
	const char *profile; /* NULL = strict */
	int level;           /* 0 = 1 */
	bool has_valid_until;
	int64 valid_until; /* TimestampTz */
	char **redirect_uris;
	int redirect_uri_count;
	const char *client_type; /* NULL = confidential */
} AccessForm;

/* Stores a request of an account; returns its number, 0 with errors (those already in the list too). */
extern int64 RequestAccess(ErrorList *errors, int64 account_id, const AccessForm *form);

/* Checks the form (access_request_form.c); adds errors. Gives the cidr[] of ip_ranges. */
extern void CheckAccessForm(ErrorList *errors, const AccessForm *form, Datum *ip_ranges);

/*
 * Approves a pending request: makes application, senders and grants, all or nothing. CBD_OK with *app_code;
 * CBD_NO_SUCH_ACCESS_REQUEST, CBD_ALREADY_REVIEWED; CBD_SENDER_TAKEN with errors.
 */
extern CbdStatus ApproveAccess(int64 access_request_id, const char *reviewer, char **app_code,
							   ErrorList *errors);
extern CbdStatus RejectAccess(int64 access_request_id, const char *reviewer, const char *note);

/* A request as its owner sees it. */
typedef struct AccessState
{
	int64 account_id;
	char *state;
	char *note;   /* reason of a rejection */
	int32 app_id; /* 0 before approval */
	char *app_code;
	bool collected; /* the credentials were shown */
} AccessState;

/* False: there is no such request. */
extern bool FindAccessRequest(int64 access_request_id, AccessState *state);

/*
 * Makes and returns key and signing secret of the application of a request, exactly once: false when they
 * were taken before. Each may be NULL: not granted. Nothing of them is stored in the clear.
 */
extern bool TakeCredentials(int32 app_id, char **key, char **signing_secret);

/*
 * Lets new credentials be collected (TakeCredentials); those of now stay valid until then and for `overlap`
 * (an interval) after. False: there is no such application, or it is revoked.
 */
#define OVERLAP_DAYS_MAX 90
extern bool BeginRotation(const char *app_code, Datum overlap, int32 *app_id);

/* A number in a path: 1 to 18 digits; 0 when it is none. */
extern int64 PathNumber(const char *text);

/* Who decides, for reviewed_by: the administrator's user name, or role:<database role> for SQL callers
 * (NULL). */
extern char *ReviewerName(const Caller *caller);

#endif
