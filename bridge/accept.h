/* Content negotiation: plain C over header texts. A malformed header counts as not sent. */
#ifndef BRIDGE_ACCEPT_H
#define BRIDGE_ACCEPT_H

#include <stdbool.h>

/* Does Accept rank XML above everything that JSON matches? */
extern bool AcceptsXml(const char *accept);

/* Does Accept-Language rank Chinese first? */
extern bool AcceptsChinese(const char *accept_language);

/* Does Accept-Charset rank GB18030 above UTF-8? GBK and GB2312 are less than GB18030 and do not ask for it. */
extern bool AcceptsGb18030(const char *accept_charset);

/* Does Accept-Encoding take gzip, not less gladly than the bytes as they are? */
extern bool AcceptsGzip(const char *accept_encoding);

#endif
