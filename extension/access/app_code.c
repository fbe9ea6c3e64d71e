/* Application codes: made of platform code and number, and checked by their form alone; see app_code.h. */
#include "postgres.h"

#include "access/app_code.h"
#include "text/check_char.h"
#include "core/status.h"

bool
AppCodeWellFormed(const char *app_code)
{
	size_t length = strlen(app_code);

	if (length < APP_CODE_MIN || length > APP_CODE_MAX || !CheckCharacterValid(app_code, length))
		return false;
	for (size_t i = length - 9; i < length - 1; i++)
		if (app_code[i] < '0' || app_code[i] > '9')
			return false;
	return true;
}

char *
MakeAppCode(const char *platform_code, int32 app_id)
{
	char *text = psprintf("%s%08d", platform_code, app_id);

	return psprintf("%s%c", text, CheckCharacter(text, strlen(text)));
}
