/*
 * An endpoint that does nothing, for bench.sh, which builds it into the library that it measures: what is
 * left between two of its rates is the check of the caller and nothing else.
 */
#include "postgres.h"
#include "fmgr.h"

#include "access/endpoint.h"

/*
 * trivial(context): whoever gives no credential is not asked for one, any other is checked as by every
 * endpoint. trivial(context, resource): the grant on the resource too, and the audit record that every read
 * has.
 */
static Datum
Trivial(Call *call)
{
	ARGUMENTS(ARG_RESOURCE);
	char *resource = CallText(call, ARG_RESOURCE);
	CbdStatus status = call->context.scheme == SCHEME_NONE ? CBD_OK : CallAuthorise(call, resource);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	call->object = resource;
	return resource == NULL ? AnswerUnaudited(call, "[]") : AnswerRead(call, "[]");
}

ENDPOINT(cbd_bench_trivial, "bench.trivial", Trivial);
