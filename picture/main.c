/* The picture program: see picture.h. It takes no argument, and says nothing but its result. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/media_check.h"
#include "picture.h"

#define INPUT_MAX (UINT64_C(128) * 1024 * 1024)

/* Everything of stdin, malloc'd; NULL: it cannot be read. */
static uint8_t *
ReadAll(size_t *length)
{
	struct stat status;
	uint8_t *bytes;
	size_t got = 0;

	if (fstat(STDIN_FILENO, &status) != 0 || status.st_size < 0 || (uint64_t) status.st_size > INPUT_MAX)
		return NULL;
	bytes = malloc((size_t) status.st_size + 1);
	while (bytes != NULL && got < (size_t) status.st_size)
	{
		ssize_t more = read(STDIN_FILENO, bytes + got, (size_t) status.st_size - got);

		if (more <= 0)
			break;
		got += (size_t) more;
	}
	*length = got;
	return bytes;
}

static bool
WriteAll(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	while (length > 0)
	{
		ssize_t written = write(STDOUT_FILENO, at, length);

		if (written <= 0)
			return false;
		at += written;
		length -= (size_t) written;
	}
	return true;
}

/* ---- by format ---- */

/* How a format is stripped; NULL: by packing the picture again. */
typedef struct Format
{
	const char *name; /* as media_sniff() has it */
	bool (*strip)(Picture *picture);
	bool film;
	bool plain; /* there is nothing to be stripped */
} Format;

static const Format formats[] = {
	{"JPEG", StripJpeg, false, false},    {"PNG", StripPng, false, false}, {"WEBP", StripWebp, false, false},
	{"GIF", StripGif, false, false},      {"BMP", NULL, false, true},      {"TIFF", NULL, false, false},
	{"HEIC", NULL, false, false},         {"HEIF", NULL, false, false},    {"AVIF", NULL, false, false},
	{"MP4", StripFilm, true, false},      {"3GP", StripFilm, true, false}, {"M4A", StripFilm, true, false},
	{"QuickTime", StripFilm, true, false}};

static const Format *
FormatOf(const Picture *picture)
{
	const char *name;

	(void) media_sniff(picture->bytes, picture->length, &name);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

/* Takes the bytes over as they are. */
static void
KeepAll(Picture *picture)
{
	memcpy(picture->kept, picture->bytes, picture->length);
	picture->kept_length = picture->length;
}

/* The medium, looked at. */
static PictureProblem
Look(Picture *picture)
{
	const Format *format = FormatOf(picture);

	if (format == NULL || format->strip == NULL)
		KeepAll(picture);
	else if (!format->strip(picture))
		return PICTURE_UNREADABLE;
	if (format == NULL || format->film)
		return PICTURE_FINE;
	/* the whole file is what other formats have as EXIF */
	if (strcmp(format->name, "TIFF") == 0)
	{
		picture->exif = picture->bytes;
		picture->exif_length = picture->length;
	}
	ReadExif(picture);
	if (strcmp(format->name, "JPEG") == 0)
		OrientJpeg(picture);
	else if (strcmp(format->name, "TIFF") != 0)
		picture->orientation = 1; /* nobody turns these by EXIF */
	return MakeThumbnail(picture, format->name, format->strip == NULL && !format->plain);
}

int
main(void)
{
	Picture picture = {.orientation = 1};
	PictureResult result = {.magic = PICTURE_MAGIC};

	if (!LimitSelf() || (picture.bytes = ReadAll(&picture.length)) == NULL || !ShutIn())
		_exit(PICTURE_EXIT_OPEN);
	picture.kept = malloc(picture.length + STRIP_ROOM);
	if (picture.kept == NULL)
		_exit(EXIT_FAILURE);
	result.problem = Look(&picture);
	if (result.problem == PICTURE_FINE)
	{
		result.width = picture.width;
		result.height = picture.height;
		result.has_place = picture.has_place;
		result.longitude = picture.longitude;
		result.latitude = picture.latitude;
		result.content_length = picture.kept_length;
		result.thumbnail_length = picture.thumbnail_length;
	}
	if (!WriteAll(&result, sizeof(result)) || !WriteAll(picture.kept, result.content_length) ||
		!WriteAll(picture.thumbnail, result.thumbnail_length))
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}
