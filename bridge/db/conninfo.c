/* The connection string as a list of hosts; see conninfo.h. */
#include "db/conninfo.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define OPTION_LIMIT        64
#define LEAST_CONNECT_LIMIT 2 /* seconds: libpq takes a smaller connect_timeout for this one */

/*
 * What is not given: a server that vanished without a word is noticed after 10 s and not after the system's
 * two hours. (Idle sessions are looked at by themselves: db_session.c.)
 */
static const char *const network_defaults[][2] = {{"keepalives_idle", "10"},
												  {"keepalives_interval", "5"},
												  {"keepalives_count", "3"},
												  {"tcp_user_timeout", "10000"}};

static const char *
Given(const PQconninfoOption *options, const char *keyword)
{
	for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
		if (strcmp(option->keyword, keyword) == 0)
			return option->val != NULL && option->val[0] != '\0' ? option->val : NULL;
	return NULL;
}

/* Says why; false. */
static bool __attribute__((format(printf, 2, 3))) Wrong(char **error, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	if (vasprintf(error, format, values) < 0)
		*error = NULL;
	va_end(values);
	return false;
}

/* Element `index` of a list with commas: a copy, or NULL where it is empty. */
static char *
Element(const char *list, int index)
{
	size_t length;

	if (list == NULL)
		return NULL;
	for (; index > 0; index--)
		list = strchr(list, ',') + 1;
	length = strcspn(list, ",");
	return length == 0 ? NULL : strndup(list, length);
}

static int
Elements(const char *list)
{
	int count = list != NULL;

	for (; list != NULL && *list != '\0'; list++)
		count += *list == ',';
	return count;
}

/* The hosts of the lists; false when the lists do not fit, with the reason in *error. */
static bool
TakeHosts(Conninfo *conninfo, const char *host, const char *hostaddr, const char *port, char **error)
{
	int hosts = Elements(host), addresses = Elements(hostaddr), ports = Elements(port);
	int count = hosts > addresses ? hosts : addresses;

	if (count == 0)
		count = 1;
	if (count > HOST_LIMIT)
		return Wrong(error, "at most %d hosts can be given, not %d", HOST_LIMIT, count);
	if (hosts > 0 && addresses > 0 && hosts != addresses)
		return Wrong(error, "%d host names do not match %d hostaddr values", hosts, addresses);
	if (ports > 1 && ports != count)
		return Wrong(error, "%d port numbers do not match %d hosts", ports, count);
	for (int i = 0; i < count; i++)
	{
		conninfo->hosts[i] =
			(Host){Element(host, hosts > 0 ? i : 0), Element(hostaddr, addresses > 0 ? i : 0),
				   Element(port, ports > 1 ? i : 0)};
		if (conninfo->hosts[i].port != NULL)
		{
			char *end;
			long number = strtol(conninfo->hosts[i].port, &end, 10);

			if (*end != '\0' || number < 1 || number > 65535)
				return Wrong(error, "\"%s\" is not a port number", conninfo->hosts[i].port);
		}
	}
	conninfo->host_count = count;
	return true;
}

/* target_session_attrs and connect_timeout. */
static bool
TakeWishes(Conninfo *conninfo, const char *attrs, const char *timeout, char **error)
{
	static const char *const kinds[] = {"any",     "read-write", "read-only",
										"primary", "standby",    "prefer-standby"};
	int kind = 0;

	while (attrs != NULL && kind < 6 && strcmp(attrs, kinds[kind]) != 0)
		kind++;
	if (kind == 6)
		return Wrong(error, "target_session_attrs has no value \"%s\"", attrs);
	conninfo->wish = kind == 0 ? SESSION_ANY : kind == 5 ? SESSION_STANDBY : SESSION_GIVEN;
	conninfo->session_attrs = kinds[kind];
	conninfo->wants_writer = kind == 0 || kind == 1 || kind == 3;
	if (timeout != NULL)
	{
		char *end;
		long seconds = strtol(timeout, &end, 10);

		if (*end != '\0' || seconds > 600)
			return Wrong(error, "connect_timeout \"%s\" is not a number of seconds up to 600", timeout);
		if (seconds > 0)
			conninfo->connect_timeout =
				1000 * (int) (seconds < LEAST_CONNECT_LIMIT ? LEAST_CONNECT_LIMIT : seconds);
	}
	return true;
}

Conninfo *
ConninfoParse(const char *text, char **error)
{
	Conninfo *conninfo = Allocate(sizeof(*conninfo));
	PQconninfoOption *defaults;
	const char *host, *hostaddr;
	char *reason = NULL;
	bool good;

	memset(conninfo, 0, sizeof(*conninfo));
	*error = NULL;
	conninfo->options = PQconninfoParse(text, &reason);
	if (conninfo->options == NULL)
	{
		*error = CopyString(reason == NULL ? "out of memory" : reason);
		PQfreemem(reason);
		free(conninfo);
		return NULL;
	}
	defaults = PQconndefaults(); /* of the environment */
#define OPTION(name)                                                                                         \
	(Given(conninfo->options, name) != NULL ? Given(conninfo->options, name) : Given(defaults, name))
	host = Given(conninfo->options, "host");
	hostaddr = Given(conninfo->options, "hostaddr");
	/* a service names its hosts in its own file: libpq reads it, and takes what is not said here from there
	 */
	if (host == NULL && hostaddr == NULL && Given(conninfo->options, "service") == NULL)
	{
		host = Given(defaults, "host");
		hostaddr = Given(defaults, "hostaddr");
	}
	good = TakeHosts(conninfo, host, hostaddr,
					 Given(conninfo->options, "service") == NULL ? OPTION("port")
																 : Given(conninfo->options, "port"),
					 error) &&
		   TakeWishes(conninfo, OPTION("target_session_attrs"), OPTION("connect_timeout"), error);
#undef OPTION
	if (defaults != NULL)
		PQconninfoFree(defaults);
	if (good)
		return conninfo;
	ConninfoFree(conninfo);
	return NULL;
}

