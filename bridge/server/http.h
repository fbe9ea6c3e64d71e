/* What libmicrohttpd calls. */
#ifndef BRIDGE_HTTP_H
#define BRIDGE_HTTP_H

#include <microhttpd.h>

/* The request line is there: `target` is the raw request target. Returns the Request. */
extern void *HttpTarget(void *worker, const char *target, struct MHD_Connection *connection);

/* Header complete, then each piece of the body, then its end, then again after a suspension. */
extern enum MHD_Result HttpRequest(void *worker, struct MHD_Connection *connection, const char *url,
								   const char *method, const char *version, const char *upload,
								   size_t *upload_size, void **request);

extern void HttpCompleted(void *worker, struct MHD_Connection *connection, void **request,
						  enum MHD_RequestTerminationCode code);

#endif
