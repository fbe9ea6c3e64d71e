/* The Link header of a reply that has a next page (RFC 8288): the address that was called, but for one
 * parameter, which the extension names. */
#ifndef BRIDGE_LINK_H
#define BRIDGE_LINK_H

#include "request/request.h"

/* What a piece of a target keeps in a header: all that may stand inside <…>. */
#define LINK_KEPT "!#$%&'()*+,/:;=?@[\\]^`{|}"

/* The header's value of a frame with a `link`, in the arena; NULL: there is no address that may be told. */
extern const char *LinkNext(Request *request);

#endif
