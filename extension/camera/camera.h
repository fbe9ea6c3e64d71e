/*
 * Cameras (annex A.3): what there is to be seen, and addresses to watch it.
 *
 *   administrator  camera_admin_rest.c, provider_rest.c   cameras and their providers (sql/code/98)
 *   list           camera_list_rest.c, artemis_rest.c     what the caller may see
 *   preview        preview_check.c                        table A.2: every wrong value named, all at once
 *                    --> camera.c                         the camera, its provider, the stream
 *                    --> preview.c                        may it be given? an address, a row of camera_play
 *   upstream       upstream.c                             the signed request to another platform
 *                    --> (bridge)                         sends it while the caller waits
 *                    --> upstream_answer.c                its answer: an address, or a code that says why not
 *                  camera_feed.c                          its list of cameras, by the outbox
 *   case           camera_near.c                          the nearest cameras, for who holds the right
 *
 * Words. A provider has the pictures of cameras: media servers of the platform (kind media), or another
 * platform that is asked for each address (kind upstream, the Artemis interface). A play is an address that
 * was given, from then until it ended. Its token is a credential: only its digest is stored.
 *
 * Units: seconds, metres, degrees of CGCS2000. Refusals are status codes; nothing is raised for what a client
 * can send.
 */
#ifndef CBD_CAMERA_H
#define CBD_CAMERA_H

#include "postgres.h"

#include "access/endpoint.h"
#include "outbox/outbox.h"

/* What the resource of grants and the purpose of the outbox are called. */
#define CAMERA_RESOURCE "cameras"
#define CAMERA_PURPOSE  "camera"

/* Protocols of table A.2, in the order of protocol_names. */
typedef enum CameraProtocol
{
	PROTOCOL_RTSP,
	PROTOCOL_RTMP,
	PROTOCOL_HLS,
	PROTOCOL_WS
} CameraProtocol;

extern const char *const protocol_names[]; /* NULL-terminated */

#define CAMERA_UUID_SIZE 37 /* with dashes, and the NUL */

/* ---- what is asked for (preview_check.c) ---- */

/* The fields of table A.2 as they came; NULL: absent. */
typedef struct PreviewForm
{
	const char *camera;
	const char *stream_type;
	const char *protocol;
	const char *transmode;
	const char *expand;
} PreviewForm;

/* The same, checked. */
typedef struct PreviewOrder
{
	char camera[CAMERA_UUID_SIZE]; /* small letters, with dashes */
	int stream_type;               /* 0 main, 1 sub */
	CameraProtocol protocol;
	bool udp;
	bool transport_given;
	bool transcode;         /* wanted; only H.265 is transcoded */
	bool stream_form;       /* streamform=rtp */
	const char *video_type; /* h264, h265; NULL: not said */
} PreviewOrder;

/* The UUID, with or without dashes, into out; false: it is none. */
extern bool CameraUuid(const char *text, char out[CAMERA_UUID_SIZE]);

/* Checks the fields; adds every error. */
extern void CheckPreview(ErrorList *errors, const PreviewForm *form, PreviewOrder *order);

/* ---- what there is (camera.c) ---- */

/* A camera with its provider and the stream that is asked for. Texts are palloc'd or NULL. */
typedef struct Camera
{
	char *uuid;
	char *state; /* online, offline, closed */
	int level;
	bool gb2011; /* a device of GB/T 28181-2011: UDP alone */
	bool udp, tcp;
	bool protocols[4]; /* by CameraProtocol */
	char *codec;       /* of the stream; NULL: it has none of that type */
	char *upstream_code;
	char *provider;
	bool upstream; /* kind of the provider */
	bool active;   /* the provider is */
	char *base[4]; /* media: addresses of the provider, by CameraProtocol; NULL: not offered */
} Camera;

/* The camera of that UUID; false: there is none. */
extern bool FindCamera(const PreviewOrder *order, Camera *camera);

/* ---- giving an address (preview.c) ---- */

