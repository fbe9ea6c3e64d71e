/*
 * Idempotency-Key: a request that is repeated because its reply was lost gets the first reply again.
 *
 * A key counts for an application, and where an operator signed in for his account in it. It stands for one
 * body: with another one it is refused.
 */
#ifndef CBD_IDEMPOTENCY_H
#define CBD_IDEMPOTENCY_H

#include "postgres.h"
#include "core/error_list.h"

/* Longest Idempotency-Key, in characters. */
#define IDEMPOTENCY_KEY_CHARACTERS 255

/* The key of a request, whose it is, and what it was sent with. */
typedef struct IdempotencyKey
{
	int32 app_id;
	int64 account_id; /* 0: the application's own */
	const char *key;  /* NULL: the request has none */
	Datum digest;     /* bytea: of what must be the same again */
} IdempotencyKey;

/* Length of the key: adds CBD_INVALID_HEADER at /Idempotency-Key. */
extern void IdempotencyCheck(const IdempotencyKey *key, ErrorList *errors);

/*
 * Looks the key up, which is locked until the end of the transaction. CBD_OK with *data: the data of the
 * first reply, palloc'd, or NULL when the key is new; CBD_IDEMPOTENCY_MISMATCH with an error.
 */
extern CbdStatus IdempotencyFind(const IdempotencyKey *key, char **data, ErrorList *errors);

/* Keeps the data of the first reply. */
extern void IdempotencyRemember(const IdempotencyKey *key, const char *data);

#endif
