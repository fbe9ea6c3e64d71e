/* Data levels of the fields of a case; see event_level.h. A field without a row is open. */
#include "postgres.h"

#include "event/case_field.h"
#include "event/event_level.h"
#include "text/mask_text.h"
#include "core/reference_cache.h"
#include "core/json_write.h"
#include "core/spi.h"

/* Who sees a field of a case. */
typedef struct FieldLevel
{
	int level;   /* 0 until filled and for fields without a row: open */
	bool masked; /* by `mask`; else left out */
	MaskKind mask;
} FieldLevel;

/* Told when event_field changes. */
static ReferenceCache cache = {.table = "event_field"};
static FieldLevel levels[CASE_FIELDS_MAX];
static int wanted; /* see CaseLevelWanted(); 0 until filled */

/* Level and mask of every field that has one. */
static SpiQuery all_levels = {"SELECT field, level, mask FROM citybigdata.event_field", 0, {0}};

/* Reads the levels of all fields; one without a row is open. */
static void
FillLevels(void)
{
	int highest = 1;
	uint64 count;

	/* an error on the way must not leave every field open */
	wanted = 0;
	ReferenceReset(&cache);
	memset(levels, 0, sizeof(levels));
	ReferenceBegin(&cache);
	count = SpiRead(&all_levels, NULL, NULL, 0);
	for (uint64 i = 0; i < count; i++)
	{
		int field = CaseFieldNumber(SpiText(i, 1));
		char *mask = SpiText(i, 3);

		if (field < 0)
			continue;
		levels[field].level = SpiInt32(i, 2);
		levels[field].masked = mask != NULL && MaskKindByName(mask, strlen(mask), &levels[field].mask);
		highest = Max(highest, Min(levels[field].level, CASE_LEVEL_OWN));
	}
	ReferenceEnd(&cache);
	wanted = highest;
}

int
CaseLevelWanted(void)
{
	if (!ReferenceIsFresh(&cache) || wanted == 0)
		FillLevels();
	return wanted;
}

bool
CaseFieldShown(int field, int caller_level)
{
	return levels[field].level <= Min(caller_level, CASE_LEVEL_OWN);
}

void
WriteCaseText(StringInfo out, int field, const char *value, int caller_level)
{
	size_t length;
	char *masked;

	if (value == NULL || CaseFieldShown(field, caller_level))
		JsonString(out, value);
	else if (levels[field].masked && levels[field].level <= CASE_LEVEL_OWN)
	{
		length = strlen(value);
		masked = palloc(length + 1);
		masked[MaskText(levels[field].mask, value, length, masked)] = '\0';
		JsonString(out, masked);
	}
	else
		JsonString(out, NULL);
}
