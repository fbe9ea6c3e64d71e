/*
 * Log: one JSON object a line on standard error. A line about a request carries its id. Client mistakes are
 * "info", what the operator must look at "warning", our own bugs "error". Never a secret: no query string, no
 * header value, no body, no bind value.
 *
 * Nobody waits for the reader of the log: from LogStart() on a thread writes the lines, from a buffer of
 * 256 KiB, where standard error is anything but a file. While that is full lines are dropped and counted; a
 * line says how many when it goes on.
 */
#ifndef BRIDGE_LOG_H
#define BRIDGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

typedef enum LogLevel
{
	LOG_DEBUG,
	LOG_INFO,
	LOG_WARNING,
	LOG_ERROR
} LogLevel;

/* Name to level; false when there is no such level. */
extern bool LogLevelByName(const char *name, LogLevel *level);
extern void LogSetLevel(LogLevel level);
extern bool LogEnabled(LogLevel level);

extern bool LogStart(void); /* false: no thread; lines are written by those who say them, as before */
extern void LogStop(void);  /* gives the reader a second to take what waits */
extern uint64_t LogDropped(void);

/* One line. request_id may be NULL; the text is escaped and cut at 2 KiB. */
extern void LogEvent(LogLevel level, const char *request_id, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The line of one finished request. */
typedef struct LogAccess
{
	const char *request_id;
	const char *client;
	const char *method;
	const char *path; /* template of the route, or the path as sent: never the query */
	int http_status;
	int status_code;
	double milliseconds;
} LogAccess;

extern void LogRequest(LogLevel level, const LogAccess *access);

#endif
