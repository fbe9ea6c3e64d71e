/*
 * Reading a medium: where its bytes are, and the slice of them that is asked for.
 *
 * The stored value is never fetched whole: its size, its tag and a slice come from the pointer that the row
 * holds (TOAST), which for a column with STORAGE EXTERNAL costs the slice's own chunks and nothing else.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "text/crypto.h"
#include "event/event_level.h"
#include "media/media.h"
#include "media/media_type.h"
#include "data/query.h"
#include "core/spi.h"
#include "text/hex.h"

#define TAG_BYTES  16  /* of the digest */
#define NAME_BYTES 255 /* of a file's name */

static SpiQuery event_medium = {
	"SELECT m.content, m.media_name, m.media_type OPERATOR(pg_catalog.=) 'VOICE', m.media_type "
	"OPERATOR(pg_catalog.=) 'ATTACH', e.sender_code"
	" FROM citybigdata.event_media m JOIN citybigdata.event e ON e.rec_id OPERATOR(pg_catalog.=) m.rec_id"
	" WHERE m.rec_id OPERATOR(pg_catalog.=) $1 AND m.media_no OPERATOR(pg_catalog.=) $2",
	2,
	{INT4OID, INT4OID},
	NULL,
	true};

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
	medium->unchanged = medium->if_none_match != NULL && HasTag(medium->if_none_match, medium->tag);
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

/* Which level the user sees cases of this sender at, as GET /events does; 0: none of them. */
static int
CaseLevel(const Caller *caller, const OpenedMedia *opened, const char *sender)
{
	int level = opened->granted ? caller->level : 0;

	if (SenderBelongsTo(sender, caller->app_id))
		level =
			Max(level, caller->token_level > 0 ? Min(CASE_LEVEL_OWN, caller->token_level) : CASE_LEVEL_OWN);
	return level;
}

/* A medium of an event, by "rec_id/media_no". */
static CbdStatus
ReadEventMedium(const Caller *caller, OpenedMedia *opened, Medium *medium)
{
	int numbers[2];
	Datum values[2];
	bool isnull;
	Datum bytes;
	MemoryContext context = CurrentMemoryContext;
	CbdStatus status = CBD_NO_SUCH_MEDIUM;

	if (sscanf(opened->ref.key, "%d/%d", &numbers[0], &numbers[1]) != 2)
		elog(ERROR, "a sealed key of media is malformed");
	medium->object = psprintf("%s/%s/%s", opened->ref.resource, opened->ref.field, opened->ref.key);
	medium->name = opened->ref.field;
	values[0] = Int32GetDatum(numbers[0]);
	values[1] = Int32GetDatum(numbers[1]);
	(void) CaseLevelWanted(); /* has the levels read */
	SpiBegin();
	if (SpiRead(&event_medium, values, NULL, 1) == 1)
	{
		int level = CaseLevel(caller, opened, SpiText(0, 5));

		bytes = SpiDatum(0, 1, &isnull);
		if (level == 0 || !CaseFieldShown(CaseFieldNumber("medias.url"), level))
		{
			opened->detail = "media of this sender are not, or no longer, shown to the application";
			status = CBD_INVALID_CREDENTIALS;
		}
		else if (!isnull)
		{
			bool attachment = SpiBool(0, 4);

			MemoryContextSwitchTo(context);
			CutMedium(medium, bytes, NULL,
					  CaseFieldShown(CaseFieldNumber("medias.mediaName"), level) ? SpiText(0, 2) : NULL,
					  SpiBool(0, 3));
			medium->in_place = medium->in_place && !attachment;
			status = CBD_OK;
		}
	}
	SpiEnd();
	return status;
}

CbdStatus
ReadMedium(const Caller *caller, OpenedMedia *opened, Medium *medium)
{
	if (strcmp(opened->ref.resource, MEDIA_OF_EVENTS) == 0)
		return ReadEventMedium(caller, opened, medium);
	return ReadResourceFile(caller, opened, medium);
}
