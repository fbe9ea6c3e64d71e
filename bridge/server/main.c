/*
 * citybigdata-bridge: the REST bridge of the citybigdata extension. It knows HTTP, the extension knows the
 * city.
 *
 * main() is the checklist of the start; its second half is its mirror.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <libxml/parser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/charset.h"
#include "base/config.h"
#include "base/log.h"
#include "base/status.h"
#include "db/analysis.h"
#include "base/tile_cache.h"
#include "db/conninfo.h"
#include "db/db.h"
#include "db/master_key.h"
#include "db/probe.h"
#include "base/digest.h"
#include "kind/oauth_page.h"
#include "kind/ogc_document.h"
#include "kind/ogc_page.h"
#include "manual/manual.h"
#include "outbound/ask.h"
#include "outbound/outbound.h"
#include "request/json_input.h"
#include "request/share.h"
#include "request/signed.h"
#include "server/route_table.h"
#include "server/tls.h"
#include "server/worker.h"
#include "wire/status_codes.h"

#define BACKLOG       1024
#define OWN_FILES     64 /* descriptors that are neither clients' nor the database's */
#define LEAST_CLIENTS 8
#define TICKET_LIFE   (24 * 3600) /* seconds until session tickets get a new key */

static WorkerThread *workers;
static int worker_count;
static struct addrinfo *listen_address;
static bool database_answers; /* at the last reload */

/* jansson's values hold passwords and keys. */
static bool
CheckUser(void)
{
	if (geteuid() != 0 || ConfigNow()->allow_root)
		return true;
	LogEvent(
		LOG_ERROR, NULL,
		"refuses to run as root, which it does not need; run it as a user of its own or with --allow-root");
	return false;
}

/*
 * Passwords, keys and tokens of requests under way lie in memory until their buffers are cleared: a core dump
 * would write them to a file, and another process of the same user could read them there or through /proc and
 * ptrace.
 */
static void
ForbidDumps(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose search for leaks reads memory that way */
	/* a core handler that is a pipe ignores the limit */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		LogEvent(LOG_WARNING, NULL, "core dumps cannot be ruled out: %s", strerror(errno));
#endif
}

/*
 * One descriptor per client and the database's: the soft limit of 1024 would be the end of it. Where the hard
 * limit is too low too, fewer clients are let in: a client that waits to be accepted costs nothing, one whose
 * request finds no descriptor for its database connection gets no answer.
 */
static void
RaiseFileLimit(void)
{
	const Config *config = ConfigNow();
	struct rlimit limit;
	int files, own, clients;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	files = limit.rlim_cur > INT_MAX ? INT_MAX : (int) limit.rlim_cur;
	own = OWN_FILES + 2 * config->outbound_connections + 4 * config->media_workers +
		  config->workers * (config->fast_connections + LANES) + config->write_connections +
		  config->data_connections + config->tile_connections + config->slow_connections +
		  config->login_connections;
	if (files - own >= config->max_connections)
		return;
	clients = files - own > LEAST_CLIENTS ? files - own : LEAST_CLIENTS;
	LogEvent(LOG_WARNING, NULL, "at most %d open files: max_connections is %d and not %d", files, clients,
			 config->max_connections);
	ConfigLimitClients(clients);
}

/* The connection string must be one, and name the role. */
static bool
CheckDatabase(const Config *config)
{
	char *error;
	Conninfo *conninfo = ConninfoParse(config->database, &error);

	if (conninfo == NULL)
		LogEvent(LOG_ERROR, NULL, "configuration: database: %s", error == NULL ? "out of memory" : error);
	ConninfoFree(conninfo);
	free(error);
	return conninfo != NULL;
}

/* Addresses handed out are built from public_url; an IP address in it will not match the certificate (5.3.2).
 */
static void
CheckPublicUrl(const Config *config)
{
	const char *url = config->public_url;
	const char *host = strstr(url, "://");
	uint8_t address[16];
	size_t length;

	if (host == NULL)
		return;
	host += 3;
	length = strcspn(host, *host == '[' ? "]" : ":/");
	if (*host == '[' || ParseAddress(host, length, address))
		LogEvent(LOG_WARNING, NULL, "public_url should have a domain name, not an IP address");
}

/* Splits "host:port" or "[v6]:port"; false when it is neither. */
static bool
SplitListen(const char *listen, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(listen, ':');
	size_t length = colon == NULL ? 0 : (size_t) (colon - listen);

	if (length >= 2 && listen[0] == '[' && colon[-1] == ']')
	{
		listen++;
		length -= 2;
	}
	if (colon == NULL || length >= size || colon[1] == '\0')
		return false;
	memcpy(host, listen, length);
	host[length] = '\0';
	*port = colon + 1;
	return true;
}

