/* The worker's loop: sockets of clients (through libmicrohttpd), of the database, deadlines, drain. */
#include "server/worker.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
#include "request/request.h"
#include "wire/status_codes.h"
#include "reply/stream.h"
#include "server/tls.h"
#include "text/hex.h"

#define TICK   100 /* ms between two looks at deadlines and reconnects */
#define EVENTS 128 /* of one turn */
/*
 * Memory of a connection in libmicrohttpd beside the target and the header of a request, which it must hold:
 * the header of the reply, and its own lists. libmicrohttpd clears all of it after each request, so what is
 * spared here is spared in time and in idle memory.
 */
#define POOL_REST (4 * 1024)

#define LAST_REPLIES 1000 /* ms after the drain's deadline for the 503s to go out */

void
WorkerWake(Worker *worker)
{
	uint64_t one = 1;
	ssize_t written = write(worker->wake_fd, &one, sizeof(one));

	(void) written;
}

void
ClientEnter(Client *client, ClientState state, int milliseconds)
{
	client->state = state;
	client->deadline = client->worker->now + (uint64_t) milliseconds;
}

void
ClientCork(Client *client)
{
	if (client->tls == NULL || client->corked)
		return;
	gnutls_record_cork(client->tls);
	client->corked = true;
}

void
ClientUncork(Client *client)
{
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = client};
	int on = 1;
	int result;

	if (!client->corked)
		return;
	result = gnutls_record_uncork(client->tls, 0);
	/* libmicrohttpd has set TCP_CORK before the header and pushed before anything was sent: push again */
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	client->corked = result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED;
	if (client->corked) /* the client does not read: go on when there is room */
		event.events |= EPOLLOUT;
	if (client->corked || client->flushing)
		epoll_ctl(client->worker->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
	client->flushing = client->corked;
	if (result < 0 && !client->corked)
		shutdown(client->fd, SHUT_RDWR);
}

/* A connection began or ended. */
static void
ClientNotify(void *cls, struct MHD_Connection *connection, void **context,
			 enum MHD_ConnectionNotificationCode code)
{
	Worker *worker = cls;
	Client *client = *context;
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET};

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
	{
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

		client = Allocate(sizeof(*client));
		memset(client, 0, sizeof(*client));
		client->watch.kind = WATCH_CLIENT;
		client->worker = worker;
		client->connection = connection;
		client->next = worker->clients;
		if (client->next != NULL)
			client->next->previous = client;
		worker->clients = client;
		worker->client_count++;
		ClientEnter(client, CLIENT_HEADER, ConfigNow()->header_timeout);
		*context = client;
		client->tls = info == NULL ? NULL : info->tls_session;
		if (client->tls != NULL)
			TlsEnableTickets(client->tls);
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
		worker->clients = client->next;
	worker->client_count--;
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

static bool
StartDaemon(Worker *worker)
{
	const Config *config = ConfigNow();
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO;
	unsigned limit = (unsigned) (config->client_limit + worker->workers - 1) / (unsigned) worker->workers;
	size_t pool = (size_t) (config->max_header + config->max_target) + POOL_REST;

#define COMMON                                                                                               \
	MHD_OPTION_EXTERNAL_LOGGER, HttpLog, NULL, MHD_OPTION_LISTEN_SOCKET, worker->listen_fd,                  \
		MHD_OPTION_CONNECTION_LIMIT, limit, MHD_OPTION_CONNECTION_TIMEOUT, 0u,                               \
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool, MHD_OPTION_URI_LOG_CALLBACK, HttpTarget, worker,           \
		MHD_OPTION_NOTIFY_COMPLETED, HttpCompleted, worker, MHD_OPTION_NOTIFY_CONNECTION, ClientNotify,      \
		worker, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1
	if (config->plain_http)
		worker->daemon = MHD_start_daemon(flags, 0, NULL, NULL, HttpRequest, worker, COMMON, MHD_OPTION_END);
	else /* the certificate callback does not work from inside an option array */
		worker->daemon = MHD_start_daemon(
			flags | MHD_USE_TLS, 0, NULL, NULL, HttpRequest, worker, COMMON, MHD_OPTION_HTTPS_CERT_CALLBACK,
			TlsCertificate, MHD_OPTION_HTTPS_PRIORITIES, config->tls_priorities, MHD_OPTION_END);
#undef COMMON
	return worker->daemon != NULL;
}

static bool
Prepare(Worker *worker)
{
	struct epoll_event event = {.events = EPOLLIN};
	unsigned char random[8];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	HexText(random, sizeof(random), worker->id_prefix);
	worker->now = Milliseconds();
	worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (worker->epoll_fd < 0 || !StartDaemon(worker))
		return false;
	worker->http_watch.kind = WATCH_HTTP;
	event.data.ptr = &worker->http_watch;
	if (epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD,
				  MHD_get_daemon_info(worker->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, &event) < 0)
		return false;
	worker->wake_watch.kind = WATCH_WAKE;
	event.data.ptr = &worker->wake_watch;
	if (epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, worker->wake_fd, &event) < 0)
		return false;
	worker->db = DbOpen(worker->index, worker->workers, worker->epoll_fd, worker->wake_fd);
	worker->audit = AuditOpen(worker->db, ConfigNow()->audit_queue / worker->workers);
	if (worker->index == 0)
		worker->maintenance = MaintainOpen(worker->db);
	return true;
}

