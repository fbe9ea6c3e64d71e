/*
 * The form of the reply; see negotiate.h.
 *
 * Two things are kept apart: the format of the data, which only some kinds offer, and whether the envelope
 * is XML. A client that asks for CSV and takes XML too gets its rows as CSV and a refusal as XML.
 */
#include "request/negotiate.h"

#include "request/kind.h"
#include "wire/status_codes.h"

bool
QueryValue(const Request *request, const char *wanted, Span *value)
{
	Span rest = request->query, name;

	while (NextPair(&rest, &name, value))
		if (SpanIs(name, wanted))
			return true;
	return false;
}

void
WantFormat(Request *request, Span name)
{
	unsigned offered = request->kind->formats;
	Wanted *wanted = &request->wanted;
	int format = 0;

	while (format < FORMATS && !((offered & FORMAT_BIT(format)) && SpanIsAnyCase(name, format_names[format])))
		format++;
	if (format == FORMATS && !(offered & FORMATS_OTHER))
		Refuse(request, CBD_INVALID_PARAMETER, "/format",
			   offered & FORMAT_BIT(FORMAT_CSV) ? "must be json, xml, csv or ndjson" : "must be json or xml");
	wanted->format = format == FORMATS ? FORMAT_JSON : (ReplyFormat) format;
	wanted->xml = format == FORMAT_XML;
}

void
WantCharset(Request *request, Span name)
{
	bool gb18030 = SpanIsAnyCase(name, "gb18030");

	request->wanted.charset = gb18030 ? CHARSET_GB18030 : CHARSET_UTF8;
	/* GBK and GB 2312 are read, but what is written would not be theirs */
	if (!gb18030 && CharsetNamed(name.text, name.length) != CHARSET_UTF8)
		Refuse(request, CBD_INVALID_PARAMETER, "/charset", "must be UTF-8 or GB18030");
}

/* What Accept ranks highest; XML may be the envelope's where the data's is something else. */
static void
AcceptedFormat(Request *request, const char *accept)
{
	ReplyFormat format = AcceptFormat(accept, true);
	Wanted *wanted = &request->wanted;

	wanted->xml = format != FORMAT_JSON && AcceptFormat(accept, false) == FORMAT_XML;
	if (request->kind->formats & FORMAT_BIT(format))
		wanted->format = format;
}

/* JSON or HTML: `f` says it (what it may be is looked at with the other parameters), else Accept. */
static void
WantPage(Request *request, const char *accept)
{
	AcceptedPage accepted = accept == NULL ? ACCEPTS_JSON : AcceptPage(accept);
	Span value;

	request->wanted.charset = CHARSET_UTF8;
	request->wanted.html = accepted == ACCEPTS_HTML;
	if (QueryValue(request, "f", &value))
		request->wanted.html = SpanIs(value, "html");
	else if (accepted == ACCEPTS_NEITHER)
		Refuse(request, CBD_NOT_ACCEPTABLE, NULL, "there is JSON and HTML");
}

void
Negotiate(Request *request, const Headers *headers)
{
	const char *const *values = headers->values;
	Wanted *wanted = &request->wanted;
	Span value;

	wanted->chinese =
		values[HEADER_ACCEPT_LANGUAGE] != NULL && AcceptsChinese(values[HEADER_ACCEPT_LANGUAGE]);
	wanted->gzip = values[HEADER_ACCEPT_ENCODING] != NULL && AcceptsGzip(values[HEADER_ACCEPT_ENCODING]);
	if (values[HEADER_ACCEPT_CHARSET] != NULL && AcceptsGb18030(values[HEADER_ACCEPT_CHARSET]))
		wanted->charset = CHARSET_GB18030;
	if (request->kind->formats & FORMATS_PAGE)
		WantPage(request, values[HEADER_ACCEPT]);
	if (request->kind->formats == 0 || (request->kind->formats & FORMATS_PAGE))
		return;
	if (QueryValue(request, "charset", &value))
		WantCharset(request, value);
	if (values[HEADER_ACCEPT] != NULL)
		AcceptedFormat(request, values[HEADER_ACCEPT]);
	if (QueryValue(request, "format", &value))
		WantFormat(request, value);
}

const char *
CharsetLabel(const Request *request)
{
	return request->wanted.charset == CHARSET_GB18030 ? "GB18030" : "utf-8";
}