/* Says where it listens: the port may have been chosen by the kernel. */
static void
SayListening(int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	uint8_t bytes[16];
	char text[ADDRESS_TEXT] = "";

	if (getsockname(fd, (struct sockaddr *) &address, &length) == 0 &&
		SocketAddress((struct sockaddr *) &address, bytes))
		AddressText(bytes, text);
	LogEvent(LOG_INFO, NULL, "listening on %s %s port %d, %d workers",
			 ConfigNow()->plain_http ? "http" : "https", text,
			 ntohs(((struct sockaddr_in *) &address)->sin_port), worker_count);
}

/* Where to listen; NULL with the reason said: no such address, or one that plain HTTP is not for. */
static struct addrinfo *
ListenAddress(const Config *config)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM},
					*found = NULL;
	char host[256];
	const char *port;
	uint8_t address[16];
	int result;

	if (!SplitListen(config->listen, host, sizeof(host), &port) || strtol(port, NULL, 10) > 65535)
	{
		LogEvent(LOG_ERROR, NULL,
				 "configuration: listen must be address:port, not \"%s\"; an example is 127.0.0.1:8443",
				 config->listen);
		return NULL;
	}
	result = getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &found);
	if (result != 0)
	{
		LogEvent(LOG_ERROR, NULL, "configuration: listen %s: %s", config->listen, gai_strerror(result));
		return NULL;
	}
	if (!config->plain_http || (SocketAddress(found->ai_addr, address) && IsLoopback(address)))
		return found;
	LogEvent(LOG_ERROR, NULL, "configuration: plain_http is for loopback addresses only, not %s",
			 config->listen);
	freeaddrinfo(found);
	return NULL;
}

