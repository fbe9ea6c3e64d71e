/* Endpoint: GET /divisions/{code} (clause 5.3.4). A retired code is answered too, with its successor. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "access/endpoint.h"
#include "core/spi.h"
#include "place/division.h"

/* The division's dates as 14 digits, and what is directly below it and valid. */
static SpiQuery dates_query = {"SELECT pg_catalog.to_char(valid_from, 'YYYYMMDD') || '000000', "
							   "pg_catalog.to_char(valid_to, 'YYYYMMDD') || '000000' "
							   "FROM citybigdata.division WHERE code = $1",
							   1,
							   {TEXTOID}};
/* $1 code, $2 day: what lies directly below and is valid then. */
static SpiQuery children_query = {
	"SELECT code, name FROM citybigdata.division WHERE parent_code = $1 "
	"AND (valid_from IS NULL OR valid_from <= $2) AND (valid_to IS NULL OR valid_to > $2) ORDER BY code",
	2,
	{TEXTOID, DATEOID}};

/* children: what lies directly below and is valid today. */
static void
AppendChildren(StringInfo out, const char *code)
{
	uint64 count = SpiRead(&children_query,
						   (Datum[]){CStringGetTextDatum(code), DateADTGetDatum(DivisionToday())}, NULL, 0);

	appendStringInfoString(out, ",\"children\":[");
	for (uint64 i = 0; i < count; i++)
	{
		appendStringInfoString(out, i == 0 ? "{" : ",{");
		JsonField(out, "code", SpiText(i, 1));
		JsonField(out, "name", SpiText(i, 2));
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

/* The data of the reply. */
static char *
DivisionJson(const Division *division)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "code", division->code);
	JsonField(&out, "name", division->name);
	JsonField(&out, "parentCode", division->parent[0] == '\0' ? NULL : division->parent);
	appendStringInfo(&out, ",\"level\":%d,\"current\":%s", division->level,
					 division->current ? "true" : "false");
	SpiBegin();
	if (SpiRead(&dates_query, (Datum[]){CStringGetTextDatum(division->code)}, NULL, 1) == 1)
	{
		JsonField(&out, "validFrom", SpiText(0, 1));
		JsonField(&out, "validTo", SpiText(0, 2));
	}
	JsonField(&out, "successorCode", division->successor[0] == '\0' ? NULL : division->successor);
	AppendChildren(&out, division->code);
	SpiEnd();
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* rest_division(context, code): {code, name, parentCode, level, current, validFrom, validTo, successorCode,
 * children} */
static Datum
DivisionGet(Call *call)
{
	ARGUMENTS(ARG_CODE);
	char *code = CallText(call, ARG_CODE);
	Division division;
	CbdStatus status = CallAuthorise(call, NULL);

	call->object = code;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (code == NULL || !IsDivisionCode(code))
	{
		ErrorAdd(&call->errors, "/code", CBD_INVALID_PARAMETER,
				 "A division code has 6, 9 or 12 digits, for example 110101");
		return AnswerErrors(call);
	}
	if (!DivisionFind(code, &division))
		return Answer(call, CBD_NO_SUCH_DIVISION, NULL);
	return AnswerRead(call, DivisionJson(&division));
}

ENDPOINT(cbd_rest_division, "division.get", DivisionGet);
