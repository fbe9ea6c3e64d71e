/*
 * GET /media/{id}: a medium in slices.
 *
 * The bridge asks rest_media() once a request, and while the reply has a `more` rest_media_slice() with that,
 * each time with the token: application, account and grant are judged at every slice, audited and counted
 * once. `more` is the first and the last byte that are still asked for, and the tag of the medium.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "core/guc.h"
#include "media/media.h"
#include "access/reply.h"
#include "core/spi.h"
#include "text/percent.h"

PG_FUNCTION_INFO_V1(cbd_rest_media);
PG_FUNCTION_INFO_V1(cbd_rest_media_slice);
PG_FUNCTION_INFO_V1(cbd_media_url);

#define ACTION "media.get"

/* RFC 6266: the name in ASCII for old clients, and by RFC 5987 as it is. */
static char *
Disposition(const Medium *medium)
{
	StringInfoData text;
	size_t length = strlen(medium->name);

	initStringInfo(&text);
	appendStringInfoString(&text, medium->in_place ? "inline; filename=\"" : "attachment; filename=\"");
	for (const char *c = medium->name; *c != '\0'; c++)
		if ((unsigned char) *c < 0x80)
			appendStringInfoChar(&text, *c == '"' || *c == '%' ? '_' : *c);
		else if ((unsigned char) *c >= 0xc0)
			appendStringInfoChar(&text, '_');
	appendStringInfoString(&text, "\"; filename*=UTF-8''");
	enlargeStringInfo(&text, PERCENT_SIZE(length));
	text.len += PercentText(medium->name, length, "", text.data + text.len);
	text.data[text.len] = '\0';
	return text.data;
}

/* The slice as body, and how the bridge gets the one behind it. */
static void
AddSlice(Frame *frame, const Medium *medium)
{
	int64 next = medium->first + medium->slice_length;

	frame->body = (Span){medium->slice, medium->slice_length};
	if (medium->slice_length < medium->count && !medium->head)
		frame->more = FrameText(psprintf(INT64_FORMAT "-" INT64_FORMAT " %s", next,
										 medium->first + medium->count - 1, medium->tag));
}

/* The medium itself, its part, or that the client has it. */
static Datum
MediumFrame(const Medium *medium, const char *audit)
{
	Frame frame;

	ReplyBegin(&frame, CBD_OK);
	frame.audit = FrameText(audit);
	frame.etag = FrameText(psprintf("\"%s\"", medium->tag));
	if (medium->unchanged)
	{
		frame.http = 304;
		return FrameDatum(&frame);
	}
	if (medium->part)
	{
		frame.http = 206;
		frame.content_range =
			FrameText(psprintf("bytes " INT64_FORMAT "-" INT64_FORMAT "/" INT64_FORMAT, medium->first,
							   medium->first + medium->count - 1, medium->total));
	}
	frame.content_type = FrameText(medium->type);
	frame.content_disposition = FrameText(Disposition(medium));
	frame.content_length = medium->count;
	AddSlice(&frame, medium);
	return FrameDatum(&frame);
}

static Datum
RefuseRange(Call *call, const Medium *medium)
{
	Frame frame;

	ErrorAdd(&call->errors, "/Range", CBD_RANGE_NOT_SATISFIABLE,
			 psprintf("There are " INT64_FORMAT " bytes", medium->total));
	AuditWrite(&call->context, &call->caller, ACTION, call->object, CBD_RANGE_NOT_SATISFIABLE, call->detail);
	ReplyBegin(&frame, CBD_RANGE_NOT_SATISFIABLE);
	frame.content_range = FrameText(psprintf("bytes */" INT64_FORMAT, medium->total));
	frame.body = FrameText(ErrorsData(&call->errors));
	return FrameDatum(&frame);
}

/*
 * rest_media(context, id, range, if_none_match, if_range, head): Range and If-Range as the client sent them,
 * the tags of If-None-Match without quotes and separated by blanks; null when absent.
 */
Datum
cbd_rest_media(PG_FUNCTION_ARGS)
{
	Call call;
	OpenedMedia opened;
	Medium medium = {0};
	char *token = ArgText(fcinfo, 5);
	CbdStatus status;

	CallBegin(fcinfo, &call, ACTION);
	medium.range = ArgText(fcinfo, 6);
	medium.if_none_match = ArgText(fcinfo, 7);
	medium.if_range = ArgText(fcinfo, 8);
	medium.head = !PG_ARGISNULL(9) && PG_GETARG_BOOL(9);
	status = OpenMedia(&call.context, token == NULL ? "" : token, false, &call.caller, &opened);
	call.object = opened.ref.resource;
	if (status == CBD_OK)
		status = WithinLimit(status, opened.ref.resource, &call.caller, &call.retry_after);
	if (status == CBD_OK)
	{
		status = ReadMedium(&call.caller, &opened, &medium);
		call.object = medium.object;
	}
	call.detail = opened.detail;
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	if (medium.unsatisfiable)
		return RefuseRange(&call, &medium);
	return MediumFrame(&medium, AuditRecord(&call.context, &call.caller, ACTION, call.object));
}

