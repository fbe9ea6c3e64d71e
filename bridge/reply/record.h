/* What is kept of a request when its reply is made: counters, the log line, and the audit record of a call
 * that the extension has not recorded. */
#ifndef BRIDGE_RECORD_H
#define BRIDGE_RECORD_H

#include "request/request.h"

/* Before the body goes, which parameters point into. */
extern void RecordReply(const Request *request, unsigned http);

#endif
