/* Configuration: one table, four sources. */
#include "base/config.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config_check.h"
#include "base/config_value.h"

#define AT(field) offsetof(Config, field)

static const Setting settings[] = {
	{"listen", TEXT, AT(listen), "127.0.0.1:8443", 0, 0, FIXED,
	 "address and port; [::]:8443 for IPv6, port 0 for any"},
	{"plain_http", SWITCH, AT(plain_http), "off", 0, 0, FIXED,
	 "HTTP without TLS; on loopback addresses only"},
	{"allow_root", SWITCH, AT(allow_root), "off", 0, 0, FIXED, "run as root (it needs no privilege)"},
	{"public_url", TEXT, AT(public_url), "", 0, 0, 0,
	 "address under which clients reach it, with a domain name"},
	{"trusted_proxies", TEXT, AT(trusted_proxies), "", 0, 0, 0,
	 "addresses (CIDR, commas) whose X-Forwarded-For counts"},
	{"cors_origins", TEXT, AT(cors_origins), "", 0, 0, 0,
	 "origins (commas) that browsers may call from, or *"},
	{"tls_cert", TEXT, AT(tls_cert), "", 0, 0, 0, "certificate chain, PEM file"},
	{"tls_key", TEXT, AT(tls_key), "", 0, 0, 0, "private key, PEM file"},
	{"tls_priorities", TEXT, AT(tls_priorities),
	 "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-AES-128-CBC:-AES-256-CBC:-SHA1", 0, 0, FIXED,
	 "GnuTLS priority string"},
	{"database", TEXT, AT(database), "dbname=citybigdata user=citybigdata_bridge", 0, 0, 0,
	 "libpq connection string"},
	{"workers", NUMBER, AT(workers), "0", 0, 64, FIXED, "threads; 0 = one per core"},
	{"fast_connections", NUMBER, AT(fast_connections), "1", 1, 16, FIXED,
	 "database connections per worker for reads"},
	{"write_connections", NUMBER, AT(write_connections), "16", 1, 256, FIXED,
	 "database connections for writes, in all"},
	{"data_connections", NUMBER, AT(data_connections), "8", 1, 256, FIXED,
	 "database connections for pages of published data, in all"},
	{"tile_connections", NUMBER, AT(tile_connections), "4", 1, 256, FIXED,
	 "database connections for vector tiles, in all"},
	{"slow_connections", NUMBER, AT(slow_connections), "4", 1, 256, FIXED,
	 "database connections for long queries and downloads, in all"},
	{"login_connections", NUMBER, AT(login_connections), "0", 0, 64, FIXED,
	 "passwords checked at a time; 0 = half the cores"},
	{"fast_queue", NUMBER, AT(fast_queue), "1000", 1, 1000000, 0, "reads that may wait, per worker"},
	{"write_queue", NUMBER, AT(write_queue), "1000", 1, 1000000, 0, "writes that may wait, per worker"},
	{"data_queue", NUMBER, AT(data_queue), "1000", 1, 1000000, 0,
	 "pages of published data that may wait, per worker; as many tiles"},
	{"slow_queue", NUMBER, AT(slow_queue), "32", 1, 1000000, 0, "long queries that may wait, per worker"},
	{"login_queue", NUMBER, AT(login_queue), "64", 1, 1000000, 0, "passwords that may wait, per worker"},
	{"fast_timeout", TIME, AT(fast_timeout), "1s", 10, 600000, 0, "statement_timeout of reads"},
	{"write_timeout", TIME, AT(write_timeout), "5s", 10, 600000, 0, "statement_timeout of writes"},
	{"data_timeout", TIME, AT(data_timeout), "30s", 10, 600000, 0,
	 "statement_timeout of pages and tiles; their resources' latency budgets end most earlier"},
	{"slow_timeout", TIME, AT(slow_timeout), "30s", 10, 3600000, 0, "statement_timeout of long queries"},
	{"login_timeout", TIME, AT(login_timeout), "5s", 10, 600000, 0, "statement_timeout of password checks"},
	{"queue_timeout", TIME, AT(queue_timeout), "5s", 10, 600000, 0,
	 "waiting for a database connection; after it and the lane's time: 504"},
	{"max_connections", NUMBER, AT(max_connections), "10000", 8, 1000000, FIXED, "client connections"},
	{"max_client_connections", NUMBER, AT(max_client_connections), "1000", 1, 1000000, 0,
	 "connections of one client address, IPv6 of one network /64; trusted proxies have no limit"},
	{"client_share", NUMBER, AT(client_share), "25", 1, 100, 0,
	 "percent of max_bytes_in_flight that the bodies of one client address may take; above: 503"},
	{"min_body_rate", SIZE, AT(min_body_rate), "1KiB", 0, 1024 * MIB, 0,
	 "bytes a second that a body must come with, after 10 s; slower: the connection ends"},
	{"max_header", SIZE, AT(max_header), "16KiB", 1024, 64 * 1024, FIXED, "request header; above: 431"},
	{"max_target", SIZE, AT(max_target), "8KiB", 256, 16 * 1024, 0, "request address; above: 414"},
	{"max_body", SIZE, AT(max_body), "1MiB", 1024, 1024 * MIB, 0, "request body; above: 413"},
	{"max_event_body", SIZE, AT(max_event_body), "64MiB", 1024, 1024 * MIB, 0, "body of an event report"},
	{"max_bytes_in_flight", BIG_SIZE, AT(max_bytes_in_flight), "512MiB", MIB, (int64_t) 1024 * 1024 * MIB, 0,
	 "bodies of requests and pieces of downloads together; above: 503"},
	{"header_timeout", TIME, AT(header_timeout), "10s", 100, 600000, 0,
	 "TLS handshake and request header, in all"},
	{"body_timeout", TIME, AT(body_timeout), "60s", 100, 3600000, 0, "request body, in all"},
	{"idle_timeout", TIME, AT(idle_timeout), "75s", 100, 3600000, 0, "between two requests of a connection"},
	{"reply_timeout", TIME, AT(reply_timeout), "60s", 100, 3600000, 0, "taking the reply off, in all"},
	{"drain_timeout", TIME, AT(drain_timeout), "10s", 0, 600000, 0, "finishing requests after SIGTERM"},
	{"audit_queue", NUMBER, AT(audit_queue), "40000", 200, 10000000, FIXED,
	 "audit records that may wait; full: reads get 503"},
	{"tile_cache", BIG_SIZE, AT(tile_cache), "64MiB", 0, (int64_t) 64 * 1024 * MIB, 0,
	 "vector tiles that are kept for callers who may see the same; 0 = none"},
	{"maintain_interval", TIME, AT(maintain_interval), "1h", 0, 24 * 3600000, 0,
	 "between two runs of housekeeping; 0 = something else calls maintain()"},
	{"clock_interval", TIME, AT(clock_interval), "30s", 0, 24 * 3600000, 0,
	 "between two looks at the clocks of cases; 0 = something else calls run_clocks()"},
	{"analysis_jobs", NUMBER, AT(analysis_jobs), "1", 0, 16, FIXED,
	 "jobs of the algorithm service that run at a time; 0 = none by this bridge"},
	{"analysis_interval", TIME, AT(analysis_interval), "1s", 50, 3600000, 0,
	 "between two looks for jobs that wait"},
	{"outbound_connections", NUMBER, AT(outbound_connections), "256", 0, 10000, 0,
	 "messages of the outbox sent at a time; 0 = this bridge sends none, another one does"},
	{"outbound_per_destination", NUMBER, AT(outbound_per_destination), "32", 1, 1000, 0,
	 "of them to one receiver"},
	{"outbound_timeout", TIME, AT(outbound_timeout), "30s", 1000, 600000, 0,
	 "sending a message and taking the answer, in all"},
	{"media_workers", NUMBER, AT(media_workers), "2", 1, 32, FIXED,
	 "fetched media that are looked at and stored at a time"},
	{"outbound_networks", TEXT, AT(outbound_networks), "", 0, 0, 0,
	 "what may be reached beside public addresses, and by http://: purpose:range, commas"},
	{"outbound_ca", TEXT, AT(outbound_ca), "", 0, 0, 0,
	 "PEM file of the authorities that receivers' certificates may be of; empty: the system's"},
	{"log_level", TEXT, AT(log_level), "info", 0, 0, 0,
	 "debug (every request), info (refused ones), warning, error"},
	{"metrics_token", TEXT, AT(metrics_token), "", 0, 0, SECRET,
	 "bearer token for /metrics from elsewhere than loopback"},
};
#define SETTINGS ((int) (sizeof(settings) / sizeof(settings[0])))

