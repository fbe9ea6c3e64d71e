/* Values of settings; see config_value.h. */
#include "base/config_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
SettingNumber(const Setting *setting, const char *text, int64_t *value)
{
	static const struct
	{
		SettingType type;
		const char *unit;
		int64_t factor;
	} units[] = {{TIME, "ms", 1},
				 {TIME, "s", 1000},
				 {TIME, "min", 60000},
				 {TIME, "h", 3600000},
				 {SIZE, "KiB", 1024},
				 {SIZE, "MiB", MIB},
				 {SIZE, "GiB", 1024 * (int64_t) MIB},
				 {SIZE, "kB", 1024},
				 {SIZE, "MB", MIB}};
	SettingType type = setting->type == BIG_SIZE ? SIZE : setting->type;
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 10);
	if (end == text || errno != 0)
		return false;
	while (*end == ' ')
		end++;
	if (*end == '\0')
		return true;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].type == type && strcmp(units[i].unit, end) == 0)
			return !__builtin_mul_overflow(*value, units[i].factor, value);
	return false;
}

bool
SettingSwitch(const char *text, bool *value)
{
	static const char *const yes[] = {"on", "true", "yes", "1"};
	static const char *const no[] = {"off", "false", "no", "0"};

	for (int i = 0; i < 4; i++)
	{
		if (strcasecmp(text, yes[i]) == 0)
			return *value = true, true;
		if (strcasecmp(text, no[i]) == 0)
			return *value = false, true;
	}
	return false;
}
