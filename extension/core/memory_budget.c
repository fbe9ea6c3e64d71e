/* A limit for the memory of work within a statement; see memory_budget.h. */
#include "postgres.h"

#include <sys/resource.h>
#include <unistd.h>

#include "core/memory_budget.h"

static bool runs;
static struct rlimit before;

/* Bytes of private data that the process has; 0: the system does not tell. */
static rlim_t
DataBytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long data = 0;

	if (file == NULL)
		return 0;
	/* size resident shared text lib data dt, in pages */
	if (fscanf(file, "%*u %*u %*u %*u %*u %lu", &data) != 1)
		data = 0;
	(void) fclose(file);
	return (rlim_t) data * (rlim_t) sysconf(_SC_PAGESIZE);
}

void
MemoryBudgetBegin(int megabytes)
{
	rlim_t now = DataBytes();
	struct rlimit limit;

#ifdef __SANITIZE_ADDRESS__
	/* its allocator ends the process instead of returning nothing */
	now = 0;
#endif
	if (runs || now == 0 || getrlimit(RLIMIT_DATA, &before) != 0)
		return;
	limit = before;
	limit.rlim_cur = now + (rlim_t) megabytes * 1024 * 1024;
	if (before.rlim_cur != RLIM_INFINITY && before.rlim_cur < limit.rlim_cur)
		return;
	runs = setrlimit(RLIMIT_DATA, &limit) == 0;
}

void
MemoryBudgetEnd(void)
{
	if (runs)
		(void) setrlimit(RLIMIT_DATA, &before);
	runs = false;
}
