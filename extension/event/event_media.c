/*
 * The media of a report: names, types, usages, addresses, and content in base64, which is decoded and held
 * against the first bytes that its type has. One of address and content must be there.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "mb/pg_wchar.h"

#include "event/event.h"
#include "core/text_check.h"
#include "core/guc.h"
#include "media/media_check.h"
#include "text/utf8.h"
#include "text/base64.h"

static const char *const media_types[] = {"IMAGE", "VIDEO", "VOICE", "ATTACH"};
static const char *const media_usages[] = {"上报", "核查", "核实", "处置"};

/* File name extensions that stand for a type (egova); any other is an attachment. */
static const struct
{
	const char *extension;
	const char *type;
} extensions[] = {{"jpg", "IMAGE"},  {"jpeg", "IMAGE"}, {"png", "IMAGE"},  {"gif", "IMAGE"},
				  {"bmp", "IMAGE"},  {"webp", "IMAGE"}, {"tif", "IMAGE"},  {"tiff", "IMAGE"},
				  {"heic", "IMAGE"}, {"mp4", "VIDEO"},  {"avi", "VIDEO"},  {"flv", "VIDEO"},
				  {"mkv", "VIDEO"},  {"mov", "VIDEO"},  {"wmv", "VIDEO"},  {"3gp", "VIDEO"},
				  {"mpg", "VIDEO"},  {"mpeg", "VIDEO"}, {"webm", "VIDEO"}, {"m4v", "VIDEO"},
				  {"mp3", "VOICE"},  {"amr", "VOICE"},  {"wav", "VOICE"},  {"aac", "VOICE"},
				  {"ogg", "VOICE"},  {"m4a", "VOICE"},  {"wma", "VOICE"}};

/* Adds an error at a field of the medium. */
#define AT(i, field) psprintf("/medias/%d/%s", i, field)

