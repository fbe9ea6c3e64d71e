/*
 * The place of a report: coordinateX/coordinateY in the business plane, lontitude/latitude in the system of
 * the online map. Wrong systems and swapped axes are named, never silently corrected.
 */
#include "postgres.h"

#include <math.h>

#include "event/event.h"
#include "core/guc.h"
#include "text/message.h"

static const char *const map_names[] = {"WGS84", "GCJ02", "BD09"};

/* A plane that senders are known to mix up with the business plane. */
typedef struct PlaneName
{
	int srid;
	char name[160]; /* of both languages (text/message.h) */
} PlaneName;

#define PLANE_CANDIDATES 24

bool
PlaceKnown(const EventReport *report)
{
	return report->place.lon != 0 || report->place.lat != 0;
}

/* Are both numbers finite? */
static bool
FinitePoint(LonLat p)
{
	return isfinite(p.lon) && isfinite(p.lat);
}

/* Metres outside the platform's area; without boundaries only the limits of the country are known. */
static double
MetresOutside(LonLat p)
{
	double distance = AreaDistance(p.lon, p.lat);

	if (distance < 0)
		return outside_china(p) ? INFINITY : 0;
	return distance;
}

/* Within the platform's area and its tolerance? */
static bool
InArea(LonLat p)
{
	return FinitePoint(p) && MetresOutside(p) <= guc_boundary_tolerance;
}

/* ", 1234 m away" where the distance is known. */
static char *
Away(double metres)
{
	return isfinite(metres) ? SaidBoth(", %.0f{metres} m away from it", metres) : pstrdup("");
}

/* Would the plane's point lie in the area? */
static bool
PlaneInArea(double x, double y)
{
	LonLat p;

	return PlaneToLonLat(x, y, &p) && InArea(p);
}

/* Would the point of that system lie in the area? */
static bool
SridInArea(int srid, double x, double y)
{
	LonLat p;

	return SridKnown(srid) && SridToLonLat(srid, x, y, &p) && InArea(p);
}

/* Central meridian of a CGCS2000 zone without prefix (EPSG:4534 is 75°E, 4554 is 135°E), else that of the
 * plane's middle. */
static int
BusinessMeridian(void)
{
	LonLat p;

	if (guc_business_srid >= 4534 && guc_business_srid <= 4554)
		return 75 + (guc_business_srid - 4534) * 3;
	if (PlaneToLonLat(500000, 4000000, &p) && FinitePoint(p))
		return (int) rint(p.lon / 3) * 3;
	return 117;
}

/* A system that the sender may have meant, but for the configured one; `name` is a format for the
 * zone. */
static void AddCandidate(PlaneName *list, int *count, int srid, const char *name, int zone)
	pg_attribute_printf(4, 0);
static void
AddCandidate(PlaneName *list, int *count, int srid, const char *name, int zone)
{
	if (*count < PLANE_CANDIDATES && srid != guc_business_srid)
	{
		list[*count].srid = srid;
		(void) MessageBoth(list[*count].name, sizeof(list[*count].name), name, zone);
		(*count)++;
	}
}

/*
 * The planes that could give such a pair. An easting above a million carries its zone number, so that at most
 * one zone of each family fits; else the zones beside the business plane's are tried.
 */
static int
Candidates(double x, PlaneName *list)
{
	int count = 0;
	int zone = (int) (x / 1e6);
	int meridian = BusinessMeridian();

	if (zone >= 25 && zone <= 45)
	{
		AddCandidate(list, &count, 4513 + zone - 25, "CGCS2000, 3-degree zone %d{zone} with prefix", zone);
		AddCandidate(list, &count, 2349 + zone - 25, "Xian 1980, 3-degree zone %d{zone} with prefix", zone);
		AddCandidate(list, &count, 2401 + zone - 25, "Beijing 1954, 3-degree zone %d{zone} with prefix",
					 zone);
	}
	else if (zone >= 13 && zone <= 23)
	{
		AddCandidate(list, &count, 4491 + zone - 13, "CGCS2000, 6-degree zone %d{zone} with prefix", zone);
		AddCandidate(list, &count, 2327 + zone - 13, "Xian 1980, 6-degree zone %d{zone} with prefix", zone);
		AddCandidate(list, &count, 21413 + zone - 13, "Beijing 1954, 6-degree zone %d{zone} with prefix",
					 zone);
	}
	if (zone > 0)
	{
		AddCandidate(list, &count, 3857, "Web Mercator", 0);
		return count;
	}
	/* a zone away, then two; 6-degree meridians (75, 81 ... 135) are every second 3-degree one */
	for (int away = 0; away <= 2; away++)
		for (int side = -1; side <= (away > 0 ? 1 : -1); side += 2)
		{
			int cm = meridian + side * away * 3;

			if (cm >= 75 && cm <= 135)
				AddCandidate(list, &count, 4534 + (cm - 75) / 3, "CGCS2000, 3-degree zone at %d{meridian}°E",
							 cm);
		}
	for (int away = -1; away <= 1; away++)
	{
		int utm = (meridian + 180) / 6 + 1 + away;

		if (utm >= 43 && utm <= 53)
			AddCandidate(list, &count, 32600 + utm, "WGS 84 / UTM zone %d{zone}N", utm);
	}
	return count;
}

