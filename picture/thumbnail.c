/*
 * Small pictures: JPEG is unpacked in small by libjpeg-turbo, what else there is by libgd, of which only the
 * first picture of a row is taken. See picture.h.
 */
#include <gd.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "picture.h"

#define THUMBNAIL_QUALITY 80
#define CONVERT_QUALITY   90

/* ---- unpacking ---- */

/* The smallest of the sizes that libjpeg-turbo unpacks to which is no smaller than a thumbnail. */
static tjscalingfactor
ScaleOf(int width, int height)
{
	int count = 0;
	tjscalingfactor *factors = tjGetScalingFactors(&count);
	tjscalingfactor best = {1, 1};

	for (int i = 0; factors != NULL && i < count; i++)
	{
		int longer = TJSCALED(width > height ? width : height, factors[i]);

		if (factors[i].num <= factors[i].denom && longer >= THUMBNAIL_SIDE &&
			factors[i].num * best.denom < best.num * factors[i].denom)
			best = factors[i];
	}
	return best;
}

/* Pixels of 3 (RGB) or 4 (CMYK, as Adobe writes it) bytes as a picture. */
static gdImagePtr
ImageOf(const uint8_t *pixels, int width, int height, int size)
{
	gdImagePtr image = gdImageCreateTrueColor(width, height);

	for (int y = 0; image != NULL && y < height; y++)
		for (int x = 0; x < width; x++, pixels += size)
		{
			int black = size == 4 ? pixels[3] : 255;

			image->tpixels[y][x] =
				gdTrueColor(pixels[0] * black / 255, pixels[1] * black / 255, pixels[2] * black / 255);
		}
	return image;
}

static gdImagePtr
UnpackJpeg(const Picture *picture)
{
	tjhandle handle = tjInitDecompress();
	int width, height, sampling, colours;
	gdImagePtr image = NULL;

	if (handle == NULL)
		return NULL;
	if (tjDecompressHeader3(handle, picture->kept, picture->kept_length, &width, &height, &sampling,
							&colours) == 0)
	{
		tjscalingfactor factor = ScaleOf(width, height);
		bool four = colours == TJCS_CMYK || colours == TJCS_YCCK;
		int size = four ? 4 : 3;
		uint8_t *pixels;

		width = TJSCALED(width, factor);
		height = TJSCALED(height, factor);
		pixels = malloc((size_t) width * (size_t) height * (size_t) size);
		/* what is wrong inside is a stripe of grey: warnings are no errors */
		if (pixels != NULL && (tjDecompress2(handle, picture->kept, picture->kept_length, pixels, width, 0,
											 height, four ? TJPF_CMYK : TJPF_RGB, 0) == 0 ||
							   tjGetErrorCode(handle) == TJERR_WARNING))
			image = ImageOf(pixels, width, height, size);
		free(pixels);
	}
	tjDestroy(handle);
	return image;
}

static gdImagePtr
Unpack(const Picture *picture, const char *format)
{
	static const struct
	{
		const char *format;
		gdImagePtr (*unpack)(int length, void *bytes);
	} readers[] = {{"PNG", gdImageCreateFromPngPtr},   {"GIF", gdImageCreateFromGifPtr},
				   {"BMP", gdImageCreateFromBmpPtr},   {"WEBP", gdImageCreateFromWebpPtr},
				   {"TIFF", gdImageCreateFromTiffPtr}, {"HEIC", gdImageCreateFromHeifPtr},
				   {"HEIF", gdImageCreateFromHeifPtr}, {"AVIF", gdImageCreateFromAvifPtr}};

	if (strcmp(format, "JPEG") == 0)
		return UnpackJpeg(picture);
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(readers[i].format, format) == 0)
			return readers[i].unpack((int) picture->kept_length, picture->kept);
	return NULL;
}

/* ---- making ---- */

/* In small, on white. */
static gdImagePtr
Shrink(gdImagePtr image)
{
	int longer = gdImageSX(image) > gdImageSY(image) ? gdImageSX(image) : gdImageSY(image);
	double factor = longer > THUMBNAIL_SIDE ? (double) THUMBNAIL_SIDE / longer : 1;
	int width = (int) (gdImageSX(image) * factor + 0.5), height = (int) (gdImageSY(image) * factor + 0.5);
	gdImagePtr small = gdImageCreateTrueColor(width > 0 ? width : 1, height > 0 ? height : 1);

	if (small == NULL)
		return NULL;
	gdImageFilledRectangle(small, 0, 0, gdImageSX(small), gdImageSY(small), gdTrueColor(255, 255, 255));
	gdImageCopyResampled(small, image, 0, 0, 0, 0, gdImageSX(small), gdImageSY(small), gdImageSX(image),
						 gdImageSY(image));
	return small;
}

/* The right side up, as EXIF's orientation tells it. */
static gdImagePtr
Turn(gdImagePtr image, int orientation)
{
	int width = gdImageSX(image), height = gdImageSY(image);
	bool sideways = orientation >= 5;
	gdImagePtr turned;

	if (orientation <= 1)
		return image;
	turned = sideways ? gdImageCreateTrueColor(height, width) : gdImageCreateTrueColor(width, height);
	for (int y = 0; turned != NULL && y < height; y++)
		for (int x = 0; x < width; x++)
		{
			bool left = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
			bool down = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
			int across = left ? width - 1 - x : x, along = down ? height - 1 - y : y;
			int colour = gdImageGetTrueColorPixel(image, x, y);

			if (sideways)
				turned->tpixels[across][along] = colour;
			else
				turned->tpixels[along][across] = colour;
		}
	gdImageDestroy(image);
	return turned;
}

/* The picture as a JPEG, malloc'd; NULL: no memory. */
static uint8_t *
Pack(gdImagePtr image, int quality, size_t *length)
{
	int size = 0;
	void *packed = image == NULL ? NULL : gdImageJpegPtr(image, &size, quality);
	uint8_t *bytes = packed == NULL ? NULL : malloc((size_t) size);

	if (bytes != NULL)
		memcpy(bytes, packed, (size_t) size);
	*length = bytes == NULL ? 0 : (size_t) size;
	gdFree(packed);
	return bytes;
}

/* libgd's words are about strangers' files, and go to nobody. */
static void
NoWord(int priority, const char *format, va_list arguments)
{
	(void) priority;
	(void) format;
	(void) arguments;
}

PictureProblem
MakeThumbnail(Picture *picture, const char *format, bool convert)
{
	uint64_t most = strcmp(format, "JPEG") == 0 ? JPEG_PIXELS_MAX : PIXELS_MAX;
	gdImagePtr image, small;

	if ((uint64_t) picture->width * picture->height > most)
		return PICTURE_LARGE;
	if (picture->animated)
		return PICTURE_FINE;
	gdSetErrorMethod(NoWord);
	image = Unpack(picture, format);
	if (image == NULL)
		return PICTURE_UNREADABLE;
	if (convert)
	{
		free(picture->kept);
		picture->kept = Pack(image, CONVERT_QUALITY, &picture->kept_length);
	}
	if (convert || picture->width == 0)
	{
		picture->width = (uint32_t) gdImageSX(image);
		picture->height = (uint32_t) gdImageSY(image);
	}
	small = Shrink(image);
	gdImageDestroy(image);
	small = small == NULL ? NULL : Turn(small, picture->orientation);
	picture->thumbnail = Pack(small, THUMBNAIL_QUALITY, &picture->thumbnail_length);
	if (small != NULL)
		gdImageDestroy(small);
	return picture->thumbnail == NULL || picture->kept == NULL ? PICTURE_LARGE : PICTURE_FINE;
}
