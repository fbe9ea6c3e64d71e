/*
 * Downloads: all rows of a query as NDJSON in one reply, page by page from cursor to cursor. There is no
 * snapshot over the whole: each page is a query of its own, authorised and audited like the first.
 */
#ifndef BRIDGE_DOWNLOAD_H
#define BRIDGE_DOWNLOAD_H

#include "request/request.h"
#include "base/target.h"

/* Rows of a page when the client names no pageSize; the extension's limit. */
#define DOWNLOAD_ROWS "1000"

/*
 * The first page is there, and more follow: the reply becomes a stream of them. `result` holds `page` and
 * `page token`, the bridge's credential for the next page.
 */
extern void DownloadStart(Request *request, PGresult *result, Span page, Span page_token);

#endif
