/* Reply frames as SQL sees them: written by functions in SQL and plpgsql, read by tests and administrators.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/call.h"
#include "core/json_write.h"
#include "core/reply.h"
#include "core/say.h"

PG_FUNCTION_INFO_V1(cbd_reply_frame);
PG_FUNCTION_INFO_V1(cbd_read_reply_frame);

/* reply_frame(status, retry_after, data) */
Datum
cbd_reply_frame(PG_FUNCTION_ARGS)
{
	return ReplyFrame(PG_ARGISNULL(0) ? CBD_OK : (CbdStatus) PG_GETARG_INT32(0),
					  PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1), ArgText(fcinfo, 2));
}

/* The lines of a frame that was read, as a jsonb object. */
static Datum
Fields(const char *bytes, size_t length)
{
	StringInfoData json;
	size_t at = (const char *) memchr(bytes, '\n', length) - bytes + 1;
	Span name, value;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	while (FrameLine(bytes, length, &at, &name, &value))
	{
		char *text = pnstrdup(value.text, value.length);

		(void) pg_verifymbstr(text, (int) value.length, false);
		JsonField(&json, pnstrdup(name.text, name.length), text);
	}
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

/* read_reply_frame(frame, OUT status, OUT fields, OUT body) */
Datum
cbd_read_reply_frame(PG_FUNCTION_ARGS)
{
	bytea *argument = PG_GETARG_BYTEA_PP(0);
	const char *bytes = VARDATA_ANY(argument);
	size_t length = VARSIZE_ANY_EXHDR(argument);
	Frame frame;
	TupleDesc row;
	Datum values[3];
	bool nulls[3] = {false};

	if (!FrameRead(bytes, length, &frame))
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION), saymsg("not a reply frame"),
						sayhint("A reply frame begins with \"citybigdata/%d{version} \" and a status code.",
								CONTRACT_VERSION)));
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "read_reply_frame returns a row");
	values[0] = Int32GetDatum((int32) frame.status);
	values[1] = Fields(bytes, length);
	values[2] = PointerGetDatum(cstring_to_text_with_len(frame.body.text, (int) frame.body.length));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}