/* Tries the other planes; adds the error and returns true when one puts the point into the area. */
static bool
NameOtherPlane(EventReport *report, double x, double y, const char *swapped)
{
	PlaneName candidates[PLANE_CANDIDATES];
	int count = Candidates(x, candidates);

	for (int i = 0; i < count; i++)
		if (SridInArea(candidates[i].srid, x, y))
		{
			ErrorPrint(&report->errors, false, "/coordinateX", CBD_WRONG_COORDINATE_SYSTEM,
					   "the point lies in the platform's area when read as EPSG:%d{srid} "
					   "(%s{system*})%s{swapped*}; expected is EPSG:%d{expected}",
					   candidates[i].srid, candidates[i].name, swapped, guc_business_srid);
			return true;
		}
	return false;
}

/* The business plane's error: what the pair is instead. x, y are not in the area. */
static void
NamePlaneError(EventReport *report, double x, double y, LonLat read, bool readable)
{
	LonLat degrees = {x, y};
	LonLat swapped = {y, x};

	/* an easting is below a million, a northing in China above it */
	if (PlaneInArea(y, x))
		ErrorPrint(&report->errors, false, "/coordinateX", CBD_AXES_SWAPPED,
				   "coordinateX %.12g{x} and coordinateY %.12g{y} are swapped: coordinateX is the easting, "
				   "coordinateY the northing",
				   x, y);
	else if (fabs(x) <= 180 && fabs(y) <= 90 && InArea(degrees))
		ErrorPrint(
			&report->errors, false, "/coordinateX", CBD_WRONG_COORDINATE_SYSTEM,
			"coordinateX %.12g{x} and coordinateY %.12g{y} are longitude and latitude in degrees; expected "
			"are metres in EPSG:%d{srid}",
			x, y, guc_business_srid);
	else if (fabs(x) <= 90 && fabs(y) <= 180 && InArea(swapped))
		ErrorPrint(
			&report->errors, false, "/coordinateX", CBD_WRONG_COORDINATE_SYSTEM,
			"coordinateX %.12g{x} and coordinateY %.12g{y} are latitude and longitude in degrees; expected "
			"are metres in EPSG:%d{srid}",
			x, y, guc_business_srid);
	else if (NameOtherPlane(report, x, y, "") ||
			 NameOtherPlane(report, y, x, MESSAGE(" with the axes swapped")))
		return;
	else if (readable)
		ErrorPrint(&report->errors, false, "/coordinateX", CBD_OUTSIDE_AREA,
				   "coordinateX %.12g{x}, coordinateY %.12g{y} in EPSG:%d{srid} is longitude %.6f{lon}, "
				   "latitude %.6f{lat}: outside "
				   "the platform's area%s{away*}",
				   x, y, guc_business_srid, read.lon, read.lat, Away(MetresOutside(read)));
	else
		ErrorPrint(&report->errors, false, "/coordinateX", CBD_OUTSIDE_AREA,
				   "coordinateX %.12g{x}, coordinateY %.12g{y} is no point of EPSG:%d{srid}", x, y,
				   guc_business_srid);
}

/* X and Y to EPSG:4490; false after an error. */
static bool
ReadPlane(EventReport *report, LonLat *place)
{
	double x = report->coordinate_x.value;
	double y = report->coordinate_y.value;
	LonLat read;
	bool readable = PlaneToLonLat(x, y, &read) && FinitePoint(read);

	if (readable && InArea(read))
	{
		*place = read;
		return true;
	}
	NamePlaneError(report, x, y, read, readable);
	return false;
}

