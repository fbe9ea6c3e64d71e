/* Content-Disposition (RFC 6266) of replies that are files. */
#ifndef CBD_DISPOSITION_H
#define CBD_DISPOSITION_H

#include "postgres.h"

/* The header's value for a file of that name, palloc'd: in ASCII for old clients, and by RFC 5987 as it is.
 * `in_place`: shown where it is, otherwise saved. What no file name may have becomes an underscore. */
extern char *Disposition(const char *name, bool in_place);

#endif
