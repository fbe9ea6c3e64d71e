/*
 * Open311 GeoReport v2 (clause 4: 数据共享): public clients report problems and follow them in the shapes of
 * that specification.
 *
 *   bridge kind open311 --rest_open311_*()--> Open311Begin(): who calls, by api_key or another credential
 *       services, definitions   open311_service.c   leaves of code table event-type
 *       POST requests           open311_report.c    fields --> a report of table A.4 --> event chapter
 *       GET requests, tokens    open311_request.c   cases of the caller's senders, or all with the grant
 * cases servicerequestupdates   open311_update.c    steps as updates; an update of a client is a comment
 *   <-- arrays as the specification has them; refusals as everywhere, the kind gives them its shape
 *
 * Words. A service is a type of problem, a service request a case: service_request_id is its taskNum. Its
 * status is open, or closed for states 6 and 7; the stage is in status_notes. Latitude and longitude are
 * WGS 84, which is within centimetres what the database has. Times are RFC 3339, told in UTC.
 */
#ifndef CBD_OPEN311_H
#define CBD_OPEN311_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "access/endpoint.h"

/* The grant that is needed. */
#define OPEN311_RESOURCE "open311"

/* Elements of a list parameter. */
#define OPEN311_LIST 200

/* Authorises the call; `key`: the argument with the digest of api_key. False: refused, *reply. */
extern bool Open311Begin(Call *call, int key, Datum *reply);

/* The sender in whose name the caller reports: `wanted` when that is one of its own, else its first one;
 * NULL: it has none. */
extern char *Open311Sender(const Call *call, const char *wanted);

/* A time parameter; `otherwise` when it is absent; an error when it is none. */
extern TimestampTz Open311Time(Call *call, int argument, const char *name, TimestampTz otherwise);

/* A list with commas as text[]; false: it is absent. An error when it is too long. */
extern bool Open311List(Call *call, int argument, const char *name, Datum *texts);

/* The same of service_request_ids as their recIDs, int[]; 0 for what cannot be one. */
extern bool Open311Numbers(Call *call, int argument, Datum *numbers);

/* What the caller sees of own and of other senders' cases: is the field shown? */
extern void Open311Shown(const Call *call, const char *field, Datum *own, Datum *other);

#endif
