/* Sessions whose server process does not answer, and cancels. */
#include "db/db_inner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/arena.h"
#include "base/log.h"

#define CANCEL_LIMIT        2000    /* ms that a cancel keeps its connection from taking jobs */
#define CANCEL_AGAIN        2000    /* ms between two cancels of a session that is set aside */
#define ASIDE_LIMIT         60000   /* ms that a session stays set aside; doubled with each that does */
#define ASIDE_LIMIT_LARGEST 3600000 /* ms */

void
ConnectionCancel(DbConnection *connection)
{
	if (connection->cancel != NULL)
		return;
	connection->cancel = CancelOrder(connection->pg, connection->lane->db->wake_fd);
	connection->cancel_since = connection->lane->db->now;
}

/*
 * A cancel that is not through would hit the next job. But one that a hanging postmaster holds up must not
 * keep the connection from work for good: then jobs are sent, and one that it hits is sent again (db.c).
 */
bool
CancelPending(DbConnection *connection)
{
	if (connection->cancel == NULL)
		return false;
	if (CancelThrough(connection->cancel))
	{
		CancelForget(connection->cancel);
		connection->cancel = NULL;
		return false;
	}
	return connection->lane->db->now - connection->cancel_since < CANCEL_LIMIT;
}

/* Copies the connection, with its jobs failed already, to the list of those set aside. */
static void
SetAside(DbConnection *connection)
{
	Database *db = connection->lane->db;
	DbConnection *aside = Allocate(sizeof(*aside));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = aside};

	*aside = *connection;
	aside->state = DB_ASIDE;
	aside->since = db->now;
	aside->place = (int) (connection - connection->lane->connections);
	aside->next = db->aside;
	db->aside = aside;
	epoll_ctl(db->epoll_fd, EPOLL_CTL_MOD, aside->fd, &event);
	aside->wants_write = false;
	ConnectionCancel(aside);
	connection->fd = -1;
	connection->pg = NULL;
	connection->cancel = NULL;
	connection->depth = 0;
	ConnectionClose(connection);
}

void
ConnectionStalled(DbConnection *connection)
{
	DbLane *lane = connection->lane;
	int depth = connection->depth;

	LogEvent(
		LOG_WARNING, NULL,
		"database: worker %d gives a connection up (%s lane): no answer within statement_timeout, the server "
		"process does not run",
		lane->db->index, lane_names[lane->id]);
	FailInFlight(connection);
	ConnectionDistrust(connection);
	connection->depth = depth;
	SetAside(connection);
	ConnectionBegin(connection);
	SessionSuspect(lane->db);
}

static void
Remove(DbConnection *aside)
{
	DbConnection **at = &aside->lane->db->aside;

	while (*at != aside)
		at = &(*at)->next;
	*at = aside->next;
	ConnectionClose(aside);
	free(aside);
}

/* The server answers: once for each job that was in flight, then the session is free to be closed. */
void
AsideEvent(DbConnection *aside)
{
	int nothing = 0;
	bool alive = PQconsumeInput(aside->pg);

	while (alive && aside->depth > 0 && nothing <= 2 && !PQisBusy(aside->pg))
	{
		PGresult *result = PQgetResult(aside->pg);

		nothing = result == NULL ? nothing + 1 : 0;
		aside->depth -= PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
	}
	if (alive && aside->depth > 0 && PQstatus(aside->pg) != CONNECTION_BAD)
		return;
	aside->lane->db->aside_limit = ASIDE_LIMIT;
	Remove(aside);
}

/*
 * Further cancels, one for each thing that the session has yet to do, and an end for those that never answer.
 * The time until then doubles, so that a server that never comes to itself gets few sessions more, and not
 * one a minute.
 */
void
AsideTick(Database *db)
{
	DbConnection *next;

	if (db->aside_limit == 0)
		db->aside_limit = ASIDE_LIMIT;
	for (DbConnection *aside = db->aside; aside != NULL; aside = next)
	{
		next = aside->next;
		if (db->now - aside->since > db->aside_limit)
		{
			db->aside_limit =
				db->aside_limit * 2 > ASIDE_LIMIT_LARGEST ? ASIDE_LIMIT_LARGEST : db->aside_limit * 2;
			Remove(aside);
			continue;
		}
		PQflush(aside->pg); /* the rest of what was sent to it: without it its Syncs may never come */
		if (!CancelPending(aside) && aside->cancel == NULL && db->now - aside->cancel_since > CANCEL_AGAIN)
			ConnectionCancel(aside);
	}
}

void
AsideClose(Database *db)
{
	while (db->aside != NULL)
		Remove(db->aside);
}