/*
 * May it be given to a caller of that level, in that way? CBD_OK; CBD_NO_SUCH_CAMERA, CBD_CAMERA_LEVEL,
 * CBD_CAMERA_OFFLINE, all with an error at /cameraIndexCode; CBD_VALIDATION_FAILED with the errors. What is
 * done in another way than was asked for is a warning, and changed in the order.
 */
extern CbdStatus JudgePreview(const Camera *camera, PreviewOrder *order, int level, ErrorList *errors);

/* The address that was given. */
typedef struct Play
{
	int64 play_id;
	char *url;
	int seconds; /* for which it may be opened */
} Play;

/*
 * Gives an address of the camera's media servers (url NULL), or the upstream platform's own, and writes the
 * play. `caller` NULL: a role from SQL.
 */
extern void GivePlay(const Camera *camera, const PreviewOrder *order, const RestContext *context,
					 const Caller *caller, const char *url, int seconds, Play *play);

/* {url, expiresIn, playId, protocol, streamType, transmode, transcode, warnings}. */
extern char *PreviewData(const PreviewOrder *order, const Play *play, const ErrorList *errors);

/* For the auditor: "rtsp/tcp, main stream, play 17". */
extern char *PreviewDetail(const PreviewOrder *order, const Play *play);

/* The address of a play at the camera's media servers; `token` is its secret. */
extern char *PlayAddress(const Camera *camera, const PreviewOrder *order, const char *token);

/* ---- upstream platforms (upstream.c, upstream_answer.c) ---- */

/* A provider of the kind upstream, as it is asked. */
typedef struct Upstream
{
	char *provider;
	char *url; /* before /api/ */
	char *app_key;
	bool v1;
	char *query; /* NULL: none */
	int url_seconds;
	int pause; /* seconds until it may be asked again; 0: it may */
	bool failing;
	char **unknown_codes, **offline_codes;
	int unknown_count, offline_count;
} Upstream;

extern bool FindUpstream(const char *provider, Upstream *upstream);

/*
 * A signed POST of a JSON body to a path below /api/: url and headers (JSON strings with commas between).
 * *why: NULL, or why it cannot be sent (a constant message).
 */
extern void UpstreamRequest(const Upstream *upstream, const char *path, const char *body, char **url,
							StringInfo headers, const char **why);

/* Path and body of a preview. */
extern const char *UpstreamPreviewPath(const Upstream *upstream);
extern char *UpstreamPreviewBody(const Camera *camera, const PreviewOrder *order, const PreviewForm *form);

/* Notes that it answered, or why not: the breaker (upstream.c). */
extern void UpstreamAnswered(const Upstream *upstream);
extern void UpstreamFailed(const Upstream *upstream, const char *why);

/* What the bridge tells of an attempt, read. */
typedef struct UpstreamReply
{
	int http;          /* 0: no answer */
	int retry_after;   /* seconds; 0 */
	const char *error; /* the bridge's word; NULL */
	char *code;        /* of the envelope; NULL: there is none */
	char *message;
	char *url; /* data.url */
} UpstreamReply;

typedef enum UpstreamVerdict
{
	UPSTREAM_OK,
	UPSTREAM_AGAIN, /* it did not get through: once more, at once */
	UPSTREAM_NO     /* *status says why */
} UpstreamVerdict;

/* What an answer to a preview means. */
extern UpstreamVerdict JudgeUpstream(const Upstream *upstream, const UpstreamReply *reply,
									 CameraProtocol protocol, CbdStatus *status);

extern const OutboxPurpose camera_purpose; /* camera_feed.c */

/* Asks for the first page of its list; the outbox does it. The number of the message. */
extern int64 CameraFeedStart(const char *provider);

/* What the encryption of a provider's secret is bound to. */
extern char *CameraSecretPurpose(const char *provider);

/* Installs the hooks of the chapter and its purpose. */
extern void CamerasInstall(void);

#endif
