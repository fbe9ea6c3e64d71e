/* Memory of bodies: all that are held are counted, and what was in them is overwritten. */
#ifndef BRIDGE_BODY_H
#define BRIDGE_BODY_H

#include "request/request.h"

/* Makes room for `more` bytes of the request's body and a NUL; false after Refuse. */
extern bool BodyGrow(Request *request, size_t more);

/* A body under way to another charset; it counts as one of those that are held. */
typedef struct Body
{
	char *bytes;
	size_t length, capacity;
} Body;

/* Room for `capacity` bytes and a NUL; false after Refuse. */
extern bool BodyMake(Request *request, size_t capacity, Body *body);
extern void BodyDrop(Body *body);
extern void BodyReplace(Request *request, Body *body); /* it becomes the request's */

/* Overwrites and frees the body. */
extern void BodyFree(Request *request);

/* Bytes of all bodies that are held now. */
extern int64_t BytesInFlight(void);
extern void BytesTake(size_t bytes); /* accounts for bytes of another kind, and for their end */
extern void BytesGive(size_t bytes);

#endif
