/*
 * The kind of the addresses that gateways call (/gateway/...): envelope in JSON.
 *
 * What a vendor calls its fields, the extension knows: all of them go there, names and values as they came. A
 * body that is an array is the field `items`; whatever is nested stays JSON text.
 */
#include "kind/kinds.h"

#include "reply/envelope.h"
#include "request/params.h"

/* Kind.other */
static void
GatewayField(Request *request, Field *field)
{
	PairAdd(request, field->name, (Span){field->text, field->length});
}

const Kind kind_gateway = {
	.name = "gateway", .envelope = true, .array_field = "items", .other = GatewayField, .make = EnvelopeMake};