static _Atomic(Config *) current;
static int argument_count;
static char **arguments;

const Config *
ConfigNow(void)
{
	return atomic_load_explicit(&current, memory_order_acquire);
}

const char *
Issuer(Arena *arena)
{
	const char *url = ConfigNow()->public_url;
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		length--;
	return length == 0 ? NULL : ArenaCopy(arena, url, length);
}

bool
IsTrustedProxy(const uint8_t address[16])
{
	const Config *config = ConfigNow();

	for (int i = 0; i < config->proxy_count; i++)
		if (InRange(&config->proxies[i], address))
			return true;
	return false;
}

static bool __attribute__((format(printf, 1, 2))) ConfigWrong(const char *format, ...)
{
	char text[1024];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	if (ConfigNow() != NULL)
		LogEvent(LOG_ERROR, NULL, "configuration: %s", text);
	else
		fprintf(stderr, "citybigdata-bridge: %s\n", text);
	return false;
}

/* Puts a value into its field; `source` names where it came from, for the message. */
static bool
Assign(Config *config, const Setting *setting, const char *text, const char *source)
{
	void *field = (char *) config + setting->offset;
	int64_t value;

	if (setting->type == TEXT)
	{
		free(*(char **) field);
		*(char **) field = CopyString(text);
		return true;
	}
	if (setting->type == SWITCH)
		return SettingSwitch(text, field) ||
			   ConfigWrong("%s: %s must be on or off, not \"%s\"", source, setting->name, text);
	if (!SettingNumber(setting, text, &value))
		return ConfigWrong("%s: %s: \"%s\" is not a %s; an example is %s", source, setting->name, text,
						   setting->type == TIME     ? "time"
						   : setting->type == NUMBER ? "number"
													 : "size",
						   setting->initial);
	if (value < setting->low || value > setting->high)
		return ConfigWrong("%s: %s must be from %lld to %lld, not %lld", source, setting->name,
						   (long long) setting->low, (long long) setting->high, (long long) value);
	if (setting->type == BIG_SIZE)
		*(int64_t *) field = value;
	else
		*(int *) field = (int) value;
	return true;
}

