/* What the interface manual shows of the catalogue: GET /openapi.json and /docs with a credential
 * (clauses 5.2-b, A.1). */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/endpoint.h"
#include "core/spi.h"

/* $1 application, $2 all of them, $3 token: the resources that the manual describes to this caller. */
static SpiQuery documents = {
	"SELECT citybigdata.manual_documents($1, $2, $3)::text", 3, {INT4OID, BOOLOID, BYTEAOID}};

/* rest_manual(context): {resources: [resource_document()], codeTables: {name: [{code, name}]}}. */
static Datum
Manual(Call *call)
{
	Datum values[3];
	bool nulls[3] = {false};
	char *data;
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	values[0] = Int32GetDatum(call->caller.app_id);
	values[1] = BoolGetDatum(call->caller.administrator);
	values[2] = CallerToken(&call->caller, &nulls[2]);
	SpiBegin();
	(void) SpiRead(&documents, values, nulls, 1);
	data = SpiText(0, 1);
	SpiEnd();
	return AnswerRead(call, data);
}

ENDPOINT(cbd_rest_manual, "resource.manual", Manual);
