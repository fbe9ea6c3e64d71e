/*
 * Media by URL (clause 5.4.4-b): pictures, videos, sound and files that the database stores are given as
 * addresses.
 *
 * A medium is bytes in a column: event_media.content, or a bytea column that a resource declares as a file.
 *   chapters --MediaRegister--> sources
 *   a reply with files --MediaUrl()--> address --client--> GET /media/{id}
 *                                        --OpenMedia()--> who, which --ReadMedium()--> the source
 * --CutMedium()--> slice, tag, type --media_rest.c--> reply frames
 *
 * Its address is <public_url>/api/v1/media/<token>; sealed in the token (seal.h) is who may use it
 * (application, level of its token, end, range of client addresses) and which medium it is. Whoever has it
 * needs no other credential; application, account and grant are judged again at each use, as they are then.
 */
#ifndef CBD_MEDIA_H
#define CBD_MEDIA_H

#include "postgres.h"
#include "access/access.h"
#include "access/seal.h"

/* Bytes that one call reads at most: what the bridge holds of a download while its client reads. */
#define MEDIA_SLICE (256 * 1024)

/* Which medium: field `field` of the row of `resource` that `key` names (CursorAppendKey; for events
 * "rec_id/media_no"). */
typedef struct MediaRef
{
	char *resource;
	char *field;
	const char *key;
	size_t key_length;
} MediaRef;

/* Makes the addresses of one request. */
typedef struct MediaSealer
{
	Sealer sealer;
	bool open;
	int32 app_id;
	int level;        /* that the token was narrowed to; 0: not narrowed */
	int64 expires_at; /* Unix seconds */
	Origin origin;    /* of the caller: its addresses end with it */
	const char *cidr; /* NULL: any client address */
} MediaSealer;

/* For the caller of a request: its application, its level, and where that is asked for its client address.
 * Runs no SQL. */
extern void MediaSealerBegin(MediaSealer *sealer, const RestContext *context, const Caller *caller);

/* Takes the sealing key out, once; MediaUrl() does it by itself where it may run SQL. */
extern void MediaSealerOpen(MediaSealer *sealer);
extern void MediaSealerEnd(MediaSealer *sealer);

/* The address of a medium, palloc'd; NULL: nobody to seal it for (an administrator, an SQL session), or its
 * key is too long. */
extern char *MediaUrl(MediaSealer *sealer, const MediaRef *ref);

/* An opened address. */
typedef struct OpenedMedia
{
	MediaRef ref;
	const char *detail; /* why it was refused, for the audit row alone */
} OpenedMedia;

/*
 * Opens a token: seal, client address, application, account, grant as they are now, and the end unless a
 * download is `under_way`. CBD_OK, else CBD_INVALID_CREDENTIALS; *caller is filled as far as known, its level
 * no higher than that of the token that the address was made by.
 */
extern CbdStatus OpenMedia(const RestContext *context, const char *token, bool under_way, Caller *caller,
						   OpenedMedia *opened);

/* Bytes of an entity tag with its terminator: 32 hexadecimal digits. */
#define MEDIA_TAG_SIZE 33

/* A medium, and the slice of it that was asked for. */
typedef struct Medium
{
	/* asked */
	const char *range;         /* Range header; NULL: none */
	const char *if_range;      /* If-Range header; NULL: none */
	const char *if_none_match; /* the header; NULL: none */
	int64 first, last;         /* under_way: the bytes that are still asked for */
	bool under_way;
	bool head;      /* no bytes, no range */
	bool thumbnail; /* the small picture of it */

	/* found */
	bool found;
	bool unchanged;     /* the client has it */
	bool unsatisfiable; /* the range lies beyond the end */
	bool part;
	int64 total;
	int64 count; /* bytes of the whole answer, from `first` on */
	char tag[MEDIA_TAG_SIZE];
	const char *type;
	bool in_place; /* a browser may show it */
	char *name;    /* of the file; no control characters */
	char *slice;
	size_t slice_length;
	char *object; /* for the audit: resource/field/key */
} Medium;

/*
 * Reads the medium: CBD_OK and `found`, or why not (CBD_NO_SUCH_MEDIUM, CBD_INVALID_CREDENTIALS with
 * opened->detail, CBD_RESOURCE_BROKEN, CBD_UNAVAILABLE). Raises class UD for what the relation does. Runs
 * SQL.
 */
extern CbdStatus ReadMedium(const Caller *caller, OpenedMedia *opened, Medium *medium);

/* What both sources share: from the stored bytes to the slice. `voice`: a container holds sound. */
extern void CutMedium(Medium *medium, Datum bytes, const char *declared, const char *name, bool voice);

/* Where media are: a chapter registers its source when the library is loaded. */
typedef struct MediaSource
{
	const char *resource; /* whose media it has; NULL: those of every resource without a source of its own */
	/* who may read them, in the place of AuthoriseApplication() on the resource; NULL: that */
	CbdStatus (*authorise)(const RestContext *context, int32 app_id, const Origin *origin, Caller *caller);
	CbdStatus (*read)(const Caller *caller, OpenedMedia *opened, Medium *medium); /* see ReadMedium() */
} MediaSource;

/* Sources of one resource come before that of all others. */
extern void MediaRegister(const MediaSource *source);

/* The source of the resource's media. */
extern const MediaSource *MediaSourceOf(const char *resource);

#endif
