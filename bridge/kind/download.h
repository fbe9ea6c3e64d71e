/*
 * Downloads: all rows of a query as NDJSON, CSV or GeoJSON in one reply, page by page from cursor to cursor.
 * There is no snapshot over the whole: each page is a query of its own, authorised and audited like the
 * first.
 */
#ifndef BRIDGE_DOWNLOAD_H
#define BRIDGE_DOWNLOAD_H

#include "request/kind.h"

/* Takes over what the pages behind the first one need, before the request's body goes. */
extern void DownloadBegin(Request *request);

extern const More download_more;

#endif
