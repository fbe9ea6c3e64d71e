/*
 * JSON lines to standard error, by a thread of their own: a reader that stands still blocks a write for as
 * long as it likes, and neither O_NONBLOCK (of a file description that others share) nor poll() (of a pipe
 * that others write to) keeps that away from who only has something to say.
 */
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text/utf8.h"

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static _Atomic int current_level = LOG_INFO;

bool
LogLevelByName(const char *name, LogLevel *level)
{
	for (int i = 0; i <= LOG_ERROR; i++)
		if (strcasecmp(name, level_names[i]) == 0)
		{
			*level = (LogLevel) i;
			return true;
		}
	return false;
}

void
LogSetLevel(LogLevel level)
{
	current_level = level;
}

bool
LogEnabled(LogLevel level)
{
	return (int) level >= current_level;
}

/* A line being composed; always room for the closing `"}` and line feed. */
typedef struct Line
{
	char text[4096];
	size_t length;
} Line;

/* Lines that wait for the reader, in a ring. All behind the lock. */
#define RING_SIZE  (256 * 1024)
#define STOP_LIMIT 1000 /* ms that the end of the process waits for the reader */

static struct
{
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	char bytes[RING_SIZE];
	size_t first, length;
	bool running, stop;
	uint64_t dropped;    /* since the start */
	uint64_t unreported; /* of those, since one was last said */
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER,
		  .filled = PTHREAD_COND_INITIALIZER,
		  .emptied = PTHREAD_COND_INITIALIZER};

#define LINE_LIMIT (sizeof(((Line *) 0)->text) - 8)

