/*
 * Media of events; see case_media.h. Whether a caller may see a medium is decided as for the case that it
 * belongs to: by sender, grant and the level of its fields.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"

#include "access/access.h"
#include "access/operator.h"
#include "core/spi.h"
#include "event/case_field.h"
#include "event/case_media.h"
#include "event/event_case.h"
#include "event/case_right.h"
#include "event/event_level.h"
#include "fetch/fetch.h"

/* $1 rec_id, $2 media_no: content, name, kinds that are shown differently, and whose case it is. */
static SpiQuery event_medium = {
	"SELECT m.content, m.media_name, m.media_type OPERATOR(pg_catalog.=) 'VOICE', m.media_type "
	"OPERATOR(pg_catalog.=) 'ATTACH', e.sender_code, e.unit_code, coalesce(e.community_code, e.street_code, "
	"e.district_code)"
	" FROM " ALL_MEDIA " m JOIN " ALL_EVENTS " e ON e.rec_id OPERATOR(pg_catalog.=) m.rec_id"
	" WHERE m.rec_id OPERATOR(pg_catalog.=) $1 AND m.media_no OPERATOR(pg_catalog.=) $2",
	2,
	{INT4OID, INT4OID},
	NULL,
	true};

char *
EventMediaUrl(MediaSealer *sealer, int32 rec_id, int32 media_no)
{
	char *key = psprintf("%d/%d", rec_id, media_no);
	MediaRef ref = {MEDIA_OF_EVENTS, MEDIA_OF_EVENTS_FIELD, key, strlen(key)};

	return MediaUrl(sealer, &ref);
}

/* Which level the user sees the case of the last result at, as GET /events does; 0: not at all. */
static int
CaseLevel(const Caller *caller)
{
	int level = caller->all_cases ? caller->level : 0;
	char *sender = SpiText(0, 5);

	if (caller->operator_)
	{
		CasePlace place = {SpiText(0, 6), SpiText(0, 7)};

		return OperatorSeesCase(caller->posts, caller->post_count, &place) ? level : 0;
	}
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
	bool isnull, voice, attachment;
	Datum bytes;
	char *name;
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
		int level = CaseLevel(caller);

		bytes = SpiDatum(0, 1, &isnull);
		name = SpiText(0, 2);
		voice = SpiBool(0, 3);
		attachment = SpiBool(0, 4);
		if (level == 0 || !CaseFieldShown(CaseFieldNumber("medias.url"), level))
		{
			opened->detail = "media of this sender are not, or no longer, shown to the application";
			status = CBD_INVALID_CREDENTIALS;
		}
		/* what came as an address: its copy */
		else if ((!isnull && !medium->thumbnail) ||
				 (isnull && FetchedCopy(numbers[0], numbers[1], medium->thumbnail, &bytes)))
		{
			bool named = !medium->thumbnail && CaseFieldShown(CaseFieldNumber("medias.mediaName"), level);

			MemoryContextSwitchTo(context);
			CutMedium(medium, bytes, NULL, named ? name : NULL, voice);
			medium->in_place = medium->in_place && (medium->thumbnail || !attachment);
			status = CBD_OK;
		}
	}
	SpiEnd();
	return status;
}

const MediaSource event_media_source = {MEDIA_OF_EVENTS, AuthoriseCasesOf, ReadEventMedium};
