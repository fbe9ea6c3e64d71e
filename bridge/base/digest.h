/* SHA-256: what goes to the database in the place of codes and tokens, and names of what is kept. */
#ifndef BRIDGE_DIGEST_H
#define BRIDGE_DIGEST_H

#include <stdbool.h>

#include "base/arena.h"

#define DIGEST_LENGTH 32

/* Before the first worker; false: the library has no SHA-256. */
extern bool DigestStart(void);

/* DIGEST_LENGTH bytes in the arena. */
extern char *Digest(Arena *arena, const char *text, size_t length);

#endif
