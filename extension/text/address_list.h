/*
 * Lists of client addresses in a setting: ranges in CIDR notation, or single addresses, with commas or blanks
 * between, IPv4 and IPv6. Plain C over bytes, without palloc or ereport: settings are checked where neither
 * may be used.
 */
#ifndef CBD_ADDRESS_LIST_H
#define CBD_ADDRESS_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Is every entry a range? An empty list is one. */
extern bool AddressListValid(const char *list);

/* Is the address (4 or 16 bytes) in a range of the list? An IPv4 range does not hold IPv6 addresses, nor the
 * other way. */
extern bool AddressListed(const char *list, const unsigned char *address, size_t length);

#endif
