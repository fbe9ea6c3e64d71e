/*
 * Access and refresh tokens (clause 5.2-e, RFC 6749, RFC 9700).
 *
 * An access token stands for an application (or an administrator), optionally narrowed to some resources, a
 * data level, one client address. It ends at expires_at, and earlier when it is not used for
 * citybigdata.token_idle_ttl.
 *
 * A family is what came of one consent: its refresh tokens, and the access tokens made with them. A family
 * has a generation; a refresh token is good while its own is the same. Exchanging one makes the next
 * generation, so that every older token, used or not, is a replay: it revokes the family. One exception: the
 * token that was exchanged last, within citybigdata.refresh_grace, is exchanged again, for a sibling of its
 * successor (only digests are kept, so the same successor cannot be answered again). Whichever sibling is
 * exchanged first makes the other one old.
 */
#ifndef CBD_TOKEN_H
#define CBD_TOKEN_H

#include "postgres.h"
#include "access/authcode.h"
#include "core/call.h"
#include "core/status.h"

/* Whom and what a new access token is for. */
typedef struct TokenBinding
{
	int32 app_id; /* 0: an administrator */
	int64 account_id;
	int64 family_id; /* 0: none */
	bool narrowed;   /* only these resources; false: all that the application is granted */
	char **resources;
	int resource_count;
	int level;         /* 0: that of the grant */
	bool to_address;   /* only from client_addr */
	Datum client_addr; /* inet */
	Origin origin;     /* what it is made by; epochs of 0: it does not end with them */
} TokenBinding;

/* Makes an access token; fills text and expires_in. */
extern void MakeBoundToken(const TokenBinding *binding, Issued *issued);

/* Notes that the token of this digest is in use now; skips it when that would wait, or in a read-only
 * transaction. Inside SpiBegin(). */
extern void NoteTokenUse(const RestContext *context, Datum digest);

/* A consent, as its tokens know it. */
typedef struct TokenFamily
{
	int64 family_id;
	int32 app_id;
	int64 account_id;
	int32 generation;
	char **resources;
	int resource_count;
	Origin origin;    /* the epochs of the consent */
	int64 session_id; /* of MakeFamily(): the browser's (login_session.h), 0: none */
	const char *note; /* for the auditor, when a token was refused; NULL */
} TokenFamily;

/* Stores a new family (family_id, app_id, account_id and resources filled), generation 1. */
extern void MakeFamily(TokenFamily *family);

/* A refresh token of the family's generation, palloc'd. */
extern char *MakeRefreshToken(const TokenFamily *family);

/* What the refresh token of this digest may be exchanged for, without exchanging it; false: it is unknown, or
 * of another client. */
extern bool FindRefreshFamily(Datum digest, int32 app_id, TokenFamily *family);

/* Exchanges the refresh token of this digest. CBD_OK fills *family with its new generation;
 * CBD_INVALID_GRANT. */
extern CbdStatus RotateRefreshToken(Datum digest, int32 app_id, TokenFamily *family);

/* Revokes all tokens of a family. */
extern void RevokeFamily(int64 family_id);

/*
 * Revokes the token if it belongs to the application (or, app_id 0, to the account; both 0: anyone's); a
 * refresh token with its family. True: it was valid until now.
 */
extern bool RevokeToken(Datum digest, int32 app_id, int64 account_id);

/* Ends the tokens that the account has got by an administrator's log-in, and its sessions, so that it must
 * log in again; those of its applications go on. */
extern void EndAdministratorTokens(int64 account_id);

/*
 * The RFC 7662 answer about the token of this digest, palloc'd JSON: {"active":false} unless it would be
 * accepted now and belongs to the application (0: anyone's).
 */
extern char *IntrospectToken(Datum digest, int32 app_id);

#endif
