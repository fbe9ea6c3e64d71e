/* Replies to deployed senders of events (A.4), which know one path and one HTTP status. */
#ifndef BRIDGE_VENDOR_H
#define BRIDGE_VENDOR_H

/* HTTP status of a code: 200 of every outcome of the application, which they read in the body. */
extern unsigned VendorHttp(int status);

#endif
