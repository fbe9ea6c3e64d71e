/* Cameras by their codes; see camera.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "camera/camera.h"
#include "core/spi.h"

/* Columns of find_query. */
enum
{
	COLUMN_STATE = 1,
	COLUMN_LEVEL,
	COLUMN_GB2011,
	COLUMN_UDP,
	COLUMN_TCP,
	COLUMN_CODEC,
	COLUMN_UPSTREAM_CODE,
	COLUMN_PROVIDER,
	COLUMN_UPSTREAM,
	COLUMN_ACTIVE,
	COLUMN_PROTOCOL, /* four of them */
	COLUMN_BASE = COLUMN_PROTOCOL + 4
};

/* $1 UUID, $2 type of the stream */
static SpiQuery find_query = {
	"SELECT c.state, c.level, coalesce(c.gb_edition = '2011', false), 'udp' = ANY (c.transports),"
	" 'tcp' = ANY (c.transports), s.codec, coalesce(c.upstream_code, replace(c.camera_index_code::text, '-', "
	"'')),"
	" p.provider_code, p.kind = 'upstream', p.state = 'active', 'rtsp' = ANY (c.protocols),"
	" 'rtmp' = ANY (c.protocols), 'hls' = ANY (c.protocols), 'ws' = ANY (c.protocols),"
	" p.rtsp_url, p.rtmp_url, p.hls_url, p.ws_url"
	" FROM citybigdata.camera c JOIN citybigdata.camera_provider p ON p.provider_code = c.provider_code"
	" LEFT JOIN citybigdata.camera_stream s ON s.camera_index_code = c.camera_index_code AND s.stream_type = "
	"$2"
	" WHERE c.camera_index_code = $1::uuid",
	2,
	{TEXTOID, INT4OID},
	NULL,
	true};

bool
FindCamera(const PreviewOrder *order, Camera *camera)
{
	Datum values[] = {CStringGetTextDatum(order->camera), Int32GetDatum(order->stream_type)};
	bool found;

	memset(camera, 0, sizeof(*camera));
	SpiBegin();
	found = SpiRead(&find_query, values, NULL, 1) == 1;
	if (found)
	{
		camera->state = SpiText(0, COLUMN_STATE);
		camera->level = SpiInt32(0, COLUMN_LEVEL);
		camera->gb2011 = SpiBool(0, COLUMN_GB2011);
		camera->udp = SpiBool(0, COLUMN_UDP);
		camera->tcp = SpiBool(0, COLUMN_TCP);
		camera->codec = SpiText(0, COLUMN_CODEC);
		camera->upstream_code = SpiText(0, COLUMN_UPSTREAM_CODE);
		camera->provider = SpiText(0, COLUMN_PROVIDER);
		camera->upstream = SpiBool(0, COLUMN_UPSTREAM);
		camera->active = SpiBool(0, COLUMN_ACTIVE);
		for (int i = 0; i < 4; i++)
		{
			camera->protocols[i] = SpiBool(0, COLUMN_PROTOCOL + i);
			camera->base[i] = SpiText(0, COLUMN_BASE + i);
		}
	}
	SpiEnd();
	camera->uuid = pstrdup(order->camera);
	return found;
}
