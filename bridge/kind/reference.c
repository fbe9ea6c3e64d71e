/*
 * Reference data on the side of HTTP: divisions, code tables, status codes (clauses 5.4.3, 5.4.4-c). They
 * change seldom, so every reply has an entity tag and a client that has it already gets 304; tables are also
 * to be had as CSV and NDJSON, where a row names its table's version, since there is no envelope around it.
 *
 * The columns of a table are its route's; the one that is no member of a row is a member of the table.
 */
#include "kind/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json_text.h"
#include "reply/envelope.h"
#include "request/negotiate.h"
#include "request/params.h"
#include "text/csv_guard.h"
#include "text/hex.h"
#include "wire/status_codes.h"

#define TAG_BYTES 16 /* of the digest that names a content */

/* CSV or NDJSON of a table; JSON: the envelope. */
static ReplyFormat
ListingOf(const Request *request)
{
	ReplyFormat format = request->wanted.format;

	return format == FORMAT_CSV || format == FORMAT_NDJSON ? format : FORMAT_JSON;
}

/* Is a byte order mark asked for? Only a table has the parameter. */
static bool
WantsBom(Request *request)
{
	const char *bom = request->route->columns == NULL ? NULL : ValueOf(request, "bom")->text;

	return bom != NULL && (strcmp(bom, "true") == 0 || strcmp(bom, "1") == 0);
}

/* Kind.begin of tables: `bom` is true or false. */
static void
TableBegin(Request *request)
{
	const char *bom = ValueOf(request, "bom")->text;

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

/* RFC 4180: null is nothing, quotes where they are needed. `guard`: no text is a formula (text/csv_guard.h).
 */
static void
AddCell(Text *text, Span value, bool guard)
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
	if (guard && CsvNeedsGuard(text->bytes + start, length))
	{
		TextAdd(text, "'", 1);
		memmove(text->bytes + start + 1, text->bytes + start, length);
		text->bytes[start] = '\'';
	}
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
AddRow(Text *text, Span row, Span version, const char *const *columns, bool csv, bool guard)
{
	for (int i = 0; columns[i] != NULL; i++)
	{
		Span value = Member(row, columns[i], version);

		if (!csv)
			TextPrint(text, "%s\"%s\":", i == 0 ? "{" : ",", columns[i]);
		else if (i > 0)
			TextAdd(text, ",", 1);
		if (csv)
			AddCell(text, value, guard);
		else
			TextAdd(text, value.text, value.length);
	}
	TextAddString(text, csv ? "\r\n" : "}\n");
}

/* The rows of a table as they are in the answer. */
static void
Render(Request *request, bool csv, Text *text)
{
	const char *const *columns = request->route->columns;
	Span null = {"null", 4}, name, row;
	Span version = Member(request->data, "version", null);
	Span items = Member(request->data, "items", (Span){"[]", 2});
	bool guard = csv && WantsBom(request);
	size_t at = 1;

	/* GB 18030 is not told by a mark, a spreadsheet would show it */
	if (guard && request->wanted.charset == CHARSET_UTF8)
		TextAddString(text, "\xEF\xBB\xBF");
	for (int i = 0; csv && columns[i] != NULL; i++)
		TextPrint(text, "%s%s", i > 0 ? "," : "", columns[i]);
	if (csv)
		TextAddString(text, "\r\n");
	while (JsonNext(items.text, items.length, &at, false, &name, &row))
		AddRow(text, row, version, columns, csv, guard);
}

/*
 * A digest of the content and of all that chose its form. The envelope names the request, so two replies are
 * never the same bytes and its tag is a weak one; that of CSV and NDJSON is strong.
 */
static const char *
MakeTag(Request *request, bool envelope)
{
	const Wanted *wanted = &request->wanted;
	const char *content = Digest(&request->arena, request->data.text, request->data.length);
	const char *form = ArenaPrint(&request->arena, "%s %s %d %d %d %d %d %d ", CBD_VERSION,
								  request->route->path, wanted->xml, ListingOf(request), wanted->charset,
								  wanted->gzip, wanted->chinese, WantsBom(request));
	size_t length = strlen(form);
	char *whole = ArenaAlloc(&request->arena, length + DIGEST_LENGTH);
	char digits[HEX_SIZE(TAG_BYTES)];

	memcpy(whole, form, length);
	memcpy(whole + length, content, DIGEST_LENGTH);
	HexText(Digest(&request->arena, whole, length + DIGEST_LENGTH), TAG_BYTES, digits);
	return ArenaPrint(&request->arena, "%s\"%s\"", envelope ? "W/" : "", digits);
}

/* Kind.make */
static void
ReferenceMake(Request *request, Reply *reply)
{
	ReplyFormat listing = ListingOf(request);
	bool csv = listing == FORMAT_CSV;

	if (request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	reply->tag = MakeTag(request, listing == FORMAT_JSON);
	reply->vary = true;
	if (ReplyUnchanged(request, reply))
		return;
	if (listing == FORMAT_JSON)
	{
		EnvelopeMake(request, reply);
		return;
	}
	Render(request, csv, &reply->text);
	reply->type = ArenaPrint(&request->arena, "%s; charset=%s%s", csv ? "text/csv" : "application/x-ndjson",
							 CharsetLabel(request), csv ? "; header=present" : "");
	ReplyEncode(request, reply);
}

static const char *const parameters[] = {"bom", NULL};

const Kind kind_reference = {.name = "reference",
							 .formats = FORMATS_ENVELOPE,
							 .envelope = true,
							 .tagged = true,
							 .make = ReferenceMake};

const Kind kind_table = {.name = "table",
						 .parameters = parameters,
						 .formats = FORMATS_ENVELOPE | FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_NDJSON),
						 .envelope = true,
						 .tagged = true,
						 .begin = TableBegin,
						 .make = ReferenceMake};
