/* Name and phone number of who reported, encrypted; see event_person.h. */
#include "postgres.h"
#include "core/varlena.h"

#include "fmgr.h"

#include "core/digest.h"
#include "core/secret.h"
#include "event/event_person.h"
#include "text/crypto.h"

/* First byte of the plain form: which of the two follow, each with a closing NUL. */
#define HAS_NAME  1
#define HAS_PHONE 2

static const char *
PersonPurpose(int32 rec_id)
{
	return psprintf("event-person %d", rec_id);
}

static const char *
DigestPurpose(int32 rec_id)
{
	return psprintf("event-digest %d", rec_id);
}

Datum
SealPerson(int32 rec_id, const char *human_name, const char *cellphone)
{
	size_t name_size = human_name == NULL ? 0 : strlen(human_name) + 1;
	size_t phone_size = cellphone == NULL ? 0 : strlen(cellphone) + 1;
	size_t size = 1 + name_size + phone_size;
	char *plain = palloc(size);
	Datum sealed;

	plain[0] = (char) ((human_name != NULL ? HAS_NAME : 0) | (cellphone != NULL ? HAS_PHONE : 0));
	if (name_size > 0)
		memcpy(plain + 1, human_name, name_size);
	if (phone_size > 0)
		memcpy(plain + 1 + name_size, cellphone, phone_size);
	sealed = EncryptSecret(PersonPurpose(rec_id), plain, size);
	explicit_bzero(plain, size);
	pfree(plain);
	return sealed;
}

void
OpenPerson(int32 rec_id, Datum sealed, char **human_name, char **cellphone)
{
	size_t size;
	char *plain = DecryptSecret(PersonPurpose(rec_id), sealed, &size);
	const char *next = plain + 1;

	*human_name = (plain[0] & HAS_NAME) != 0 ? pstrdup(next) : NULL;
	if (*human_name != NULL)
		next += strlen(next) + 1;
	*cellphone = (plain[0] & HAS_PHONE) != 0 ? pstrdup(next) : NULL;
	explicit_bzero(plain, size);
	pfree(plain);
}

Datum
SealContentDigest(int32 rec_id, const unsigned char *digest)
{
	return EncryptSecret(DigestPurpose(rec_id), digest, DIGEST_SIZE);
}

bool
IsContentDigest(int32 rec_id, Datum stored, const unsigned char *digest)
{
	bytea *bytes = DatumGetByteaPP(stored);
	size_t size = DIGEST_SIZE;
	char *plain;
	bool same;

	if (VARSIZE_ANY_EXHDR(bytes) == DIGEST_SIZE)
		return memcmp(VARDATA_ANY(bytes), digest, DIGEST_SIZE) == 0;
	plain = DecryptSecret(DigestPurpose(rec_id), PointerGetDatum(bytes), &size);
	same = size == DIGEST_SIZE && memcmp(plain, digest, DIGEST_SIZE) == 0;
	pfree(plain);
	return same;
}
