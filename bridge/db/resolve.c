/* Look-ups of host names on threads of their own; see resolve.h. */
#include "db/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "db/watch.h"

#define LOOKUP_INTERVAL 1000 /* ms from the end of a look-up to the next one of the name */
#define LOOKUP_PATIENCE 2000 /* ms after which a name whose first look-up still runs counts as failed */

typedef struct Entry
{
	struct Entry *next;
	char *name;
	bool under_way;
	uint64_t started, ended; /* ms; ended 0: no look-up has ended yet */
	int count;               /* of the last look-up that found something */
	char addresses[RESOLVE_LIMIT][RESOLVE_ADDRESS];
	char why[128]; /* of the last one, when it failed; else empty */
} Entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry *entries;

/* The addresses of the list as text, each once; their number. */
static int
AddressTexts(const struct addrinfo *found, char (*addresses)[RESOLVE_ADDRESS])
{
	int count = 0;

	for (const struct addrinfo *at = found; at != NULL && count < RESOLVE_LIMIT; at = at->ai_next)
	{
		bool known = false;

		if (getnameinfo(at->ai_addr, at->ai_addrlen, addresses[count], RESOLVE_ADDRESS, NULL, 0,
						NI_NUMERICHOST) != 0)
			continue;
		for (int i = 0; i < count; i++)
			known = known || strcmp(addresses[i], addresses[count]) == 0;
		count += !known;
	}
	return count;
}

/* The thread of one look-up. */
static void *
LookUp(void *cls)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char addresses[RESOLVE_LIMIT][RESOLVE_ADDRESS];
	Entry *entry = cls;
	int result = getaddrinfo(entry->name, NULL, &hints, &found); /* the name of an entry never changes */
	int count = result == 0 ? AddressTexts(found, addresses) : 0;

	if (found != NULL)
		freeaddrinfo(found);
	pthread_mutex_lock(&lock);
	entry->under_way = false;
	entry->ended = Milliseconds();
	entry->why[0] = '\0';
	if (count > 0)
	{
		memcpy(entry->addresses, addresses, sizeof(addresses));
		entry->count = count;
	}
	else
		snprintf(entry->why, sizeof(entry->why), "%s", result == 0 ? "no address" : gai_strerror(result));
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Called with the lock held. */
static void
Start(Entry *entry)
{
	pthread_attr_t detached;
	pthread_t thread;

	entry->started = Milliseconds();
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	entry->under_way = pthread_create(&thread, &detached, LookUp, entry) == 0;
	pthread_attr_destroy(&detached);
}

static Entry *
Find(const char *name)
{
	Entry *entry = entries;

	while (entry != NULL && strcmp(entry->name, name) != 0)
		entry = entry->next;
	if (entry != NULL)
		return entry;
	entry = Allocate(sizeof(*entry));
	memset(entry, 0, sizeof(*entry));
	entry->name = CopyString(name);
	entry->next = entries;
	entries = entry;
	return entry;
}

ResolveState
Resolve(const char *name, char (*addresses)[RESOLVE_ADDRESS], int *count, char *why, int size)
{
	struct in6_addr address;
	ResolveState state;
	Entry *entry;
	uint64_t now;

	if (strlen(name) < RESOLVE_ADDRESS &&
		(inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1))
	{
		strcpy(addresses[0], name);
		*count = 1;
		return RESOLVE_KNOWN;
	}
	pthread_mutex_lock(&lock);
	entry = Find(name);
	now = Milliseconds();
	if (!entry->under_way && (entry->ended == 0 || now - entry->ended > LOOKUP_INTERVAL))
		Start(entry);
	if (entry->count > 0)
	{
		memcpy(addresses, entry->addresses, sizeof(entry->addresses));
		*count = entry->count;
		state = RESOLVE_KNOWN;
	}
	else if (entry->under_way && entry->ended == 0 && now - entry->started < LOOKUP_PATIENCE)
		state = RESOLVE_PENDING;
	else
	{
		snprintf(why, (size_t) size, "could not translate host name \"%s\" to an address: %s", name,
				 entry->why[0] != '\0' ? entry->why : "no answer yet");
		state = RESOLVE_FAILED;
	}
	pthread_mutex_unlock(&lock);
	return state;
}
