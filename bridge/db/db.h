/*
 * Database side of a worker: libpq connections in pipeline mode, in lanes, so that one kind of request cannot
 * hold up another:
 *
 *   fast    reads; few connections, many requests in flight on each, statement_timeout about 1 s
 *   write   one commit waits for the disk while others run: more connections
 *   data    pages of published data: one at a time on a connection, since nobody knows beforehand how long
 *           one takes
 *   tile    vector tiles that are made: the same, apart from the pages, since a map asks for twenty at once
 *   slow    long queries and downloads: one request on a connection, cancelled when the client leaves
 *   audit   the batches of audit records: one connection per worker, since reads are refused while they
 * cannot be written login   bcrypt: as many at a time over all workers as login_connections says
 *
 * A job is one prepared statement with its own Sync: an error ends its job and no other. A job in flight on a
 * pipelined connection is never cancelled (the cancel would hit a neighbour); its result is thrown away.
 * Everything here runs on the worker's thread except the sending of cancels.
 */
#ifndef BRIDGE_DB_H
#define BRIDGE_DB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <libpq-fe.h>

#include "base/config.h"
#include "db/watch.h"

typedef enum Lane
{
	LANE_NONE, /* answered without the database */
	LANE_FAST,
	LANE_WRITE,
	LANE_DATA,
	LANE_TILE,
	LANE_SLOW,
	LANE_AUDIT,
	LANE_LOGIN
} Lane;
#define LANES (LANE_LOGIN + 1)

extern const char *const lane_names[LANES];

#define STATEMENT_LIMIT 192
#define JOB_PARAMETERS  24

/* Numbers of the statements of this folder; the others are counted from STATEMENT_FIRST on. */
enum OwnStatement
{
	STATEMENT_AUDIT,
	STATEMENT_MAINTAIN,
	STATEMENT_CLOCKS,
	STATEMENT_FIRST
};

/* A statement prepared under its name on the connections that need it. */
typedef struct Statement
{
	int number; /* below STATEMENT_LIMIT */
	const char *name;
	const char *sql;
	int parameters;
} Statement;

/* A number for one more statement; before the first worker. */
extern int StatementNumber(void);

typedef struct DbConnection DbConnection;
typedef struct Database Database;
typedef struct Job Job;

struct Job
{
	Job *next;
	Lane lane;
	const Statement *statement;
	const char *values[JOB_PARAMETERS]; /* must stay until `done`; NULL = null */
	int lengths[JOB_PARAMETERS];
	int formats[JOB_PARAMETERS]; /* 0 text, 1 binary (bytea) */
	const char *request_id;
	void (*done)(Job *job); /* called from DbDeliver, never from DbSubmit */
	bool next_step;         /* the second statement of a request: to the front, whatever the queue's limit */
	bool follows;           /* the next piece of a stream: takes its turn, whatever the queue's limit */

	/* outcome */
	int status;       /* CBD_OK: `result` has the reply frame */
	PGresult *result; /* the receiver clears it */
	uint64_t took;    /* ms from its sending to its result; 0: it has none */

	/* inner state */
	DbConnection *connection; /* not NULL: sent */
	bool abandoned;
	bool cancelled;
	int attempts;
	uint64_t sent; /* ms */
	size_t bytes;
	int sent_prepare; /* 1: the statement's Parse is in front of it */
	char sqlstate[6];
	char error[160];
};

/*
 * Connections of worker `index` of `workers`; they connect in the background. The database is free'd with
 * DbClose once no job is under way. NULL: the connection string is wrong (said in the log).
 */
extern Database *DbOpen(int index, int workers, int epoll_fd, int wake_fd);
extern void DbClose(Database *db);

/*
 * Takes the job: CBD_OK and `done` follows; or CBD_OVERLOADED (queue full), CBD_DATABASE_UNAVAILABLE (nobody
 * to send it to), and the job stays the caller's.
 */
extern int DbSubmit(Database *db, Job *job);

/*
 * Nobody waits for the job any more. True: it was not sent yet and is the caller's again. False: `done` will
 * still come; where it has its connection for itself, the query is cancelled.
 */
extern bool DbAbandon(Database *db, Job *job);

/* From the worker's loop. */
extern void DbEvent(Database *db, DbConnection *connection, uint32_t events); /* its socket is ready */
extern void DbWake(Database *db);    /* another thread said something */
extern void DbTick(Database *db);    /* every 100 ms or so */
extern void DbDeliver(Database *db); /* calls `done` of what is finished */
extern void DbRecycle(Database *db); /* new settings: every connection anew, once it is idle */

extern int LaneTimeout(Lane lane);       /* statement_timeout of its connections, ms */
extern int DbJobTimeout(const Job *job); /* of a submitted job: a large write has more */
extern bool
DbReadOnly(const Database *db); /* the write lane is connected, and to nothing that can be written */
extern bool DbLaneUp(const Database *db, Lane lane);
extern int DbWaiting(const Database *db, Lane lane);
extern int DbInFlight(const Database *db, Lane lane);
extern int DbConnected(const Database *db, Lane lane);

/* Once, before and after all workers: the limiter of the log-in lane and the thread that sends cancels. */
extern bool DbStart(int login_limit, int workers);
extern void DbStop(void);

#endif
