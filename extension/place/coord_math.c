/*
 * GCJ-02 and BD-09 arithmetic, see coord_math.h.
 *
 * The published GCJ-02 formula adds eleven sines per point. All their angles are multiples of pi*x/60 or
 * pi*y/60, so one sincos per axis and the addition theorems give them all: an evaluation costs three
 * sincos instead of fourteen sines, and the error stays below 1e-12 metre.
 *
 * Inverses are iterated until the step tells that the error is far below 1e-11 degree; STEP_LIMIT is never
 * reached.
 */
#include <math.h>

#include "place/coord_math.h"

#define SEMI_MAJOR       6378245.0 /* Krasovsky 1940, as the published formula has it */
#define ECCENTRICITY2    0.00669342162296594323
#define MEAN_RADIUS      6371008.8 /* metres, IUGG */
#define RADIAN           (M_PI / 180.0)
#define BD_PI            (M_PI * 3000.0 / 180.0)
#define BD_LON           0.0065 /* degrees */
#define BD_LAT           0.006
#define MERIDIAN         105.0 /* the published formula counts longitude from here */
#define KINK             0.01  /* degrees from it within which sqrt|x| bends much */
#define STEP_LIMIT       32
#define CONVERGED        1e-12 /* degree; the error left is a fiftieth of the last step, or less */
#define CONVERGED_NEWTON 2e-6  /* degree; the error left is below 0.05 of its square */

/* Sine and cosine of one angle. */
typedef struct Turn
{
	double sine;
	double cosine;
} Turn;

/* An angle as sine and cosine. */
static inline Turn
turn_by(double angle)
{
	Turn t;

	sincos(angle, &t.sine, &t.cosine);
	return t;
}

/* The sum of two angles, by their sines and cosines. */
static inline Turn
turn_add(Turn a, Turn b)
{
	return (Turn){a.sine * b.cosine + a.cosine * b.sine, a.cosine * b.cosine - a.sine * b.sine};
}

/* Sums of sines of one coordinate x (or y) as published, in metres, and their slopes in metres per degree. */
typedef struct Waves
{
	double fast;     /* 20 sin(6 pi x) + 20 sin(2 pi x) */
	double middle;   /* 20 sin(pi x) + 40 sin(pi x / 3) */
	double slow_lon; /* 150 sin(pi x / 12) + 300 sin(pi x / 30) */
	double slow_lat; /* 160 sin(pi x / 12) + 320 sin(pi x / 30) */
	double fast_slope;
	double middle_slope;
	double slow_lon_slope;
	double slow_lat_slope;
} Waves;

/* The periodic parts of GCJ-02's shift at a coordinate, with their slopes; by addition theorems from
 * one sine, since a call for each would take most of the time. */
static inline Waves
waves_of(double x)
{
	Turn t60 = turn_by(x * (M_PI / 60.0));
	Turn t30 = turn_add(t60, t60);
	Turn t12 = turn_add(turn_add(t30, t30), t60);
	Turn t6 = turn_add(t12, t12);
	Turn t3 = turn_add(t6, t6);
	Turn t1 = turn_add(turn_add(t3, t3), t3);
	Turn two = turn_add(t1, t1);
	Turn six = turn_add(turn_add(two, two), two);

	return (Waves){.fast = 20.0 * six.sine + 20.0 * two.sine,
				   .middle = 20.0 * t1.sine + 40.0 * t3.sine,
				   .slow_lon = 150.0 * t12.sine + 300.0 * t30.sine,
				   .slow_lat = 160.0 * t12.sine + 320.0 * t30.sine,
				   .fast_slope = M_PI * (120.0 * six.cosine + 40.0 * two.cosine),
				   .middle_slope = M_PI * (20.0 * t1.cosine + (40.0 / 3.0) * t3.cosine),
				   .slow_lon_slope = M_PI * (12.5 * t12.cosine + 10.0 * t30.cosine),
				   .slow_lat_slope = M_PI * ((160.0 / 12.0) * t12.cosine + (320.0 / 30.0) * t30.cosine)};
}

/* What GCJ-02 adds at a WGS-84 point, in degrees, and how that changes per degree. */
typedef struct Offset
{
	double lon;
	double lat;
	double lon_by_lon;
	double lon_by_lat;
	double lat_by_lon;
	double lat_by_lat;
} Offset;

