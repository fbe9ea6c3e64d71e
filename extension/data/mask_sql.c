/*
 * Masks from SQL: mask_phone(), mask_name(), mask_address(), mask_id_number(), mask_keep(), mask_value(). The
 * same rules by which published fields above a caller's level are shown (text/mask_text.h).
 */
#include "postgres.h"
#include "core/varlena.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/say.h"
#include "text/mask_text.h"

PG_FUNCTION_INFO_V1(cbd_mask_phone);
PG_FUNCTION_INFO_V1(cbd_mask_name);
PG_FUNCTION_INFO_V1(cbd_mask_address);
PG_FUNCTION_INFO_V1(cbd_mask_id_number);
PG_FUNCTION_INFO_V1(cbd_mask_keep);
PG_FUNCTION_INFO_V1(cbd_mask_value);

/* Levels 1 to 4 (DB11/T 1918); level 4 never leaves by the open interface. */
#define LEVEL_MAX 4

/* The text masked; never longer than before. */
static text *
Masked(MaskKind kind, text *value)
{
	size_t length = VARSIZE_ANY_EXHDR(value);
	text *result = palloc(length + VARHDRSZ);

	SET_VARSIZE(result, MaskText(kind, VARDATA_ANY(value), length, VARDATA(result)) + VARHDRSZ);
	return result;
}

Datum
cbd_mask_phone(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(Masked(MASK_PHONE, PG_GETARG_TEXT_PP(0)));
}

Datum
cbd_mask_name(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(Masked(MASK_NAME, PG_GETARG_TEXT_PP(0)));
}

Datum
cbd_mask_address(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(Masked(MASK_ADDRESS, PG_GETARG_TEXT_PP(0)));
}

Datum
cbd_mask_id_number(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(Masked(MASK_ID_NUMBER, PG_GETARG_TEXT_PP(0)));
}

/* mask_keep(value, first, last) */
Datum
cbd_mask_keep(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	size_t length = VARSIZE_ANY_EXHDR(value);
	text *result = palloc(length + VARHDRSZ);

	SET_VARSIZE(result, MaskKeep(VARDATA_ANY(value), length, PG_GETARG_INT32(1), PG_GETARG_INT32(2),
								 VARDATA(result)) +
							VARHDRSZ);
	PG_RETURN_TEXT_P(result);
}

/* Raises when it is not a level, 1 to 4. */
static void
CheckLevel(int level, const char *name)
{
	if (level < 1 || level > LEVEL_MAX)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						saymsg("%s{name} out of range: %d{level}", name, level),
						sayhint("Data levels are 1 to 4.")));
}

/* mask_value(value, kind, field_level, caller_level): the value as a caller of that level gets it; null at
 * level 4. */
Datum
cbd_mask_value(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	text *name = PG_GETARG_TEXT_PP(1);
	int field_level = PG_GETARG_INT32(2);
	int caller_level = PG_GETARG_INT32(3);
	MaskKind kind;

	CheckLevel(field_level, "field level");
	CheckLevel(caller_level, "caller level");
	if (!MaskKindByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &kind))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						saymsg("unknown kind of mask: %s{name}", text_to_cstring(name)),
						sayhint("all, phone, name, address or id-number.")));
	if (field_level == LEVEL_MAX)
		PG_RETURN_NULL();
	if (field_level <= caller_level)
		PG_RETURN_TEXT_P(value);
	PG_RETURN_TEXT_P(Masked(kind, value));
}
