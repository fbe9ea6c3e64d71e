/* Templates of messages: a text with parameters in braces, filled. */
#include "postgres.h"

#include <ctype.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/json_tree.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "sms/sms.h"
#include "sms/sms_content.h"
#include "sms/sms_template.h"
#include "text/utf8.h"

/* The content of an active template; NULL: there is none. */
static char *
FindTemplate(const char *code)
{
	static SpiQuery query = {"SELECT content FROM citybigdata.sms_template WHERE template_code"
							 " OPERATOR(pg_catalog.=) $1 AND state OPERATOR(pg_catalog.=) 'active'",
							 1,
							 {TEXTOID},
							 NULL};
	Datum values[] = {CStringGetTextDatum(code)};
	char *content = NULL;

	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		content = SpiText(0, 1);
	SpiEnd();
	return content;
}

const char *
SmsNextParameter(const char *text, SmsParameter *parameter)
{
	for (const char *open = strchr(text, '{'); open != NULL; open = strchr(open + 1, '{'))
	{
		size_t length = 0;

		while (isalnum((unsigned char) open[1 + length]) && (unsigned char) open[1 + length] < 128)
			length++;
		if (length == 0 || open[1 + length] != '}')
			continue;
		*parameter = (SmsParameter){open + 1, length};
		return open;
	}
	return NULL;
}

/* The parameter among the members; NULL: it is not there. */
static const JsonNode *
Find(const JsonNode *root, const SmsParameter *parameter)
{
	for (const JsonNode *node = root == NULL ? NULL : root->first; node != NULL; node = node->next)
		if (strlen(node->key) == parameter->length &&
			memcmp(node->key, parameter->name, parameter->length) == 0)
			return node;
	return NULL;
}

/* The parameters as a tree; NULL: none, or errors. */
static JsonNode *
ReadParameters(const char *parameters, ErrorList *errors)
{
	JsonRefusal refusal;
	JsonNode *root;

	if (parameters == NULL || parameters[0] == '\0')
		return NULL;
	root = JsonParse(parameters, strlen(parameters), &refusal);
	if (root == NULL)
		ErrorAdd(errors, "/parameters", CBD_FIELD_TYPE, refusal.message);
	else if (root->kind != JSON_OBJECT)
		ErrorAdd(errors, "/parameters", CBD_FIELD_TYPE,
				 "an object, for example {\"taskNum\": \"110101000000001\"}");
	return root != NULL && root->kind == JSON_OBJECT ? root : NULL;
}

/* Errors of the members that are no texts or numbers, or that the template has not. */
static void
CheckMembers(const JsonNode *root, const char *content, ErrorList *errors)
{
	for (const JsonNode *node = root == NULL ? NULL : root->first; node != NULL; node = node->next)
	{
		SmsParameter parameter;
		bool known = false;

		for (const char *at = content; !known && (at = SmsNextParameter(at, &parameter)) != NULL; at++)
			known = strlen(node->key) == parameter.length &&
					memcmp(node->key, parameter.name, parameter.length) == 0;
		if (!known)
			ErrorPrint(errors, false, psprintf("/parameters%s", JsonPointer(node)), CBD_SMS_PARAMETER,
					   "the template has no parameter \"%s{name}\"", ShortText(node->key, strlen(node->key)));
		else if (node->kind != JSON_STRING && node->kind != JSON_NUMBER)
			ErrorAdd(errors, psprintf("/parameters%s", JsonPointer(node)), CBD_FIELD_TYPE,
					 "a text or a number");
		else if (Utf8Characters(node->text, node->length) > SMS_RAW_MAX)
			/* a template names it many times */
			ErrorPrint(errors, false, psprintf("/parameters%s", JsonPointer(node)), CBD_FIELD_TOO_LONG,
					   "at most %d{limit} characters, here are %d{count}", SMS_CONTENT_MAX,
					   (int) Utf8Characters(node->text, node->length));
	}
}

char *
SmsFillTemplate(const char *code, const char *parameters, ErrorList *errors)
{
	char *content = FindTemplate(code);
	int before = errors->count;
	SmsParameter parameter;
	StringInfoData out;
	const char *at = content;
	const char *open;
	JsonNode *root;

	if (content == NULL)
	{
		ErrorAdd(errors, "/template", CBD_NO_SUCH_SMS_TEMPLATE, NULL);
		return NULL;
	}
	root = ReadParameters(parameters, errors);
	CheckMembers(root, content, errors);
	initStringInfo(&out);
	while ((open = SmsNextParameter(at, &parameter)) != NULL)
	{
		const JsonNode *node = Find(root, &parameter);

		appendBinaryStringInfo(&out, at, (int) (open - at));
		if (node == NULL)
			ErrorPrint(errors, false, "/parameters", CBD_SMS_PARAMETER,
					   "the parameter \"%s{name}\" is missing", pnstrdup(parameter.name, parameter.length));
		else
			appendStringInfoString(&out, node->text != NULL ? node->text : "");
		at = parameter.name + parameter.length + 1;
	}
	appendStringInfoString(&out, at);
	return errors->count > before ? NULL : out.data;
}
