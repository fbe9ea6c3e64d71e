/*
 * The connection string, taken apart: libpq's asynchronous calls resolve names on the calling thread, have no
 * time limit per host and so never get past one that hangs. So libpq is given one address at a time, and the
 * list is gone through here.
 *
 *   host        an element of `host`, `hostaddr`, `port`, or libpq's default
 *   candidate   one address of a host, to be tried; hosts in their order, addresses in the resolver's
 *   pass        once through the candidates: where a kind of server is only preferred, the first pass asks
 * for it and the second takes any
 *
 * Each worker has its own Conninfo; nothing here is shared between threads.
 */
#ifndef BRIDGE_CONNINFO_H
#define BRIDGE_CONNINFO_H

#include <stdbool.h>
#include <libpq-fe.h>

#include "db/resolve.h"

#define HOST_LIMIT      16
#define CANDIDATE_LIMIT 32

typedef struct Host
{
	char *host;     /* name, folder of a socket, or NULL: libpq's default */
	char *hostaddr; /* as given, or NULL */
	char *port;     /* or NULL: libpq's default */
} Host;

/* Which sessions the string asks for. */
typedef enum SessionWish
{
	SESSION_ANY,     /* nothing said: one that may write is preferred where there are several candidates */
	SESSION_STANDBY, /* prefer-standby */
	SESSION_GIVEN    /* as target_session_attrs says, and nothing else */
} SessionWish;

typedef struct Conninfo
{
	PQconninfoOption *options; /* as parsed */
	Host hosts[HOST_LIMIT];
	int host_count;
	SessionWish wish;
	const char *session_attrs; /* of SESSION_GIVEN */
	bool wants_writer;         /* a read-only session is one to get away from */
	int connect_timeout;       /* ms for one candidate; 0: not given */
} Conninfo;

typedef struct Candidate
{
	int host;                      /* index */
	char address[RESOLVE_ADDRESS]; /* hostaddr; empty: as the host is given */
} Candidate;

/* NULL: the string is wrong, and *error (to be free'd) says why. */
extern Conninfo *ConninfoParse(const char *text, char **error);
extern void ConninfoFree(Conninfo *conninfo);

/*
 * The candidates there are now, at most CANDIDATE_LIMIT, and their number. 0: none; *pending says whether one
 * is being looked up, `why` what the resolver says of the last name that has none.
 */
extern int ConninfoCandidates(const Conninfo *conninfo, Candidate *candidates, bool *pending, char *why,
							  int size);

extern bool CandidateSame(const Candidate *a, const Candidate *b);

/* "host:port" of the candidate, for log and readiness. */
extern void CandidateText(const Conninfo *conninfo, const Candidate *candidate, char *text, int size);

/* Passes that an attempt with `count` candidates has. */
extern int ConninfoPasses(const Conninfo *conninfo, int count);

/* Begins to connect to one candidate; NULL or a bad connection as PQconnectStartParams says. */
extern PGconn *ConninfoStart(const Conninfo *conninfo, const Candidate *candidate, int count, int pass,
							 const char *application);

#endif
