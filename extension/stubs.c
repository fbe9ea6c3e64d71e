/* Weak stand-ins for functions whose chapters are still being written; deleted once all chapters have landed. */
#include "postgres.h"
#include "audit.h"
#include "division.h"
#include "coord.h"
#include "interval.h"

#define STUB __attribute__((weak))

STUB CbdStatus Authorise(const CallContext *context, const char *resource, Caller *caller, int *retry_after)
{ memset(caller, 0, sizeof(*caller)); caller->known = true; caller->app_id = 1; caller->app_code = "stub"; caller->egova = true; caller->level = 3; *retry_after = 0; return CBD_OK; }
STUB CbdStatus AuthoriseSenderAddress(const CallContext *context, const char *sender_code, Caller *caller)
{ int r; return Authorise(context, NULL, caller, &r); }
STUB bool SenderBelongsTo(const char *sender_code, int32 app_id) { return true; }
STUB void AuditWrite(const CallContext *context, const Caller *caller, const char *action, const char *object, CbdStatus status, const char *detail) { }
STUB char *AuditRecord(const CallContext *context, const Caller *caller, const char *action, const char *object) { return pstrdup("{}"); }
STUB bool DivisionFind(const char *code, Division *division) { return false; }
STUB bool DistrictLocate(double lon, double lat, double tolerance, char *code, double *distance) { return false; }
STUB double DistrictDistance(const char *code, double lon, double lat) { return -1; }
STUB double AreaDistance(double lon, double lat) { return -1; }
STUB bool CodeTableHas(const char *table, const char *code, bool *table_empty) { *table_empty = true; return false; }
