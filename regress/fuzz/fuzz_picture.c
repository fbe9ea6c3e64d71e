/* Fetched media: whatever the bytes are, each strip reads inside of them and writes no more than its room;
 * what it leaves is stripped to itself, and has no EXIF; a place is on the earth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A picture of the bytes, with room of exactly what is promised. */
static Picture
Of(const uint8_t *bytes, size_t length)
{
	Picture picture = {.bytes = bytes, .length = length, .orientation = 1};

	picture.kept = malloc(length + STRIP_ROOM);
	return picture;
}

static void
One(bool (*strip)(Picture *), const uint8_t *bytes, size_t length, bool jpeg)
{
	Picture picture = Of(bytes, length);
	Picture again;

	if (strip(&picture))
	{
		CHECK(picture.kept_length <= length + STRIP_ROOM);
		again = Of(picture.kept, picture.kept_length);
		CHECK(strip(&again) && again.exif == NULL && again.kept_length == picture.kept_length &&
			  memcmp(again.kept, picture.kept, again.kept_length) == 0);
		free(again.kept);
	}
	ReadExif(&picture);
	CHECK(picture.orientation >= 1 && picture.orientation <= 8);
	CHECK(!picture.has_place || (fabs(picture.longitude) <= 180 && fabs(picture.latitude) <= 90));
	if (jpeg && picture.kept_length > 2)
		OrientJpeg(&picture);
	CHECK(picture.kept_length <= length + STRIP_ROOM);
	free(picture.kept);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool (*const strips[])(Picture *) = {StripJpeg, StripPng, StripWebp, StripGif, StripFilm};
	uint8_t *exact = malloc(size);
	Picture exif = {.exif = exact, .exif_length = size};

	if (size > 0)
		memcpy(exact, data, size);
	for (size_t i = 0; i < sizeof(strips) / sizeof(strips[0]); i++)
		One(strips[i], exact, size, strips[i] == StripJpeg);
	ReadExif(&exif);
	CHECK(!exif.has_place || (fabs(exif.longitude) <= 180 && fabs(exif.latitude) <= 90));
	free(exact);
	return 0;
}
