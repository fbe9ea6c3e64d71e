/* Encrypted name and phone number of who reported, in SQL: reading them, and encrypting rows of before. */
#include "postgres.h"
#include "core/varlena.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/digest.h"
#include "core/guc.h"
#include "event/event_person.h"
#include "text/crypto.h"

/* event_person(rec_id, personal, field): humanName or cellphone; null for another field */
PG_FUNCTION_INFO_V1(cbd_event_person);
Datum
cbd_event_person(PG_FUNCTION_ARGS)
{
	char *field = text_to_cstring(PG_GETARG_TEXT_PP(2));
	char *human_name;
	char *cellphone;
	char *value = NULL;

	OpenPerson(PG_GETARG_INT32(0), PG_GETARG_DATUM(1), &human_name, &cellphone);
	if (strcmp(field, "humanName") == 0)
		value = human_name;
	else if (strcmp(field, "cellphone") == 0)
		value = cellphone;
	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(value));
}

/* seal_event_person(rec_id, human_name, cellphone): the column personal; the texts may be null */
PG_FUNCTION_INFO_V1(cbd_seal_event_person);
Datum
cbd_seal_event_person(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(SealPerson(PG_GETARG_INT32(0),
							   PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)),
							   PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2))));
}

/* seal_event_digest(rec_id, content_digest): the column content_digest of such a row; one that is sealed
 * stays */
PG_FUNCTION_INFO_V1(cbd_seal_event_digest);
Datum
cbd_seal_event_digest(PG_FUNCTION_ARGS)
{
	bytea *digest = PG_GETARG_BYTEA_PP(1);

	if (VARSIZE_ANY_EXHDR(digest) != DIGEST_SIZE)
		PG_RETURN_BYTEA_P(digest);
	PG_RETURN_DATUM(SealContentDigest(PG_GETARG_INT32(0), (const unsigned char *) VARDATA_ANY(digest)));
}
