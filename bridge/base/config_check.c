/* What follows from the settings, and what they must not be. */
#include "base/config_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * https://host[:port][/path], or nothing: what is built from it goes into JSON, headers and addresses, so
 * that blanks, quotation marks, a query and a forgotten comment are refused here.
 */
static bool
PublicUrlValid(const char *url)
{
	const char *host = url + strlen("https://");
	size_t length;

	if (url[0] == '\0')
		return true;
	if (strncmp(url, "https://", strlen("https://")) != 0)
		return false;
	length = strcspn(host, "/");
	return ValidHost(host, length) && host[length - 1] != ':' &&
		   strspn(host + length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/") ==
			   strlen(host + length);
}

/* What is wrong, into the caller's buffer; false. */
static bool
Wrong(char *wrong, size_t room, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(wrong, room, format, arguments);
	va_end(arguments);
	return false;
}

bool
ConfigDerive(Config *config, char *wrong, size_t room)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	const char *at = config->trusted_proxies;
	int limit = 1;

	if (cores < 1)
		cores = 1;
	if (config->workers == 0)
		config->workers = cores > 64 ? 64 : (int) cores;
	config->client_limit = config->max_connections;
	if (config->login_connections == 0)
		config->login_connections = cores > 3 ? (int) (cores / 2) : 1;
	if (!LogLevelByName(config->log_level, &config->level))
		return Wrong(wrong, room, "log_level must be debug, info, warning or error, not \"%s\"",
					 config->log_level);
	if (!config->plain_http && (config->tls_cert[0] == '\0' || config->tls_key[0] == '\0'))
		return Wrong(wrong, room, "tls_cert and tls_key are needed (or plain_http on a loopback address)");
	if (strlen(config->metrics_token) > 0 && strlen(config->metrics_token) < 16)
		return Wrong(wrong, room, "metrics_token must have at least 16 characters");
	if (!PublicUrlValid(config->public_url))
		return Wrong(wrong, room, "public_url must be https://host[:port][/path], not \"%s\"",
					 config->public_url);
	if (!NetworksParse(config->outbound_networks, &config->networks, wrong, room))
		return false;
	if (config->outbound_ca[0] != '\0' && access(config->outbound_ca, R_OK) != 0)
		return Wrong(wrong, room, "outbound_ca: %s cannot be read", config->outbound_ca);
	for (const char *c = at; *c != '\0'; c++)
		limit += *c == ',';
	config->proxies = Allocate(sizeof(AddressRange) * (size_t) limit);
	while (*at != '\0')
	{
		size_t length = strcspn(at, ", ");

		if (length > 0 && !ParseRange(at, length, &config->proxies[config->proxy_count++]))
			return Wrong(wrong, room,
						 "trusted_proxies: \"%.*s\" is not an address or range; an example is 10.0.0.0/8",
						 (int) length, at);
		at += length;
		at += strspn(at, ", ");
	}
	return true;
}
