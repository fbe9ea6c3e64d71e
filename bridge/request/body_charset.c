/*
 * Conversion of bodies before they are parsed: a second byte of GBK may be a backslash or a brace, so JSON
 * can not be read in it. The signs of a form and of multipart ("&", "=", "%", "+", line ends, quotes) are no
 * second bytes.
 */
#include "request/body_charset.h"

#include <string.h>

#include "request/body.h"
#include "base/multipart.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

/* Room for `capacity` bytes of the new body; false after Refuse: all bodies together are too many. */
static bool
Make(Request *request, size_t capacity, Body *out)
{
	int status = BodyMake(out, capacity);

	if (status != CBD_OK)
		Refuse(request, status, NULL, NULL);
	return status == CBD_OK;
}

/* Appends text of the body, which is in `charset`, to the new body; there is room. */
static bool
Add(Request *request, Body *out, const char *text, size_t length, Charset charset)
{
	Conversion done = {length, length, NULL, false};

	if (charset == CHARSET_GB18030)
		done = Gb18030ToUtf8(text, length, out->bytes + out->length);
	else if (length > 0)
		memcpy(out->bytes + out->length, text, length);
	out->length += done.made;
	if (done.error == NULL)
		return true;
	Refuse(request, CBD_INVALID_CHARACTER, "", "%s{part*}, byte %zu{position}: %s{why*}", MESSAGE("body"),
		   (size_t) (text - request->body.bytes) + done.taken, done.error);
	return false;
}

/* A form: its letters decoded, then all of it converted; the escapes that are left are read later. */
static bool
ConvertForm(Request *request, Body *out)
{
	Body letters;
	TextError error;
	ptrdiff_t length;
	Conversion done;

	if (!Make(request, request->body.length, &letters))
		return false;
	letters.length = request->body.length; /* to be overwritten, whatever comes of it */
	length = FormLetters(request->body.bytes, request->body.length, letters.bytes, &error);
	if (length >= 0)
	{
		done = Gb18030ToUtf8(letters.bytes, (size_t) length, out->bytes);
		out->length = done.made;
		if (done.error != NULL)
			error = (TextError){FormOffset(request->body.bytes, request->body.length, done.taken),
								CBD_INVALID_CHARACTER, done.error};
	}
	BodyFree(&letters);
	if (length >= 0 && done.error == NULL)
		return true;
	Refuse(request, error.status, "", "%s{part*}, byte %zu{position}: %s{why*}", MESSAGE("body"),
		   error.offset, error.what);
	return false;
}

/* The charset of a part. Programs declare one that they do not need: where there is ASCII only, any will do.
 */
static Charset
PartCharset(const Request *request, const Multipart *parts, Span value)
{
	Charset charset;

	/* the bytes of a file are its own */
	if (parts->file && (request->route->flags & ROUTE_FILES))
		return CHARSET_UTF8;
	if (parts->charset.text == NULL)
		return request->body.charset;
	charset = CharsetNamed(parts->charset.text, parts->charset.length);
	return charset == CHARSET_OTHER && Utf8Ascii(value.text, value.length) == value.length ? CHARSET_UTF8
																						   : charset;
}

/* Is there a part in another charset? A malformed body is left to those who read it. */
static bool
HasForeignPart(const Request *request)
{
	Multipart parts;
	Span name, value;

	if (!MultipartStart(&parts, request->headers[HEADER_CONTENT_TYPE], request->body.bytes,
						request->body.length))
		return false;
	while (MultipartNext(&parts, &name, &value))
		if (PartCharset(request, &parts, value) != CHARSET_UTF8)
			return true;
	return false;
}

/* Values by the charsets of their parts, what is between them by that of the body. */
static bool
ConvertParts(Request *request, Body *out)
{
	Multipart parts;
	Span name, value;
	const char *done = request->body.bytes;

	if (!MultipartStart(&parts, request->headers[HEADER_CONTENT_TYPE], request->body.bytes,
						request->body.length))
		return Add(request, out, done, request->body.length, request->body.charset);
	while (MultipartNext(&parts, &name, &value))
	{
		Charset charset = PartCharset(request, &parts, value);

		if (charset == CHARSET_OTHER)
		{
			Refuse(request, CBD_UNSUPPORTED_MEDIA_TYPE, "",
				   "body, byte %zu{position}: the charset of a part must be " CHARSETS_READ,
				   (size_t) (value.text - request->body.bytes));
			return false;
		}
		if (!Add(request, out, done, (size_t) (value.text - done), request->body.charset) ||
			!Add(request, out, value.text, value.length, charset))
			return false;
		done = value.text + value.length;
	}
	return Add(request, out, done, (size_t) (request->body.bytes + request->body.length - done),
			   request->body.charset);
}

bool
BodyToUtf8(Request *request)
{
	bool multipart = request->body.form == BODY_MULTIPART;
	Body out;
	bool good;

	if (request->body.charset == CHARSET_UTF8 && !(multipart && HasForeignPart(request)))
		return true;
	if (!Make(request, UTF8_ROOM(request->body.length), &out))
		return false;
	good = multipart ? ConvertParts(request, &out)
		   : request->body.form == BODY_FORM
			   ? ConvertForm(request, &out)
			   : Add(request, &out, request->body.bytes, request->body.length, request->body.charset);
	if (good)
		BodyReplace(&request->body, &out);
	else
		BodyFree(&out);
	return good;
}