/* The type that an extension ("jpg", ".JPG") stands for; NULL when the text is no extension. */
static const char *
TypeOfExtension(const char *text)
{
	size_t length;

	if (*text == '.')
		text++;
	length = strlen(text);
	if (length == 0 || length > 10)
		return NULL;
	for (size_t i = 0; i < length; i++)
		if (!((text[i] >= '0' && text[i] <= '9') || ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z')))
			return NULL;
	for (int i = 0; i < lengthof(extensions); i++)
		if (pg_strcasecmp(text, extensions[i].extension) == 0)
			return extensions[i].type;
	return "ATTACH";
}

/* mediaType to one of the four; NULL after an error. */
static char *
ResolveType(EventReport *report, int at, const char *reported)
{
	const char *type = NULL;

	for (int i = 0; i < lengthof(media_types); i++)
		if (report->egova ? pg_strcasecmp(reported, media_types[i]) == 0
						  : strcmp(reported, media_types[i]) == 0)
			return (char *) media_types[i];
	if (report->egova)
		type = TypeOfExtension(reported);
	if (type == NULL)
		ErrorPrint(&report->errors, false, AT(at, "mediaType"), CBD_MEDIA_TYPE,
				   "\"%s{value}\" is not a mediaType; allowed are IMAGE, VIDEO, VOICE, ATTACH%s{more*}",
				   ShortText(reported, strlen(reported)),
				   report->egova ? MESSAGE(" or a file name extension") : "");
	return (char *) type;
}

/* mediaUsage: one of four words (table A.4). */
static void
CheckUsage(EventReport *report, int at, const char *usage)
{
	for (int i = 0; i < lengthof(media_usages); i++)
		if (strcmp(usage, media_usages[i]) == 0)
			return;
	ErrorPrint(&report->errors, false, AT(at, "mediaUsage"), CBD_MEDIA_USAGE,
			   "\"%s{value}\" is not a mediaUsage; allowed are 上报, 核查, 核实, 处置",
			   ShortText(usage, strlen(usage)));
}

/* The content, decoded; NULL after an error. */
static bytea *
DecodeContent(EventReport *report, int at, const JsonNode *node)
{
	const char *text = node->text;
	size_t length = node->length;
	size_t prefix = report->egova ? media_data_prefix(text, length) : 0;
	size_t offset = 0;
	ptrdiff_t bytes;
	bytea *out = palloc(VARHDRSZ + BASE64_BYTES(length - prefix));

	bytes = Base64Bytes(text + prefix, length - prefix, report->egova ? BASE64_BLANKS : BASE64,
						(unsigned char *) VARDATA(out), &offset);
	if (bytes < 0)
	{
		size_t from = prefix + offset;

		if (from >= length)
			ErrorPrint(
				&report->errors, false, AT(at, "content"), CBD_MEDIA_BASE64,
				"the base64 text is not complete: its length, its padding or its last character is wrong");
		else
			ErrorPrint(&report->errors, false, AT(at, "content"), CBD_MEDIA_BASE64,
					   "character %d{position} is not base64: \"%s{value}\"",
					   (int) Utf8Characters(text, from) + 1, ShortText(text + from, pg_mblen(text + from)));
		pfree(out);
		return NULL;
	}
	if (bytes > (long) guc_media_limit * 1024)
	{
		ErrorPrint(&report->errors, false, AT(at, "content"), CBD_MEDIA_TOO_LARGE,
				   "the medium has %ld{bytes} bytes; at most %ld{limit} are taken", bytes,
				   (long) guc_media_limit * 1024);
		pfree(out);
		return NULL;
	}
	SET_VARSIZE(out, VARHDRSZ + bytes);
	return out;
}

/* Leading bytes against the type; ATTACH may be anything. */
static void
CheckLeadingBytes(EventReport *report, int at, const EventMedium *medium)
{
	const char *format;
	int wanted = strcmp(medium->type, "IMAGE") == 0   ? MEDIA_IS_IMAGE
				 : strcmp(medium->type, "VIDEO") == 0 ? MEDIA_IS_VIDEO
				 : strcmp(medium->type, "VOICE") == 0 ? MEDIA_IS_VOICE
													  : 0;
	int kinds =
		media_sniff((unsigned char *) VARDATA(medium->content), VARSIZE(medium->content) - VARHDRSZ, &format);

	if (wanted != 0 && (kinds & wanted) == 0)
		ErrorPrint(&report->errors, false, AT(at, "content"), CBD_MEDIA_TYPE_MISMATCH,
				   "the leading bytes are those of format %s{format}, which is no %s{type}", format,
				   medium->type);
}

/* Did the sender write a mediaURL, if a errory one? */
static bool
UrlGiven(const JsonNode *object, bool egova)
{
	for (const JsonNode *node = object->first; node != NULL; node = node->next)
		if (strcmp(node->key, "mediaURL") == 0)
			return !NodeAbsent(node, egova) && !(node->kind == JSON_STRING && node->length == 0);
	return false;
}

/* One entry of medias: its fields, its address or its content. */
static void
CheckMedium(EventReport *report, int at, const JsonNode *node, EventMedium *medium)
{
	const char *why;
	const JsonNode *content;
	bool lenient;

	if (node->kind != JSON_OBJECT)
	{
		ErrorPrint(&report->errors, false, JsonPointer(node), CBD_FIELD_TYPE,
				   "a medium must be an object, not %s{found*}", JsonKindName(node->kind));
		return;
	}
	ReadMediumFields(node, report, medium);
	if (medium->type != NULL)
		medium->type = ResolveType(report, at, medium->type);
	if (medium->usage != NULL)
		CheckUsage(report, at, medium->usage);
	if (medium->url != NULL && medium->url[0] == '\0')
		medium->url = NULL;
	if (medium->url != NULL && (why = media_url_error(medium->url, strlen(medium->url), &lenient)) != NULL)
		/* a user part is not repeated: it may be a password, and messages go into the audit log */
		ErrorPrint(&report->errors, lenient && report->egova, AT(at, "mediaURL"), CBD_MEDIA_URL,
				   "%s{what*}: %s{why*}",
				   strchr(medium->url, '@') != NULL ? MESSAGE("not a media address")
													: SaidBoth("\"%s{value}\" is not a media address",
															   ShortText(medium->url, strlen(medium->url))),
				   why);
	content = medium->content_node;
	if (content != NULL && content->kind != JSON_STRING)
		ErrorPrint(&report->errors, false, AT(at, "content"), CBD_FIELD_TYPE,
				   "content must be a string, not %s{found*}", JsonKindName(content->kind));
	else if (content != NULL && content->length > 0)
	{
		medium->content = DecodeContent(report, at, content);
		if (medium->content != NULL && medium->type != NULL)
			CheckLeadingBytes(report, at, medium);
	}
	else if (medium->url == NULL && !UrlGiven(node, report->egova))
		ErrorPrint(&report->errors, false, psprintf("/medias/%d", at), CBD_MEDIA_WITHOUT_CONTENT,
				   "a medium needs mediaURL or content");
}

/* mediaNum against the count: strict by the letter (absent = 0), egova only what says a number. */
static void
CheckMediaNum(EventReport *report, int count)
{
	int said = report->media_num.present ? report->media_num.value : 0;

	if (said == count || (report->egova && said == 0))
		return;
	ErrorPrint(&report->errors, report->egova, "/mediaNum", CBD_MEDIA_COUNT,
			   count == 1 ? "mediaNum is %d{said}, but medias has %d{count} element"
						  : "mediaNum is %d{said}, but medias has %d{count} elements",
			   said, count);
}

void
CheckMedias(EventReport *report)
{
	const JsonNode *list = report->medias_node;
	int at = 0;

	if (list != NULL && list->kind != JSON_ARRAY)
	{
		ErrorPrint(&report->errors, false, "/medias", CBD_FIELD_TYPE,
				   "medias must be an array, not %s{found*}", JsonKindName(list->kind));
		return;
	}
	CheckMediaNum(report, list == NULL ? 0 : list->count);
	if (list == NULL || list->count == 0)
		return;
	if (list->count > guc_media_count_limit)
	{
		ErrorPrint(&report->errors, false, "/medias", CBD_TOO_MANY_MEDIAS,
				   "medias has %d{count} elements; at most %d{limit} are taken", list->count,
				   guc_media_count_limit);
		return;
	}
	report->media_count = list->count;
	report->medias = palloc0(sizeof(EventMedium) * list->count);
	for (const JsonNode *node = list->first; node != NULL; node = node->next, at++)
		CheckMedium(report, at, node, &report->medias[at]);
}
