/*
 * Plays: preview addresses when they are opened, while they are watched, and their end (annex A.3; who gives
 * addresses out is camera.h's).
 *
 *   player --address--> media server --event, token, client--> rest_camera_play
 *                                                     EnterMediaServer()  is it one of ours?
 *                                                     ReadPlay()          the row of the token, locked
 *                                                     JudgePlay()         does its owner's right count now?
 *                       media server --stream--> rest_camera_source       where it comes from
 *                       media server --streams, each 4 s--> rest_camera_report   silent plays are ended
 *
 * Words. A play is one address and what became of it. An event of it: `open` (rtsp, rtmp, ws: a player opens
 * it), `request` (hls: any of its requests), `keep` (it runs, asked every 3 or 4 seconds), `end` (the player
 * has left). A stream is what a media server runs: a camera's main or sub stream, as it is or transcoded; its
 * name: 32 hexadecimal digits, `_` and the number of the stream, `_t` when transcoded.
 *
 * Expiry refuses opening alone; a right that is gone refuses every event, so that the media server ends what
 * runs. Nothing is cached here. Refusals are status codes, audited, never raised errors.
 */
#ifndef CBD_PLAY_H
#define CBD_PLAY_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "access/endpoint.h"

/* A play without anybody seen for so many seconds is over: three times what media servers leave between. */
#define PLAY_SILENT_SECONDS 15

/* One play, with what its camera and stream are now. Texts are palloc'd. */
typedef struct Play
{
	int64 play_id;
	char *camera; /* uuid */
	char *stream; /* its name, as the address must have it */
	char *codec;  /* that is sent: h264, h265 */
	char *protocol;
	char *transport;
	char *provider;
	int32 level;  /* of the camera */
	bool online;  /* and its provider is active */
	int32 app_id; /* 0: a caller from SQL */
	int64 account_id;
	char *user_name;
	Origin origin;     /* of the application */
	Datum given_to;    /* inet; 0: unknown */
	Datum opened_from; /* the same of whoever opened it */
	bool may_open;     /* open_until has not passed */
	bool opened;
	bool same_client; /* opened by this client's address, or by nobody yet */
	bool running;     /* somebody was seen lately */
	char *end_reason; /* NULL: not ended */
	char *opened_at;  /* local time, for the auditor */
	int64 seconds;    /* since it was opened */
} Play;

/* Reads and locks the play of a token's digest, as seen by this client's address; false: there is none. SPI
 * is not connected. */
extern bool ReadPlay(Datum digest, Datum client, Play *play);

/* Do application, account, grant, level and token count now, as they were judged when the address was given?
 * Fills *caller as far as known. */
extern CbdStatus JudgePlay(const Play *play, Caller *caller);

/* The play was seen now; an opening begins it (anew). */
extern void PlaySeen(const Play *play, Datum client, bool opening);

/* Ends it, when it has not ended. True: it was running, and `detail` for the auditor is worth writing. */
extern bool PlayEnd(const Play *play, const char *reason);

/* Opening, duration, protocol: what the audit log has of a play that has ended; palloc'd. */
extern char *PlayStory(const Play *play, const char *reason);

/*
 * Is the caller a media server of the provider: its key's digest, its address? CBD_OK,
 * CBD_INVALID_CREDENTIALS, CBD_ADDRESS_NOT_ALLOWED.
 */
extern CbdStatus EnterMediaServer(Call *call, const char *provider, int key);

/* A stream's name; false: it is none. `camera` is a uuid without dashes, palloc'd. */
extern bool ReadStreamName(const char *name, char **camera, int *stream_type, bool *transcode);

/* An address as inet; 0: it is none. */
extern Datum ReadClient(const char *text);

#endif
