/* What a setting may be: its row of the table (config.c), and how a number or a switch is read. */
#ifndef BRIDGE_CONFIG_VALUE_H
#define BRIDGE_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIB (1024 * 1024)

typedef enum SettingType
{
	TEXT,
	SWITCH,
	NUMBER,
	SIZE, /* bytes; suffix KiB, MiB, GiB */
	BIG_SIZE,
	TIME /* milliseconds; suffix ms, s, min, h */
} SettingType;

#define FIXED  1 /* a reload does not change it */
#define SECRET 2 /* never printed */

typedef struct Setting
{
	const char *name;
	SettingType type;
	size_t offset;
	const char *initial;
	int64_t low, high;
	int flags;
	const char *help;
} Setting;

/* A number with an optional unit; false when it is not one. */
extern bool SettingNumber(const Setting *setting, const char *text, int64_t *value);

/* on, off and their like; false when it is neither. */
extern bool SettingSwitch(const char *text, bool *value);

#endif
