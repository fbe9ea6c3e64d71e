/*
 * Client: a TCP connection of a client, from its accept to its end. It has at most one request at a time;
 * what it is doing decides its deadline. libmicrohttpd owns the socket; the loop (server/worker.c) owns the
 * struct and watches the socket for the client's leaving, which libmicrohttpd does not see while it is
 * suspended.
 */
#ifndef BRIDGE_CLIENT_H
#define BRIDGE_CLIENT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/watch.h"
#include "request/share.h"

/* Bytes that are read beyond what GnuTLS asks for: a usual request is one record of less. */
#define CLIENT_AHEAD 1024

typedef struct Request Request;
typedef struct Worker Worker;

typedef enum ClientState
{
	CLIENT_IDLE,   /* between requests, or before the first */
	CLIENT_HEADER, /* handshake, header */
	CLIENT_BODY,
	CLIENT_WAITING, /* for the database */
	CLIENT_REPLY
} ClientState;

typedef struct Client
{
	Watch watch;
	Worker *worker;
	struct Client *previous, *next;
	struct MHD_Connection *connection;
	int fd;
	void *tls;     /* gnutls_session_t; NULL: plain HTTP */
	bool corked;   /* the reply is gathered into one TLS record */
	bool flushing; /* part of it is still to be sent */
	bool left;     /* it has closed its side */
	ClientState state;
	uint64_t deadline; /* ms, of what it does now */
	Request *request;  /* NULL: none has begun */
	Share *share;      /* of the peer's address, which its connection counts towards */

	/* TLS: the socket's side of it */
	bool shaking;   /* suspended in the handshake */
	int finished;   /* how far the handshake is; see client_tls.c */
	bool emptied;   /* the last read took all that the socket had */
	bool unwatched; /* suspended since libmicrohttpd last watched the socket */
	uint16_t ahead_at, ahead_end;
	unsigned char ahead[CLIENT_AHEAD]; /* [ahead_at, ahead_end): read, not yet asked for */
} Client;

/* Gives the client until `milliseconds` from now for what it does. */
extern void ClientEnter(Client *client, ClientState state, int milliseconds);

/*
 * A small reply's header and body as one TLS record and one packet: libmicrohttpd sends them apart.
 * ClientUncork sends what was gathered; when the socket is full the rest goes when it has room.
 */
extern void ClientCork(Client *client);
extern void ClientUncork(Client *client);

/* Lets the client's TLS session read and write through the client. */
extern void ClientTls(Client *client);

/* The socket has something to read, or has ended: a handshake that waits for it goes on. */
extern void ClientReadable(Client *client);

/* libmicrohttpd leaves the connection alone until MHD_resume_connection(). */
extern void ClientSuspend(Client *client);

/* Nothing more is sent: close_notify (RFC 8446 6.1), where the handshake is done, and the end of the stream.
 */
extern void ClientEnd(Client *client);

/* Writes past libmicrohttpd, as far as there is room now: for a client that is still sending its body. */
extern void ClientSend(Client *client, const char *bytes, size_t length);

#endif
