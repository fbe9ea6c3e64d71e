/*
 * What the process may take, and the system calls that are left to it; see picture.h. Whoever takes it over
 * by a picture finds no file, no network, no other process and no program to run; what he writes goes to the
 * bridge, which believes nothing of it.
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "picture.h"

#define MEMORY_MAX  (UINT64_C(640) * 1024 * 1024) /* of data; what the code itself takes does not count */
#define RESULT_MAX  (UINT64_C(160) * 1024 * 1024) /* bytes that are written */
#define SECONDS_MAX 10                            /* of processor time */
#define WALL_MAX    20                            /* seconds in all, if nobody ends it before */

static bool
Limit(int resource, rlim_t most)
{
	struct rlimit limit = {most, most};

	return setrlimit(resource, &limit) == 0;
}

bool
LimitSelf(void)
{
	bool good = close_range(3, ~0U, 0) == 0 && Limit(RLIMIT_CORE, 0) && Limit(RLIMIT_CPU, SECONDS_MAX) &&
				Limit(RLIMIT_FSIZE, RESULT_MAX) && Limit(RLIMIT_NOFILE, 3);

#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
	good = good && Limit(RLIMIT_DATA, MEMORY_MAX);
#endif
	/* nobody waits for the result of a bridge that is gone */
	good = good && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
		   prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	alarm(WALL_MAX);
	return good;
}

/* The rules of the filter; 0: all are in. */
static int
AddRules(scmp_filter_ctx filter)
{
	static const int calls[] = {SCMP_SYS(read),
								SCMP_SYS(write),
								SCMP_SYS(brk),
								SCMP_SYS(munmap),
								SCMP_SYS(mremap),
								SCMP_SYS(madvise),
								SCMP_SYS(futex),
								SCMP_SYS(exit),
								SCMP_SYS(exit_group),
								SCMP_SYS(rt_sigreturn),
								SCMP_SYS(rt_sigprocmask),
								SCMP_SYS(clock_gettime),
								SCMP_SYS(gettimeofday),
								SCMP_SYS(getrandom),
								SCMP_SYS(sched_yield),
								SCMP_SYS(set_robust_list),
								SCMP_SYS(rseq),
								SCMP_SYS(sched_getaffinity),
								SCMP_SYS(sysinfo),
								SCMP_SYS(getpid),
								SCMP_SYS(gettid),
								SCMP_SYS(clock_nanosleep),
								SCMP_SYS(nanosleep),
								SCMP_SYS(sigaltstack)};
	int wrong = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	/* memory, but none that is run */
	wrong |=
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
						 SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
	wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
							  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* threads of decoders, but no processes */
	wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
							  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	wrong |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return wrong;
}

bool
ShutIn(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool good = filter != NULL && AddRules(filter) == 0 && seccomp_load(filter) == 0;

	if (filter != NULL)
		seccomp_release(filter);
	return good;
}
