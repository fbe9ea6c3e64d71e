/*
 * The form of an access request: every field is checked and every error kept, so that an applicant corrects
 * all of them at once. Which resources, codes and senders there are is asked of the database.
 */
#include "postgres.h"

#include <sys/socket.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inet.h"
#include "utils/timestamp.h"

#include "access/access_request.h"
#include "core/spi.h"
#include "text/web_address.h"

/* What one access request may list. */
#define RESOURCES_MAX     50
#define IP_RANGES_MAX     100
#define SENDER_CODES_MAX  100
#define REDIRECT_URIS_MAX 10

static const char *const known_methods[] = {"key", "password", "signature", "ip", NULL};
static const char *const known_profiles[] = {"strict", "egova", NULL};
static const char *const known_client_types[] = {"confidential", "public", NULL};

/* $1 resource: is it published? */
static SpiQuery resource_known = {
	"SELECT 1 FROM citybigdata.resource WHERE resource_code = $1", 1, {TEXTOID}, NULL, true};

/* $1 senderCode: has an application registered it? */
static SpiQuery sender_taken = {
	"SELECT 1 FROM citybigdata.sender WHERE sender_code = $1", 1, {TEXTOID}, NULL, true};

/* The code of this platform. */
static SpiQuery platform_code_query = {"SELECT platform_code FROM citybigdata.platform", 0, {0}, NULL, true};

/* Does the query, by one text, find a row? */
static bool
HasRow(SpiQuery *query, const char *text)
{
	Datum value = CStringGetTextDatum(text);
	bool found;

	SpiBegin();
	found = SpiRun(query, &value, NULL, SPI_OK_SELECT, 1) == 1;
	SpiEnd();
	return found;
}

/* Is the text among the first `count` ones? */
static bool
Contains(char *const *texts, int count, const char *text)
{
	for (int i = 0; i < count; i++)
		if (strcmp(texts[i], text) == 0)
			return true;
	return false;
}

/* How one element of a list is checked; adds its errors at `pointer`. */
typedef void (*ElementCheck)(ErrorList *errors, const char *pointer, const char *text);

/* Count, duplicates and each element of a list. */
static void
CheckList(ErrorList *errors, const char *pointer, char *const *texts, int count, int max, bool required,
		  ElementCheck check)
{
	if (count == 0 && required)
		ErrorAdd(errors, pointer, CBD_FIELD_REQUIRED, NULL);
	if (count > max)
	{
		ErrorAdd(errors, pointer, CBD_FIELD_OUT_OF_RANGE, SaidBoth("At most %d{limit}", max));
		return;
	}
	for (int i = 0; i < count; i++)
	{
		char *at = psprintf("%s/%d", pointer, i);

		if (Contains(texts, i, texts[i]))
			ErrorAdd(errors, at, CBD_FIELD_OUT_OF_RANGE, "Given twice");
		else
			check(errors, at, texts[i]);
	}
}

/* A resource that is published, or events. */
static void
CheckResource(ErrorList *errors, const char *pointer, const char *text)
{
	TextRule rule = {pointer, 1, 64, true, true};

	if (CheckText(errors, &rule, text) != NULL && !HasRow(&resource_known, text))
		ErrorAdd(errors, pointer, CBD_CODE_NOT_IN_TABLE, "No such resource");
}

/* One of the ways to authenticate: key, password, signature, ip. */
static void
CheckMethod(ErrorList *errors, const char *pointer, const char *text)
{
	if (!IsOneOf(text, known_methods))
		ErrorAdd(errors, pointer, CBD_CODE_NOT_IN_TABLE, "One of key, password, signature, ip");
}

/* 1 to 64 characters without a blank at either end, and no other application's. */
static void
CheckSenderCode(ErrorList *errors, const char *pointer, const char *text)
{
	TextRule rule = {pointer, 1, 64, true, false};

	if (CheckText(errors, &rule, text) == NULL)
		return;
	if (text[0] == ' ' || text[strlen(text) - 1] == ' ')
		ErrorAdd(errors, pointer, CBD_FIELD_CHARACTER, "No blank at either end");
	else if (HasRow(&sender_taken, text))
		ErrorAdd(errors, pointer, CBD_SENDER_TAKEN, NULL);
}

/* https, or http on the machine itself (a native client, RFC 8252); no fragment, no user part. */
static void
CheckRedirectUri(ErrorList *errors, const char *pointer, const char *text)
{
	TextRule rule = {pointer, 1, 2048, true, true};
	WebAddress address;

	if (CheckText(errors, &rule, text) == NULL)
		return;
	if (WebAddressRead(text, &address) &&
		(address.secure || address.loopback || SpanIs(address.host, "localhost")))
		return;
	ErrorAdd(errors, pointer, CBD_INVALID_PARAMETER,
			 "An https address without user part and fragment, for example https://example.org/callback");
}

/*
 * A range in CIDR notation; false when it is none, has bits right of its mask, is every address, or could be
 * read in two ways: a group with a leading zero (octal to some), IPv4 in IPv6 notation (no client has it).
 */