/* A position of the online map read as one of its possible systems. */
static LonLat
ReadAs(MapCrs crs, LonLat p)
{
	switch (crs)
	{
		case MAP_CRS_GCJ02:
			return gcj02_to_wgs84(p);
		case MAP_CRS_BD09:
			return gcj02_to_wgs84(bd09_to_gcj02(p));
		default:
			return p;
	}
}

/*
 * Longitude and latitude that cannot be right by themselves: swapped, or metres. True: an error was added.
 * `spelled` is the name that the longitude was reported under.
 */
static bool
NameMapError(EventReport *report, const char *spelled, LonLat map)
{
	LonLat swapped = {map.lat, map.lon};
	char *pointer = psprintf("/%s", spelled);

	if (fabs(map.lon) <= 90 && fabs(map.lat) <= 180 && InArea(MapToLonLat(swapped)))
		ErrorPrint(&report->errors, false, pointer, CBD_AXES_SWAPPED,
				   "%s{name} %.12g{lon} and latitude %.12g{lat} are swapped", spelled, map.lon, map.lat);
	else if (PlaneInArea(map.lon, map.lat))
		ErrorPrint(&report->errors, false, pointer, CBD_WRONG_COORDINATE_SYSTEM,
				   "%s{name} %.12g{lon} and latitude %.12g{lat} are metres in EPSG:%d{srid}; expected are "
				   "degrees in %s{crs}",
				   spelled, map.lon, map.lat, guc_business_srid, map_names[guc_map_crs]);
	else if (fabs(map.lon) > 180 || fabs(map.lat) > 90)
		ErrorPrint(&report->errors, false, pointer, CBD_FIELD_OUT_OF_RANGE,
				   "%s{name} %.12g{lon} and latitude %.12g{lat} are not degrees: -180 to 180 and -90 to 90",
				   spelled, map.lon, map.lat);
	else
		return false;
	return true;
}

/* The two pairs against each other: the same place within coordinate_tolerance? */
static void
ComparePairs(EventReport *report, const char *spelled, LonLat map, LonLat place)
{
	LonLat read = MapToLonLat(map);
	double distance = metres_between(read, place);
	char *pointer = psprintf("/%s", spelled);

	if (distance <= guc_coordinate_tolerance)
		return;
	for (int crs = MAP_CRS_WGS84; crs <= MAP_CRS_BD09; crs++)
		if (crs != guc_map_crs && metres_between(ReadAs(crs, map), place) <= guc_coordinate_tolerance)
		{
			ErrorPrint(&report->errors, false, pointer, CBD_WRONG_COORDINATE_SYSTEM,
					   "%s{name} and latitude agree with coordinateX and coordinateY when read as %s{seen}; "
					   "expected is %s{expected} "
					   "(%.0f{metres} m apart)",
					   spelled, map_names[crs], map_names[guc_map_crs], distance);
			return;
		}
	if (!NameMapError(report, spelled, map))
		ErrorPrint(&report->errors, false, pointer, CBD_COORDINATES_DISAGREE,
				   "%s{name} %.12g{lon}, latitude %.12g{lat} (%s{crs}) is %.0f{metres} m away from "
				   "coordinateX, coordinateY; at most %g{limit} m "
				   "are allowed",
				   spelled, map.lon, map.lat, map_names[guc_map_crs], distance, guc_coordinate_tolerance);
}

/* Only longitude and latitude: the place from them, X and Y computed. */
static bool
ReadMapAlone(EventReport *report, const char *spelled, LonLat map, LonLat *place)
{
	LonLat read = MapToLonLat(map);

	if (fabs(map.lon) <= 180 && fabs(map.lat) <= 90 && InArea(read))
	{
		*place = read;
		return true;
	}
	if (!NameMapError(report, spelled, map))
		ErrorPrint(
			&report->errors, false, psprintf("/%s", spelled), CBD_OUTSIDE_AREA,
			"%s{name} %.12g{lon}, latitude %.12g{lat} (%s{crs}) is outside the platform's area%s{away*}",
			spelled, map.lon, map.lat, map_names[guc_map_crs], Away(MetresOutside(read)));
	return false;
}

/*
 * A pair of which (0,0) means absent. Returns whether both are there; a half pair is an error and *wrong is
 * set, as it is when one of them was no number.
 */
