/*
 * Times as files have them, for cleaning: plain C over (buffer, length), no palloc, no ereport.
 *
 *   2024-01-02, 2024/1/2, 2024.1.2, 2024年1月2日, each also with a time of day behind a blank or T:
 *   10:00, 10:00:05, 10:00:05.25, 10时5分, 10时5分6秒, and behind that a zone: Z, +08, +0800, +08:00
 *
 * They are the platform's local time unless a zone says otherwise. What can be read in two ways (01/02/2024,
 * 24-1-2, 下午3:04, a spreadsheet's day number) is refused, with what was probably meant.
 */
#ifndef CBD_FILE_TIME_H
#define CBD_FILE_TIME_H

#include <stdbool.h>
#include <stddef.h>

#define FILE_TIME_SIZE   48  /* bytes of a time as interval_parse.h reads it */
#define FILE_REASON_SIZE 480 /* a text of both languages (message.h) */

typedef enum FileTime
{
	FILE_TIME_READ,   /* `out` has it in a form of time_point_parse(), which checks the calendar */
	FILE_TIME_OTHER,  /* no form of a file: the text itself may be a time point */
	FILE_TIME_REFUSED /* `reason` says why */
} FileTime;

/* `microseconds`: a fraction of the second, which `out` has not. */
extern FileTime file_time_read(const char *text, size_t length, char out[FILE_TIME_SIZE], int *microseconds,
							   char reason[FILE_REASON_SIZE]);

#endif
