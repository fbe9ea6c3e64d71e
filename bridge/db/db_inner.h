/* What db.c and db_connect.c share; nobody else includes it. */
#ifndef BRIDGE_DB_INNER_H
#define BRIDGE_DB_INNER_H

#include "db/db.h"

typedef enum DbState
{
	DB_CLOSED, /* waits until retry_at */
	DB_CONNECTING,
	DB_READY
} DbState;

typedef struct DbLane DbLane;

struct DbConnection
{
	Watch watch;
	DbLane *lane;
	PGconn *pg;
	DbState state;
	int fd;                         /* as registered with epoll; -1 none */
	bool wants_write;               /* registered for writing too */
	bool recycle;                   /* close and connect anew once idle */
	bool prepared[STATEMENT_LIMIT]; /* by number of the statement */
	Job *first, *last;              /* in flight */
	int depth;
	uint64_t progress; /* when the last result came, or the first job was sent */
	uint64_t since;    /* when it began to connect or became ready */
	uint64_t retry_at;
	int backoff;
	_Atomic int cancelling;
};

struct DbLane
{
	Database *db;
	Lane id;
	DbConnection *connections;
	int count;
	Job *first, *last; /* waiting */
	int waiting;
	bool failed; /* the last attempt to connect failed and none has succeeded since */
};

struct Database
{
	int index; /* of the worker */
	int epoll_fd;
	int wake_fd;
	uint64_t now;
	DbLane lanes[LANES];
	Job *finished, *last_finished;
};

/* db.c */
extern void LaneDispatch(DbLane *lane);
extern void FailWaiting(DbLane *lane, int status);
extern void FailInFlight(DbConnection *connection);

/* db_connect.c */
extern void ConnectionPoll(DbConnection *connection); /* its socket is ready while it connects */
extern void ConnectionTick(DbConnection *connection); /* reconnect when due, give up hanging attempts */
extern void ConnectionIdle(DbConnection *connection); /* renews it if that was asked for and it is idle */
extern void ConnectionLost(DbConnection *connection, const char *why);
extern void WatchConnection(DbConnection *connection, bool write);

#endif
