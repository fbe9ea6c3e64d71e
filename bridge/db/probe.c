/* One connection by a new connection string; see probe.h. */
#include "db/probe.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/conninfo.h"
#include "db/watch.h"

#define PROBE_LIMIT   15000 /* ms for all candidates */
#define PROBE_EACH    5000  /* ms for one, where connect_timeout says nothing */
#define RESOLVE_PAUSE 50    /* ms */

static bool
AskedToEnd(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
		   (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

/* Waits for the connection's socket; false: the time is over, or the process shall end. */
static bool
Await(PGconn *pg, PostgresPollingStatusType wanted, uint64_t deadline)
{
	struct pollfd wait = {.fd = PQsocket(pg), .events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT};

	while (!AskedToEnd() && Milliseconds() < deadline)
		if (poll(&wait, 1, 100) > 0)
			return true;
	return false;
}

/* The session must be one that the bridge's own connections would keep. */
static bool
Usable(PGconn *pg, char *why, int size)
{
	const char *superuser = PQparameterStatus(pg, "is_superuser");

	if (PQserverVersion(pg) < 140000)
		return snprintf(why, (size_t) size, "the server is older than PostgreSQL 14"), false;
	if (superuser != NULL && strcmp(superuser, "on") == 0)
		return snprintf(why, (size_t) size, "the role is a superuser; the bridge's is citybigdata_bridge"),
			   false;
	return true;
}

static bool
TryCandidate(const Conninfo *conninfo, const Candidate *candidate, int count, int pass, uint64_t deadline,
			 char *why, int size)
{
	PGconn *pg = ConninfoStart(conninfo, candidate, count, pass, "citybigdata-bridge reload");
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	bool good = false;

	if (pg == NULL)
		return snprintf(why, (size_t) size, "out of memory"), false;
	while (PQstatus(pg) != CONNECTION_BAD && state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED &&
		   Await(pg, state, deadline))
		state = PQconnectPoll(pg);
	if (state == PGRES_POLLING_OK)
		good = Usable(pg, why, size);
	else if (PQstatus(pg) == CONNECTION_BAD)
		snprintf(why, (size_t) size, "%.*s", (int) strcspn(PQerrorMessage(pg), "\n"), PQerrorMessage(pg));
	else
		snprintf(why, (size_t) size, "no answer");
	PQfinish(pg);
	return good;
}

static bool
TryAll(const Conninfo *conninfo, char *why, int size)
{
	uint64_t end = Milliseconds() + PROBE_LIMIT;
	int limit = conninfo->connect_timeout > 0 ? conninfo->connect_timeout : PROBE_EACH;
	Candidate candidates[CANDIDATE_LIMIT];
	bool pending;
	int count;

	snprintf(why, (size_t) size, "no host");
	while ((count = ConninfoCandidates(conninfo, candidates, &pending, why, size)) == 0 && pending &&
		   Milliseconds() < end && !AskedToEnd())
		poll(NULL, 0, RESOLVE_PAUSE);
	for (int pass = 0; pass < ConninfoPasses(conninfo, count); pass++)
		for (int i = 0; i < count && Milliseconds() < end && !AskedToEnd(); i++)
		{
			uint64_t deadline = Milliseconds() + (uint64_t) limit;

			if (TryCandidate(conninfo, &candidates[i], count, pass, deadline < end ? deadline : end, why,
							 size))
				return true;
		}
	return false;
}

bool
DbProbe(const char *database, char *why, int size)
{
	char *error;
	Conninfo *conninfo = ConninfoParse(database, &error);
	bool good;

	if (conninfo == NULL)
	{
		snprintf(why, (size_t) size, "%s", error == NULL ? "out of memory" : error);
		free(error);
		return false;
	}
	good = TryAll(conninfo, why, size);
	ConninfoFree(conninfo);
	return good;
}
