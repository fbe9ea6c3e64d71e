/* What the library knows of SMS when it is loaded; see sms.h. */
#include "postgres.h"

#include "sms/sms.h"

void
SmsInstall(void)
{
	OutboxRegister(&sms_purpose);
	NoticeRegister(&sms_notices);
}
