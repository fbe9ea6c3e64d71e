/* Counting transcoders; see transcoder.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "camera/transcoder.h"
#include "core/spi.h"

/* clang-format off */
static SpiQuery lock_provider = {
	"SELECT FROM citybigdata.camera_provider p WHERE p.provider_code = $1 FOR UPDATE", 1, {TEXTOID}, NULL, true};

/* $1 provider, $2 camera, $3 stream: streams that are transcoded beside this one, against the limit */
static SpiQuery free_one = {
	"SELECT count(s.*) < p.transcoders FROM citybigdata.camera_provider p LEFT JOIN citybigdata.camera_source s ON s.provider_code = p.provider_code"
	" AND s.transcode AND s.state <> 'failed' AND (s.camera_index_code, s.stream_type) <> ($2::uuid, $3)"
	" WHERE p.provider_code = $1 GROUP BY p.provider_code",
	3, {TEXTOID, TEXTOID, INT4OID}, NULL, true};
/* clang-format on */

bool
TranscoderFree(const char *provider, const char *camera, int stream_type, bool claiming)
{
	Datum values[3] = {CStringGetTextDatum(provider), CStringGetTextDatum(camera),
					   Int32GetDatum(stream_type)};
	bool left;

	SpiBegin();
	if (claiming)
		SpiRun(&lock_provider, values, NULL, SPI_OK_SELECT, 1);
	left = SpiRun(&free_one, values, NULL, SPI_OK_SELECT, 1) > 0 && SpiBool(0, 1);
	SpiEnd();
	return left;
}
