/*
 * For test_database_faults.py: getaddrinfo of a network whose name server is slow. While the file HANG exists
 * a look-up of a name in .test does not come back; then ADDRESSES (with commas) is what the name has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*Lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
	Lookup real = (Lookup) dlsym(RTLD_NEXT, "getaddrinfo");
	char addresses[256];
	struct addrinfo **end = found;

	if (name == NULL || strstr(name, ".test") == NULL)
		return real(name, service, hints, found);
	while (access(getenv("HANG"), F_OK) == 0)
		usleep(20000);
	strncpy(addresses, getenv("ADDRESSES"), sizeof(addresses) - 1);
	addresses[sizeof(addresses) - 1] = '\0';
	*found = NULL;
	for (char *at = strtok(addresses, ","); at != NULL; at = strtok(NULL, ","))
	{
		int result = real(at, service, hints, end);

		if (result != 0)
			return result;
		while (*end != NULL)
			end = &(*end)->ai_next;
	}
	return *found == NULL ? EAI_AGAIN : 0;
}