static bool
ReadPair(EventReport *report, EventReal *first, EventReal *second, const char *first_name,
		 const char *second_name, bool zero_absent, bool *wrong)
{
	bool first_given = first->present && !(zero_absent && first->value == 0);
	bool second_given = second->present && !(zero_absent && second->value == 0);

	*wrong = first->wrong || second->wrong;
	if (*wrong || (!first_given && !second_given))
		return false;
	/* a zero beside a real value is a value */
	if (first->present && second->present)
		return true;
	*wrong = true;
	ErrorPrint(&report->errors, false, psprintf("/%s", first->present ? second_name : first_name),
			   CBD_FIELD_REQUIRED, "%s{name} was reported without %s{other}",
			   first->present ? first_name : second_name, first->present ? second_name : first_name);
	return false;
}

/* Merges the spelling "longitude" (egova) into lontitude; returns the name that was used. */
static const char *
ChooseSpelling(EventReport *report)
{
	if (!report->longitude.present && !report->longitude.wrong)
		return "lontitude";
	if (report->lontitude.present && report->lontitude.value != 0)
	{
		if (report->longitude.present && report->longitude.value != 0 &&
			report->longitude.value != report->lontitude.value)
			ErrorPrint(&report->errors, false, "/longitude", CBD_COORDINATES_DISAGREE,
					   "longitude %.12g{longitude} and lontitude %.12g{lontitude} differ",
					   report->longitude.value, report->lontitude.value);
		return "lontitude";
	}
	if (!report->lontitude.wrong)
		report->lontitude = report->longitude;
	return "longitude";
}

/* Strict names a missing half of X and Y with the required fields; here only what that did not say. */
static void
ReadPairs(EventReport *report, bool *plane_wrong, bool *map_wrong, const char *spelled)
{
	if (report->egova)
		report->has_plane = ReadPair(report, &report->coordinate_x, &report->coordinate_y, "coordinateX",
									 "coordinateY", true, plane_wrong);
	else
	{
		report->has_plane = report->coordinate_x.present && report->coordinate_y.present;
		*plane_wrong = !report->has_plane;
	}
	report->has_map =
		ReadPair(report, &report->lontitude, &report->latitude, spelled, "latitude", true, map_wrong);
	if (report->has_map)
	{
		report->map_lon = report->lontitude.value;
		report->map_lat = report->latitude.value;
	}
}

void
CheckPlace(EventReport *report)
{
	const char *spelled = ChooseSpelling(report);
	LonLat map;
	LonLat place;
	bool plane_wrong;
	bool map_wrong;

	ReadPairs(report, &plane_wrong, &map_wrong, spelled);
	map.lon = report->map_lon;
	map.lat = report->map_lat;
	if (report->has_plane)
	{
		if (ReadPlane(report, &place))
		{
			report->place = place;
			if (report->has_map)
				ComparePairs(report, spelled, map, place);
		}
		else if (report->has_map)
			(void) ReadMapAlone(report, spelled, map, &place);
	}
	else if (report->has_map)
	{
		/* with a errory X/Y the map pair is only checked */
		if (ReadMapAlone(report, spelled, map, &place) && !plane_wrong)
			report->place = place;
	}
	else if (report->egova && !plane_wrong && !map_wrong)
	{
		ErrorPrint(&report->errors, false, "/coordinateX", CBD_FIELD_REQUIRED,
				   "a place is required: coordinateX and coordinateY, or lontitude and latitude");
		ErrorPrint(&report->errors, false, "/coordinateY", CBD_FIELD_REQUIRED,
				   "a place is required: coordinateX and coordinateY, or lontitude and latitude");
	}
	if (!PlaceKnown(report))
		return;
	report->plane_x = report->coordinate_x.value;
	report->plane_y = report->coordinate_y.value;
	if (!report->has_plane && !LonLatToPlane(report->place, &report->plane_x, &report->plane_y))
		ErrorPrint(&report->errors, false, psprintf("/%s", spelled), CBD_OUTSIDE_AREA,
				   "the point cannot be expressed in EPSG:%d{srid}", guc_business_srid);
	if (AreaDistance(report->place.lon, report->place.lat) < 0)
		ErrorPrint(&report->errors, true, report->has_plane ? "/coordinateX" : psprintf("/%s", spelled),
				   CBD_OUTSIDE_AREA,
				   "no district boundaries are loaded: the platform's area was not checked");
}
