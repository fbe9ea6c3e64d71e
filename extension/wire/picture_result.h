/*
 * What the picture program (picture/) tells the bridge: this struct, then the content, then the thumbnail.
 * Both are of one build and one machine, so it goes as it stands in memory. The bridge believes none of it:
 * whoever has taken the program over by a picture can write what he likes.
 */
#ifndef CBD_PICTURE_RESULT_H
#define CBD_PICTURE_RESULT_H

#include <stdint.h>

#define PICTURE_PROGRAM "citybigdata-picture"
#define PICTURE_MAGIC   UINT32_C(0x50444243)

/* How it ends when it could not shut itself in, so that nothing was looked at. */
#define PICTURE_EXIT_OPEN 3

typedef enum PictureProblem
{
	PICTURE_FINE,
	PICTURE_UNREADABLE, /* it begins like a picture or film, and is none */
	PICTURE_LARGE       /* more pixels than are unpacked */
} PictureProblem;

typedef struct PictureResult
{
	uint32_t magic;
	uint32_t problem;       /* PictureProblem; behind another than PICTURE_FINE there are no bytes */
	uint32_t width, height; /* pixels; 0: not known, or no picture */
	uint32_t has_place;
	uint32_t unused;
	double longitude, latitude; /* degrees, EPSG:4326: where the picture says that it was taken */
	uint64_t content_length;
	uint64_t thumbnail_length; /* 0: there is none */
} PictureResult;

#endif
