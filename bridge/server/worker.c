/*
 * The worker's loop: sockets of clients (through libmicrohttpd), of the database, deadlines, drain.
 *
 * One epoll set holds libmicrohttpd's own set, the sockets of the database, the eventfd by which other
 * threads wake the loop, and the sockets of clients once more, edge triggered: for their hang-up, and in a
 * TLS handshake for what they send. libmicrohttpd does not look at the socket of a suspended connection.
 * Nothing waits but epoll_wait.
 */
#include "server/worker.h"

#include <errno.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "server/http.h"
#include "base/log.h"
#include "base/config.h"
#include "outbound/outbound.h"
#include "request/run.h"
#include "wire/status_codes.h"
#include "reply/stream.h"
#include "server/tls.h"
#include "text/hex.h"

#define TICK   100 /* ms between two looks at deadlines and reconnects */
#define EVENTS 128 /* of one turn */
#define RUNS   3   /* of libmicrohttpd in a turn, beside those that somebody asks for */
/*
 * Memory of a connection in libmicrohttpd beside the target and the header of a request, which it must hold:
 * the header of the reply, and its own lists. libmicrohttpd clears all of it after each request, so what is
 * spared here is spared in time and in idle memory.
 */
#define POOL_REST (4 * 1024)

#define LAST_REPLIES 1000 /* ms after the drain's deadline for the 503s to go out */

void
WorkerWake(WorkerThread *thread)
{
	uint64_t one = 1;
	ssize_t written = write(thread->wake_fd, &one, sizeof(one));

	(void) written;
}

static Share *
PeerShare(const struct sockaddr *peer)
{
	uint8_t address[16] = {0};

	SocketAddress(peer, address);
	return ShareOf(address);
}

/* Is there room for one more of that address? It is counted once it has begun. */
static enum MHD_Result
ClientAccept(void *cls, const struct sockaddr *peer, socklen_t length)
{
	return ShareHasRoom(PeerShare(peer)) ? MHD_YES : MHD_NO;
}

/* A connection began or ended. */
static void
ClientNotify(void *cls, struct MHD_Connection *connection, void **context,
			 enum MHD_ConnectionNotificationCode code)
{
	WorkerThread *thread = cls;
	Worker *worker = &thread->worker;
	Client *client = *context;
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET};

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
	{
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

		client = Allocate(sizeof(*client));
		memset(client, 0, sizeof(*client));
		client->watch.kind = WATCH_CLIENT;
		client->worker = &thread->worker;
		client->connection = connection;
		client->next = thread->clients;
		if (client->next != NULL)
			client->next->previous = client;
		thread->clients = client;
		thread->client_count++;
		client->share =
			PeerShare(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
		ShareConnect(client->share);
		ClientEnter(client, CLIENT_HEADER, ConfigNow()->header_timeout);
		*context = client;
		client->tls = info == NULL ? NULL : info->tls_session;
		if (client->tls != NULL)
		{
			TlsEnableTickets(client->tls);
			ClientTls(client);
		}
		client->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		/* once for the connection's life, edge triggered and for hang-up only: data does not wake us */
		event.data.ptr = client;
		epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, client->fd, &event);
		return;
	}
	if (client == NULL)
		return;
	*context = NULL;
	epoll_ctl(worker->epoll_fd, EPOLL_CTL_DEL, client->fd, NULL);
	if (client->request != NULL)
		client->request->client = NULL;
	if (client->next != NULL)
		client->next->previous = client->previous;
	if (client->previous != NULL)
		client->previous->next = client->next;
	else
		thread->clients = client->next;
	thread->client_count--;
	ShareDisconnect(client->share);
	free(client);
}

/* libmicrohttpd's own messages: about clients, mostly. */
static void __attribute__((format(printf, 2, 0))) HttpLog(void *unused, const char *format, va_list arguments)
{
	char text[512];

	if (!LogEnabled(LOG_DEBUG))
		return;
	vsnprintf(text, sizeof(text), format, arguments);
	LogEvent(LOG_DEBUG, NULL, "libmicrohttpd: %s", text);
}

