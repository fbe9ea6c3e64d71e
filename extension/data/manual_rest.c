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
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return AnswerRead(call, CallerMayUse(&call->caller, &documents));
}

ENDPOINT(cbd_rest_manual, "resource.manual", Manual);
