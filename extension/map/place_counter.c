/* Rows of longitude and latitude, handed on one by one. */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "tcop/dest.h"

#include "map/tile.h"

/* Where the executor puts the rows. */
typedef struct PlaceRows
{
	DestReceiver pub;
	PlaceWork work;
	void *state;
} PlaceRows;

/* One row; a place that is null, empty or no number is none. */
static bool
ReceivePlace(TupleTableSlot *slot, DestReceiver *self)
{
	PlaceRows *rows = (PlaceRows *) self;
	LonLat place;

	slot_getsomeattrs(slot, 2);
	if (slot->tts_isnull[0] || slot->tts_isnull[1])
		return true;
	place = (LonLat){DatumGetFloat8(slot->tts_values[0]), DatumGetFloat8(slot->tts_values[1])};
	if (isfinite(place.lon) && isfinite(place.lat))
		rows->work(rows->state, place);
	return true;
}

/* The columns are numbers: functions of PostGIS make them. */
static void
StartPlaces(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	if (typeinfo->natts != 2 || TupleDescAttr(typeinfo, 0)->atttypid != FLOAT8OID ||
		TupleDescAttr(typeinfo, 1)->atttypid != FLOAT8OID)
		elog(ERROR, "places are of another type");
}

/* DestReceiver: the last row was there. */
static void
StopPlaces(DestReceiver *self)
{
}

DestReceiver *
PlaceReceiver(PlaceWork work, void *state)
{
	PlaceRows *rows = palloc0(sizeof(PlaceRows));

	rows->pub.receiveSlot = ReceivePlace;
	rows->pub.rStartup = StartPlaces;
	rows->pub.rShutdown = StopPlaces;
	rows->pub.rDestroy = StopPlaces;
	rows->pub.mydest = DestTuplestore; /* SPI asks only whether it is DestNone */
	rows->work = work;
	rows->state = state;
	return &rows->pub;
}