/* libmicrohttpd on the shared socket, in this thread's epoll set. Its own time limits are off: deadlines
 * are ours. */
static bool
StartDaemon(WorkerThread *thread)
{
	const Config *config = ConfigNow();
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	unsigned limit = (unsigned) (config->client_limit + thread->workers - 1) / (unsigned) thread->workers;
	size_t pool = (size_t) (config->max_header + config->max_target) + POOL_REST;

#define COMMON                                                                                               \
	MHD_OPTION_EXTERNAL_LOGGER, HttpLog, NULL, MHD_OPTION_LISTEN_SOCKET, thread->listen_fd,                  \
		MHD_OPTION_CONNECTION_LIMIT, limit, MHD_OPTION_CONNECTION_TIMEOUT, 0u,                               \
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool, MHD_OPTION_URI_LOG_CALLBACK, HttpTarget, &thread->worker,  \
		MHD_OPTION_NOTIFY_COMPLETED, HttpCompleted, &thread->worker, MHD_OPTION_NOTIFY_CONNECTION,           \
		ClientNotify, thread, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1
	if (config->plain_http)
		thread->daemon = MHD_start_daemon(flags, 0, ClientAccept, NULL, HttpRequest, &thread->worker, COMMON,
										  MHD_OPTION_END);
	else /* the certificate callback does not work from inside an option array */
		thread->daemon =
			MHD_start_daemon(flags | MHD_USE_TLS, 0, ClientAccept, NULL, HttpRequest, &thread->worker, COMMON,
							 MHD_OPTION_HTTPS_CERT_CALLBACK, TlsCertificate, MHD_OPTION_HTTPS_PRIORITIES,
							 config->tls_priorities, MHD_OPTION_END);
#undef COMMON
	return thread->daemon != NULL;
}

/* Everything that the thread needs before its first turn; false: it cannot be had. */
static bool
Prepare(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	struct epoll_event event = {.events = EPOLLIN};
	unsigned char random[8];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	HexText(random, sizeof(random), worker->id_prefix);
	worker->now = Milliseconds();
	worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (worker->epoll_fd < 0 || !StartDaemon(thread))
		return false;
	thread->http_watch.kind = WATCH_HTTP;
	event.data.ptr = &thread->http_watch;
	if (epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD,
				  MHD_get_daemon_info(thread->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, &event) < 0)
		return false;
	thread->wake_watch.kind = WATCH_WAKE;
	event.data.ptr = &thread->wake_watch;
	if (epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, thread->wake_fd, &event) < 0)
		return false;
	worker->db = DbOpen(worker->index, thread->workers, worker->epoll_fd, thread->wake_fd);
	worker->asks = AskBoxOpen(thread->wake_fd);
	worker->audit = AuditOpen(worker->db, ConfigNow()->audit_queue / thread->workers);
	MetricsOpen(&worker->metrics);
	if (worker->index == 0)
		thread->maintenance = MaintainOpen(worker->db, OutboundWake);
	return true;
}

/* What a client that does not keep its time gets: a reply where one can be given, else the end. */
static void
ClientLate(Client *client)
{
	if (client->state == CLIENT_WAITING && client->request != NULL)
	{
		client->deadline = UINT64_MAX;
		if (client->request->stream != NULL)
			StreamTimeout(client->request);
		else
			RequestTimeout(client->request);
		return;
	}
	client->deadline = UINT64_MAX;
	if (client->state == CLIENT_IDLE || client->state == CLIENT_HEADER)
		ClientEnd(client);           /* a reply that is cut must not look whole */
	shutdown(client->fd, SHUT_RDWR); /* libmicrohttpd sees the end and cleans up */
}

