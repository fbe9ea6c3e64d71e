/* What a user name may be made of; see user_name.h. */
#include "postgres.h"

#include "access/user_name.h"

bool
UserNamePossible(const char *user_name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-";
	size_t length = strlen(user_name);

	return length >= 3 && length <= USER_NAME_MAX && user_name[strspn(user_name, allowed)] == '\0' &&
		   strchr("._@-", user_name[0]) == NULL;
}
