/*
 * The open data interface on the side of HTTP (clauses 5.3, 5.4): what a request says that the extension need
 * not know, and what the reply says beyond its text.
 *
 * A pair is one parameter as it was given, name and value. The extension gets all of them in order, from
 * query and body alike, in two arrays; what they mean it decides alone. The head of a reply is the line that
 * its frame has in front of the text: "format cursor tag continuation".
 */
#ifndef BRIDGE_DATA_H
#define BRIDGE_DATA_H

#include <microhttpd.h>

#include "base/accept.h"
#include "db/db.h"
#include "base/target.h"

typedef struct Request Request;

/* The parameters of rest_data_query in the route table, in this order. */
enum DataValue
{
	DATA_RESOURCE,
	DATA_NAMES,
	DATA_VALUES,
	DATA_TAGS
};

/* One call of the interface. */
typedef struct DataCall
{
	bool format_given;
	ReplyFormat format; /* asked for; JSON when the name is unknown, the extension says so */
	bool has_size;      /* pageSize is given */
	bool has_cursor;
	bool bom;
	bool download; /* all pages in one reply (download.h) */
	/* the reply's head */
	const char *cursor; /* of the next page; NULL: this is the last one */
	const char *tag;    /* entity tag; NULL: none */
	bool unchanged;     /* the client has it: 304 */
} DataCall;

/* A parameter that is none of the route's own. `text` stays until the reply is made. */
extern void DataParameter(Request *request, Span name, const char *text, size_t length);

/* All parameters are read: the format that Accept decided joins them. */
extern void DataParametersEnd(Request *request);

/* The tags of an If-None-Match header without W/ and quotes, separated by blanks. */
extern const char *DataTags(Request *request, const char *header);

/*
 * The lane of the call. A resource whose pages have taken long lately waits with the long queries, so that
 * its clients can fill the slow lane, not that of everybody's pages; DataTook tells how long one took.
 */
extern Lane DataLane(const Request *request);
extern void DataTook(const Request *request, uint64_t milliseconds);

/* The head of a reply: words of its first line; empty ones stand for none. */
typedef struct DataHead
{
	Span format, cursor, tag;
	Span page_token; /* the bridge's credential for the next page of a download */
} DataHead;

/* Takes the head off the data; false: it has none. */
extern bool DataHeadTake(Span *data, DataHead *head);

/* Takes the head off a successful reply's data, and sets what follows from it. False: it has none. */
extern bool DataTake(Request *request, Span *data, DataHead *head);

/* ETag, Link and what goes with them. */
extern void DataHeaders(struct MHD_Response *response, Request *request);

#endif