/* Figures that are not counted but looked up. */
static void
Gauges(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	Metrics *metrics = &worker->metrics;

	atomic_store_explicit(&metrics->clients, thread->client_count, memory_order_relaxed);
	atomic_store_explicit(&metrics->audit_waiting, AuditWaiting(worker->audit), memory_order_relaxed);
	for (int lane = LANE_FAST; lane < LANES; lane++)
	{
		atomic_store_explicit(&metrics->waiting[lane], DbWaiting(worker->db, lane), memory_order_relaxed);
		atomic_store_explicit(&metrics->in_flight[lane], DbInFlight(worker->db, lane), memory_order_relaxed);
		atomic_store_explicit(&metrics->connected[lane], DbConnected(worker->db, lane), memory_order_relaxed);
	}
}

/* What is due by time: deadlines of clients, connections of the database, housekeeping. */
static void
Tick(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	for (Client *client = thread->clients; client != NULL; client = client->next)
		if (client->deadline <= worker->now)
			ClientLate(client);
	DbTick(worker->db);
	if (!worker->draining)
		MaintainTick(thread->maintenance);
	Gauges(thread);
	/* after its connection limit libmicrohttpd listens again only in a run, and no event announces that one
	 */
	worker->run_http = true;
	thread->next_tick = worker->now + TICK;
}

/* SIGTERM: no new connections, idle ones end, the others after their reply; at the deadline everybody gets
 * one. */
static void
Drain(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	uint64_t deadline = atomic_load(&thread->drain_deadline);

	if (!atomic_load(&thread->stopped))
	{
		MHD_quiesce_daemon(thread->daemon); /* the socket is main's */
		worker->draining = true;
		atomic_store(&thread->stopped, true);
	}
	for (Client *client = thread->clients; client != NULL; client = client->next)
	{
		/* one that has sent nothing of a request yet is idle too */
		if (client->state == CLIENT_IDLE || (client->state == CLIENT_HEADER && client->request == NULL) ||
			worker->now > deadline + LAST_REPLIES)
			client->deadline = 0;
		if (client->state == CLIENT_WAITING && worker->now > deadline && client->request != NULL &&
			client->request->phase == PHASE_WAITING)
			RequestStop(client->request);
		else if (worker->now > deadline && client->request != NULL &&
				 client->request->phase == PHASE_REPLYING && client->request->stream != NULL)
			StreamBreak(client->request, CBD_UNAVAILABLE);
		else if (client->state != CLIENT_WAITING && client->state != CLIENT_REPLY && worker->now > deadline)
			client->deadline = 0;
	}
	AuditTick(worker->audit, true);
}

/* Everything is answered and written. */
static bool
Drained(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	uint64_t deadline = atomic_load(&thread->drain_deadline);

	if (thread->client_count > 0)
		return false;
	return worker->now > deadline + LAST_REPLIES ||
		   (worker->open_requests == 0 && AuditWaiting(worker->audit) == 0);
}

/* A client's socket has room again, or its other side is closed. */
static void
ClientEvent(Client *client, uint32_t events)
{
	if ((events & EPOLLOUT) && client->flushing)
		ClientUncork(client);
	ClientReadable(client);
	if (!(events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)))
		return;
	client->left = true;
	if (client->request == NULL)
		return;
	if (client->request->stream != NULL)
		StreamClientLeft(client->request);
	else
		RequestClientLeft(client->request);
}

/* What the epoll set reports, by what it is (db/watch.h). */
static void
Dispatch(WorkerThread *thread, struct epoll_event *events, int count)
{
	Worker *worker = &thread->worker;
	for (int i = 0; i < count; i++)
	{
		Watch *watch = events[i].data.ptr;
		uint64_t counter;
		ssize_t got;

		switch (watch->kind)
		{
			case WATCH_HTTP:
				worker->run_http = true;
				break;
			case WATCH_WAKE:
				got = read(thread->wake_fd, &counter, sizeof(counter));
				(void) got;
				DbWake(worker->db);
				AskDeliver(worker->asks);
				break;
			case WATCH_CLIENT:
				ClientEvent((Client *) watch, events[i].events);
				break;
			case WATCH_DATABASE:
				DbEvent(worker->db, (DbConnection *) watch, events[i].events);
				break;
		}
	}
}