/*
 * rest_media_slice(context, id, more): the next slice of a download under way. Not audited unless it is
 * refused: no longer allowed, or CBD_CONFLICT, the medium is not the one that the download began with.
 */
Datum
cbd_rest_media_slice(PG_FUNCTION_ARGS)
{
	Call call;
	OpenedMedia opened;
	Medium medium = {.under_way = true};
	char *token = ArgText(fcinfo, 5);
	char *more = ArgText(fcinfo, 6);
	char *tag = NULL;
	CbdStatus status;
	Frame frame;

	CallBegin(fcinfo, &call, ACTION);
	if (more != NULL)
		medium.first = Max(strtoll(more, &tag, 10), 0);
	if (tag != NULL && *tag == '-')
		medium.last = strtoll(tag + 1, &tag, 10);
	status = OpenMedia(&call.context, token == NULL ? "" : token, true, &call.caller, &opened);
	call.object = opened.ref.resource;
	if (status == CBD_OK)
	{
		status = ReadMedium(&call.caller, &opened, &medium);
		call.object = medium.object;
	}
	call.detail = opened.detail;
	if (status == CBD_OK && (tag == NULL || *tag != ' ' || strcmp(tag + 1, medium.tag) != 0))
	{
		status = CBD_CONFLICT;
		call.detail = "the medium changed while it was read";
	}
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	ReplyBegin(&frame, CBD_OK);
	AddSlice(&frame, &medium);
	return FrameDatum(&frame);
}

/* media_url(app_code, rec_id, media_no, expires_in, cidr): for administrators; NULL when there is no such
 * stored medium. */
Datum
cbd_media_url(PG_FUNCTION_ARGS)
{
	static SpiQuery find = {"SELECT a.app_id, EXISTS (SELECT FROM citybigdata.event_media m WHERE m.rec_id = "
							"$2 AND m.media_no = $3 AND m.content IS NOT NULL)"
							" FROM citybigdata.application a WHERE a.app_code = $1",
							3,
							{TEXTOID, INT4OID, INT4OID}};
	CallContext context = {.scheme = "sql"};
	MediaSealer sealer;
	Caller caller;
	Datum values[3];
	int64 seconds;
	int32 app_id = 0;
	bool stored = false;
	char *url;

	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("app_code, rec_id, media_no and expires_in must not be null")));
	seconds = IntervalSeconds(PG_GETARG_INTERVAL_P(3));
	if (seconds < 1 || seconds > guc_sealed_url_ttl)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						errmsg("expires_in must be 1 second to %d seconds", guc_sealed_url_ttl),
						errhint("citybigdata.sealed_url_ttl is the longest validity.")));
	for (int i = 0; i < 3; i++)
		values[i] = PG_GETARG_DATUM(i);
	SpiBegin();
	if (SpiRun(&find, values, NULL, SPI_OK_SELECT, 1) == 1)
	{
		app_id = SpiInt32(0, 1);
		stored = SpiBool(0, 2);
	}
	SpiEnd();
	/* an application bound to address ranges is judged when the address is opened */
	if (app_id == 0 || AuthoriseApplication(&context, app_id, MEDIA_OF_EVENTS, &caller) == CBD_FORBIDDEN)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_FORBIDDEN)), errmsg("the application may not read events"),
				 errdetail("It is unknown, suspended or expired, or holds no grant on the resource.")));
	if (!stored)
		PG_RETURN_NULL();
	MediaSealerBegin(&sealer, &context, &caller);
	sealer.expires_at = UnixSeconds(GetCurrentTimestamp()) + seconds;
	sealer.cidr = PG_ARGISNULL(4) ? NULL : DatumGetCString(DirectFunctionCall1(cidr_out, PG_GETARG_DATUM(4)));
	url = EventMediaUrl(&sealer, PG_GETARG_INT32(1), PG_GETARG_INT32(2));
	MediaSealerEnd(&sealer);
	AuditWrite(NULL, NULL, "media.seal",
			   psprintf("%s/%s/%d/%d", MEDIA_OF_EVENTS, MEDIA_OF_EVENTS_FIELD, PG_GETARG_INT32(1),
						PG_GETARG_INT32(2)),
			   CBD_OK, ArgText(fcinfo, 0));
	PG_RETURN_TEXT_P(cstring_to_text(url));
}
