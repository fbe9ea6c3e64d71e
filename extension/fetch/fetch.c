/* Putting what is to be fetched; see fetch.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/reply.h"
#include "core/spi.h"
#include "fetch/fetch.h"
#include "text/web_address.h"

const FetchedMedium *fetched_medium;

bool
FetchKeyOf(const char *payload, FetchKey *key)
{
	return sscanf(payload, "%d/%d", &key->rec_id, &key->media_no) == 2;
}

/* ---- the address ---- */

/* May the character stand in path and query as it is (RFC 3986)? */
static bool
Unencoded(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
		   (c != '\0' && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
}

static bool
IsHex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

char *
FetchUrl(const char *reported)
{
	size_t scheme = strcspn(reported, ":");
	StringInfoData url;
	WebAddress address;
	const char *at;

	initStringInfo(&url);
	for (size_t i = 0; i < scheme; i++)
		appendStringInfoChar(&url, pg_ascii_tolower((unsigned char) reported[i]));
	at = reported + scheme;
	if (strncmp(at, "://", 3) != 0)
		return NULL;
	appendBinaryStringInfo(&url, at, (int) (3 + strcspn(at + 3, "/?#")));
	at += 3 + strcspn(at + 3, "/?#");
	/* the fragment is the reader's */
	for (; *at != '\0' && *at != '#'; at++)
		if (Unencoded(*at) || (*at == '%' && IsHex(at[1]) && IsHex(at[2])))
			appendStringInfoChar(&url, *at);
		else
			appendStringInfo(&url, "%%%02X", (unsigned char) *at);
	return WebAddressRead(url.data, &address) ? url.data : NULL;
}

/* ---- the message ---- */

/* The destination that the host of the address belongs to. All of them are made at once: whoever makes them
 * at the same time waits for the first one, and nobody in a circle. */
static int64
DestinationOf(const char *url)
{
	static SpiQuery find = {
		"SELECT destination_id FROM citybigdata.outbox_destination WHERE purpose OPERATOR(pg_catalog.=) $1"
		" AND key OPERATOR(pg_catalog.=) $2",
		2,
		{TEXTOID, TEXTOID},
		NULL,
		true};
	static SpiQuery make = {"INSERT INTO citybigdata.outbox_destination (purpose, key) SELECT $1, 'hosts ' "
							"OPERATOR(pg_catalog.||) n FROM pg_catalog.generate_series(1, $2) n ORDER BY n"
							" ON CONFLICT ON CONSTRAINT outbox_destination_purpose_key DO NOTHING",
							2,
							{TEXTOID, INT4OID},
							NULL};
	WebAddress address;
	Datum values[2] = {CStringGetTextDatum(FETCH_PURPOSE)};
	char *host;
	uint32 number;

	if (!WebAddressRead(url, &address))
		elog(ERROR, "an address that was read cannot be read");
	host = pnstrdup(address.host.text, address.host.length);
	for (char *c = host; *c != '\0'; c++)
		*c = (char) pg_ascii_tolower((unsigned char) *c);
	number = hash_bytes((const unsigned char *) host, (int) strlen(host)) % FETCH_DESTINATIONS + 1;
	values[1] = CStringGetTextDatum(psprintf("hosts %u", number));
	if (SpiRun(&find, values, NULL, SPI_OK_SELECT, 1) == 0)
	{
		Datum every[] = {values[0], Int32GetDatum(FETCH_DESTINATIONS)};

		SpiRun(&make, every, NULL, SPI_OK_INSERT, 0);
		if (SpiRun(&find, values, NULL, SPI_OK_SELECT, 1) == 0)
			elog(ERROR, "a destination of media is missing");
	}
	return SpiInt64(0, 1);
}

void
FetchMedium(int32 rec_id, int32 media_no, const char *url)
{
	static SpiQuery insert = {
		"INSERT INTO citybigdata.media_fetch (rec_id, media_no, message_id, state, status_code)"
		" VALUES ($1, $2, $3, $4, $5)",
		5,
		{INT4OID, INT4OID, INT8OID, TEXTOID, INT4OID},
		NULL};
	Datum values[5] = {Int32GetDatum(rec_id), Int32GetDatum(media_no)};
	bool nulls[5] = {false};
	char *sent;

	if (!guc_media_fetch)
		return;
	sent = FetchUrl(url);
	nulls[2] = sent == NULL;
	values[3] = CStringGetTextDatum(sent == NULL ? "refused" : "waiting");
	values[4] = Int32GetDatum(sent == NULL ? CBD_MEDIA_ADDRESS : CBD_OK);
	if (sent != NULL)
	{
		OutboxMessage message = {OutboxNumber(), DestinationOf(sent), NULL, "media.fetch",
								 psprintf("%d/%d", rec_id, media_no)};

		message.payload = message.subject;
		message.judged = true;
		values[2] = Int64GetDatum(OutboxPut(&message));
	}
	SpiRun(&insert, values, nulls, SPI_OK_INSERT, 0);
}