/* The setting of that name; - and _ are the same. */
static const Setting *
Find(const char *name, size_t length)
{
	for (int i = 0; i < SETTINGS; i++)
	{
		size_t at = 0;

		while (at < length && settings[i].name[at] != '\0' &&
			   (name[at] == '-' ? '_' : name[at]) == settings[i].name[at])
			at++;
		if (at == length && settings[i].name[at] == '\0')
			return &settings[i];
	}
	return NULL;
}

static char *
Trim(char *text)
{
	size_t length;

	while (*text == ' ' || *text == '\t')
		text++;
	length = strlen(text);
	while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
		text[--length] = '\0';
	return text;
}

/* One line of the file: blank, # comment, or key = value with the value perhaps in quotes. */
static bool
ReadLine(Config *config, char *line, const char *file, int number)
{
	const Setting *setting;
	char source[512];
	char *equals;
	char *name = Trim(line);
	char *value;
	size_t length;

	if (*name == '\0' || *name == '#')
		return true;
	snprintf(source, sizeof(source), "%s line %d", file, number);
	equals = strchr(name, '=');
	if (equals == NULL)
		return ConfigWrong("%s: expected key = value", source);
	*equals = '\0';
	value = Trim(equals + 1);
	name = Trim(name);
	length = strlen(value);
	if (length >= 2 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0])
	{
		value[length - 1] = '\0';
		value++;
	}
	else if (strstr(value, " #") != NULL || strstr(value, "\t#") != NULL)
		return ConfigWrong("%s: %s: a comment has a line of its own; a value with # in it stands in quotes",
						   source, name);
	setting = Find(name, strlen(name));
	if (setting == NULL)
		return ConfigWrong("%s: unknown setting \"%s\"", source, name);
	return Assign(config, setting, value, source);
}