void
ConninfoFree(Conninfo *conninfo)
{
	if (conninfo == NULL)
		return;
	for (int i = 0; i < HOST_LIMIT; i++)
	{
		free(conninfo->hosts[i].host);
		free(conninfo->hosts[i].hostaddr);
		free(conninfo->hosts[i].port);
	}
	PQconninfoFree(conninfo->options);
	free(conninfo);
}

int
ConninfoCandidates(const Conninfo *conninfo, Candidate *candidates, bool *pending, char *why, int size)
{
	int count = 0;

	*pending = false;
	for (int i = 0; i < conninfo->host_count && count < CANDIDATE_LIMIT; i++)
	{
		const Host *host = &conninfo->hosts[i];
		char addresses[RESOLVE_LIMIT][RESOLVE_ADDRESS];
		int found = 1;

		addresses[0][0] = '\0';
		/* "/" begins a folder, "@" an abstract socket */
		if (host->hostaddr == NULL && host->host != NULL && host->host[0] != '/' && host->host[0] != '@')
			switch (Resolve(host->host, addresses, &found, why, size))
			{
				case RESOLVE_KNOWN:
					break;
				case RESOLVE_PENDING:
					*pending = true;
					continue;
				case RESOLVE_FAILED:
					continue;
			}
		for (int j = 0; j < found && count < CANDIDATE_LIMIT; j++)
		{
			candidates[count].host = i;
			memcpy(candidates[count++].address, addresses[j], RESOLVE_ADDRESS);
		}
	}
	/* the hosts before it have their turn first */
	return *pending ? 0 : count;
}

bool
CandidateSame(const Candidate *a, const Candidate *b)
{
	return a->host == b->host && strcmp(a->address, b->address) == 0;
}

void
CandidateText(const Conninfo *conninfo, const Candidate *candidate, char *text, int size)
{
	const Host *host;
	const char *name;

	if (candidate->host < 0) /* of settings that a reload has replaced */
	{
		snprintf(text, (size_t) size, "as configured before");
		return;
	}
	host = &conninfo->hosts[candidate->host];
	name = host->host != NULL ? host->host : host->hostaddr != NULL ? host->hostaddr : "default";
	snprintf(text, (size_t) size, "%s%s%s%s:%s", name, candidate->address[0] != '\0' ? " (" : "",
			 candidate->address, candidate->address[0] != '\0' ? ")" : "",
			 host->port != NULL ? host->port : "default");
}

int
ConninfoPasses(const Conninfo *conninfo, int count)
{
	return conninfo->wish == SESSION_STANDBY || (conninfo->wish == SESSION_ANY && count > 1) ? 2 : 1;
}

/* What libpq shall ask of the server in this pass. */
static const char *
SessionAttrs(const Conninfo *conninfo, int count, int pass)
{
	if (conninfo->wish == SESSION_GIVEN)
		return conninfo->session_attrs;
	if (pass == ConninfoPasses(conninfo, count) - 1)
		return "any";
	return conninfo->wish == SESSION_STANDBY ? "standby" : "read-write";
}

/* Options that are said for each candidate, and not as they stand in the string. */
static bool
Replaced(const char *keyword)
{
	static const char *const keywords[] = {
		"host", "hostaddr", "port", "target_session_attrs", "connect_timeout", "client_encoding"};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(keyword, keywords[i]) == 0)
			return true;
	return false;
}

PGconn *
ConninfoStart(const Conninfo *conninfo, const Candidate *candidate, int count, int pass,
			  const char *application)
{
	const Host *host = &conninfo->hosts[candidate->host];
	const char *names[OPTION_LIMIT], *values[OPTION_LIMIT];
	int given = 0;
#define ADD(name, value) (names[given] = (name), values[given++] = (value))

	/* libpq takes the last of a keyword, so defaults stand first */
	for (size_t i = 0; i < sizeof(network_defaults) / sizeof(network_defaults[0]); i++)
		if (Given(conninfo->options, network_defaults[i][0]) == NULL)
			ADD(network_defaults[i][0], network_defaults[i][1]);
	for (const PQconninfoOption *option = conninfo->options; option->keyword != NULL; option++)
		if (option->val != NULL && !Replaced(option->keyword) && given < OPTION_LIMIT - 8)
			ADD(option->keyword, option->val);
	if (host->host != NULL)
		ADD("host", host->host); /* with hostaddr: the name that the certificate must have */
	if (host->hostaddr != NULL)
		ADD("hostaddr", host->hostaddr);
	else if (candidate->address[0] != '\0')
		ADD("hostaddr", candidate->address);
	if (host->port != NULL)
		ADD("port", host->port);
	ADD("target_session_attrs", SessionAttrs(conninfo, count, pass));
	ADD("client_encoding", "UTF8");
	ADD("fallback_application_name", application);
#undef ADD
	names[given] = NULL;
	values[given] = NULL;
	return PQconnectStartParams(names, values, 0);
}
