/* The reply of an algorithm, and what tells one request from another; see algorithm.h. */
#include "postgres.h"

#include "utils/builtins.h"

#include "analysis/algorithm.h"
#include "core/digest.h"
#include "core/interval.h"
#include "core/json_write.h"

char *
AlgorithmDocument(const Algorithm *algorithm, const AlgorithmValues *values, const AlgorithmOutcome *outcome)
{
	StringInfoData out;
	char time[16];

	FormatTimePoint(outcome->computed_at, time);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "algorithm", algorithm->code);
	appendStringInfo(&out, ",\"parameters\":%s", values->canonical);
	JsonField(&out, "dataVersion", outcome->data_version);
	JsonField(&out, "codeHash", algorithm->code_hash);
	JsonField(&out, "computedAt", time);
	appendStringInfoString(&out, ",\"result\":");
	appendBinaryStringInfo(&out, outcome->body.data, outcome->body.len);
	appendStringInfoChar(&out, '}');
	return out.data;
}

Datum
AlgorithmDigest(const Algorithm *algorithm, const AlgorithmValues *values)
{
	return TextDigest(psprintf("%s\n%s\n%s", algorithm->code, algorithm->code_hash, values->canonical));
}
