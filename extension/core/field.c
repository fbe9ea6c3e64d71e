/* Fields of requests; see field.h. Lengths are in characters, not bytes: a name of 64 Chinese characters
 * fits. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/field.h"

/* Nothing but ASCII white space? */
static bool
IsBlank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

const char *
CheckText(ErrorList *errors, const TextRule *rule, const char *text)
{
	int length;

	if (text == NULL || IsBlank(text))
	{
		if (rule->required)
			ErrorAdd(errors, rule->pointer, CBD_FIELD_REQUIRED, NULL);
		return NULL;
	}
	length = pg_mbstrlen(text);
	if (length > rule->max)
	{
		ErrorAdd(errors, rule->pointer, CBD_FIELD_TOO_LONG,
				 SaidBoth("At most %d{limit} characters", rule->max));
		return NULL;
	}
	if (length < rule->min)
	{
		ErrorAdd(errors, rule->pointer, CBD_FIELD_OUT_OF_RANGE,
				 SaidBoth("At least %d{limit} characters", rule->min));
		return NULL;
	}
	for (const unsigned char *c = (const unsigned char *) text; *c != '\0'; c++)
		if (*c < ' ' || *c == 0x7f || (rule->ascii && *c > '~'))
		{
			ErrorAdd(errors, rule->pointer, CBD_FIELD_CHARACTER, NULL);
			return NULL;
		}
	return text;
}

bool
IsOneOf(const char *text, const char *const *choices)
{
	for (; *choices != NULL; choices++)
		if (strcmp(text, *choices) == 0)
			return true;
	return false;
}

char **
TextArray(Datum array, bool isnull, int *count)
{
	Datum *elements;
	bool *nulls;
	char **texts;

	*count = 0;
	if (isnull)
		return NULL;
	/* read element by element whatever the dimensions: a client's list has one */
	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, count);
	if (*count == 0)
		return NULL;
	texts = palloc(*count * sizeof(char *));
	for (int i = 0; i < *count; i++)
		texts[i] = nulls[i] ? pstrdup("") : TextDatumGetCString(elements[i]);
	return texts;
}

Datum
TextArrayDatum(char *const *texts, int count)
{
	Datum *elements = palloc(Max(count, 1) * sizeof(Datum));

	for (int i = 0; i < count; i++)
		elements[i] = CStringGetTextDatum(texts[i]);
	return PointerGetDatum(construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT));
}

char *
FoldAscii(const char *text)
{
	char *folded = pstrdup(text);

	for (char *c = folded; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	return folded;
}
