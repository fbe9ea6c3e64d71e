/*
 * Call-backs (clause 4): applications are told what becomes of their cases, instead of asking again and
 * again.
 *
 *   POST /callbacks   callback_rest.c --> callback.c       registered, pending; a message asks for consent
 *   (bridge)          callback_send.c                      OPTIONS, or a signed challenge: consent, active
 *   step, clock job   callback_event.c --> outbox          one message for each call-back that wants it, in
 *                                                          the step's transaction
 *   (bridge)          callback_send.c                      CloudEvents 1.0 in JSON, signed as Standard
 *                                                          Webhooks 1.0 has it
 *
 * Words. A call-back is a receiver's address with what it wants to be told; its owner is the application. The
 * receiver consents before it gets anything else (CloudEvents HTTP 1.1 web hooks, abuse protection): by the
 * answer to OPTIONS, or by echoing the challenge of a signed delivery. A delivery is a message of the outbox;
 * `data` has nothing personal.
 */
#ifndef CBD_CALLBACK_H
#define CBD_CALLBACK_H

#include "postgres.h"

#include "access/endpoint.h"
#include "outbox/outbox.h"

/* What the resource of grants and the purpose of the outbox are called. */
#define CALLBACK_RESOURCE "callbacks"
#define CALLBACK_PURPOSE  "callback"

/* Call-backs of one application; bytes of a secret. */
#define CALLBACKS_MAX       20
#define CALLBACK_SECRET_MIN 24
#define CALLBACK_SECRET_MAX 64

/* Kinds of messages beside the events. */
#define CALLBACK_CONSENT   "callback.consent"
#define CALLBACK_CHALLENGE "callback.challenge"
#define CALLBACK_TEST      "callback.test"
#define CALLBACK_DISABLED  "callback.disabled"

/* The event by which a rule or the clock tells of a case. */
#define CASE_NOTICE "case.notice"

/* In SQL: may the application of that column or parameter be called back now: do it, its account and its
 * grant count? Text of a statement, since a function in SQL would be planned anew each time. */
#define CALLBACK_COUNTS(app_id)                                                                              \
	"EXISTS (SELECT FROM citybigdata.application ca JOIN citybigdata.account co"                             \
	" ON co.account_id OPERATOR(pg_catalog.=) ca.account_id JOIN citybigdata.app_grant cg"                   \
	" ON cg.app_id OPERATOR(pg_catalog.=) ca.app_id AND cg.resource OPERATOR(pg_catalog.=) 'callbacks'"      \
	" WHERE ca.app_id OPERATOR(pg_catalog.=) " app_id " AND ca.state OPERATOR(pg_catalog.=) 'active'"        \
	" AND (ca.valid_until IS NULL OR ca.valid_until OPERATOR(pg_catalog.>) statement_timestamp())"           \
	" AND co.state OPERATOR(pg_catalog.=) 'active'"                                                          \
	" AND (co.valid_until IS NULL OR co.valid_until OPERATOR(pg_catalog.>) statement_timestamp())"           \
	" AND cg.state OPERATOR(pg_catalog.=) 'active'"                                                          \
	" AND (cg.valid_until IS NULL OR cg.valid_until OPERATOR(pg_catalog.>) statement_timestamp()))"

/* The events that can be asked for, NULL-terminated. */
extern const char *const callback_events[];

/* A call-back as its owner reads it. */
typedef struct Callback
{
	int64 callback_id;
	int64 destination_id;
	char *state;  /* pending, active, disabled */
	char *reason; /* why disabled: owner, gone, failing */
} Callback;

/* What is registered. Absent: NULL, no elements. */
typedef struct CallbackForm
{
	char *url;
	char **events;
	int event_count;
	char **sender_codes;
	int sender_count;
	char **signatures;
	int signature_count;
	char *secret; /* whsec_... */
} CallbackForm;

/* ---- the owner's side (callback.c) ---- */

/* Checks the form; adds errors. */
extern void CheckCallback(ErrorList *errors, int32 app_id, const CallbackForm *form);

/*
 * Registers it, or changes what the application's call-back of that address wants. *secret: the text that is
 * shown once; NULL: it has one already. CBD_OK, CBD_TOO_MANY_CALLBACKS.
 */
extern CbdStatus SaveCallback(int32 app_id, const CallbackForm *form, Callback *callback, char **secret);

/* The application's call-back of that number, its row locked when `lock`; false: it has none. */
extern bool FindCallback(int32 app_id, int64 callback_id, bool lock, Callback *callback);

/* A new secret; the old one signs too for so many seconds. `given`: the owner's own, checked; NULL: random.
 * Returns its text. */
extern char *RotateCallback(const Callback *callback, const char *given, int overlap);

/* Asks for consent (again), or sends a test when there is consent. Returns the number of the delivery. */
extern int64 TestCallback(const Callback *callback);

/* Switched off by its owner ("owner"), by the receiver ("gone"), or for nothing but failures ("failing"). */
extern void DisableCallback(const Callback *callback, const char *reason);

/* On again; one that was not its owner's own is asked for consent first. */
extern void EnableCallback(Callback *callback);

/* Bytes of a secret's text into out[CALLBACK_SECRET_MAX]; 0: it is none. */
extern size_t CallbackSecretBytes(const char *text, unsigned char *out);

/* What the encryption of a secret is bound to. */
extern char *CallbackSecretPurpose(int64 callback_id);

/* ---- messages (callback_message.c, callback_event.c, callback_send.c) ---- */

/* The CloudEvent of a message: JSON. `subject`, `sequence` may be NULL; data is JSON. */
extern char *CloudEvent(int64 message_id, const char *type, const char *subject, const char *sequence,
						const char *data);

/* Puts a message that is not about a case: consent, challenge, test. Returns its number. */
extern int64 CallbackMessage(int64 destination_id, const char *kind, const char *data);

/* Puts an event that is about no case, `data` is JSON, for each call-back of the application that wants its
 * type: events of the chapters above. */
extern void CallbackTell(int32 app_id, const char *type, const char *subject, const char *data);

/* Puts what a rule or the clock tells of a case (process/notice.h) for each of the destinations. */
struct Told;
extern void CallbackNotice(const struct Told *told, const char *other_task_num, const int64 *destinations,
						   int count);

extern const OutboxPurpose callback_purpose;

/* Installs the hooks of the chapter and its purpose. */
extern void CallbacksInstall(void);

/* Makes the channel callback of notices known. */
extern void CallbackNoticesInstall(void);

#endif
