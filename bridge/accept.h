/* Content negotiation: plain C over header texts. */
#ifndef BRIDGE_ACCEPT_H
#define BRIDGE_ACCEPT_H

#include <stdbool.h>

/* Does Accept rank XML above everything that JSON matches? A malformed header: no. */
extern bool AcceptsXml(const char *accept);

/* Does Accept-Language rank Chinese first? */
extern bool AcceptsChinese(const char *accept_language);

#endif
