/* Access requests (clause 5.2-b, 5.2-c): form, review, and the credentials that come of it. */
#ifndef CBD_ACCESS_REQUEST_H
#define CBD_ACCESS_REQUEST_H

#include "postgres.h"
#include "core/field.h"

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

/* Gives an application a grant, or changes level and end of one that is there. CBD_OK; CBD_NO_SUCH_RESOURCE;
 * CBD_CONFLICT: there is no such application, or it is revoked. */
extern CbdStatus GrantResource(const char *app_code, const char *resource, int level, bool has_end,
							   int64 valid_until, const char *who);

/* A request as its owner sees it. */
typedef struct AccessState
{
	int64 account_id;
	char *state;
	char *note;   /* reason of a rejection */
	int32 app_id; /* 0 before approval */
	char *app_code;
	bool collected; /* the credentials were shown */
	int level;      /* that was applied for */
	bool held;      /* the owner's password was reset and nobody has confirmed that */
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

#endif
