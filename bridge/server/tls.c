/* Certificates and session tickets. */
#include "server/tls.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"

#define CHAIN_LIMIT 16        /* certificates in a chain */
#define FILE_LIMIT  (1 << 20) /* bytes of a PEM file */

/* One loaded certificate. Handshakes under way may still hold an older one, so all are kept until the end. */
typedef struct Identity
{
	struct Identity *previous;
	gnutls_pcert_st chain[CHAIN_LIMIT];
	unsigned int chain_length;
	gnutls_privkey_t key;
} Identity;

static _Atomic(Identity *) current;
static pthread_mutex_t ticket_lock = PTHREAD_MUTEX_INITIALIZER;
static gnutls_datum_t ticket_key;

/* Chain and key must belong together: the key's public part is the certificate's. */
static int
CheckPair(Identity *identity)
{
	unsigned char from_key[64], from_chain[64];
	size_t key_size = sizeof(from_key), chain_size = sizeof(from_chain);
	gnutls_pubkey_t public_key;
	int result = gnutls_pubkey_init(&public_key);

	if (result < 0)
		return result;
	result = gnutls_pubkey_import_privkey(public_key, identity->key, 0, 0);
	if (result >= 0)
		result = gnutls_pubkey_get_key_id(public_key, GNUTLS_KEYID_USE_SHA256, from_key, &key_size);
	if (result >= 0)
		result = gnutls_pubkey_get_key_id(identity->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, from_chain,
										  &chain_size);
	gnutls_pubkey_deinit(public_key);
	if (result >= 0 && (key_size != chain_size || memcmp(from_key, from_chain, key_size) != 0))
		return GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
	return result;
}

static void
ClearDatum(gnutls_datum_t *datum)
{
	if (datum->data != NULL)
		explicit_bzero(datum->data, datum->size);
	gnutls_free(datum->data);
	datum->data = NULL;
}

static void
FreeIdentity(Identity *identity)
{
	for (unsigned int i = 0; i < identity->chain_length; i++)
		gnutls_pcert_deinit(&identity->chain[i]);
	if (identity->key != NULL)
		gnutls_privkey_deinit(identity->key);
	free(identity);
}

bool
TlsCheckPriorities(const char *priorities)
{
	gnutls_priority_t cache;
	const char *at = priorities;
	int result = gnutls_priority_init(&cache, priorities, &at);

	if (result < 0)
		LogEvent(LOG_ERROR, NULL, "configuration: tls_priorities: %s at \"%s\"", gnutls_strerror(result), at);
	else
		gnutls_priority_deinit(cache);
	return result >= 0;
}

bool
TlsLoad(const Config *config)
{
	Identity *identity = Allocate(sizeof(Identity));
	gnutls_datum_t file = {NULL, 0};
	const char *path = config->tls_cert;
	int result;

	memset(identity, 0, sizeof(*identity));
	result = gnutls_load_file(path, &file);
	if (result >= 0)
	{
		unsigned int length = CHAIN_LIMIT;

		result = gnutls_pcert_list_import_x509_raw(identity->chain, &length, &file, GNUTLS_X509_FMT_PEM, 0);
		identity->chain_length = result >= 0 ? length : 0;
		gnutls_free(file.data);
	}
	if (result >= 0)
	{
		path = config->tls_key;
		file = (gnutls_datum_t){NULL, 0};
		result = gnutls_load_file(path, &file);
	}
	if (result >= 0)
	{
		result = gnutls_privkey_init(&identity->key);
		if (result >= 0)
			result = gnutls_privkey_import_x509_raw(identity->key, &file, GNUTLS_X509_FMT_PEM, NULL, 0);
		ClearDatum(&file);
	}
	if (result >= 0)
		result = CheckPair(identity);
	if (result < 0)
	{
		LogEvent(LOG_ERROR, NULL, "certificate: %s: %s", path, gnutls_strerror(result));
		FreeIdentity(identity);
		return false;
	}
	identity->previous = atomic_load(&current);
	atomic_store_explicit(&current, identity, memory_order_release);
	return true;
}

int
TlsCertificate(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
			   const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
			   unsigned int *chain_length, gnutls_privkey_t *key)
{
	Identity *identity = atomic_load_explicit(&current, memory_order_acquire);

	*chain = identity->chain;
	*chain_length = identity->chain_length;
	*key = identity->key;
	return 0;
}

bool
TlsRotateTickets(void)
{
	gnutls_datum_t fresh;
	bool good = gnutls_session_ticket_key_generate(&fresh) >= 0;

	if (!good)
		return false;
	pthread_mutex_lock(&ticket_lock);
	ClearDatum(&ticket_key);
	ticket_key = fresh;
	pthread_mutex_unlock(&ticket_lock);
	return true;
}

void
TlsEnableTickets(gnutls_session_t session)
{
	pthread_mutex_lock(&ticket_lock); /* GnuTLS copies the key */
	if (ticket_key.data != NULL)
		gnutls_session_ticket_enable_server(session, &ticket_key);
	pthread_mutex_unlock(&ticket_lock);
}

void
TlsFree(void)
{
	Identity *identity = atomic_exchange(&current, NULL);

	while (identity != NULL)
	{
		Identity *previous = identity->previous;

		FreeIdentity(identity);
		identity = previous;
	}
	ClearDatum(&ticket_key);
}