static bool
ReadFile(Config *config, const char *path)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	bool good = true;
	int number = 0;
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return ConfigWrong("cannot read %s: %s", path, strerror(errno));
	while (good && (length = getline(&line, &size, file)) >= 0)
	{
		number++;
		good = strlen(line) == (size_t) length ? ReadLine(config, line, path, number)
											   : ConfigWrong("%s line %d: a NUL byte", path, number);
		explicit_bzero(line, size);
	}
	if (good && ferror(file)) /* a directory, for one */
		good = ConfigWrong("cannot read %s: %s", path, strerror(errno));
	free(line);
	fclose(file);
	return good;
}

static bool
ReadEnvironment(Config *config)
{
	for (int i = 0; i < SETTINGS; i++)
	{
		char name[64] = "CBD_";
		const char *value;

		for (size_t at = 0; settings[i].name[at] != '\0'; at++)
		{
			char c = settings[i].name[at];

			name[4 + at] = c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
		}
		value = getenv(name);
		if (value != NULL && !Assign(config, &settings[i], value, name))
			return false;
	}
	return true;
}

/* Flags: --name=value, --name value, --switch. Finds --config on the way when `file` is not NULL. */
static bool
ReadFlags(Config *config, const char **file, ConfigAction *action)
{
	for (int i = 1; i < argument_count; i++)
	{
		const char *flag = arguments[i];
		const char *equals = strchr(flag, '=');
		size_t length = equals == NULL ? strlen(flag) : (size_t) (equals - flag);
		const char *value = equals == NULL ? NULL : equals + 1;
		const Setting *setting;
		bool is_file = length == 8 && strncmp(flag, "--config", 8) == 0;

		if (strcmp(flag, "--print-openapi") == 0)
		{
			*action = CONFIG_OPENAPI;
			continue;
		}
		if (strcmp(flag, "--check-config") == 0 || strcmp(flag, "--print-config") == 0)
		{
			*action = flag[2] == 'c' ? CONFIG_CHECK : CONFIG_PRINT;
			continue;
		}
		setting = length > 2 && strncmp(flag, "--", 2) == 0 ? Find(flag + 2, length - 2) : NULL;
		if (setting == NULL && !is_file)
			return ConfigWrong("unknown option %s; --help lists them", flag);
		if (value == NULL && setting != NULL && setting->type == SWITCH)
			value = "on";
		else if (value == NULL && ++i < argument_count)
			value = arguments[i];
		if (value == NULL)
			return ConfigWrong("%s needs a value", flag);
		if (is_file && file != NULL)
			*file = value;
		else if (!is_file && config != NULL && !Assign(config, setting, value, flag))
			return false;
	}
	return true;
}

static void
FreeOne(Config *config)
{
	for (int i = 0; i < SETTINGS; i++)
		if (settings[i].type == TEXT)
			free(*(char **) ((char *) config + settings[i].offset));
	free(config->proxies);
	free(config->networks.list);
	free(config);
}

/* A Config from all sources, or NULL with the mistake said. */
static Config *
ReadAll(ConfigAction *action)
{
	char wrong[512];
	Config *config = Allocate(sizeof(Config));
	const char *file = getenv("CBD_CONFIG");
	bool good = true;

	memset(config, 0, sizeof(*config));
	for (int i = 0; i < SETTINGS && good; i++)
		good = Assign(config, &settings[i], settings[i].initial, "default");
	good = good && ReadFlags(NULL, &file, action);
	if (good && file != NULL && *file != '\0')
		good = ReadFile(config, file);
	good = good && ReadEnvironment(config) && ReadFlags(config, NULL, action);
	if (*action != CONFIG_OPENAPI) /* that serves nobody: no certificate is needed */
		good = good && (ConfigDerive(config, wrong, sizeof(wrong)) || ConfigWrong("%s", wrong));
	if (good)
		return config;
	FreeOne(config);
	return NULL;
}

