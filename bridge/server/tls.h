/* TLS: certificate and key from files, replaced on reload; session tickets with one key for all workers. */
#ifndef BRIDGE_TLS_H
#define BRIDGE_TLS_H

#include <stdbool.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "base/config.h"

/* Is that a priority string of GnuTLS? If not, that is said in the log. */
extern bool TlsCheckPriorities(const char *priorities);

/* Reads the files; on an error says why in the log, keeps what was there and returns false. */
extern bool TlsLoad(const Config *config);

/* The callback for MHD_OPTION_HTTPS_CERT_CALLBACK: the newest certificate. */
extern int TlsCertificate(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
						  const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
						  gnutls_pcert_st **chain, unsigned int *chain_length, gnutls_privkey_t *key);

/* Lets a new connection resume and be resumed. */
extern void TlsEnableTickets(gnutls_session_t session);

/* Makes a new ticket key; sessions of the old one do a full handshake. */
extern bool TlsRotateTickets(void);

extern void TlsFree(void);

#endif
