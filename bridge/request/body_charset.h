/* Bodies in GB 18030 (GBK, GB 2312), which the Content-Type or a part of a form declares, made UTF-8. */
#ifndef BRIDGE_BODY_CHARSET_H
#define BRIDGE_BODY_CHARSET_H

#include "request/request.h"

/*
 * Replaces the body by the same in UTF-8 when it is, or a part of it is, in another charset. Digests are
 * taken before. False after Refuse.
 */
extern bool BodyToUtf8(Request *request);

#endif
