/*
 * Sessions of browsers that signed in at the operators' client: a reload of the console, whose tokens lie in
 * its memory alone, gets a new code without the password.
 *
 *   password right  -> LoginSessionBegin(): a random text for the browser's cookie; its SHA-256 is kept
 *   the next code   -> LoginSessionUse(): does it still count?
 *   log-out         -> LoginSessionEnd(): with the codes and tokens that came of it
 *
 * It ends citybigdata.login_session_idle_ttl after its last use, or that of a token that came of it, at the
 * latest citybigdata.login_session_ttl after the password; and with a new password, another role, a
 * suspension (trigger account_signs_out). The cookie authorises nothing else.
 */
#ifndef CBD_LOGIN_SESSION_H
#define CBD_LOGIN_SESSION_H

#include "postgres.h"
#include "access/password.h"
#include "core/call.h"

/* A session that counts now, and whose it is. */
typedef struct LoginSession
{
	int64 session_id;
	int64 account_id;
	char *user_name;
	int32 epoch; /* of the account */
	bool administrator;
} LoginSession;

/* Begins a session after that log-in; *session_id is its number. Returns the text for the cookie, palloc'd.
 */
extern char *LoginSessionBegin(const Login *login, int64 *session_id);

/*
 * The session of this digest, noted as used. False: unknown, ended, idle or old; the account is not active,
 * its password or second factor would not do now, or an administrator may not come from here.
 */
extern bool LoginSessionUse(const RestContext *context, Datum digest, LoginSession *session);

/* Ends the session of this digest, whether it still counts or not, voids its codes and revokes its tokens.
 * False: there is none; else account_id and user_name are filled. */
extern bool LoginSessionEnd(Datum digest, LoginSession *session);

#endif