/* What a client that does not keep its time gets: a reply where one can be given, else the end. */
static void
ClientLate(Client *client)
{
	if (client->state == CLIENT_WAITING && client->request != NULL)
	{
		client->deadline = UINT64_MAX;
		RequestTimeout(client->request);
		return;
	}
	client->deadline = UINT64_MAX;
	shutdown(client->fd, SHUT_RDWR); /* libmicrohttpd sees the end and cleans up */
}

static void
Gauges(Worker *worker)
{
	Metrics *metrics = &worker->metrics;

	atomic_store_explicit(&metrics->clients, worker->client_count, memory_order_relaxed);
	atomic_store_explicit(&metrics->audit_waiting, AuditWaiting(worker->audit), memory_order_relaxed);
	for (int lane = LANE_FAST; lane < LANES; lane++)
	{
		atomic_store_explicit(&metrics->waiting[lane], DbWaiting(worker->db, lane), memory_order_relaxed);
		atomic_store_explicit(&metrics->in_flight[lane], DbInFlight(worker->db, lane), memory_order_relaxed);
		atomic_store_explicit(&metrics->connected[lane], DbConnected(worker->db, lane), memory_order_relaxed);
	}
}

static void
Tick(Worker *worker)
{
	for (Client *client = worker->clients; client != NULL; client = client->next)
		if (client->deadline <= worker->now)
			ClientLate(client);
	DbTick(worker->db);
	if (!worker->draining)
		MaintainTick(worker->maintenance);
	Gauges(worker);
	/* after its connection limit libmicrohttpd listens again only in a run, and no event announces that one
	 */
	worker->run_http = true;
	worker->next_tick = worker->now + TICK;
}

/* SIGTERM: no new connections, idle ones end, the others after their reply; at the deadline everybody gets
 * one. */
