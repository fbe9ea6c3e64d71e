/* What kinds use to make replies: headers, 304, charset and coding. */
#include "reply/reply.h"

#include "reply/encode.h"
#include "text/entity_tag.h"

void
ReplyHeader(Reply *reply, const char *name, const char *value)
{
	if (value != NULL)
		MHD_add_response_header(reply->response, name, value);
}

bool
ReplyUnchanged(Request *request, Reply *reply)
{
	const char *header = request->headers[HEADER_IF_NONE_MATCH];

	if (header == NULL)
		return false;
	if (!EntityTagListed((Span){header, strlen(header)},
						 EntityTagOpaque((Span){reply->tag, strlen(reply->tag)})))
		return false;
	TextClear(&reply->text);
	reply->http = MHD_HTTP_NOT_MODIFIED;
	reply->gzip = false;
	return true;
}

void
ReplyEncode(Request *request, Reply *reply)
{
	reply->vary = true;
	reply->gzip = EncodeWhole(&reply->text, EncodingOf(request));
}
