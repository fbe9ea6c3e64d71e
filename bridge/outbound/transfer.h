/*
 * One message on its way: an HTTP request by libcurl, inside of limits.
 *
 *   TransferBegin()   the message (JSON of the extension) becomes a request of the multi handle
 *   (libcurl)         resolves, connects, sends, reads; each address is judged when it is connected to, and
 *                     again before the request goes out on a connection that was there
 *   TransferOutcome() what came of it, as JSON for the extension
 *
 * Nothing of the receiver is trusted: redirects are not followed, certificates are checked, the reply is read
 * up to the purpose's limit and then cut, everything has a time limit. No proxy of the environment is used,
 * no cookie, no password file.
 */
#ifndef BRIDGE_TRANSFER_H
#define BRIDGE_TRANSFER_H

#include <curl/curl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/networks.h"
#include "base/text.h"
#include "outbound/purpose.h"

typedef struct Transfer
{
	struct Transfer *next, *before; /* of the list it is in */
	CURL *easy;
	struct curl_slist *headers;
	const Purpose *purpose;
	int64_t message_id, destination, lease;
	uint64_t since;      /* ms: sent, or waiting for its turn; of lanes.h */
	bool plain;          /* http:// */
	bool refused;        /* an address that may not be reached, or no address that may be called */
	bool began;          /* the request went out, or a part of it: it may have been received */
	const char *problem; /* found before it was sent, or by its purpose; NULL: none */
	char *body;
	Text reply;        /* what is told of it */
	Text told;         /* headers, as members of a JSON object */
	size_t reply_read; /* bytes */
	size_t header_read;
	bool cut;
	uint64_t begun; /* ms */
	size_t limit;   /* bytes of the answer that are read */
	void *own;      /* the purpose's, see Purpose.take; NULL: nothing */
} Transfer;

/* Limits that are the same for all. */
typedef struct TransferLimits
{
	const Networks *networks;
	const char *ca; /* file of certificates; "": the system's */
	int timeout;    /* ms in all */
} TransferLimits;

/* Fills a transfer (an old one, or zeros) with a message; false: its JSON is not understood. When
 * transfer->problem is NULL it may be added to a multi handle. */
extern bool TransferBegin(Transfer *transfer, const json_t *message, const TransferLimits *limits);

/* It is over, and its purpose takes it from here: it has no outcome now. */
extern bool TransferTaken(Transfer *transfer, CURLcode code);

/* Appends the outcome: `code` of libcurl, or of what was not sent. */
extern void TransferOutcome(Transfer *transfer, CURLcode code, Text *text);

/* Appends the outcome of a message that nobody waits for any longer: it was not sent, and waits again. Of a
 * purpose that sends once, what may have been received has failed. */
extern void TransferReleased(Transfer *transfer, Text *text);

/* Empty again; the easy handle stays. */
extern void TransferEnd(Transfer *transfer);
extern void TransferFree(Transfer *transfer);

#endif