/* Degrees by which GCJ-02 shifts a WGS 84 point, with the slopes that the inverse needs. */
static inline Offset
gcj02_offset(LonLat p)
{
	double x = p.lon - MERIDIAN;
	double y = p.lat - 35.0;
	double root = sqrt(fabs(x));
	double root_slope = root > 0 ? copysign(0.05, x) / root : 0; /* of 0.1 sqrt|x| */
	Waves wx = waves_of(x);
	Waves wy = waves_of(y);
	Turn phi = turn_by(p.lat * RADIAN);
	double magic = 1.0 - ECCENTRICITY2 * phi.sine * phi.sine;
	double root_magic = sqrt(magic);
	double lon_metre = root_magic / (SEMI_MAJOR * RADIAN * phi.cosine); /* degrees a metre */
	double lat_metre = magic * root_magic / (SEMI_MAJOR * (1.0 - ECCENTRICITY2) * RADIAN);
	double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
				  (wx.fast + wx.middle + wx.slow_lon) * (2.0 / 3.0);
	double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
				   (wx.fast + wy.middle + wy.slow_lat) * (2.0 / 3.0);

	/* the slopes leave out the change of lat_metre: below 1e-6 */
	return (Offset){
		.lon = east * lon_metre,
		.lat = north * lat_metre,
		.lon_by_lon = lon_metre * (1.0 + 0.2 * x + 0.1 * y + root_slope +
								   (wx.fast_slope + wx.middle_slope + wx.slow_lon_slope) * (2.0 / 3.0)),
		.lon_by_lat = lon_metre * (2.0 + 0.1 * x) + east * lon_metre * RADIAN * phi.sine / phi.cosine,
		.lat_by_lon = lat_metre * (2.0 + 0.1 * y + 2.0 * root_slope + wx.fast_slope * (2.0 / 3.0)),
		.lat_by_lat =
			lat_metre * (3.0 + 0.4 * y + 0.1 * x + (wy.middle_slope + wy.slow_lat_slope) * (2.0 / 3.0))};
}

/*
 * BD-09 of a GCJ-02 point. The published formula turns the vector (lon, lat) by `angle` and lengthens
 * it by `stretch`; both are below 3e-5, so the turn is written out as a series, exact in double precision.
 */
static LonLat
bd09_forward(LonLat p)
{
	double length = sqrt(p.lon * p.lon + p.lat * p.lat);
	double stretch = 1.0 + 0.00002 * sin(p.lat * BD_PI) / length;
	double angle = 0.000003 * cos(p.lon * BD_PI);
	double sine = angle * (1.0 - angle * angle / 6.0);
	double cosine = 1.0 - angle * angle / 2.0;

	return (LonLat){stretch * (p.lon * cosine - p.lat * sine) + BD_LON,
					stretch * (p.lat * cosine + p.lon * sine) + BD_LAT};
}

/* Written so that NaN counts as outside. */
bool
outside_china(LonLat p)
{
	return !(p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271);
}

LonLat
wgs84_to_gcj02(LonLat p)
{
	Offset d;

	if (outside_china(p))
		return p;
	d = gcj02_offset(p);
	return (LonLat){p.lon + d.lon, p.lat + d.lat};
}

/*
 * Newton's method: w <- w + (p - forward(w)) / (1 + slopes). Two steps do nearly everywhere, since the slopes
 * change by less than 0.05 per degree; beside the meridian where sqrt|x| has its kink, steps go on until they
 * vanish.
 */
LonLat
gcj02_to_wgs84(LonLat p)
{
	LonLat w = p;

	if (outside_china(p))
		return p;
	for (int step = 0; step < STEP_LIMIT; step++)
	{
		Offset d = gcj02_offset(w);
		double east = p.lon - (w.lon + d.lon);
		double north = p.lat - (w.lat + d.lat);
		double det = (1.0 + d.lon_by_lon) * (1.0 + d.lat_by_lat) - d.lon_by_lat * d.lat_by_lon;
		double move_east = ((1.0 + d.lat_by_lat) * east - d.lon_by_lat * north) / det;
		double move_north = ((1.0 + d.lon_by_lon) * north - d.lat_by_lon * east) / det;
		double enough = fabs(w.lon - MERIDIAN) > KINK ? CONVERGED_NEWTON : CONVERGED;

		w.lon += move_east;
		w.lat += move_north;
		if (fabs(move_east) < enough && fabs(move_north) < enough)
			break;
	}
	return w;
}

LonLat
gcj02_to_bd09(LonLat p)
{
	return outside_china(p) ? p : bd09_forward(p);
}

/* Fixed-point iteration: the offset changes by less than 2 % of the distance moved. */
LonLat
bd09_to_gcj02(LonLat p)
{
	LonLat w = {p.lon - BD_LON, p.lat - BD_LAT};

	if (outside_china(p))
		return p;
	for (int step = 0; step < STEP_LIMIT; step++)
	{
		LonLat b = bd09_forward(w);
		double east = p.lon - b.lon;
		double north = p.lat - b.lat;

		w.lon += east;
		w.lat += north;
		if (fabs(east) < CONVERGED && fabs(north) < CONVERGED)
			break;
	}
	return w;
}

/* Haversine: exact enough at a metre and at half the globe. */
double
metres_between(LonLat a, LonLat b)
{
	double north = sin((b.lat - a.lat) * RADIAN / 2.0);
	double east = sin((b.lon - a.lon) * RADIAN / 2.0);
	double h = north * north + cos(a.lat * RADIAN) * cos(b.lat * RADIAN) * east * east;

	return 2.0 * MEAN_RADIUS * asin(sqrt(h > 1.0 ? 1.0 : h));
}