static void
Help(void)
{
	static const char *const types[] = {"text", "on|off", "number", "size", "size", "time"};

	printf("citybigdata-bridge %s: the REST bridge of the citybigdata PostgreSQL extension\n\n"
		   "usage: citybigdata-bridge [--config FILE] [--SETTING VALUE]...\n"
		   "       citybigdata-bridge --help | --version | --check-config | --print-config | --print-routes "
		   "| --print-openapi\n\n"
		   "Each setting below is `name = value` in the file (also CBD_CONFIG), CBD_NAME in the environment "
		   "and\n"
		   "--name VALUE on the command line; later ones win. SIGHUP reads file and environment again, loads "
		   "the\n"
		   "certificate and renews the database connections; settings marked * need a restart. SIGTERM "
		   "drains.\n\n",
		   CBD_VERSION);
	for (int i = 0; i < SETTINGS; i++)
		printf("  %-20s %c %-7s %s%s%s%s\n", settings[i].name, settings[i].flags & FIXED ? '*' : ' ',
			   types[settings[i].type], settings[i].help, settings[i].initial[0] != '\0' ? " [" : "",
			   settings[i].initial, settings[i].initial[0] != '\0' ? "]" : "");
}

ConfigAction
ConfigStart(int argc, char **argv)
{
	ConfigAction action = CONFIG_RUN;
	Config *config;

	argument_count = argc;
	arguments = argv;
	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return Help(), CONFIG_DONE;
		if (strcmp(argv[i], "--version") == 0)
			return puts("citybigdata-bridge " CBD_VERSION), CONFIG_DONE;
		if (strcmp(argv[i], "--print-routes") == 0)
			return CONFIG_ROUTES;
	}
	config = ReadAll(&action);
	if (config == NULL)
		return CONFIG_WRONG;
	atomic_store(&current, config);
	LogSetLevel(config->level);
	return action;
}

/* A fixed setting keeps its value; says so when the sources now have another. */
static void
KeepFixed(Config *fresh, const Config *old)
{
	for (int i = 0; i < SETTINGS; i++)
	{
		void *to = (char *) fresh + settings[i].offset;
		const void *from = (const char *) old + settings[i].offset;

		if (!(settings[i].flags & FIXED))
			continue;
		if (settings[i].type == TEXT)
		{
			if (strcmp(*(char *const *) from, *(char **) to) == 0)
				continue;
			free(*(char **) to);
			*(char **) to = CopyString(*(char *const *) from);
		}
		else
		{
			size_t size = settings[i].type == SWITCH ? sizeof(bool) : sizeof(int);

			if (memcmp(to, from, size) == 0)
				continue;
			memcpy(to, from, size);
		}
		LogEvent(LOG_WARNING, NULL, "configuration: %s changes only at a restart", settings[i].name);
	}
}

bool
ConfigReload(bool (*good)(const Config *fresh))
{
	ConfigAction action;
	Config *fresh = ReadAll(&action);

	if (fresh == NULL)
		return false;
	if (!good(fresh))
	{
		FreeOne(fresh);
		return false;
	}
	fresh->previous = atomic_load(&current);
	KeepFixed(fresh, fresh->previous);
	fresh->client_limit = fresh->previous->client_limit;
	LogSetLevel(fresh->level);
	atomic_store_explicit(&current, fresh, memory_order_release);
	return true;
}

void
ConfigLimitClients(int limit)
{
	atomic_load(&current)->client_limit = limit;
}

/* The connection string without its password. */
static void
PrintDatabase(const char *text)
{
	const char *password = strcasestr(text, "password");

	if (password != NULL)
		printf("%.*spassword=***\n", (int) (password - text), text);
	else if (strstr(text, "://") != NULL && strchr(text, '@') != NULL)
		printf("***%s\n", strchr(text, '@'));
	else
		puts(text);
}

void
ConfigPrint(void)
{
	const Config *config = ConfigNow();

	for (int i = 0; i < SETTINGS; i++)
	{
		const void *field = (const char *) config + settings[i].offset;

		printf("%s = ", settings[i].name);
		if (settings[i].flags & SECRET)
			puts(**(char *const *) field != '\0' ? "***" : "");
		else if (field == &config->database)
			PrintDatabase(config->database);
		else if (settings[i].type == TEXT)
			puts(*(char *const *) field);
		else if (settings[i].type == SWITCH)
			puts(*(const bool *) field ? "on" : "off");
		else if (settings[i].type == BIG_SIZE)
			printf("%lld\n", (long long) *(const int64_t *) field);
		else
			printf("%d%s\n", *(const int *) field, settings[i].type == TIME ? "ms" : "");
	}
}

void
ConfigFree(void)
{
	Config *config = atomic_exchange(&current, NULL);

	while (config != NULL)
	{
		Config *previous = config->previous;

		FreeOne(config);
		config = previous;
	}
}