/* The one listening socket, shared by all workers; -1 with the reason said. */
static int
Listen(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd >= 0 && bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	LogEvent(LOG_ERROR, NULL, "listen %s: %s", ConfigNow()->listen, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Workers and everything else read signals only through main. */
static sigset_t
BlockSignals(void)
{
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	return signals;
}

/* One thread each; false: one could not start. */
static bool
StartWorkers(int listen_fd)
{
	int count = ConfigNow()->workers;

	workers = calloc((size_t) count, sizeof(WorkerThread));
	if (workers == NULL || !DbStart(ConfigNow()->login_connections, count))
		return false;
	for (int i = 0; i < count; i++)
	{
		if (!WorkerStart(&workers[i], i, count, listen_fd))
			return false;
		worker_count = i + 1;
	}
	return true;
}

/* What can be said of the settings without a database: at the start, by --check-config, at a reload. */
static bool
CheckSettings(const Config *config)
{
	struct addrinfo *address = ListenAddress(config);

	if (address == NULL)
		return false;
	freeaddrinfo(address);
	if (!CheckDatabase(config) || (!config->plain_http && !TlsCheckPriorities(config->tls_priorities)))
		return false;
	CheckPublicUrl(config);
	return true;
}

/*
 * What the database says of the platform, for --check-config. The bridge starts without a database, so that
 * one which does not answer is no mistake of the configuration.
 */
static bool
CheckPlatform(const Config *config)
{
	const MasterKeyFault *fault;
	ProbeReply reply;
	char why[512];

	if (!DbProbeReady(config->database, &reply, why, sizeof(why)))
	{
		LogEvent(LOG_WARNING, NULL, "the database was not asked: %s", why);
		return true;
	}
	fault = reply.data == NULL ? NULL : MasterKeyTold(reply.data, strlen(reply.data));
	if (reply.status != CBD_OK)
		LogEvent(LOG_WARNING, NULL, "the database answers %d: %s", reply.status,
				 StatusText(reply.status, false));
	if (fault != NULL)
		LogEvent(fault->usable ? LOG_WARNING : LOG_ERROR, NULL, "%s", fault->sentences[0]);
	free(reply.data);
	return fault == NULL || fault->usable;
}

/*
 * One connection by the new settings before any old one is given up. A connection string that is as it was
 * may be tried in vain: the server is away. Then the other settings are taken and the connections stay.
 */
static bool
DatabaseAnswers(const Config *fresh)
{
	char why[512];

	database_answers = DbProbe(fresh->database, why, sizeof(why));
	if (database_answers)
		return true;
	if (strcmp(fresh->database, ConfigNow()->database) != 0)
	{
		LogEvent(LOG_ERROR, NULL, "configuration: database: no connection by the new settings: %s", why);
		return false;
	}
	LogEvent(LOG_WARNING, NULL, "database connections are not renewed: %s", why);
	return true;
}

/* The certificate last: it is taken as soon as it is found good. */
static bool
CheckReload(const Config *fresh)
{
	return CheckSettings(fresh) && DatabaseAnswers(fresh) && (fresh->plain_http || TlsLoad(fresh));
}

/* SIGHUP: configuration, certificate, database connections. A mistake in the new ones leaves all of the old.
 */
static void
Reload(void)
{
	if (!ConfigReload(CheckReload))
	{
		LogEvent(LOG_ERROR, NULL, "configuration not reloaded: the settings of before stay");
		return;
	}
	ManualReload();
	for (int i = 0; database_answers && i < worker_count; i++)
	{
		atomic_store(&workers[i].reload, true);
		WorkerWake(&workers[i]);
	}
	OutboundReload();
	LogEvent(LOG_INFO, NULL, "configuration reloaded");
}

/* Until SIGTERM or SIGINT. */
static void
WaitForSignals(const sigset_t *signals)
{
	const struct timespec patience = {.tv_sec = TICKET_LIFE};

	for (;;)
	{
		int number = sigtimedwait(signals, NULL, &patience);

		if (number == SIGHUP)
			Reload();
		else if (number == SIGTERM || number == SIGINT)
			return;
		else if (errno == EAGAIN && !ConfigNow()->plain_http)
			TlsRotateTickets();
	}
}

/* Nobody accepts any more, what runs is finished or told that it is not, then all threads end. */
static void
StopWorkers(int listen_fd)
{
	uint64_t deadline = Milliseconds() + (uint64_t) ConfigNow()->drain_timeout;

	LogEvent(LOG_INFO, NULL, "draining");
	for (int i = 0; i < worker_count; i++)
	{
		atomic_store(&workers[i].drain_deadline, deadline);
		atomic_store(&workers[i].drain, true);
		WorkerWake(&workers[i]);
	}
	/* once nobody accepts any more, newcomers are refused instead of left waiting */
	for (int i = 0; i < worker_count; i++)
		while (!atomic_load(&workers[i].stopped))
			usleep(1000);
	close(listen_fd);
	for (int i = 0; i < worker_count; i++)
		WorkerJoin(&workers[i]);
	/* what the last requests have put is sent too, if there is time */
	AskStop();
	OutboundStop(deadline);
	AnalysisStop();
	DbStop();
	free(workers);
}

int
main(int argc, char **argv)
{
	ConfigAction action = ConfigStart(argc, argv);
	const char *error;
	sigset_t signals;
	int listen_fd;

	if (action == CONFIG_DONE || action == CONFIG_WRONG)
		return action == CONFIG_DONE ? 0 : 2;
	if (action == CONFIG_PRINT)
		return ConfigPrint(), ConfigFree(), 0;
	RoutesUse(route_table, route_count);
	if (action == CONFIG_ROUTES)
		return RoutesPrint(), 0;
	if (action == CONFIG_OPENAPI)
		return ManualPrint() ? 0 : 1;
	json_set_alloc_funcs(malloc, ClearAndFree);
	xmlInitParser();
	if (!CheckSettings(ConfigNow()) || (!ConfigNow()->plain_http && !TlsLoad(ConfigNow())))
		return 2;
	if (action == CONFIG_CHECK)
		return CheckPlatform(ConfigNow()) ? (puts("configuration: ok"), TlsFree(), ConfigFree(), 0) : 2;
	if (!CheckUser())
		return 2;
	ForbidDumps();
	RaiseFileLimit();
	signals = BlockSignals();
	if ((error = CharsetStart()) != NULL)
		return LogEvent(LOG_ERROR, NULL, "%s", error), 1;
	if (!DigestStart() || !SignedStart() || !JsonInputStart() || !SharesStart() ||
		(!ConfigNow()->plain_http && !TlsRotateTickets()))
		return 1;
	RoutesPrepare();
	OauthPagesStart();
	OgcPagesStart();
	OgcDocumentsStart();
	ManualStart();
	LogStart();
	listen_address = ListenAddress(ConfigNow());
	listen_fd = listen_address == NULL ? -1 : Listen(listen_address);
	if (listen_fd < 0 || !OutboundStart() || !AskStart() || !AnalysisStart() || !StartWorkers(listen_fd))
		return LogStop(), 1;
	SayListening(listen_fd);

	WaitForSignals(&signals);

	StopWorkers(listen_fd);
	freeaddrinfo(listen_address);
	RoutesStop();
	ManualStop();
	OgcDocumentsStop();
	OgcPagesStop();
	OauthPagesStop();
	TileCacheStop();
	TlsFree();
	xmlCleanupParser();
	LogEvent(LOG_INFO, NULL, "stopped");
	LogStop();
	ConfigFree();
	return 0;
}
