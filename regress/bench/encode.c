/*
 * encode: what a row costs in the bridge on its way out and in: UTF-8 to GB 18030 and back, beside ICU and
 * iconv; gzip of a page by level. Lines `name microseconds-per-row megabytes-per-second [rest]`; of each the
 * best of several runs.
 */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ucnv.h>
#include <zlib.h>

#include "base/charset.h"

#define ROWS 1000
#define RUNS 15

static char *text, *converted, *back;
static size_t length, converted_length;

static double
Seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

/* Best time of a way to do it. */
static double
Best(void (*run)(int), int argument)
{
	double best = 1e9;

	for (int i = 0; i < RUNS; i++)
	{
		double start = Seconds(), took;

		run(argument);
		took = Seconds() - start;
		if (took < best)
			best = took;
	}
	return best;
}

static void
Tell(const char *name, double seconds)
{
	printf("%s %.3f %.0f\n", name, seconds * 1e6 / ROWS, (double) length / seconds / 1e6);
}

static void
ToGb18030(int unused)
{
	converted_length = Utf8ToGb18030(text, length, converted).made;
}

static void
FromGb18030(int unused)
{
	if (Gb18030ToUtf8(converted, converted_length, back).made != length)
		abort();
}

static void
ByIcu(int unused)
{
	UErrorCode error = U_ZERO_ERROR;

	ucnv_convert("GB18030", "UTF-8", back, (int32_t) GB18030_ROOM(length), text, (int32_t) length, &error);
}

static void
ByIconv(int unused)
{
	iconv_t converter = iconv_open("GB18030", "UTF-8");
	char *in = text, *out = back;
	size_t left = length, room = GB18030_ROOM(length);

	iconv(converter, &in, &left, &out, &room);
	iconv_close(converter);
}

static size_t packed;

static void
Pack(int level)
{
	z_stream deflater = {.next_in = (Bytef *) text,
						 .avail_in = (uInt) length,
						 .next_out = (Bytef *) back,
						 .avail_out = (uInt) GB18030_ROOM(length)};

	deflateInit2(&deflater, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	deflate(&deflater, Z_FINISH);
	packed = deflater.total_out;
	deflateEnd(&deflater);
}

int
main(void)
{
	static const char *const streets[] = {"东华门街道王府井大街", "景山街道五四大街", "朝阳门街道南小街",
										  "湖㳇镇环科园路", "建国门街道贡院西街"};
	size_t room = ROWS * 1000;

	text = malloc(room);
	for (unsigned i = 0, seed = 1; i < ROWS; i++)
	{
		seed = seed * 1103515245 + 12345;
		length +=
			(size_t) snprintf(text + length, room - length,
							  "{\"code\":\"SL%08u\",\"name\":\"%s%u号路灯\",\"divisionCode\":\"11010100%u\","
							  "\"longitude\":116.%06u,\"latitude\":39.%06u,"
							  "\"state\":\"%u\",\"stateName\":\"%s\",\"power\":%u,\"updateTime\":\"202401%"
							  "02u%02u0000\",\"note\":\"灯杆倾斜，已派单处理\"}\n",
							  seed, streets[seed / 7 % 5], seed / 64 % 900, seed / 9 % 10, seed / 3 % 1000000,
							  seed / 5 % 1000000, seed / 11 % 3, seed / 11 % 3 == 0 ? "正常" : "故障",
							  seed / 13 % 400, 1 + seed / 17 % 28, seed / 19 % 24);
	}
	converted = malloc(GB18030_ROOM(length));
	back = malloc(GB18030_ROOM(length));
	if (CharsetStart() != NULL)
		return 1;
	Tell("to_gb18030", Best(ToGb18030, 0));
	Tell("from_gb18030", Best(FromGb18030, 0));
	Tell("icu", Best(ByIcu, 0));
	Tell("iconv", Best(ByIconv, 0));
	for (int level = 1; level <= 9; level++)
	{
		double seconds = Best(Pack, level);

		printf("gzip_%d %.3f %.0f %.4f\n", level, seconds * 1e6 / ROWS, (double) length / seconds / 1e6,
			   (double) packed / (double) length);
	}
	printf("bytes_per_row %.0f %.0f\n", (double) length / ROWS, (double) converted_length / ROWS);
	return 0;
}
