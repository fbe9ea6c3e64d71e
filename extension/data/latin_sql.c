/*
 * Names for columns and tables that have Chinese ones: publish() proposes their pinyin.
 *
 * The transliterator is ICU's, which PostgreSQL is built with: Han by the most usual reading of each
 * character, other scripts by their own rules, then what is left of the marks and signs as ASCII. It is a
 * proposal for a name and decides nothing: a character with two readings may get the other one.
 *
 * Errors: none for any text; without ICU's data the text comes back as it is, and the name gets a number.
 */
#include "postgres.h"
#include "core/varlena.h"

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#define LATIN_INPUT  256 /* UTF-16 units that are read: names have at most 63 bytes */
#define LATIN_OUTPUT 4096

/* Opened by the first call, kept by the session; NULL: not yet, or it cannot be opened. */
static UTransliterator *to_latin;

/* The transliterator; NULL: this ICU has not the data. */
static UTransliterator *
Transliterator(void)
{
	static const char rules[] = "Fullwidth-Halfwidth; Any-Latin; Latin-ASCII";
	UChar id[sizeof(rules)];
	UErrorCode error = U_ZERO_ERROR;

	if (to_latin != NULL)
		return to_latin;
	u_charsToUChars(rules, id, sizeof(rules));
	to_latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
	return U_SUCCESS(error) ? to_latin : NULL;
}

/* latin_text(given text) returns text: 栽植时间 gives "zai zhi shi jian"; at most the first 256 characters.
 */
PG_FUNCTION_INFO_V1(cbd_latin_text);
Datum
cbd_latin_text(PG_FUNCTION_ARGS)
{
	text *given = PG_GETARG_TEXT_PP(0);
	UTransliterator *transliterator = Transliterator();
	UErrorCode error = U_ZERO_ERROR;
	UChar shown[LATIN_OUTPUT];
	char utf8[LATIN_OUTPUT * 3];
	int32_t length = 0;
	int32_t limit;
	char *source = pg_server_to_any(VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given), PG_UTF8);
	int source_length = source == VARDATA_ANY(given) ? (int) VARSIZE_ANY_EXHDR(given) : (int) strlen(source);

	source_length = pg_encoding_mbcliplen(PG_UTF8, source, source_length, LATIN_INPUT);
	u_strFromUTF8(shown, LATIN_OUTPUT, &length, source, source_length, &error);
	limit = length;
	if (transliterator != NULL && U_SUCCESS(error))
		utrans_transUChars(transliterator, shown, &length, LATIN_OUTPUT, 0, &limit, &error);
	if (transliterator == NULL || U_FAILURE(error))
		PG_RETURN_TEXT_P(given);
	u_strToUTF8(utf8, sizeof(utf8), &length, shown, length, &error);
	if (U_FAILURE(error))
		PG_RETURN_TEXT_P(given);
	PG_RETURN_TEXT_P(cstring_to_text(pg_any_to_server(pnstrdup(utf8, length), length, PG_UTF8)));
}
