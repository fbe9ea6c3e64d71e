/* Rows in the order of the codes of their places; see place_order.h. */
#include "postgres.h"

#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/tuplesort.h"

#include "map/place_order.h"

#if PG_VERSION_NUM < 150000
#define TUPLESORT_NONE false
#endif

struct PlaceOrder
{
	Tuplesortstate *sort;
	bool shifted;
};

PlaceOrder *
PlaceOrderBegin(bool shifted)
{
	PlaceOrder *order = palloc(sizeof(PlaceOrder));

	order->shifted = shifted;
	order->sort = tuplesort_begin_datum(INT8OID, Int8LessOperator, InvalidOid, false, maintenance_work_mem,
										NULL, TUPLESORT_NONE);
	return order;
}

void
PlaceOrderAdd(PlaceOrder *order, LonLat place)
{
	int64_t code = PlaceCode(order->shifted ? wgs84_to_gcj02(place) : place);

	if (code >= 0)
		tuplesort_putdatum(order->sort, Int64GetDatum(code), false);
}

/* The next code; false: there is none. */
static bool
NextCode(PlaceOrder *order, int64_t *code)
{
	Datum value;
	bool isnull;

#if PG_VERSION_NUM >= 160000
	if (!tuplesort_getdatum(order->sort, true, false, &value, &isnull, NULL))
		return false;
#else
	if (!tuplesort_getdatum(order->sort, true, &value, &isnull, NULL))
		return false;
#endif
	*code = DatumGetInt64(value);
	return true;
}

/* The coarsest zoom at which two codes are in different squares; CODE_ZOOM + 1: they are the same. */
static int
FirstDifference(int64_t one, int64_t other)
{
	uint64 difference = (uint64) (one ^ other);
	int bits = 0;

	while (difference != 0)
	{
		difference >>= 2;
		bits++;
	}
	return CODE_ZOOM + 1 - bits;
}

void
PlaceOrderWalk(PlaceOrder *order, int coarsest, int finest, SquareWork work, void *state)
{
	int64 counts[CODE_ZOOM + 1] = {0};
	int64_t last = 0, code;
	bool any = false, more;

	tuplesort_performsort(order->sort);
	do
	{
		int from;

		more = NextCode(order, &code);
		from = !any ? CODE_ZOOM + 1 : more ? FirstDifference(last, code) : coarsest;
		/* the squares that end with the last row, from the finest on */
		for (int zoom = finest; zoom >= Max(from, coarsest); zoom--)
		{
			work(state, last, zoom, counts[zoom]);
			if (zoom > coarsest)
				counts[zoom - 1] += counts[zoom];
			counts[zoom] = 0;
		}
		counts[finest] += more ? 1 : 0;
		last = code;
		any = true;
		CHECK_FOR_INTERRUPTS();
	} while (more);
}

void
PlaceOrderEnd(PlaceOrder *order)
{
	tuplesort_end(order->sort);
	pfree(order);
}
