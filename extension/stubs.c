/* Weak stand-ins for functions whose chapters are still being written; deleted once all chapters have landed. */
#include "postgres.h"
#include "division.h"
#include "coord.h"
#include "interval.h"

#define STUB __attribute__((weak))

STUB bool DivisionFind(const char *code, Division *division) { return false; }
STUB bool DistrictLocate(double lon, double lat, double tolerance, char *code, double *distance) { return false; }
STUB double DistrictDistance(const char *code, double lon, double lat) { return -1; }
STUB double AreaDistance(double lon, double lat) { return -1; }
STUB bool CodeTableHas(const char *table, const char *code, bool *table_empty) { *table_empty = true; return false; }
