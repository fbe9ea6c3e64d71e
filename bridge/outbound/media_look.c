/*
 * Looking at one medium: the picture program is run with it, in a process of its own, and ends within a time.
 * What it says is checked like what a stranger says. See media.h and picture/picture.h.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "db/watch.h"
#include "outbound/media.h"
#include "text/crypto.h"
#include "wire/picture_result.h"

#define TIME_MAX  20000               /* ms for one medium */
#define STEP      200                 /* ms between two looks whether the bridge ends */
#define SIDE_MAX  65535               /* pixels */
#define THUMB_MAX (256 * 1024)        /* bytes: one slice of a download */
#define KEPT_MAX  (128 * 1024 * 1024) /* bytes of what is served */

/* The program beside the bridge's own; false: nobody knows where that is. */
static bool
ProgramPath(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (length <= 0)
		return false;
	path[length] = '\0';
	slash = strrchr(path, '/');
	return slash != NULL && snprintf(slash + 1, size - (size_t) (slash + 1 - path), "%s", PICTURE_PROGRAM) <
								(int) (size - (size_t) (slash + 1 - path));
}

/* The program with the medium as its input and `out` as its output; -1: it cannot be started. Nothing of the
 * bridge goes with it: no descriptor, no variable, no signal that is held back. */
static pid_t
Spawn(const char *path, int in, int out)
{
	static char *const environment[] = {(char *) "MALLOC_ARENA_MAX=1", NULL};
	char *const arguments[] = {(char *) PICTURE_PROGRAM, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	pid_t pid = -1;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	if (posix_spawn(&pid, path, &files, &attributes, arguments, environment) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return pid;
}

/* Waits for the end of the process, for so long; what it ended with. */
static int
WaitFor(pid_t pid)
{
	struct pollfd ended = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	uint64_t until = Milliseconds() + TIME_MAX;
	int status = 0;

	while (ended.fd >= 0 && Milliseconds() < until && !MediaEnded())
		if (poll(&ended, 1, STEP) > 0)
			break;
	if (ended.revents == 0)
		kill(pid, SIGKILL);
	if (ended.fd >= 0)
		close(ended.fd);
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* Reads what the program wrote; false: it is not what the program writes. */
static bool
TakeResult(int out, MediaLook *look)
{
	PictureResult result;
	struct stat status;

	if (fstat(out, &status) != 0 || status.st_size < (off_t) sizeof(result))
		return false;
	look->mapped_length = (size_t) status.st_size;
	look->mapped = mmap(NULL, look->mapped_length, PROT_READ, MAP_PRIVATE, out, 0);
	if (look->mapped == MAP_FAILED)
	{
		look->mapped = NULL;
		return false;
	}
	memcpy(&result, look->mapped, sizeof(result));
	if (result.magic != PICTURE_MAGIC || result.content_length > KEPT_MAX ||
		result.thumbnail_length > KEPT_MAX ||
		result.content_length + result.thumbnail_length != look->mapped_length - sizeof(result) ||
		result.width > SIDE_MAX || result.height > SIDE_MAX)
		return false;
	look->problem = result.problem == PICTURE_FINE    ? NULL
					: result.problem == PICTURE_LARGE ? "large"
													  : "unreadable";
	look->content = look->mapped + sizeof(result);
	look->content_length = result.content_length;
	look->thumbnail = look->content + result.content_length;
	look->thumbnail_length = result.thumbnail_length;
	if (look->thumbnail_length > THUMB_MAX || look->thumbnail_length < 4 ||
		memcmp(look->thumbnail, "\xFF\xD8\xFF", 3) != 0)
		look->thumbnail_length = 0;
	look->width = result.width;
	look->height = result.height;
	look->has_place = result.has_place != 0 && result.longitude >= -180 && result.longitude <= 180 &&
					  result.latitude >= -90 && result.latitude <= 90;
	look->longitude = result.longitude;
	look->latitude = result.latitude;
	return true;
}

/* The digest of what came. */
static bool
Digest(const Spool *spool, MediaLook *look)
{
	void *bytes;
	bool good;

	if (spool->length == 0)
		return DigestBytes(DIGEST_SHA256, "", 0, look->digest);
	bytes = mmap(NULL, spool->length, PROT_READ, MAP_PRIVATE, spool->fd, 0);
	if (bytes == MAP_FAILED)
		return false;
	good = DigestBytes(DIGEST_SHA256, bytes, spool->length, look->digest);
	munmap(bytes, spool->length);
	return good;
}

void
LookAt(const Spool *spool, MediaLook *look)
{
	char path[4096];
	int out = memfd_create("picture", MFD_CLOEXEC);
	pid_t pid = -1;
	int status = 0;

	memset(look, 0, sizeof(*look));
	look->problem = "program";
	if (out >= 0 && Digest(spool, look) && ProgramPath(path, sizeof(path)) &&
		lseek(spool->fd, 0, SEEK_SET) == 0)
		pid = Spawn(path, spool->fd, out);
	if (pid < 0)
		LogEvent(LOG_ERROR, NULL, "outbound: %s cannot be started: it stands beside the bridge's program",
				 PICTURE_PROGRAM);
	else
	{
		status = WaitFor(pid);
		if (WIFEXITED(status) && (WEXITSTATUS(status) == PICTURE_EXIT_OPEN || WEXITSTATUS(status) == 127))
			LogEvent(LOG_ERROR, NULL, "outbound: %s could not limit itself, and looks at nothing",
					 PICTURE_PROGRAM);
		/* whatever it ended with otherwise, it was the picture */
		else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !TakeResult(out, look))
			look->problem = "unreadable";
	}
	if (out >= 0)
		close(out);
}

void
LookFree(MediaLook *look)
{
	if (look->mapped != NULL)
		munmap(look->mapped, look->mapped_length);
	look->mapped = NULL;
}
