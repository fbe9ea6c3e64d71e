/* Table A.2 field by field; see camera.h. What is wrong is told all at once, each with what would be right.
 */
#include "postgres.h"

#include "camera/camera.h"
#include "core/field.h"
#include "core/text_check.h"

#define EXPAND_MAX 255

const char *const protocol_names[] = {"rtsp", "rtmp", "hls", "ws", NULL};

static bool
IsHex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool
CameraUuid(const char *text, char out[CAMERA_UUID_SIZE])
{
	size_t length = strlen(text);
	bool dashes = length == CAMERA_UUID_SIZE - 1;
	int at = 0;

	if (!dashes && length != 32)
		return false;
	for (int i = 0; i < CAMERA_UUID_SIZE - 1; i++)
	{
		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			out[i] = '-';
			if (dashes && text[at++] != '-')
				return false;
			continue;
		}
		if (!IsHex(text[at]))
			return false;
		out[i] = pg_ascii_tolower((unsigned char) text[at++]);
	}
	out[CAMERA_UUID_SIZE - 1] = '\0';
	return true;
}

/* A number that is 0 or 1; the one given where it is absent or wrong. */
static bool
ZeroOrOne(ErrorList *errors, const char *pointer, const char *text, bool absent, const char *wanted)
{
	if (text == NULL || text[0] == '\0')
		return absent;
	if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
		ErrorAdd(errors, pointer, CBD_FIELD_OUT_OF_RANGE, wanted);
	return strcmp(text, "1") == 0;
}

/* What may stand in expand, and its values. */
static const struct
{
	const char *name;
	const char *values[3]; /* NULL-terminated */
	const char *wanted;
} parts[] = {{"streamform", {"rtp", NULL}, MESSAGE("streamform is rtp")},
			 {"transcode", {"0", "1", NULL}, MESSAGE("transcode is 0 or 1")},
			 {"videotype", {"h264", "h265", NULL}, MESSAGE("videotype is h264 or h265")}};

/* One part name=value; `seen`: a bit for each that was given before. */
static void
ReadPart(ErrorList *errors, char *part, PreviewOrder *order, int *seen)
{
	char *value = strchr(part, '=');
	int at = 0;

	if (value != NULL)
		*value++ = '\0';
	while (at < (int) lengthof(parts) && strcmp(parts[at].name, part) != 0)
		at++;
	if (at == (int) lengthof(parts))
		ErrorPrint(errors, false, "/expand", CBD_CAMERA_EXPAND,
				   "\"%s{name}\" is not known; for example transcode=1&streamform=rtp",
				   ShortText(part, strlen(part)));
	else if (*seen & (1 << at))
		ErrorPrint(errors, false, "/expand", CBD_CAMERA_EXPAND, "%s{name} stands twice", part);
	else if (value == NULL || !IsOneOf(value, parts[at].values))
		ErrorAdd(errors, "/expand", CBD_CAMERA_EXPAND, parts[at].wanted);
	else if (at == 0)
		order->stream_form = true;
	else if (at == 1)
		order->transcode = value[0] == '1';
	else
		order->video_type = value;
	if (at < (int) lengthof(parts))
		*seen |= 1 << at;
}

/* expand: parts joined by &. */
static void
ReadExpand(ErrorList *errors, const char *text, PreviewOrder *order)
{
	char *part;
	int seen = 0;

	if (text == NULL || text[0] == '\0')
		return;
	if (strlen(text) > EXPAND_MAX)
	{
		ErrorPrint(errors, false, "/expand", CBD_FIELD_TOO_LONG, "at most %d{limit} characters", EXPAND_MAX);
		return;
	}
	part = pstrdup(text);
	while (part != NULL)
	{
		char *next = strchr(part, '&');

		if (next != NULL)
			*next++ = '\0';
		ReadPart(errors, part, order, &seen);
		part = next;
	}
	if (order->transcode && order->video_type != NULL && strcmp(order->video_type, "h265") == 0)
		ErrorAdd(errors, "/expand", CBD_CAMERA_EXPAND,
				 "transcode=1 makes H.264 of H.265; videotype=h265 says the contrary");
}

void
CheckPreview(ErrorList *errors, const PreviewForm *form, PreviewOrder *order)
{
	memset(order, 0, sizeof(*order));
	if (form->camera == NULL || form->camera[0] == '\0')
		ErrorAdd(errors, "/cameraIndexCode", CBD_FIELD_REQUIRED, NULL);
	else if (!CameraUuid(form->camera, order->camera))
		ErrorAdd(errors, "/cameraIndexCode", CBD_CAMERA_CODE,
				 "a UUID is expected, with or without dashes, for example 2f1d6d3e8f0b4f0e9d530c1b7a3e5f11");
	order->stream_type = ZeroOrOne(errors, "/streamType", form->stream_type, false,
								   MESSAGE("0 (main stream) or 1 (sub stream)"));
	order->transport_given = form->transmode != NULL && form->transmode[0] != '\0';
	order->udp = !ZeroOrOne(errors, "/transmode", form->transmode, true, MESSAGE("0 (UDP) or 1 (TCP)"));
	if (form->protocol != NULL && form->protocol[0] != '\0')
	{
		int at = 0;

		while (protocol_names[at] != NULL && strcmp(protocol_names[at], form->protocol) != 0)
			at++;
		if (protocol_names[at] == NULL)
			ErrorAdd(errors, "/protocol", CBD_FIELD_OUT_OF_RANGE, "one of rtsp, rtmp, hls, ws");
		else
			order->protocol = (CameraProtocol) at;
	}
	ReadExpand(errors, form->expand, order);
}
