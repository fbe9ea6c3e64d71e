/* The platform's addresses (route_table.c), for those who start with them. */
#ifndef BRIDGE_ROUTE_TABLE_H
#define BRIDGE_ROUTE_TABLE_H

#include "request/routes.h"

extern const Route route_table[];
extern const int route_count;

#endif
