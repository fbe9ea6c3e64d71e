/*
 * Configuration: one table (config.c) of name, type, default, range and help drives the file
 * (`key = value`), the environment (CBD_NAME), the flags (--name), --help, --check-config and --print-config.
 * Later sources win: default, file, environment, flag.
 *
 * A Config never changes once made; a reload makes a new one. Readers take ConfigNow() once per use.
 */
#ifndef BRIDGE_CONFIG_H
#define BRIDGE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/networks.h"
#include "base/target.h"

typedef struct Config
{
	struct Config *previous; /* older ones, kept until the end since threads may still read them */

	/* where */
	char *listen;
	bool plain_http;
	bool allow_root;
	char *public_url;
	char *trusted_proxies;
	char *cors_origins;
	/* TLS */
	char *tls_cert;
	char *tls_key;
	char *tls_priorities;
	/* database */
	char *database;
	int workers;
	int fast_connections; /* per worker; the other lanes: in all */
	int write_connections;
	int data_connections;
	int tile_connections;
	int slow_connections;
	int login_connections;
	int fast_queue;
	int write_queue;
	int data_queue;
	int slow_queue;
	int login_queue;
	int fast_timeout; /* all times in milliseconds */
	int write_timeout;
	int data_timeout;
	int slow_timeout;
	int login_timeout;
	int queue_timeout;
	/* limits */
	int max_connections;
	int max_client_connections;
	int client_share;  /* percent */
	int min_body_rate; /* bytes a second */
	int max_header;    /* all sizes in bytes */
	int max_target;
	int max_body;
	int max_event_body;
	int64_t max_bytes_in_flight;
	int header_timeout;
	int body_timeout;
	int idle_timeout;
	int reply_timeout;
	int drain_timeout;
	int audit_queue;
	int64_t tile_cache;    /* 0: no tile is kept */
	int maintain_interval; /* 0: not by this bridge */
	int clock_interval;    /* the same */
	int analysis_jobs;     /* at a time; 0: not by this bridge */
	int analysis_interval; /* ms */
	/* what it sends by itself */
	int outbound_connections; /* 0: nothing */
	int outbound_per_destination;
	int outbound_timeout;
	int media_workers;
	char *outbound_networks;
	char *outbound_ca;
	/* operation */
	char *log_level;
	char *metrics_token;

	/* made from the above */
	LogLevel level;
	AddressRange *proxies;
	int proxy_count;
	Networks networks; /* outbound_networks */
	int client_limit;  /* max_connections, or fewer where there are not enough file descriptors */
} Config;

typedef enum ConfigAction
{
	CONFIG_RUN,
	CONFIG_CHECK,
	CONFIG_PRINT,
	CONFIG_ROUTES,
	CONFIG_OPENAPI,
	CONFIG_DONE, /* --help, --version: printed */
	CONFIG_WRONG /* said why on standard error */
} ConfigAction;

/* Reads file, environment and flags for the first time. */
extern ConfigAction ConfigStart(int argc, char **argv);

/*
 * Reads them again. The old one stays, and false is returned, on a mistake and where `good` says no to the
 * new one; it is called last, once everything else is right. Settings that cannot change keep their value,
 * but are looked at as well: the next start would fail.
 */
extern bool ConfigReload(bool (*good)(const Config *fresh));

extern void ConfigLimitClients(int limit); /* before there are other threads */

extern const Config *ConfigNow(void);
extern void ConfigPrint(void); /* without secrets */
extern void ConfigFree(void);

/* Is the address in trusted_proxies? */
extern bool IsTrustedProxy(const uint8_t address[16]);

/* public_url without a / at its end; NULL when it is not configured. */
extern const char *Issuer(Arena *arena);

#endif
