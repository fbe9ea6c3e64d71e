/*
 * The open data interface on the side of HTTP (clauses 5.3, 5.4): what a request says that the extension need
 * not know, and what the reply says beyond its text.
 *
 * A pair is one parameter as it was given, name and value. The extension gets all of them in order, from
 * query and body alike, in two arrays; what they mean it decides alone.
 */
#ifndef BRIDGE_DATA_H
#define BRIDGE_DATA_H

#include <microhttpd.h>

#include "base/accept.h"
#include "db/db.h"
#include "base/target.h"
#include "wire/frame.h"

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
	/* of the reply */
	const char *cursor; /* of the next page; NULL: this is the last one */
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

/* The cursor of the next page; empty: this is the last one. */
extern Span DataCursor(const Frame *frame);

/* Takes of a successful reply what is the kind's own. */
extern void DataTake(Request *request, const Frame *frame);

/* Link and what goes with it. */
extern void DataHeaders(struct MHD_Response *response, Request *request);

#endif
