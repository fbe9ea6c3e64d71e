/*
 * The kind of the algorithm service: GET and POST /analysis/{algorithm}. The envelope, of a result or of the
 * job that makes it; every field that is none of the route's own is a parameter of the algorithm, which the
 * extension knows: objects (GeoJSON) and arrays too.
 */
#include "kind/kinds.h"
#include "reply/envelope.h"
#include "request/params.h"

/* Kind.other */
static void
AnalysisField(Request *request, Field *field)
{
	const Route *route = request->route;

	ListAdd(request, &request->values[RouteParamOfType(route, PARAM_PAIR_NAMES)], field->name, "");
	ListAdd(request, &request->values[RouteParamOfType(route, PARAM_PAIR_VALUES)],
			(Span){field->text, field->length}, "");
}

const Kind kind_analysis = {.name = "analysis",
							.formats = FORMATS_ENVELOPE,
							.envelope = true,
							.other = AnalysisField,
							.make = EnvelopeMake};
