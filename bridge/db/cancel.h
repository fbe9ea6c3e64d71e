/*
 * Cancels of statements whose client has left. PQcancel blocks for as long as the server's postmaster does
 * not answer, so a few helper threads send them; how long one takes is bounded by who ordered it, not here:
 * it asks for CancelThrough() and forgets the order when it has waited long enough. A late cancel then may
 * still hit what the session does next, which its owner has to expect.
 *
 * A Cancel belongs to its orderer and to the thread that sends it; the last of the two frees it.
 */
#ifndef BRIDGE_CANCEL_H
#define BRIDGE_CANCEL_H

#include <stdbool.h>
#include <libpq-fe.h>

typedef struct Cancel Cancel;

/* Orders a cancel of what the session of `pg` does; a byte is written to wake_fd when it is through. NULL: it
 * cannot be ordered. */
extern Cancel *CancelOrder(PGconn *pg, int wake_fd);
extern bool CancelThrough(const Cancel *cancel);
extern void CancelForget(Cancel *cancel); /* through or not; nobody is woken any more */

extern void CancelStop(void); /* what is not sent yet is dropped; nothing is waited for */

#endif
