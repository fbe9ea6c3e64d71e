/*
 * Films without what they tell beside pictures and sound: MP4, 3GP, QuickTime (ISO/IEC 14496-12). Where the
 * data lie is told by their offset in the file, so nothing is taken out: boxes that tell of place, maker and
 * time become boxes of the same size with nothing in them. See picture.h.
 */
#include <string.h>

#include "picture.h"

#define DEPTH_MAX 8 /* boxes in boxes: a film is in moov/trak */

static uint32_t
Big32(const uint8_t *at)
{
	return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

/* Boxes whose insides are gone over, and boxes that are emptied: those of cameras in vehicles have where they
 * were in `gps ` and in boxes that say they are free. */
static const char opened[] = "moov trak moof traf ";
static const char emptied[] = "udta meta uuid free skip gps  ";

static bool
OneOf(const uint8_t *name, const char *list)
{
	for (; *list != '\0'; list += 5)
		if (memcmp(name, list, 4) == 0)
			return true;
	return false;
}

/* The size of the box at `at`, of which `left` bytes are left, and of its header; 0: it cannot be. */
static uint64_t
BoxSize(const uint8_t *at, uint64_t left, uint64_t *header)
{
	uint64_t size = Big32(at);

	*header = 8;
	if (size == 0) /* to the end */
		return left;
	if (size == 1)
	{
		*header = 16;
		if (left < 16)
			return 0;
		size = (uint64_t) Big32(at + 8) << 32 | Big32(at + 12);
	}
	return size < *header || size > left ? 0 : size;
}

/* Goes over the boxes of `length` bytes. */
static bool
EmptyBoxes(uint8_t *bytes, uint64_t length, int depth)
{
	uint64_t at = 0;

	while (length - at >= 8)
	{
		uint64_t header;
		uint64_t size = BoxSize(bytes + at, length - at, &header);

		/* the sizes of QuickTime's lists may end with a zero */
		if (size == 0)
			return false;
		if (OneOf(bytes + at + 4, emptied))
		{
			memcpy(bytes + at + 4, "free", 4);
			memset(bytes + at + header, 0, size - header);
		}
		else if (OneOf(bytes + at + 4, opened) &&
				 (depth == DEPTH_MAX || !EmptyBoxes(bytes + at + header, size - header, depth + 1)))
			return false;
		at += size;
	}
	return true;
}

bool
StripFilm(Picture *picture)
{
	memcpy(picture->kept, picture->bytes, picture->length);
	picture->kept_length = picture->length;
	return EmptyBoxes(picture->kept, picture->length, 0);
}
