/* Reference data: entity tags, CSV and NDJSON. */
#include "kind/reference.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_text.h"
#include "reply/reply.h"
#include "request/request.h"
#include "wire/status_codes.h"
#include "text/hex.h"
#include "wire/paths.h"

#define COLUMNS 6

/* The tables: paths, and the columns of a row in their order. */
static const struct
{
	const char *path;
	const char *columns[COLUMNS]; /* the one that is no member of a row is one of the table: its version */
} tables[] = {
	{CODE_TABLES_PATH, {"name", "title", "titleZh", "version", "count"}},
	{CODE_TABLES_PATH "/{name}", {"code", "name", "parentCode", "version"}},
	{API_PATH "/status-codes", {"statusCode", "httpStatus", "name", "message", "messageZh"}},
};

/* Number of the request's table; -1: not a table. */
static int
TableOf(const Request *request)
{
	for (int i = 0; i < (int) (sizeof(tables) / sizeof(tables[0])); i++)
		if (request->route != NULL && strcmp(request->route->path, tables[i].path) == 0)
			return i;
	return -1;
}

bool
ReferenceTable(const Request *request)
{
	return TableOf(request) >= 0;
}

/* The value of `bom`, the last parameter of every table; NULL: not given. */
static const char *
BomOf(const Request *request)
{
	int last = RouteParamCount(request->route) - 1;

	return ReferenceTable(request) ? request->values[last].text : NULL;
}

static bool
WantsBom(const Request *request)
{
	const char *bom = BomOf(request);

	return bom != NULL && (strcmp(bom, "true") == 0 || strcmp(bom, "1") == 0);
}

void
ReferenceCheck(Request *request)
{
	const char *bom = BomOf(request);

	if (bom != NULL && !WantsBom(request) && strcmp(bom, "false") != 0 && strcmp(bom, "0") != 0)
		Refuse(request, CBD_INVALID_PARAMETER, "/bom", "must be true or false");
}

/* A member of an object, or `absent`. */
static Span
Member(Span object, const char *wanted, Span absent)
{
	Span name, value;
	size_t at = 1;

	while (JsonNext(object.text, object.length, &at, true, &name, &value))
		if (name.length >= 2 && SpanIs((Span){name.text + 1, name.length - 2}, wanted))
			return value;
	return absent;
}

/* RFC 4180: null is nothing, quotes where they are needed. */
static void
AddCell(Text *text, Span value)
{
	size_t start = text->length, length;

	if (value.text[0] == 'n')
		return;
	TextAdd(text, value.text, value.length);
	if (value.text[0] != '"')
		return;
	length = JsonUnescape(text->bytes + start, value.length, text->bytes + start);
	text->length = start + length;
	text->bytes[text->length] = '\0';
	if (strpbrk(text->bytes + start, ",\"\r\n") != NULL)
	{
		char *copy = CopyString(text->bytes + start);

		text->length = start;
		TextAdd(text, "\"", 1);
		for (const char *at = copy; *at != '\0'; at++)
			TextAdd(text, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
		TextAdd(text, "\"", 1);
		free(copy);
	}
}

/* One row: a line of CSV, or an object. */
static void
AddRow(Text *text, Span row, Span version, const char *const *columns, bool csv)
{
	for (int i = 0; i < COLUMNS && columns[i] != NULL; i++)
	{
		Span value = Member(row, columns[i], version);

		if (!csv)
			TextPrint(text, "%s\"%s\":", i == 0 ? "{" : ",", columns[i]);
		else if (i > 0)
			TextAdd(text, ",", 1);
		if (csv)
			AddCell(text, value);
		else
			TextAdd(text, value.text, value.length);
	}
	TextAddString(text, csv ? "\r\n" : "}\n");
}

/* The rows in place of the JSON of the answer. */
static void
Render(Request *request, bool csv)
{
	const char *const *columns = tables[TableOf(request)].columns;
	Span data = {request->data, request->data_length}, null = {"null", 4}, name, row;
	Span version = Member(data, "version", null), items = Member(data, "items", (Span){"[]", 2});
	Text text = {NULL, 0, 0};
	size_t at = 1;

	/* GB 18030 is not told by a mark, a spreadsheet would show it */
	if (csv && WantsBom(request) && request->charset == CHARSET_UTF8)
		TextAddString(&text, "\xEF\xBB\xBF");
	for (int i = 0; csv && i < COLUMNS && columns[i] != NULL; i++)
		TextPrint(&text, "%s%s", i > 0 ? "," : "", columns[i]);
	if (csv)
		TextAddString(&text, "\r\n");
	while (JsonNext(items.text, items.length, &at, false, &name, &row))
		AddRow(&text, row, version, columns, csv);
	request->data = text.length == 0 ? "" : ArenaCopy(&request->arena, text.bytes, text.length);
	request->data_length = text.length;
	free(text.bytes);
}

/*
 * A digest of the content and of all that chose its form. The envelope names the request, so two replies are
 * never the same bytes and its tag is a weak one; that of CSV and NDJSON is strong.
 */
static const char *
MakeTag(Request *request, bool envelope)
{
	const unsigned char *content =
		(const unsigned char *) Digest(&request->arena, request->data, request->data_length);
	const char *form = ArenaPrint(&request->arena, "%s %s %d %d %d %d %d %d ", CBD_VERSION,
								  request->route->path, request->xml, request->listing, request->charset,
								  request->gzip, request->chinese, WantsBom(request));
	size_t length = strlen(form);
	char *whole = ArenaAlloc(&request->arena, length + DIGEST_LENGTH);
	const unsigned char *digest;
	char *tag = ArenaAlloc(&request->arena, 40), *out = tag;

	memcpy(whole, form, length);
	memcpy(whole + length, content, DIGEST_LENGTH);
	digest = (const unsigned char *) Digest(&request->arena, whole, length + DIGEST_LENGTH);
	out = stpcpy(out, envelope ? "W/\"" : "\"");
	HexText(digest, 16, out);
	strcat(out, "\"");
	return tag;
}

bool
TagListed(const char *header, const char *tag)
{
	const char *opaque = strchr(tag, '"');
	size_t length = strlen(opaque);

	header += strspn(header, " \t,");
	if (*header == '*')
		return true;
	for (const char *at = header; (at = strchr(at, '"')) != NULL;)
	{
		size_t size = 1 + strcspn(at + 1, "\"") + 1;

		if (strlen(at) < size)
			return false;
		if (size == length && memcmp(at, opaque, size) == 0)
			return true;
		at += size;
	}
	return false;
}

void
ReferenceTake(Request *request)
{
	bool csv = request->listing == FORMAT_CSV;
	bool envelope = request->listing == FORMAT_JSON;

	request->tag = MakeTag(request, envelope);
	request->vary = true;
	request->unchanged = request->if_none_match != NULL && TagListed(request->if_none_match, request->tag);
	if (envelope || request->unchanged)
		return;
	Render(request, csv);
	request->content_type =
		ArenaPrint(&request->arena, "%s; charset=%s", csv ? "text/csv" : "application/x-ndjson",
				   request->charset == CHARSET_GB18030 ? "GB18030" : "utf-8");
	if (csv)
		request->content_type = ArenaPrint(&request->arena, "%s; header=present", request->content_type);
}

void
ReferenceHeaders(struct MHD_Response *response, const Request *request)
{
	if (request->tag == NULL)
		return;
	MHD_add_response_header(response, "ETag", request->tag);
}
