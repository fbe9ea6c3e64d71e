/* What EXIF tells of a picture (libexif): where it was taken, and which side is up; see picture.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libexif/exif-data.h>

#include "picture.h"

#define EXIF_BYTES_MAX (32 * 1024 * 1024) /* a TIFF is all of it */

/* Degrees, minutes, seconds of an entry; false: it has none that can be. */
static bool
Degrees(ExifData *data, ExifTag tag, double most, double *degrees)
{
	ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_GPS], tag);
	ExifByteOrder order = exif_data_get_byte_order(data);
	double scale = 1;

	if (entry == NULL || entry->format != EXIF_FORMAT_RATIONAL || entry->components != 3 || entry->size < 24)
		return false;
	*degrees = 0;
	for (int i = 0; i < 3; i++, scale *= 60)
	{
		ExifRational part = exif_get_rational(entry->data + (ptrdiff_t) i * 8, order);

		/* without seconds they are often 0/0 */
		if (part.denominator == 0 && (part.numerator != 0 || i == 0))
			return false;
		if (part.denominator != 0)
			*degrees += (double) part.numerator / part.denominator / scale;
	}
	return *degrees <= most;
}

/* Does the entry have that letter? */
static bool
Letter(ExifData *data, ExifTag tag, char letter)
{
	ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_GPS], tag);

	return entry != NULL && entry->size >= 1 && (entry->data[0] & ~0x20) == letter;
}

static int
Orientation(ExifData *data)
{
	ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
	int value;

	if (entry == NULL || entry->format != EXIF_FORMAT_SHORT || entry->size < 2)
		return 1;
	value = exif_get_short(entry->data, exif_data_get_byte_order(data));
	return value >= 1 && value <= 8 ? value : 1;
}

void
ReadExif(Picture *picture)
{
	static const char head[] = "Exif\0";
	size_t length = picture->exif_length + sizeof(head);
	ExifData *data;
	uint8_t *block;

	picture->orientation = 1;
	if (picture->exif == NULL || picture->exif_length > EXIF_BYTES_MAX)
		return;
	block = malloc(length);
	data = exif_data_new();
	if (block != NULL && data != NULL)
	{
		/* WebP of some programs has the head that JPEG has */
		bool headed = picture->exif_length > sizeof(head) && memcmp(picture->exif, head, sizeof(head)) == 0;

		memcpy(block, head, sizeof(head));
		memcpy(block + sizeof(head), picture->exif, picture->exif_length);
		exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
		exif_data_load_data(data, headed ? block + sizeof(head) : block,
							(unsigned) (headed ? length - sizeof(head) : length));
		picture->orientation = Orientation(data);
		picture->has_place = Degrees(data, (ExifTag) EXIF_TAG_GPS_LATITUDE, 90, &picture->latitude) &&
							 Degrees(data, (ExifTag) EXIF_TAG_GPS_LONGITUDE, 180, &picture->longitude);
		if (Letter(data, (ExifTag) EXIF_TAG_GPS_LATITUDE_REF, 'S'))
			picture->latitude = -picture->latitude;
		if (Letter(data, (ExifTag) EXIF_TAG_GPS_LONGITUDE_REF, 'W'))
			picture->longitude = -picture->longitude;
		/* what cameras write that do not know where they are */
		if (picture->latitude == 0 && picture->longitude == 0)
			picture->has_place = false;
	}
	if (data != NULL)
		exif_data_unref(data);
	free(block);
}
