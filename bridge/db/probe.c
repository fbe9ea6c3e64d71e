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
#include "wire/frame.h"
#include "wire/status_codes.h"

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

/* What is tried, and where to say what came of it. */
typedef struct Probe
{
	const Conninfo *conninfo;
	ProbeReply *reply; /* NULL: only the connection */
	uint64_t end;      /* ms */
	char *why;
	int size; /* of `why` */
} Probe;

/* Asks rest_ready(); false: it could not be asked. */
static bool
AskReady(PGconn *pg, const Probe *probe)
{
	PGresult *result = PQexec(pg, "SET statement_timeout = '5s'");
	const char *state;
	Frame frame;
	bool good;

	PQclear(result);
	result = PQexecParams(pg, "SELECT citybigdata.rest_ready()", 0, NULL, NULL, NULL, NULL, 1);
	good = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
		   FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame);
	state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	if (good)
	{
		probe->reply->status = (int) frame.status;
		probe->reply->data = strndup(frame.body.text == NULL ? "" : frame.body.text, frame.body.length);
	}
	else if (state != NULL && (strcmp(state, "42883") == 0 || strcmp(state, "3F000") == 0))
	{
		probe->reply->status = CBD_NOT_SET_UP;
		good = true;
	}
	else
		snprintf(probe->why, (size_t) probe->size, "%.*s", (int) strcspn(PQresultErrorMessage(result), "\n"),
				 PQresultErrorMessage(result));
	PQclear(result);
	return good;
}

static bool
TryCandidate(const Probe *probe, const Candidate *candidate, int count, int pass, uint64_t deadline)
{
	PGconn *pg =
		ConninfoStart(probe->conninfo, candidate, count, pass,
					  probe->reply == NULL ? "citybigdata-bridge reload" : "citybigdata-bridge check");
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	bool good = false;

	if (pg == NULL)
		return snprintf(probe->why, (size_t) probe->size, "out of memory"), false;
	while (PQstatus(pg) != CONNECTION_BAD && state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED &&
		   Await(pg, state, deadline))
		state = PQconnectPoll(pg);
	if (state == PGRES_POLLING_OK)
		good = Usable(pg, probe->why, probe->size) && (probe->reply == NULL || AskReady(pg, probe));
	else if (PQstatus(pg) == CONNECTION_BAD)
		snprintf(probe->why, (size_t) probe->size, "%.*s", (int) strcspn(PQerrorMessage(pg), "\n"),
				 PQerrorMessage(pg));
	else
		snprintf(probe->why, (size_t) probe->size, "no answer");
	PQfinish(pg);
	return good;
}

static bool
TryAll(const Probe *probe)
{
	const Conninfo *conninfo = probe->conninfo;
	int limit = conninfo->connect_timeout > 0 ? conninfo->connect_timeout : PROBE_EACH;
	Candidate candidates[CANDIDATE_LIMIT];
	bool pending;
	int count;

	snprintf(probe->why, (size_t) probe->size, "no host");
	while ((count = ConninfoCandidates(conninfo, candidates, &pending, probe->why, probe->size)) == 0 &&
		   pending && Milliseconds() < probe->end && !AskedToEnd())
		poll(NULL, 0, RESOLVE_PAUSE);
	for (int pass = 0; pass < ConninfoPasses(conninfo, count); pass++)
		for (int i = 0; i < count && Milliseconds() < probe->end && !AskedToEnd(); i++)
		{
			uint64_t deadline = Milliseconds() + (uint64_t) limit;

			if (TryCandidate(probe, &candidates[i], count, pass,
							 deadline < probe->end ? deadline : probe->end))
				return true;
		}
	return false;
}

static bool
ProbeDatabase(const char *database, ProbeReply *reply, char *why, int size)
{
	char *error;
	Conninfo *conninfo = ConninfoParse(database, &error);
	Probe probe = {conninfo, reply, Milliseconds() + PROBE_LIMIT, why, size};
	bool good;

	if (conninfo == NULL)
	{
		snprintf(why, (size_t) size, "%s", error == NULL ? "out of memory" : error);
		free(error);
		return false;
	}
	good = TryAll(&probe);
	ConninfoFree(conninfo);
	return good;
}

bool
DbProbe(const char *database, char *why, int size)
{
	return ProbeDatabase(database, NULL, why, size);
}

bool
DbProbeReady(const char *database, ProbeReply *reply, char *why, int size)
{
	memset(reply, 0, sizeof(*reply));
	return ProbeDatabase(database, reply, why, size);
}
