/*
 * Name and phone number of who reported, encrypted in the row (citybigdata.encrypt_personal): a dump or a
 * copy of the disk does not show them without the key file.
 *
 * column personal: the pair, sealed by core/secret for this rec_id; human_name and cellphone are null then.
 * column content_digest: the digest, sealed as well: with all else known, a phone number could be found by
 * trying them all.
 */
#ifndef CBD_EVENT_PERSON_H
#define CBD_EVENT_PERSON_H

#include "postgres.h"

/* The pair as a bytea datum; either may be NULL. Raises as EncryptSecret. */
extern Datum SealPerson(int32 rec_id, const char *human_name, const char *cellphone);

/* The pair of a sealed datum, palloc'd, NULL where it was. Raises as DecryptSecret. */
extern void OpenPerson(int32 rec_id, Datum sealed, char **human_name, char **cellphone);

/* A digest (DIGEST_SIZE bytes) as a bytea datum. Raises as EncryptSecret. */
extern Datum SealContentDigest(int32 rec_id, const unsigned char *digest);

/* Is the stored digest, sealed or not, this one? Raises as DecryptSecret. */
extern bool IsContentDigest(int32 rec_id, Datum stored, const unsigned char *digest);

#endif
