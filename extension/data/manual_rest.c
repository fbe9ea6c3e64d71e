/* What the interface manual shows of the catalogue: GET /openapi.json and /docs with a credential
 * (clauses 5.2-b, A.1). */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/access.h"
#include "audit/audit.h"
#include "core/spi.h"

static SpiQuery documents = {"SELECT citybigdata.manual_documents($1, $2)::text", 2, {INT4OID, BOOLOID}};

/* rest_manual(context 5): {resources: [resource_document()], codeTables: {name: [{code, name}]}}. */
PG_FUNCTION_INFO_V1(cbd_rest_manual);
Datum
cbd_rest_manual(PG_FUNCTION_ARGS)
{
	CallContext call;
	Caller caller;
	int retry_after = 0;
	CbdStatus status;
	Datum values[2];
	char *data;

	ReadCallContext(fcinfo, &call);
	status = Authorise(&call, NULL, &caller, &retry_after);
	if (status != CBD_OK)
	{
		AuditWrite(&call, &caller, "resource.manual", NULL, status, NULL);
		return ReplyFrame(status, retry_after, NULL, NULL);
	}
	values[0] = Int32GetDatum(caller.app_id);
	values[1] = BoolGetDatum(caller.administrator);
	SpiBegin();
	(void) SpiRead(&documents, values, NULL, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return ReplyFrame(CBD_OK, 0, AuditRecord(&call, &caller, "resource.manual", NULL), data);
}