static void
Put(Line *line, const char *text)
{
	size_t length = strlen(text);

	if (line->length + length > LINE_LIMIT)
		length = LINE_LIMIT - line->length;
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

/* Bytes of the character of several that a text with a NUL begins with; 0: it is none. */
static size_t
Utf8Sequence(const char *text)
{
	for (size_t length = 2; length <= 4; length++)
		if (memchr(text, '\0', length) == NULL && Utf8FirstInvalid(text, length) == length)
			return length;
	return 0;
}

/* A JSON string; control characters and bytes outside ASCII that could break a terminal are escaped. */
static void
PutString(Line *line, const char *text)
{
	Put(line, "\"");
	for (const unsigned char *c = (const unsigned char *) text; *c != '\0' && line->length + 8 < LINE_LIMIT;
		 c++)
	{
		size_t bytes = *c < 0x80 ? 1 : Utf8Sequence((const char *) c);

		if (*c == '"' || *c == '\\')
		{
			line->text[line->length++] = '\\';
			line->text[line->length++] = (char) *c;
		}
		else if (*c < 0x20 || *c == 0x7f)
			line->length += (size_t) sprintf(line->text + line->length, "\\u%04x", *c);
		else if (bytes == 0) /* no UTF-8: as the character that stands for what is none */
			line->length += (size_t) sprintf(line->text + line->length, "\\ufffd");
		else
		{
			memcpy(line->text + line->length, c, bytes);
			line->length += bytes;
			c += bytes - 1;
		}
	}
	Put(line, "\"");
}

static void
Begin(Line *line, LogLevel level, const char *request_id)
{
	struct timespec now;
	struct tm parts;
	char stamp[64];
	size_t length;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	length = strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(stamp + length, sizeof(stamp) - length, ".%03ldZ", now.tv_nsec / 1000000);
	line->length = 0;
	Put(line, "{\"time\":\"");
	Put(line, stamp);
	Put(line, "\",\"level\":\"");
	Put(line, level_names[level]);
	Put(line, "\"");
	if (request_id != NULL)
	{
		Put(line, ",\"requestId\":");
		PutString(line, request_id);
	}
}

/* All of it, however long that takes; what cannot be written is lost, since there is nowhere to complain. */
static void
Write(const char *bytes, size_t length)
{
	while (length > 0)
	{
		ssize_t written = write(STDERR_FILENO, bytes, length);

		if (written >= 0)
		{
			bytes += written;
			length -= (size_t) written;
		}
		else if (errno == EAGAIN) /* others have made it non-blocking */
			poll(&(struct pollfd){.fd = STDERR_FILENO, .events = POLLOUT}, 1, 1000);
		else if (errno != EINTR)
			return;
	}
}

/* Adds a line to the ring; false: no room. Called with the lock held. */
static bool
Keep(const char *bytes, size_t length)
{
	size_t at = (ring.first + ring.length) % RING_SIZE;
	size_t part = length < RING_SIZE - at ? length : RING_SIZE - at;

	if (length > RING_SIZE - ring.length)
		return false;
	memcpy(ring.bytes + at, bytes, part);
	memcpy(ring.bytes, bytes + part, length - part);
	ring.length += length;
	return true;
}

static void
End(Line *line)
{
	bool kept;

	memcpy(line->text + line->length, "}\n", 2);
	pthread_mutex_lock(&ring.lock);
	if (!ring.running)
		Write(line->text, line->length + 2);
	else
	{
		/* once lines were dropped, none until there is room for some: the report of it comes in between */
		kept = (ring.unreported == 0 || ring.length < RING_SIZE / 2) && Keep(line->text, line->length + 2);
		ring.dropped += !kept;
		ring.unreported += !kept;
		pthread_cond_signal(&ring.filled);
	}
	pthread_mutex_unlock(&ring.lock);
}

void
LogEvent(LogLevel level, const char *request_id, const char *format, ...)
{
	char text[2048];
	va_list arguments;
	Line line;

	if (!LogEnabled(level))
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	text[strcspn(text, "\n")] = '\0'; /* libpq's messages go on with advice */
	Begin(&line, level, request_id);
	Put(&line, ",\"message\":");
	PutString(&line, text);
	End(&line);
}

void
LogRequest(LogLevel level, const LogAccess *access)
{
	char numbers[128];
	Line line;

	if (!LogEnabled(level))
		return;
	Begin(&line, level, access->request_id);
	Put(&line, ",\"message\":\"request\",\"client\":");
	PutString(&line, access->client);
	Put(&line, ",\"method\":");
	PutString(&line, access->method);
	Put(&line, ",\"path\":");
	PutString(&line, access->path);
	snprintf(numbers, sizeof(numbers), ",\"http\":%d,\"statusCode\":%d,\"ms\":%.1f", access->http_status,
			 access->status_code, access->milliseconds);
	Put(&line, numbers);
	End(&line);
}

/* Says that lines were dropped, when there is room again. Called with the lock held. */
static void
ReportDropped(void)
{
	char text[128];
	Line line;

	if (ring.unreported == 0 || ring.length > RING_SIZE / 2)
		return;
	snprintf(text, sizeof(text), "log: %llu lines were dropped, since nobody read them",
			 (unsigned long long) ring.unreported);
	Begin(&line, LOG_WARNING, NULL);
	Put(&line, ",\"message\":");
	PutString(&line, text);
	memcpy(line.text + line.length, "}\n", 2);
	if (Keep(line.text, line.length + 2))
		ring.unreported = 0;
}

static void *
WriteLines(void *unused)
{
	static char piece[16 * 1024];

	pthread_mutex_lock(&ring.lock);
	for (;;)
	{
		size_t length = ring.length < sizeof(piece) ? ring.length : sizeof(piece);
		size_t part = length < RING_SIZE - ring.first ? length : RING_SIZE - ring.first;

		if (length == 0)
		{
			pthread_cond_signal(&ring.emptied);
			if (ring.stop)
				break;
			pthread_cond_wait(&ring.filled, &ring.lock);
			continue;
		}
		memcpy(piece, ring.bytes + ring.first, part);
		memcpy(piece + part, ring.bytes, length - part);
		ring.first = (ring.first + length) % RING_SIZE;
		ring.length -= length;
		pthread_mutex_unlock(&ring.lock);
		Write(piece, length);
		pthread_mutex_lock(&ring.lock);
		ReportDropped();
	}
	ring.running = false;
	pthread_cond_signal(&ring.emptied);
	pthread_mutex_unlock(&ring.lock);
	return NULL;
}

bool
LogStart(void)
{
	pthread_attr_t detached;
	pthread_t thread;

	struct stat standard_error;

	/* a file has no reader to wait for */
	if (fstat(STDERR_FILENO, &standard_error) == 0 && S_ISREG(standard_error.st_mode))
		return true;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	ring.running = pthread_create(&thread, &detached, WriteLines, NULL) == 0;
	pthread_attr_destroy(&detached);
	return ring.running;
}

void
LogStop(void)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += STOP_LIMIT / 1000;
	pthread_mutex_lock(&ring.lock);
	ring.stop = true;
	pthread_cond_signal(&ring.filled);
	while (ring.running && pthread_cond_timedwait(&ring.emptied, &ring.lock, &end) == 0)
		;
	pthread_mutex_unlock(&ring.lock);
}

uint64_t
LogDropped(void)
{
	uint64_t dropped;

	pthread_mutex_lock(&ring.lock);
	dropped = ring.dropped;
	pthread_mutex_unlock(&ring.lock);
	return dropped;
}
