/*
 * Reading a medium: where its bytes are, and the slice of them that is asked for.
 *
 * The stored value is never fetched whole: its size, its tag and a slice come from the pointer that the row
 * holds (TOAST), which for a column with STORAGE EXTERNAL costs the slice's own chunks and nothing else.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "access/detoast.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "text/crypto.h"
#include "media/media.h"
#include "media/media_type.h"
#include "core/reply.h"
#include "text/entity_tag.h"
#include "text/hex.h"

#define TAG_BYTES  16  /* of the digest */
#define NAME_BYTES 255 /* of a file's name */

/* What MediaRegister() was given, in that order; NULL: none further. */
static const MediaSource *sources[8];
static int source_count;

/*
 * The strong entity tag. A value that lies outside the row is written once and gets a new number when it
 * changes, so its pointer tells as much as its bytes; others are small.
 */
static void
MakeTag(Medium *medium, struct varlena *bytes)
{
	unsigned char digest[DIGEST_MAX];
	const void *told = bytes;
	size_t length = VARSIZE_ANY(bytes);

	if (!VARATT_IS_EXTERNAL_ONDISK(bytes))
	{
		struct varlena *whole = pg_detoast_datum_packed(bytes);

		told = VARDATA_ANY(whole);
		length = VARSIZE_ANY_EXHDR(whole);
	}
	if (!DigestBytes(DIGEST_SHA256, told, length, digest))
		elog(ERROR, "SHA-256 failed");
	HexText(digest, TAG_BYTES, medium->tag);
}

/* What of the medium is answered: all, the range, or nothing. */
static void
ChoosePart(Medium *medium)
{
	int64 last = medium->total - 1;
	const char *range = medium->range;

	if (medium->under_way)
	{
		medium->count = Max(Min(medium->last + 1, medium->total) - medium->first, 0);
		return;
	}
	medium->unchanged = medium->if_none_match != NULL &&
						EntityTagListed(FrameText(medium->if_none_match), FrameText(medium->tag));
	/* a range of another state of the medium, or one told by a date, which we give none: the whole */
	if (medium->head ||
		(medium->if_range != NULL && strcmp(medium->if_range, psprintf("\"%s\"", medium->tag)) != 0))
		range = NULL;
	switch (media_range(range, medium->total, &medium->first, &last))
	{
		case MEDIA_WHOLE:
			medium->first = 0;
			last = medium->total - 1;
			break;
		case MEDIA_PART:
			medium->part = true;
			break;
		case MEDIA_UNSATISFIABLE:
			medium->unsatisfiable = !medium->unchanged;
			break;
	}
	if (medium->unchanged || medium->unsatisfiable)
		medium->first = 0;
	else
		medium->count = last - medium->first + 1;
}

/* The name for the client's disk: the given one, else field and type; without what a header or a file name
 * cannot hold. */
static char *
FileName(const char *name, const char *field, const char *type)
{
	const char *extension = media_extension(type);
	char *result;

	if (name == NULL || name[0] == '\0')
		return extension == NULL ? pstrdup(field) : psprintf("%s.%s", field, extension);
	result = pnstrdup(name, pg_mbcliplen(name, strlen(name), NAME_BYTES));
	for (char *c = result; *c != '\0'; c++)
		if ((unsigned char) *c < 0x20 || *c == 0x7f || *c == '/' || *c == '\\')
			*c = '_';
	return result;
}

void
CutMedium(Medium *medium, Datum bytes, const char *declared, const char *name, bool voice)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(bytes);
	bytea *lead = DatumGetByteaPSlice(bytes, 0, MEDIA_LEAD);

	medium->found = true;
	medium->total = toast_raw_datum_size(bytes) - VARHDRSZ;
	MakeTag(medium, value);
	medium->type = media_content_type((unsigned char *) VARDATA_ANY(lead), VARSIZE_ANY_EXHDR(lead), declared,
									  name, voice);
	medium->in_place = media_shown_in_place(medium->type);
	medium->name = FileName(name, medium->name, medium->type);
	ChoosePart(medium);
	if (!medium->head && !medium->unchanged && medium->count > 0)
	{
		bytea *slice =
			DatumGetByteaPSlice(bytes, (int32) medium->first, (int32) Min(medium->count, MEDIA_SLICE));

		medium->slice = VARDATA_ANY(slice);
		medium->slice_length = VARSIZE_ANY_EXHDR(slice);
	}
}

void
MediaRegister(const MediaSource *source)
{
	if (source_count == lengthof(sources))
		elog(ERROR, "more than %d sources of media", (int) lengthof(sources));
	sources[source_count++] = source;
}

const MediaSource *
MediaSourceOf(const char *resource)
{
	for (int i = 0; i < source_count; i++)
		if (sources[i]->resource == NULL || strcmp(sources[i]->resource, resource) == 0)
			return sources[i];
	elog(ERROR, "no source of media is registered for \"%s\"", resource);
}

CbdStatus
ReadMedium(const Caller *caller, OpenedMedia *opened, Medium *medium)
{
	return MediaSourceOf(opened->ref.resource)->read(caller, opened, medium);
}
