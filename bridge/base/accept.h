/* Content negotiation: plain C over header texts. A malformed header counts as not sent. */
#ifndef BRIDGE_ACCEPT_H
#define BRIDGE_ACCEPT_H

#include <stdbool.h>

/* Formats of replies (text form: format_names). */
typedef enum ReplyFormat
{
	FORMAT_JSON,
	FORMAT_XML,
	FORMAT_CSV, /* from here on of published data only */
	FORMAT_GEOJSON,
	FORMAT_NDJSON
} ReplyFormat;
#define FORMATS (FORMAT_NDJSON + 1)

extern const char *const format_names[FORMATS];

/*
 * The format that Accept ranks above everything that JSON matches; of those of the same rank the first.
 * `data`: may it be more than XML? JSON when there is none, or the header is malformed.
 */
extern ReplyFormat AcceptFormat(const char *accept, bool data);

typedef enum AcceptedPage
{
	ACCEPTS_JSON,
	ACCEPTS_HTML,
	ACCEPTS_NEITHER
} AcceptedPage;

/* Of JSON and HTML the one that Accept ranks higher, JSON when it ranks them alike or is malformed. Any type
 * of JSON counts: what there is of it is the address's. */
extern AcceptedPage AcceptPage(const char *accept);

/* Does Accept-Language rank Chinese first? */
extern bool AcceptsChinese(const char *accept_language);

/* Does Accept-Charset rank GB18030 above UTF-8? GBK and GB2312 are less than GB18030 and do not ask for it.
 */
extern bool AcceptsGb18030(const char *accept_charset);

/* Does Accept-Encoding take gzip, not less gladly than the bytes as they are? */
extern bool AcceptsGzip(const char *accept_encoding);

#endif
