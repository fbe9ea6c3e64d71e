/* Which gateway takes a batch; see sms.h. Saving gateways: sms_gateway_save.c. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "core/spi.h"
#include "sms/sms.h"

#define GATEWAYS_MAX 64

bool
SmsChooseGateway(const int32 *tried, int tried_count, SmsGateway *gateway)
{
	/* one works unless its breaker is open: after five failures it is looked at again when its pause is over
	 */
	/* clang-format off */
	static SpiQuery query = {
		"SELECT g.gateway_id, g.destination_id, g.batch_size, g.weight, g.works FROM (SELECT w.*, rank() OVER (ORDER BY w.works DESC, w.rank) AS turn"
		"  FROM (SELECT x.*, d.failures < 5 OR d.not_before <= clock_timestamp() AS works FROM citybigdata.sms_gateway x"
		"   JOIN citybigdata.outbox_destination d ON d.destination_id = x.destination_id"
		"   WHERE x.state = 'active' AND d.state = 'active' AND x.gateway_id <> ALL ($1)) w) g WHERE g.turn = 1 ORDER BY g.gateway_id LIMIT 64",
		1, {INT4ARRAYOID}, NULL};
	/* clang-format on */
	Datum elements[GATEWAYS_MAX];
	Datum values[1];
	int count = Min(tried_count, GATEWAYS_MAX);
	uint32 random = 0;
	int64 weights = 0;
	int64 at;
	int rows;

	for (int i = 0; i < count; i++)
		elements[i] = Int32GetDatum(tried[i]);
	values[0] = PointerGetDatum(construct_array(elements, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	SpiBegin();
	rows = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	for (int i = 0; i < rows; i++)
		weights += SpiInt32(i, 4);
	if (rows > 1 && !pg_strong_random(&random, sizeof(random)))
		elog(ERROR, "no random numbers");
	at = weights > 0 ? (int64) (random % (uint64) weights) : 0;
	for (int i = 0; i < rows; i++)
	{
		at -= SpiInt32(i, 4);
		if (at >= 0)
			continue;
		*gateway = (SmsGateway){SpiInt32(i, 1), SpiInt64(i, 2), SpiInt32(i, 3), SpiBool(i, 5)};
		break;
	}
	SpiEnd();
	return rows > 0;
}
