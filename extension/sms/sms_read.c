/* The form of a message (table A.1) with all its errors; see sms.h. */
#include "postgres.h"

#include "core/field.h"
#include "core/text_check.h"
#include "sms/sms.h"
#include "sms/sms_content.h"

/* msgId: printable characters of any script. */
static const char *
ReadMsgId(const char *text, ErrorList *errors)
{
	static const TextRule rule = {"/msgId", 1, SMS_MSG_ID_MAX, false, false};

	return CheckText(errors, &rule, text);
}

static bool
ReadNeedReply(const char *text, ErrorList *errors)
{
	static const char *const yes[] = {"true", "1", NULL};
	static const char *const no[] = {"false", "0", NULL};

	if (text == NULL || TextBlank(text, strlen(text)) || IsOneOf(text, no))
		return false;
	if (!IsOneOf(text, yes))
		ErrorAdd(errors, "/needReply", CBD_FIELD_OUT_OF_RANGE, "true, false, 1 or 0");
	return true;
}

/* The content: as it is given, or of a template. */
static char *
ReadContent(const SmsForm *form, ErrorList *errors)
{
	bool templated =
		form->template_code != NULL && !TextBlank(form->template_code, strlen(form->template_code));
	char *filled;

	if (!templated)
	{
		if (form->parameters != NULL)
			ErrorAdd(errors, "/parameters", CBD_FIELD_OUT_OF_RANGE, "only with template");
		return SmsReadContent(form->content, "/content", errors);
	}
	if (form->content != NULL && !TextBlank(form->content, strlen(form->content)))
	{
		ErrorAdd(errors, "/content", CBD_FIELD_OUT_OF_RANGE, "content or template, not both");
		return NULL;
	}
	filled = SmsFillTemplate(form->template_code, form->parameters, errors);
	return filled == NULL ? NULL : SmsReadContent(filled, "/template", errors);
}

void
SmsRead(const SmsForm *form, SmsRequest *request, ErrorList *errors)
{
	SmsReadNumbers(form->mobiles, "/mobileStr", &request->numbers, errors);
	request->content = ReadContent(form, errors);
	request->msg_id = ReadMsgId(form->msg_id, errors);
	request->need_reply = ReadNeedReply(form->need_reply, errors);
}
