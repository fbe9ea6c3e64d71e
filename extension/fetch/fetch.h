/*
 * Fetching (clause 5.4.4-b): what a report names by its address (mediaURL) is fetched and kept, so that it is
 * still there when the sender's server is not, and is shown under the rights of the case.
 *
 *   report, step   FetchMedium()          fetch.c        a row of media_fetch and a message of the outbox, in
 *                                                        the report's transaction; nothing while
 *                                                        citybigdata.media_fetch is off
 *   bridge         rest_outbox_claim()    fetch_send.c   the address is read again, and made fit to be sent
 *   bridge         (fetches, looks)       bridge/outbound/media_*.c, bridge/picture/
 *   bridge         rest_media_fetched()   fetch_store.c  is it what it says? kept, once for each content
 *   bridge         rest_outbox_record()   fetch_send.c   what went wrong: once more, or not again
 *   case           FetchesOf()            fetch_read.c   state, finding, thumbnail, beside the medium
 *   GET /media     FetchedCopy()          fetch_read.c   the copy instead of the address
 *
 * Words. A fetch is what is to become of one medium; it is waiting, kept, refused (it will not be taken,
 * whatever is tried) or failed (given up). A copy is the bytes as they are served, under the SHA-256 of the
 * bytes as they came. A finding is what is said of a kept one: the picture was taken somewhere else.
 *
 * Receivers. Hosts are chosen by senders, and there may be any number of them: the outbox has a fixed number
 * of destinations for this purpose, and each host belongs to one of them.
 */
#ifndef CBD_FETCH_H
#define CBD_FETCH_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "core/status.h"
#include "outbox/outbox.h"

#define FETCH_PURPOSE "media"

/* Destinations of the purpose, which hosts are spread over. */
#define FETCH_DESTINATIONS 32

/* The medium that a message of the outbox is about. */
typedef struct FetchKey
{
	int32 rec_id;
	int32 media_no;
} FetchKey;

extern bool FetchKeyOf(const char *payload, FetchKey *key);

/* ---- putting (fetch.c) ---- */

/* Has a reported address fetched, when citybigdata.media_fetch says so. SPI is connected. */
extern void FetchMedium(int32 rec_id, int32 media_no, const char *url);

/* The address as a request can have it: scheme in small letters, what must be encoded encoded, no fragment;
 * palloc'd. NULL: it is none that can be fetched. */
extern char *FetchUrl(const char *reported);

/* ---- judging (fetch_send.c, fetch_store.c) ---- */

/* A medium that was fetched, on its way into the tables. */
typedef struct FetchedMedium
{
	FetchKey key;
	const char *problem;              /* unreadable, large, program; NULL: none */
	Datum digest, content, thumbnail; /* bytea; thumbnail 0: none */
	int32 width, height;              /* pixels; 0: it is no picture */
	bool has_place;
	double longitude, latitude; /* degrees, EPSG:4326 */
} FetchedMedium;

/* What is to be kept while rest_media_fetched() records the outcome of its message; else NULL. */
extern const FetchedMedium *fetched_medium;

/* Keeps it, or says why not in *status. */
extern OutboxVerdict KeepFetched(const FetchedMedium *medium, int http, CbdStatus *status);

/* Notes how the fetch stands; false: there is none. SPI is not connected. */
extern bool NoteFetch(const FetchKey *key, const char *state, CbdStatus status, int http);

/* The sentence of a refusal, for the outbox. */
extern const char *FetchError(CbdStatus status);

/* ---- reading (fetch_read.c) ---- */

/* A fetch as a case shows it. */
typedef struct Fetch
{
	int32 media_no;
	char *state;
	int32 status;   /* CBD_OK: nothing is to be said */
	int32 http;     /* 0: no answer */
	int32 distance; /* metres; -1: the picture says nothing of it */
	char *type;     /* content type of the copy; NULL: there is none */
	int64 size;     /* bytes of it */
	bool thumbnail;
} Fetch;

/* The fetches of a case's media from..to, by number, palloc'd; *count of them. Costs the size of a file while
 * there never was one. */
extern Fetch *FetchesOf(int32 rec_id, int from, int to, int *count);

/* ,"fetch":{...} of a medium; `source` is its reported address, NULL: not for this caller. */
extern void WriteFetch(StringInfo out, const Fetch *fetch, const char *source);

/* The copy of a medium, or its thumbnail; false: none is kept. SPI is connected. */
extern bool FetchedCopy(int32 rec_id, int32 media_no, bool thumbnail, Datum *bytes);

/* Makes the purpose known; when the library is loaded. */
extern void FetchInstall(void);

#endif
