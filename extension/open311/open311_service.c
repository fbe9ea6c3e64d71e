/* Endpoints: GET services, services/{code}; see open311.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "open311/open311.h"

/* [{...}] of the leaves of the dictionary; the group is what stands above. */
static SpiQuery services = {
	"SELECT coalesce(json_agg(json_build_object('service_code', c.code, 'service_name', c.name, "
	"'description', concat_ws(' / ', p.name, c.name, c.name_en), 'metadata', true, 'type', 'realtime', "
	"'keywords', concat_ws(',', c.name, c.name_en), 'group', coalesce(p.name, c.name)) ORDER BY c.sort, "
	"c.code), '[]')::text FROM citybigdata.code_table_row c LEFT JOIN citybigdata.code_table_row p ON "
	"p.table_name = c.table_name AND p.code = c.parent_code WHERE c.table_name = 'event-type' AND NOT "
	"EXISTS (SELECT FROM citybigdata.code_table_row b WHERE b.table_name = c.table_name AND b.parent_code = "
	"c.code)",
	0,
	{0}};

/* $1 code: its definition; the one attribute is the level, where the site has a dictionary of that. */
static SpiQuery definition = {
	"SELECT json_build_object('service_code', c.code, 'attributes', coalesce((SELECT json_build_array("
	"json_build_object('variable', true, 'code', 'level', 'datatype', 'singlevaluelist', 'required', false, "
	"'datatype_description', 'eventLevelID', 'order', 1, 'description', '问题级别 Level', 'values', "
	"json_agg(json_build_object('key', l.code, 'name', l.name) ORDER BY l.sort, l.code))) FROM "
	"citybigdata.code_table_row l WHERE l.table_name = 'event-level' HAVING count(*) > 0), '[]'))::text FROM "
	"citybigdata.code_table_row c WHERE c.table_name = 'event-type' AND c.code = $1 AND NOT EXISTS (SELECT "
	"FROM citybigdata.code_table_row b WHERE b.table_name = c.table_name AND b.parent_code = c.code)",
	1,
	{TEXTOID}};

/* rest_open311_services(context, api_key) */
static Datum
Services(Call *call)
{
	ARGUMENTS(ARG_API_KEY);
	Datum reply;
	char *data;

	if (!Open311Begin(call, ARG_API_KEY, &reply))
		return reply;
	SpiBegin();
	(void) SpiRead(&services, NULL, NULL, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return AnswerRead(call, data);
}

ENDPOINT(cbd_rest_open311_services, "open311.services", Services);

/* rest_open311_service(context, service_code, api_key) */
static Datum
Service(Call *call)
{
	ARGUMENTS(ARG_CODE, ARG_API_KEY);
	char *code = CallText(call, ARG_CODE);
	Datum reply;
	char *data = NULL;

	call->object = code == NULL ? NULL : ShortText(code, strlen(code));
	if (!Open311Begin(call, ARG_API_KEY, &reply))
		return reply;
	SpiBegin();
	if (SpiRead(&definition, (Datum[]){CStringGetTextDatum(code == NULL ? "" : code)}, NULL, 1) > 0)
		data = SpiText(0, 1);
	SpiEnd();
	if (data == NULL)
	{
		ErrorAdd(&call->errors, "/service_code", CBD_NOT_FOUND, "there is no such service_code");
		return Answer(call, CBD_NOT_FOUND, ErrorsData(&call->errors));
	}
	return AnswerRead(call, data);
}

ENDPOINT(cbd_rest_open311_service, "open311.service", Service);