static void
Drain(Worker *worker)
{
	uint64_t deadline = atomic_load(&worker->drain_deadline);

	if (!atomic_load(&worker->stopped))
	{
		MHD_quiesce_daemon(worker->daemon); /* the socket is main's */
		worker->draining = true;
		atomic_store(&worker->stopped, true);
	}
	for (Client *client = worker->clients; client != NULL; client = client->next)
	{
		/* one that has sent nothing of a request yet is idle too */
		if (client->state == CLIENT_IDLE || (client->state == CLIENT_HEADER && client->request == NULL) ||
			worker->now > deadline + LAST_REPLIES)
			client->deadline = 0;
		if (client->state == CLIENT_WAITING && worker->now > deadline && client->request != NULL &&
			client->request->phase == PHASE_WAITING)
		{
			Request *request = client->request;

			if (request->job_busy && DbAbandon(worker->db, &request->job))
				request->job_busy = false;
			RequestFinish(request, CBD_UNAVAILABLE);
		}
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
Drained(Worker *worker)
{
	uint64_t deadline = atomic_load(&worker->drain_deadline);

	if (worker->client_count > 0)
		return false;
	return worker->now > deadline + LAST_REPLIES ||
		   (worker->open_requests == 0 && AuditWaiting(worker->audit) == 0);
}

static void
ClientEvent(Client *client, uint32_t events)
{
	if ((events & EPOLLOUT) && client->flushing)
		ClientUncork(client);
	if (!(events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)))
		return;
	client->left = true;
	if (client->request != NULL)
		RequestClientLeft(client->request);
}

static void
Dispatch(Worker *worker, struct epoll_event *events, int count)
{
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
				got = read(worker->wake_fd, &counter, sizeof(counter));
				(void) got;
				DbWake(worker->db);
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
Sleep(Worker *worker)
{
	uint64_t now = Milliseconds();
	int milliseconds = worker->next_tick > now ? (int) (worker->next_tick - now) : 0;
	int audit = AuditDelay(worker->audit);
	MHD_UNSIGNED_LONG_LONG http;

	if (audit >= 0 && audit < milliseconds)
		milliseconds = audit;
	if (MHD_get_timeout(worker->daemon, &http) == MHD_YES && http < (MHD_UNSIGNED_LONG_LONG) milliseconds)
	{
		milliseconds = (int) http;
		worker->run_http = true;
	}
	return milliseconds;
}

static void
Turn(Worker *worker)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(worker->epoll_fd, events, EVENTS, Sleep(worker));

	worker->now = Milliseconds();
	if (count > 0)
		Dispatch(worker, events, count);
	if (atomic_exchange(&worker->reload, false))
		DbRecycle(worker->db);
	if (worker->now >= worker->next_tick)
		Tick(worker);
	DbDeliver(worker->db);
	AuditTick(worker->audit, false);
	if (atomic_load_explicit(&worker->drain, memory_order_relaxed))
		Drain(worker);
	while (worker->run_http)
	{
		worker->run_http = false;
		MHD_run(worker->daemon);
		DbDeliver(worker->db); /* what could not be sent is finished at once */
	}
}

static void *
Run(void *cls)
{
	Worker *worker = cls;
	char name[16];

	snprintf(name, sizeof(name), "worker %d", worker->index);
	pthread_setname_np(pthread_self(), name);
	if (!Prepare(worker))
	{
		LogEvent(LOG_ERROR, NULL, "worker %d cannot start", worker->index);
		atomic_store(&worker->failed, true);
		atomic_store(&worker->started, true);
		return NULL;
	}
	atomic_store(&worker->started, true);
	while (!atomic_load(&worker->stopped) || !Drained(worker))
		Turn(worker);
	DbClose(worker->db); /* before the daemon: jobs whose clients left are freed here */
	MHD_stop_daemon(worker->daemon);
	AuditClose(worker->audit);
	MaintainClose(worker->maintenance);
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
WorkerStart(Worker *worker, int index, int workers, int listen_fd)
{
	worker->index = index;
	worker->workers = workers;
	worker->listen_fd = listen_fd;
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (worker->wake_fd < 0 || pthread_create(&worker->thread, NULL, Run, worker) != 0)
		return false;
	while (!atomic_load(&worker->started))
		usleep(1000);
	return !atomic_load(&worker->failed);
}

void
WorkerJoin(Worker *worker)
{
	pthread_join(worker->thread, NULL);
	close(worker->wake_fd);
}
