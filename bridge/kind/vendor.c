/*
 * The kind of the vendor paths; see vendor.h.
 *
 * No format can be chosen: deployed senders read JSON, whatever their Accept header says, and add
 * parameters of their own, which are ignored. Charsets they may ask for.
 */
#include "kind/vendor.h"

#include "kind/kinds.h"
#include "reply/envelope.h"
#include "request/params.h"

unsigned
VendorHttp(int status)
{
	unsigned http = StatusHttp(status);

	/* what a sender's HTTP library acts upon without reading the body stays as it is */
	return http < 500 && http != 401 && http != 405 && http != 413 && http != 429 ? 200 : http;
}

const Kind kind_vendor = {.name = "vendor", /* no formats: deployed senders read JSON, whatever they accept */
						  .envelope = true,
						  .other = FieldIgnored,
						  .http = VendorHttp,
						  .make = EnvelopeMake};
