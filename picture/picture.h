/*
 * citybigdata-picture: looks at one medium of a stranger, in a process that can do nothing else.
 *
 *   stdin            the medium as it was fetched (a file in memory)
 *     limits.c       memory, time, size of the result; then no system call but those that reading needs
 *     strip_*.c      what says where, when, by whom and with what it was made is left out; the pictures
 *                    themselves stay as they are, bit by bit
 *     place.c        where the picture says that it was taken (EXIF, by libexif)
 *     thumbnail.c    a small JPEG of it (libjpeg-turbo, libgd)
 *   stdout           PictureResult (extension/wire/picture_result.h) and the bytes
 *
 * One process for each medium: nothing of one reaches the next. A picture that crashes a decoder, or takes
 * more than the limits, ends this process and nothing else.
 *
 * Words. A bomb is a file that is small and unpacks to more than anybody can hold; sides are read before
 * anything is unpacked. Formats whose places cannot be left out piece by piece (TIFF, HEIC, AVIF) are
 * unpacked and packed again as JPEG. What is no picture and no film passes as it is.
 */
#ifndef CBD_PICTURE_H
#define CBD_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/picture_result.h"

/* Pixels that are unpacked; a JPEG is unpacked in small, so it may have more. */
#define PIXELS_MAX      UINT64_C(40000000)
#define JPEG_PIXELS_MAX UINT64_C(150000000)

/* Pixels of the longer side of a thumbnail. */
#define THUMBNAIL_SIDE 320

/* One medium. */
typedef struct Picture
{
	const uint8_t *bytes; /* as it came */
	size_t length;
	uint8_t *kept; /* as it is served; room for length + STRIP_ROOM */
	size_t kept_length;
	uint32_t width, height; /* pixels as stored; 0: not known */
	const uint8_t *exif;    /* TIFF structure of its EXIF, inside of bytes; NULL: there is none */
	size_t exif_length;
	int orientation; /* 1 to 8, as EXIF has it */
	bool animated;   /* a WebP of several pictures */
	bool has_place;
	double longitude, latitude;
	uint8_t *thumbnail; /* JPEG; NULL: there is none */
	size_t thumbnail_length;
} Picture;

/* What a stripped file may be longer than it came. */
#define STRIP_ROOM 64

/* ---- strip_picture.c, strip_film.c: plain C over (bytes, length) ---- */

/* Each fills kept, sides and exif; false: it is not of that format, or not whole. */
extern bool StripJpeg(Picture *picture);
extern bool StripPng(Picture *picture);
extern bool StripWebp(Picture *picture);
extern bool StripGif(Picture *picture);
extern bool StripFilm(Picture *picture); /* MP4, 3GP, QuickTime, M4A */

/* Says the orientation in a stripped JPEG, in an EXIF block with nothing else. */
extern void OrientJpeg(Picture *picture);

/* ---- place.c ---- */

/* Place and orientation out of the EXIF block; what is malformed is not there. */
extern void ReadExif(Picture *picture);

/* ---- thumbnail.c ---- */

/* Makes the thumbnail of a picture of that format, and where `convert` the picture itself a JPEG. */
extern PictureProblem MakeThumbnail(Picture *picture, const char *format, bool convert);

/* ---- limits.c ---- */

/* Before anything is read; and when everything is read. False: it cannot be done. */
extern bool LimitSelf(void);
extern bool ShutIn(void);

#endif
