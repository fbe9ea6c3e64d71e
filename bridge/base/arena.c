/* Memory of one request: cut from blocks, overwritten and given back together. */
#include "base/arena.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BLOCK_SIZE 4096 /* an ordinary request fits into one */

struct ArenaBlock
{
	ArenaBlock *next;
	size_t size;
	size_t used;
	max_align_t data[];
};

void *
Allocate(size_t size)
{
	void *memory = malloc(size == 0 ? 1 : size);

	if (memory == NULL)
	{
		LogEvent(LOG_ERROR, NULL, "out of memory");
		abort();
	}
	return memory;
}

void *
Reallocate(void *memory, size_t size)
{
	void *larger = realloc(memory, size);

	if (larger == NULL)
	{
		LogEvent(LOG_ERROR, NULL, "out of memory");
		abort();
	}
	return larger;
}

char *
CopyString(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(Allocate(size), text, size);
}

void
ClearAndFree(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

static ArenaBlock *
AddBlock(Arena *arena, size_t size)
{
	ArenaBlock *block = Allocate(sizeof(ArenaBlock) + size);

	block->next = arena->blocks;
	block->size = size;
	block->used = 0;
	arena->blocks = block;
	return block;
}

void *
ArenaAlloc(Arena *arena, size_t size)
{
	ArenaBlock *block = arena->blocks;
	void *memory;

	size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	if (block == NULL || block->size - block->used < size)
		block = AddBlock(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
	memory = (char *) block->data + block->used;
	block->used += size;
	return memory;
}

char *
ArenaCopy(Arena *arena, const char *text, size_t length)
{
	char *copy = ArenaAlloc(arena, length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *
ArenaPrintV(Arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	text = ArenaAlloc(arena, (size_t) length + 1);
	vsnprintf(text, (size_t) length + 1, format, again);
	va_end(again);
	return text;
}

char *
ArenaPrint(Arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = ArenaPrintV(arena, format, arguments);
	va_end(arguments);
	return text;
}

void
ArenaEmpty(Arena *arena)
{
	ArenaBlock *block = arena->blocks;

	while (block != NULL)
	{
		ArenaBlock *next = block->next;

		explicit_bzero(block->data, block->used);
		block->used = 0;
		/* the oldest block is the ordinary one: keep it unless a large value came first */
		if (next == NULL && block->size == BLOCK_SIZE)
			break;
		free(block);
		block = next;
	}
	arena->blocks = block;
}

void
ArenaFree(Arena *arena)
{
	ArenaEmpty(arena);
	free(arena->blocks);
	arena->blocks = NULL;
}
