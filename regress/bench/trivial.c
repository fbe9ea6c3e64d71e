/*
 * An endpoint that does nothing, for bench.sh, which builds it into the library that it measures: what is
 * left between two of its rates is the check of the caller and nothing else.
 */
#include "postgres.h"
#include "fmgr.h"

#include "access/access.h"
#include "audit/audit.h"
#include "core/call.h"

/*
 * trivial(context): whoever gives no credential is not asked for one, any other is checked as by every
 * endpoint. trivial(context, resource): the grant on the resource too, and the audit record that every read
 * has.
 */
PG_FUNCTION_INFO_V1(cbd_bench_trivial);
extern Datum cbd_bench_trivial(PG_FUNCTION_ARGS);

Datum
cbd_bench_trivial(PG_FUNCTION_ARGS)
{
	CallContext context;
	Caller caller;
	char *resource = PG_NARGS() > CONTEXT_ARGUMENTS ? ArgText(fcinfo, CONTEXT_ARGUMENTS) : NULL;
	char *audit = NULL;
	int retry_after = 0;
	CbdStatus status = CBD_OK;

	ReadCallContext(fcinfo, &context);
	if (strcmp(context.scheme, "none") != 0)
		status = Authorise(&context, resource, &caller, &retry_after);
	if (status == CBD_OK && resource != NULL)
		audit = AuditRecord(&context, &caller, "bench.trivial", resource);
	return ReplyFrame(status, retry_after, audit, status == CBD_OK ? "[]" : NULL);
}
