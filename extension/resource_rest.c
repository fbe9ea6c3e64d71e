/* GET /resources and /resources/{code}: what the caller may use (clause 5.2-b); the documents are made in SQL. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access.h"
#include "audit.h"
#include "spi.h"

static SpiQuery list_resources = {"SELECT citybigdata.resource_list($1, $2)::text", 2, {INT4OID, BOOLOID}};
static SpiQuery show_resource = {
	"SELECT citybigdata.resource_document($1)::text WHERE $3 OR EXISTS (SELECT FROM citybigdata.app_grant g WHERE g.app_id = $2 AND g.resource = $1"
	" AND g.state = 'active' AND (g.valid_until IS NULL OR g.valid_until > pg_catalog.now()))",
	3, {TEXTOID, INT4OID, BOOLOID}};

/* rest_resources(context 5): {items: [...]}. */
PG_FUNCTION_INFO_V1(cbd_rest_resources);
Datum
cbd_rest_resources(PG_FUNCTION_ARGS)
{
	CallContext call;
	Caller		caller;
	int			retry_after = 0;
	CbdStatus	status;
	Datum		values[2];
	char	   *data;

	ReadCallContext(fcinfo, &call);
	status = Authorise(&call, NULL, &caller, &retry_after);
	if (status != CBD_OK)
	{
		AuditWrite(&call, &caller, "resource.list", NULL, status, NULL);
		return ReplyFrame(status, retry_after, NULL, NULL);
	}
	values[0] = Int32GetDatum(caller.app_id);
	values[1] = BoolGetDatum(caller.administrator);
	SpiBegin();
	(void) SpiRead(&list_resources, values, NULL, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return ReplyFrame(CBD_OK, 0, AuditRecord(&call, &caller, "resource.list", NULL), data);
}

/* rest_resource(context 5, code): the manual of one resource; 404 when it does not exist or is not granted. */
PG_FUNCTION_INFO_V1(cbd_rest_resource);
Datum
cbd_rest_resource(PG_FUNCTION_ARGS)
{
	CallContext call;
	Caller		caller;
	int			retry_after = 0;
	char	   *code = ArgText(fcinfo, 5);
	char	   *data = NULL;
	CbdStatus	status;
	Datum		values[3];

	ReadCallContext(fcinfo, &call);
	status = Authorise(&call, NULL, &caller, &retry_after);
	if (status == CBD_OK && code != NULL)
	{
		values[0] = CStringGetTextDatum(code);
		values[1] = Int32GetDatum(caller.app_id);
		values[2] = BoolGetDatum(caller.administrator);
		SpiBegin();
		if (SpiRead(&show_resource, values, NULL, 1) == 1)
			data = SpiText(0, 1);
		SpiEnd();
	}
	if (status == CBD_OK && data == NULL)
		status = CBD_NO_SUCH_RESOURCE;
	if (status != CBD_OK)
	{
		AuditWrite(&call, &caller, "resource.show", code, status, NULL);
		return ReplyFrame(status, retry_after, NULL, NULL);
	}
	return ReplyFrame(CBD_OK, 0, AuditRecord(&call, &caller, "resource.show", code), data);
}
