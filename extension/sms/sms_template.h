/* Parameters in braces, {name}: of templates of messages, and of gateways' requests. Braces around anything
 * else are text, as those of JSON. */
#ifndef CBD_SMS_TEMPLATE_H
#define CBD_SMS_TEMPLATE_H

#include "postgres.h"

typedef struct SmsParameter
{
	const char *name; /* letters and digits; the brace stands behind */
	size_t length;
} SmsParameter;

/* The next parameter of the text: where its brace is; NULL: there is none. */
extern const char *SmsNextParameter(const char *text, SmsParameter *parameter);

#endif
