/* What callers are told; see say.h. */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/guc.h"
#include "core/say.h"

/* Of the call under way: SayLanguage, or OF_SETTING. */
#define OF_SETTING (-1)
static int language_of_call = OF_SETTING;

int
LanguageEnter(bool chinese)
{
	int before = language_of_call;

	language_of_call = chinese ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH;
	return before;
}

void
LanguageLeave(int before)
{
	language_of_call = before;
}

bool
SayChinese(void)
{
	if (language_of_call != OF_SETTING)
		return language_of_call == LANGUAGE_CHINESE;
	if (guc_language != LANGUAGE_CHINESE)
		return false;
	switch (pg_get_client_encoding())
	{
		case PG_UTF8:
		case PG_GB18030:
		case PG_GBK:
		case PG_EUC_CN:
			return true;
		default:
			return false;
	}
}

char *
SaidIn(bool chinese, const char *format, va_list arguments)
{
	size_t size = 256;

	/* once more with its length, when it does not fit */
	for (;;)
	{
		char *text = palloc(size);
		va_list again;
		size_t length;

		va_copy(again, arguments);
		length = MessageWrite(text, size, chinese, format, again);
		va_end(again);
		if (length < size)
			return text;
		pfree(text);
		size = length + 1;
	}
}

char *
Said(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = SaidIn(SayChinese(), format, arguments);
	va_end(arguments);
	return text;
}

char *
SaidPair(const char *english, const char *chinese)
{
	return psprintf("%c%08x%s%s", MESSAGE_BOTH, (unsigned int) strlen(english), english, chinese);
}

char *
SaidBoth(const char *format, ...)
{
	va_list arguments;
	char *english, *both;

	va_start(arguments, format);
	english = SaidIn(false, format, arguments);
	both = SaidPair(english, SaidIn(true, format, arguments));
	va_end(arguments);
	return both;
}

const char *
SaidOf(bool chinese, const char *message)
{
	size_t length;
	const char *text = MessageIn(chinese, message, &length);

	return text[length] == '\0' ? text : pnstrdup(text, length);
}

const char *
SaidText(const char *english)
{
	return SayChinese() ? MessageChinese(english) : english;
}

/* Text of an argument of any type; NULL: null. */
static char *
ArgumentText(Datum value, Oid type, bool isnull)
{
	Oid output;
	bool varlena;

	if (isnull)
		return NULL;
	getTypeOutputInfo(type, &output, &varlena);
	return OidOutputFunctionCall(output, value);
}

/* say(message text, VARIADIC values "any"): the message with {name} replaced, in the language in force;
 * values: name, value, name, value. A null message is null, a null value is nothing. */
PG_FUNCTION_INFO_V1(cbd_say);
extern Datum cbd_say(PG_FUNCTION_ARGS);

Datum
cbd_say(PG_FUNCTION_ARGS)
{
	char *key, *said;
	const char **names = NULL, **values = NULL;
	int count = 0;
	size_t length;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	key = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (PG_NARGS() > 1)
	{
		Datum *items;
		Oid *types;
		bool *nulls;
		int n = extract_variadic_args(fcinfo, 1, true, &items, &types, &nulls);

		names = palloc(sizeof(char *) * (Max(n, 0) / 2 + 1));
		values = palloc(sizeof(char *) * (Max(n, 0) / 2 + 1));
		for (; count < n / 2; count++)
		{
			const char *name = ArgumentText(items[2 * count], types[2 * count], nulls[2 * count]);

			names[count] = name == NULL ? "" : name;
			values[count] = ArgumentText(items[2 * count + 1], types[2 * count + 1], nulls[2 * count + 1]);
		}
	}
	length = MessageFill(NULL, 0, SayChinese(), key, count, names, values);
	said = palloc(length + 1);
	(void) MessageFill(said, length + 1, SayChinese(), key, count, names, values);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(said, length));
}
