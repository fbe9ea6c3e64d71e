/* Requests answered without a function of the extension of their own. */
#ifndef BRIDGE_LOCAL_H
#define BRIDGE_LOCAL_H

typedef struct Request Request;

extern void LocalStatusCodes(Request *request); /* the unified status code table (5.4.3) */
extern void LocalHealth(Request *request);      /* alive */
extern void LocalReady(Request *request);       /* before rest_ready: refuses while draining */
extern void
LocalReadyDone(Request *request); /* after it: the lanes, and 503 where one that counts is no use */
extern void LocalMetrics(Request *request);
extern void LocalManual(Request *request); /* manual.h: without a credential no function is asked */

#endif
