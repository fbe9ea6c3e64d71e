/*
 * Arena: the memory of one request. Small pieces are cut from blocks and given back together, after being
 * overwritten, because they hold passwords, codes and tokens.
 */
#ifndef BRIDGE_ARENA_H
#define BRIDGE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena
{
	ArenaBlock *blocks; /* newest first; the last one is kept when the arena is emptied */
} Arena;

/* `size` bytes, aligned for any type; never NULL (the process ends when memory does). */
extern void *ArenaAlloc(Arena *arena, size_t size);

/* A copy of text[0..length) with a terminating NUL. */
extern char *ArenaCopy(Arena *arena, const char *text, size_t length);

/* printf into the arena. */
extern char *ArenaPrint(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull));
extern char *ArenaPrintV(Arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0), nonnull));

/* Overwrites everything and keeps one block; ArenaFree gives that back too. */
extern void ArenaEmpty(Arena *arena);
extern void ArenaFree(Arena *arena);

/* malloc, realloc, strdup that end the process when memory does. */
extern void *Allocate(size_t size);
extern void *Reallocate(void *memory, size_t size);
extern char *CopyString(const char *text);

/* free() of what may hold secrets: all of it is overwritten first. NULL is none. */
extern void ClearAndFree(void *memory);

#endif
