/* JSON lines to standard error. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

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

/* A JSON string; control characters and bytes outside ASCII that could break a terminal are escaped. */
static void
PutString(Line *line, const char *text)
{
	Put(line, "\"");
	for (const unsigned char *c = (const unsigned char *) text; *c != '\0' && line->length + 8 < LINE_LIMIT;
		 c++)
	{
		if (*c == '"' || *c == '\\')
		{
			line->text[line->length++] = '\\';
			line->text[line->length++] = (char) *c;
		}
		else if (*c < 0x20 || *c == 0x7f)
			line->length += (size_t) sprintf(line->text + line->length, "\\u%04x", *c);
		else
			line->text[line->length++] = (char) *c;
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

static void
End(Line *line)
{
	ssize_t written;

	memcpy(line->text + line->length, "}\n", 2);
	written = write(STDERR_FILENO, line->text, line->length + 2);
	(void) written; /* nowhere to complain */
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
