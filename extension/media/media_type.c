/*
 * The type of a medium by its first bytes; see media_type.h. What is declared counts only where the bytes do
 * not contradict it: a browser must not be made to run what came as a picture.
 */
#include <string.h>
#include <strings.h>

#include "media/media_check.h"
#include "media/media_type.h"

/* What the leading bytes tell, as media_sniff() names it. `sound`: the type of a container that holds sound
 * alone. */
static const struct
{
	const char *format;
	const char *type;
	const char *sound;
} formats[] = {{"JPEG", "image/jpeg", NULL},
			   {"PNG", "image/png", NULL},
			   {"GIF", "image/gif", NULL},
			   {"BMP", "image/bmp", NULL},
			   {"TIFF", "image/tiff", NULL},
			   {"WEBP", "image/webp", NULL},
			   {"HEIC", "image/heic", NULL},
			   {"HEIF", "image/heif", NULL},
			   {"AVIF", "image/avif", NULL},
			   {"AVI", "video/x-msvideo", NULL},
			   {"WAV", "audio/wav", NULL},
			   {"M4A", "audio/mp4", NULL},
			   {"3GP", "video/3gpp", "audio/3gpp"},
			   {"MP4", "video/mp4", "audio/mp4"},
			   {"QuickTime", "video/quicktime", NULL},
			   {"FLV", "video/x-flv", NULL},
			   {"Matroska", "video/x-matroska", "audio/x-matroska"},
			   {"MPEG", "video/mpeg", NULL},
			   {"MPEG-TS", "video/mp2t", NULL},
			   {"ASF", "video/x-ms-asf", "audio/x-ms-wma"},
			   {"MP3", "audio/mpeg", NULL},
			   {"AMR", "audio/amr", NULL},
			   {"SILK", "audio/silk", NULL},
			   {"OGG", "video/ogg", "audio/ogg"},
			   {"FLAC", "audio/flac", NULL},
			   {"AAC", "audio/aac", NULL},
			   {"PDF", "application/pdf", NULL},
			   {"ZIP", "application/zip", NULL}};

/* Extensions of files, the usual one of a type first. Nothing here that a browser would run. */
static const struct
{
	const char *extension;
	const char *type;
} extensions[] = {{"jpg", "image/jpeg"},
				  {"jpeg", "image/jpeg"},
				  {"png", "image/png"},
				  {"gif", "image/gif"},
				  {"bmp", "image/bmp"},
				  {"tiff", "image/tiff"},
				  {"webp", "image/webp"},
				  {"heic", "image/heic"},
				  {"avif", "image/avif"},
				  {"mp4", "video/mp4"},
				  {"webm", "video/webm"},
				  {"mov", "video/quicktime"},
				  {"3gp", "video/3gpp"},
				  {"avi", "video/x-msvideo"},
				  {"mpg", "video/mpeg"},
				  {"mp3", "audio/mpeg"},
				  {"m4a", "audio/mp4"},
				  {"wav", "audio/wav"},
				  {"amr", "audio/amr"},
				  {"aac", "audio/aac"},
				  {"ogg", "audio/ogg"},
				  {"pdf", "application/pdf"},
				  {"zip", "application/zip"},
				  {"txt", "text/plain"},
				  {"csv", "text/csv"},
				  {"doc", "application/msword"},
				  {"xls", "application/vnd.ms-excel"},
				  {"ppt", "application/vnd.ms-powerpoint"},
				  {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
				  {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
				  {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"}};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Does the text begin so? */
static bool
begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

/* Is it a type of pictures, sound or video? */
static bool
is_medium(const char *type)
{
	return begins(type, "image/") || begins(type, "video/") || begins(type, "audio/");
}

/* The type that the ending of a file's name stands for, or NULL. */
static const char *
type_of_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < COUNT(extensions); i++)
		if (strcasecmp(dot + 1, extensions[i].extension) == 0)
			return extensions[i].type;
	return NULL;
}

const char *
media_content_type(const unsigned char *lead, size_t lead_length, const char *declared, const char *name,
				   bool voice)
{
	const char *format;
	int kinds = media_sniff(lead, lead_length, &format);

	const char *named = name == NULL ? NULL : type_of_name(name);

	if (declared != NULL && !media_type_valid(declared))
		declared = NULL;
	for (size_t i = 0; i < COUNT(formats); i++)
	{
		if (strcmp(formats[i].format, format) != 0)
			continue;
		/* a container says less than who declared what is in it: sound, a document in a ZIP file */
		if (kinds == 0 && declared == NULL)
			declared = named;
		if (declared != NULL && (kinds == 0 ? !is_medium(declared)
											: formats[i].sound != NULL &&
												  (begins(declared, "audio/") || begins(declared, "video/"))))
			return declared;
		return voice && formats[i].sound != NULL ? formats[i].sound : formats[i].type;
	}
	return declared != NULL ? declared : named != NULL ? named : MEDIA_TYPE_UNKNOWN;
}

bool
media_type_valid(const char *type)
{
	static const char token[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-";
	size_t first = strspn(type, token);
	size_t second;

	if (first == 0 || type[first] != '/')
		return false;
	second = strspn(type + first + 1, token);
	return second > 0 && type[first + 1 + second] == '\0' && first + second < 100;
}

bool
media_shown_in_place(const char *type)
{
	return is_medium(type) && strcasecmp(type, "image/svg") != 0 && strchr(type, '+') == NULL;
}

const char *
media_extension(const char *type)
{
	for (size_t i = 0; i < COUNT(extensions); i++)
		if (strcasecmp(extensions[i].type, type) == 0)
			return extensions[i].extension;
	return NULL;
}

/* A decimal number at *at, as far as it goes; one beyond any size counts as that. False: no digit. */
static bool
take_number(const char **at, int64_t *number)
{
	const char *start = *at;

	*number = 0;
	for (; **at >= '0' && **at <= '9'; (*at)++)
		*number = *number > INT64_MAX / 10 - 1 ? INT64_MAX / 10 : *number * 10 + (**at - '0');
	return *at > start;
}

MediaRange
media_range(const char *header, int64_t total, int64_t *first, int64_t *last)
{
	bool has_first, has_last;

	*first = 0;
	*last = total - 1;
	if (header == NULL || !begins(header, "bytes="))
		return MEDIA_WHOLE;
	header += strlen("bytes=");
	header += strspn(header, " \t");
	has_first = take_number(&header, first);
	if (*header++ != '-')
		return MEDIA_WHOLE;
	has_last = take_number(&header, last);
	header += strspn(header, " \t");
	if (*header != '\0' || (!has_first && !has_last) || (has_first && has_last && *last < *first))
		return MEDIA_WHOLE;
	if (!has_first)
	{
		/* the last so many bytes */
		if (*last == 0 || total == 0)
			return MEDIA_UNSATISFIABLE;
		*first = *last >= total ? 0 : total - *last;
		*last = total - 1;
		return MEDIA_PART;
	}
	if (*first >= total)
		return MEDIA_UNSATISFIABLE;
	if (!has_last || *last >= total)
		*last = total - 1;
	return MEDIA_PART;
}