static bool
ParseCidr(const char *text, Datum *out)
{
	bool v6 = strchr(text, ':') != NULL;
	static const uint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint8 bytes[16] = {0};
	int dots = 0;
	int bits;

	if (strlen(text) > 49 || text[strspn(text, "0123456789abcdefABCDEF:./")] != '\0')
		return false;
	for (const char *c = text; *c != '\0'; c++)
	{
		dots += *c == '.';
		if (!v6 && *c == '0' && (c == text || !isdigit((unsigned char) c[-1])) &&
			isdigit((unsigned char) c[1]))
			return false;
	}
	if (dots != (v6 ? 0 : 3))
		return false;
	bits = pg_inet_net_pton(v6 ? PGSQL_AF_INET6 : PGSQL_AF_INET, text, bytes, v6 ? 16 : 4);
	if (bits <= 0 || bits > (v6 ? 128 : 32) || (v6 && memcmp(bytes, mapped, sizeof(mapped)) == 0))
		return false;
	for (int bit = bits; bit < (v6 ? 128 : 32); bit++)
		if (bytes[bit / 8] & (0x80 >> bit % 8))
			return false;
	*out = DirectFunctionCall1(cidr_in, CStringGetDatum(text));
	return true;
}

/* Ranges in CIDR notation, as cidr[]; the method ip needs at least one. */
static Datum
CheckIpRanges(ErrorList *errors, const AccessForm *form)
{
	Datum *ranges;
	int count = 0;
	bool by_address = Contains(form->methods, Min(form->method_count, 4), "ip");

	if (form->ip_range_count == 0 && by_address)
		ErrorAdd(errors, "/ipRanges", CBD_FIELD_REQUIRED, "Method ip needs address ranges");
	if (form->ip_range_count > IP_RANGES_MAX)
		ErrorAdd(errors, "/ipRanges", CBD_FIELD_OUT_OF_RANGE, SaidBoth("At most %d{limit}", IP_RANGES_MAX));
	ranges = palloc((IP_RANGES_MAX + 1) * sizeof(Datum));
	for (int i = 0; i < Min(form->ip_range_count, IP_RANGES_MAX); i++)
	{
		if (ParseCidr(form->ip_ranges[i], &ranges[count]))
			count++;
		else
			ErrorAdd(errors, psprintf("/ipRanges/%d", i), CBD_INVALID_PARAMETER,
					 "An address range in CIDR notation with no bit right of its mask, for example "
					 "203.0.113.0/24");
	}
	return PointerGetDatum(construct_array(ranges, count, CIDROID, -1, false, TYPALIGN_INT));
}

/* Adds an error when the text is given and none of the choices (NULL-terminated). */
static void
CheckChoice(ErrorList *errors, const char *pointer, const char *text, const char *const *choices,
			const char *message)
{
	if (text != NULL && !IsOneOf(text, choices))
		ErrorAdd(errors, pointer, CBD_CODE_NOT_IN_TABLE, message);
}

/* platformCode, when it is given, must be this platform's. */
static void
CheckPlatform(ErrorList *errors, const char *platform_code)
{
	char *own = NULL;

	if (platform_code == NULL)
		return;
	SpiBegin();
	if (SpiRun(&platform_code_query, NULL, NULL, SPI_OK_SELECT, 1) == 1)
		own = SpiText(0, 1);
	SpiEnd();
	if (own == NULL || strcmp(own, platform_code) != 0)
		ErrorAdd(errors, "/platformCode", CBD_CODE_NOT_IN_TABLE, "Not the code of this platform");
}

/* A public OAuth client: its tokens come from a person's consent, so it needs no method of its own, and no
 * key. */
static bool
ByConsentAlone(const AccessForm *form)
{
	return form->client_type != NULL && strcmp(form->client_type, "public") == 0 &&
		   form->redirect_uri_count > 0;
}

void
CheckAccessForm(ErrorList *errors, const AccessForm *form, Datum *ip_ranges)
{
	static const TextRule purpose_rule = {"/purpose", 1, 1000, false, false};

	CheckPlatform(errors, form->platform_code);
	CheckList(errors, "/resources", form->resources, form->resource_count, RESOURCES_MAX, true,
			  CheckResource);
	CheckText(errors, &purpose_rule, form->purpose);
	CheckList(errors, "/methods", form->methods, form->method_count, 4, !ByConsentAlone(form), CheckMethod);
	*ip_ranges = CheckIpRanges(errors, form);
	CheckList(errors, "/senderCodes", form->sender_codes, form->sender_code_count, SENDER_CODES_MAX, false,
			  CheckSenderCode);
	CheckChoice(errors, "/profile", form->profile, known_profiles, MESSAGE("strict or egova"));
	if (form->level < 0 || form->level > 4)
		ErrorAdd(errors, "/level", CBD_FIELD_OUT_OF_RANGE, "1 to 4");
	if (form->has_valid_until && form->valid_until <= GetCurrentTimestamp())
		ErrorAdd(errors, "/validUntil", CBD_FIELD_OUT_OF_RANGE, "It lies in the past");
	CheckList(errors, "/redirectUris", form->redirect_uris, form->redirect_uri_count, REDIRECT_URIS_MAX,
			  false, CheckRedirectUri);
	CheckChoice(errors, "/clientType", form->client_type, known_client_types,
				MESSAGE("confidential or public"));
}