/* How long the loop may sleep. */
static int
Sleep(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	uint64_t now = Milliseconds();
	int milliseconds = thread->next_tick > now ? (int) (thread->next_tick - now) : 0;
	int audit = AuditDelay(worker->audit);
	MHD_UNSIGNED_LONG_LONG http;

	thread->busy = now - worker->now;
	if (audit >= 0 && audit < milliseconds)
		milliseconds = audit;
	if (MHD_get_timeout(thread->daemon, &http) == MHD_YES && http < (MHD_UNSIGNED_LONG_LONG) milliseconds)
	{
		milliseconds = (int) http;
		worker->run_http = true;
	}
	return milliseconds;
}

/* What clients have sent meanwhile could not be read: none of them is late for that. */
static void
ForgiveClients(WorkerThread *thread, uint64_t busy)
{
	for (Client *client = thread->clients; client != NULL; client = client->next)
		if (client->deadline != UINT64_MAX && client->deadline > 0)
			client->deadline += busy;
}

/*
 * Lets libmicrohttpd run, and again while it has something to do: a reply that was made is written in the
 * next run, and what follows it is read in the one after that.
 */
static void
RunHttp(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	MHD_UNSIGNED_LONG_LONG http;

	for (int run = 0; worker->run_http; run++)
	{
		worker->run_http = false;
		MHD_run(thread->daemon);
		DbDeliver(worker->db); /* what could not be sent is finished at once */
		if (run < RUNS && MHD_get_timeout(thread->daemon, &http) == MHD_YES && http == 0)
			worker->run_http = true;
	}
}

/* One turn of the loop: wait, look at what has come, deliver results, let libmicrohttpd run. */
static void
Turn(WorkerThread *thread)
{
	Worker *worker = &thread->worker;
	struct epoll_event events[EVENTS];
	int count = epoll_wait(worker->epoll_fd, events, EVENTS, Sleep(thread));

	worker->now = Milliseconds();
	if (thread->busy > TICK)
		ForgiveClients(thread, thread->busy);
	if (count > 0)
		Dispatch(thread, events, count);
	if (atomic_exchange(&thread->reload, false))
		DbRecycle(worker->db);
	if (worker->now >= thread->next_tick)
		Tick(thread);
	DbDeliver(worker->db);
	AuditTick(worker->audit, false);
	if (atomic_load_explicit(&thread->drain, memory_order_relaxed))
		Drain(thread);
	RunHttp(thread);
}

/* The thread, from its start to its end. */
static void *
Run(void *cls)
{
	WorkerThread *thread = cls;
	Worker *worker = &thread->worker;
	char name[16];

	snprintf(name, sizeof(name), "worker %d", worker->index);
	pthread_setname_np(pthread_self(), name);
	if (!Prepare(thread))
	{
		LogEvent(LOG_ERROR, NULL, "worker %d cannot start", worker->index);
		atomic_store(&thread->failed, true);
		atomic_store(&thread->started, true);
		return NULL;
	}
	atomic_store(&thread->started, true);
	while (!atomic_load(&thread->stopped) || !Drained(thread))
		Turn(thread);
	DbClose(worker->db); /* before the daemon: jobs whose clients left are freed here */
	MHD_stop_daemon(thread->daemon);
	AskBoxClose(worker->asks);
	AuditClose(worker->audit);
	MaintainClose(thread->maintenance);
	while (worker->free_requests != NULL)
	{
		Request *request = worker->free_requests;

		worker->free_requests = request->next;
		ArenaFree(&request->arena);
		free(request);
	}
	close(worker->epoll_fd);
	return NULL;
}

bool
WorkerStart(WorkerThread *thread, int index, int workers, int listen_fd)
{
	thread->worker.index = index;
	thread->workers = workers;
	thread->listen_fd = listen_fd;
	thread->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (thread->wake_fd < 0 || pthread_create(&thread->thread, NULL, Run, thread) != 0)
		return false;
	while (!atomic_load(&thread->started))
		usleep(1000);
	return !atomic_load(&thread->failed);
}

void
WorkerJoin(WorkerThread *thread)
{
	pthread_join(thread->thread, NULL);
	close(thread->wake_fd);
}
