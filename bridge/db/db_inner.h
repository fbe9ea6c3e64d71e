/*
 * What the files of a worker's database side share; nobody else includes it. A connection's way:
 *
 *   DB_CLOSED      waits until retry_at
 *   DB_CONNECTING  libpq connects to one candidate (db_connect.c)
 *   DB_CHECKING    the first check of the session runs (db_session.c)
 *   DB_READY       takes jobs; a later check may be under way (`checking`): then it takes none
 *
 * A connection that stalls with jobs in flight is set aside (db_stall.c): its session is cancelled and kept
 * until the server has answered for all of them, since a session that is closed meanwhile goes on in the
 * server, and a place that opened one more each time would use up the server's connections.
 */
#ifndef BRIDGE_DB_INNER_H
#define BRIDGE_DB_INNER_H

#include "db/cancel.h"
#include "db/conninfo.h"
#include "db/db.h"

typedef enum DbState
{
	DB_CLOSED,
	DB_CONNECTING,
	DB_CHECKING,
	DB_READY,
	DB_ASIDE
} DbState;

typedef struct DbLane DbLane;

struct DbConnection
{
	Watch watch;
	DbLane *lane;
	PGconn *pg;
	DbState state;
	int fd;           /* as registered with epoll; -1 none */
	unsigned closed;  /* how often it was: tells an earlier session from this one */
	bool wants_write; /* registered for writing too */
	bool recycle;     /* close and connect anew once idle */
	bool read_only;   /* as of the last check of the session, or of an error 25006 */
	bool pooled;      /* there is a pooler in between */
	bool lent;        /* closed so that another lane gets a connection */
	int backend;      /* process number of the session, as the server says */
	int server_version;
	bool prepared[STATEMENT_LIMIT]; /* by number of the statement */
	Job *first, *last;              /* in flight */
	int depth;
	uint64_t progress; /* when the last result came, or the first job was sent */
	uint64_t since;    /* when it began with this candidate, became ready or was set aside */

	/* the attempt to connect: once through the candidates is a pass, all passes are a round */
	Candidate candidates[CANDIDATE_LIMIT];
	int candidate_count;
	int at; /* the one that is tried, or connected to */
	int pass;
	int tried, hung; /* in this round */
	int patience;    /* factor of the time for a candidate: grows while all of them hang */
	uint64_t round_since;
	uint64_t retry_at;
	int backoff;

	/* the check of its session */
	bool checking;
	PGresult *checked; /* its answer, until the Sync behind it */
	uint64_t check_since;

	/* the cancel that was ordered, until it is through */
	Cancel *cancel;
	uint64_t cancel_since;

	DbConnection *next; /* of those set aside */
	int place;          /* index in its lane, of those set aside */
};

struct DbLane
{
	Database *db;
	Lane id;
	DbConnection *connections;
	int count;
	Job *first, *last; /* waiting */
	int waiting;
	bool failed;   /* the last attempt to connect failed and none has succeeded since */
	char why[256]; /* of that, for readiness */
};

struct Database
{
	int index; /* of the worker */
	int epoll_fd;
	int wake_fd;
	uint64_t now;
	char *database; /* the connection string that conninfo is of */
	Conninfo *conninfo;
	Candidate good; /* connected to last: tried first */
	DbLane lanes[LANES];
	DbConnection *aside;   /* stalled sessions */
	uint64_t aside_limit;  /* ms after which one is given up */
	bool read_only;        /* as last said in the log */
	bool weak_commit;      /* the server's synchronous_commit is off: raised for our sessions */
	uint64_t shared_since; /* when a pooler was seen that shares sessions; 0: none */
	uint64_t silent_since; /* when the last check began that had no answer; 0: none */
	uint64_t next_scout;   /* when a read-only server is looked at again */
	Job *finished, *last_finished;
};

/* Columns of the answer to a session's check. */
enum CheckColumn
{
	CHECK_BACKEND,
	CHECK_READ_ONLY,
	CHECK_RECOVERY,
	CHECK_SUPERUSER,
	CHECK_COMMIT,
	CHECK_VERSION
};

/* The files stand on each other in this order. */

/* db_lane.c */
extern _Atomic int connections_wanted; /* the server has no more, and a lane has none */
extern void JobAppend(Job **first, Job **last, Job *job);
extern Job *JobTakeFirst(Job **first, Job **last); /* NULL: none */
extern void JobToFront(DbLane *lane, Job *job);    /* to be sent again, before the others */
extern void JobFinish(Database *db, Job *job, int status);
extern void FailWaiting(DbLane *lane, int status);
extern void FailInFlight(DbConnection *connection);

/* db_socket.c */
extern void ConnectionRegister(DbConnection *connection, uint32_t events);
extern void WatchConnection(DbConnection *connection, bool write); /* for writing too? */

/* db_check.c */
extern bool SessionCheck(DbConnection *connection); /* asks; false: it cannot be sent */

/* db_connect.c */
extern void ConnectionBegin(DbConnection *connection);
extern void ConnectionClose(DbConnection *connection);
extern void ConnectionPoll(DbConnection *connection); /* its socket is ready while it connects */
extern void ConnectionTick(DbConnection *connection); /* reconnect when due, give up hanging attempts */
extern void ConnectionIdle(DbConnection *connection); /* renews it if that was asked for and it is idle */
extern void ConnectionLost(DbConnection *connection, const char *why);
extern void ConnectionDistrust(
	DbConnection *connection); /* its server is silent: another one first, where there is one */
extern void AttemptFailed(DbConnection *connection, const char *why);
extern void ConnectionReady(DbConnection *connection); /* its session was checked and found good */

/* db_session.c */
extern void SessionChecked(DbConnection *connection, const PGresult *result);
extern void SessionTick(DbConnection *connection);
extern void SessionSuspect(Database *db); /* one was lost without a word: look at the others */
extern void SessionScout(Database *db);   /* while the server is read-only: is there one that is not? */

/* db_stall.c */
extern void ConnectionCancel(DbConnection *connection); /* what it does now */
extern bool CancelPending(DbConnection *connection);    /* it must not take jobs for that reason */
extern void ConnectionStalled(DbConnection *connection);
extern void AsideEvent(DbConnection *connection);
extern void AsideTick(Database *db);
extern void AsideClose(Database *db);

/* db_result.c */
extern void ConnectionReceive(DbConnection *connection); /* what its socket has */

/* db.c */
extern void LaneDispatch(DbLane *lane);                /* sends what its connections can take */
extern void ConnectionWatch(DbConnection *connection); /* every 100 ms or so */

#endif
