/* Addresses of the web; see web_address.h. */
#include "text/web_address.h"

#include <arpa/inet.h>
#include <string.h>

#include "text/decimal.h"

#define HOST_MAX  253 /* RFC 1035 */
#define LABEL_MAX 63

static const char digits[] = "0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool
IsOf(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* The span as a text with a closing NUL; false: too long. */
static bool
CopyText(Span span, char *text, size_t size)
{
	if (span.length >= size)
		return false;
	memcpy(text, span.text, span.length);
	text[span.length] = '\0';
	return true;
}

/* One label of a name: letters, digits, hyphens inside. */
static bool
IsLabel(Span label)
{
	if (label.length == 0 || label.length > LABEL_MAX || label.text[0] == '-' ||
		label.text[label.length - 1] == '-')
		return false;
	for (size_t i = 0; i < label.length; i++)
		if (!IsOf(label.text[i], letters) && !IsOf(label.text[i], digits) && label.text[i] != '-')
			return false;
	return true;
}

/* A name, or an IPv4 address. What ends with a number is read as an address by browsers, so it must be one.
 */
static bool
IsName(Span host)
{
	char text[HOST_MAX + 1];
	unsigned char bytes[4];
	Span label = {host.text, 0};

	if (!CopyText(host, text, sizeof(text)))
		return false;
	for (size_t i = 0; i <= host.length; i++)
	{
		if (i < host.length && host.text[i] != '.')
			continue;
		label.length = host.text + i - label.text;
		if (!IsLabel(label))
			return false;
		if (i < host.length)
			label.text = host.text + i + 1;
	}
	if (IsOf(label.text[0], digits))
		return inet_pton(AF_INET, text, bytes) == 1;
	return true;
}

/* An IPv6 address in brackets, without a zone. */
static bool
IsBracketed(Span host)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	return host.length > 2 && host.text[host.length - 1] == ']' &&
		   CopyText((Span){host.text + 1, host.length - 2}, text, sizeof(text)) &&
		   inet_pton(AF_INET6, text, bytes) == 1;
}

/* Path and query: what RFC 3986 lets stand there, and %XX. */
static bool
IsRest(Span rest)
{
	static const char others[] = "-._~!$&'()*+,;=:@/?";
	static const char hex[] = "0123456789abcdefABCDEF";

	for (size_t i = 0; i < rest.length; i++)
	{
		char c = rest.text[i];

		if (c == '%')
		{
			if (i + 2 >= rest.length || !IsOf(rest.text[i + 1], hex) || !IsOf(rest.text[i + 2], hex))
				return false;
		}
		else if (!IsOf(c, letters) && !IsOf(c, digits) && !IsOf(c, others))
			return false;
	}
	return rest.length == 0 || rest.text[0] == '/' || rest.text[0] == '?';
}

/* host[:port] */
static bool
ReadAuthority(Span authority, WebAddress *address)
{
	const char *close = authority.length > 0 && authority.text[0] == '['
							? memchr(authority.text, ']', authority.length)
							: NULL;
	const char *from = close != NULL ? close : authority.text;
	const char *end = authority.text + authority.length;
	const char *colon = memchr(from, ':', end - from);

	address->host = (Span){authority.text, (colon != NULL ? colon : end) - authority.text};
	address->port = 0;
	if (colon != NULL && (!DecimalRead((Span){colon + 1, end - colon - 1}, 5, &address->port) ||
						  address->port < 1 || address->port > 65535))
		return false;
	address->loopback = SpanIs(address->host, "127.0.0.1") || SpanIs(address->host, "[::1]");
	return close != NULL ? IsBracketed(address->host) : IsName(address->host);
}

bool
WebAddressRead(const char *text, WebAddress *address)
{
	static const char https[] = "https://";
	static const char http[] = "http://";
	Span authority;

	memset(address, 0, sizeof(*address));
	address->secure = strncmp(text, https, strlen(https)) == 0;
	if (!address->secure && strncmp(text, http, strlen(http)) != 0)
		return false;
	authority.text = text + strlen(address->secure ? https : http);
	authority.length = strcspn(authority.text, "/?");
	address->rest.text = authority.text + authority.length;
	address->rest.length = strlen(address->rest.text);
	return authority.length > 0 && ReadAuthority(authority, address) && IsRest(address->rest);
}

bool
RedirectMatches(const char *registered, const char *given)
{
	WebAddress one, other;

	if (strcmp(registered, given) == 0)
		return true;
	return WebAddressRead(registered, &one) && WebAddressRead(given, &other) && one.loopback && !one.secure &&
		   !other.secure && SpanEquals(one.host, other.host) && SpanEquals(one.rest, other.rest);
}
