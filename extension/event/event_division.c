/*
 * Divisions of a report: do the codes exist, do they belong together, do they fit the place? What is missing
 * is filled in from the place; what contradicts it is an error (strict) or corrected with a warning (egova).
 */
#include "postgres.h"

#include "event/event.h"
#include "core/text_check.h"
#include "core/guc.h"

static const char *const level_names[] = {"",
										  MESSAGE("province"),
										  MESSAGE("prefecture"),
										  MESSAGE("district or county"),
										  MESSAGE("street or town"),
										  MESSAGE("community")};

/* Adds an error that egova takes as a warning. */
#define RELAXED(report) (&(report)->errors), (report)->egova

/* Digits only? */
static bool
AllDigits(const char *text)
{
	return strspn(text, "0123456789") == strlen(text);
}

/* "110101 (东城区)" */
static char *
CodeAndName(const char *code)
{
	Division division;

	if (DivisionFind(code, &division) && division.name != NULL)
		return psprintf("%s (%s)", code, division.name);
	return pstrdup(code);
}

/*
 * Looks a reported code up. True: it is known, of the right level and valid today. `level` is 3, 4 or 5; a
 * prefecture without districts counts as one where it has a boundary of its own.
 */
static bool
CheckCode(EventReport *report, const char *field, const char *code, int level, bool place_known,
		  Division *division)
{
	static const int digits[] = {0, 6, 6, 6, 9, 12};
	char *pointer = psprintf("/%s", field);

	if (strlen(code) != digits[level] || !AllDigits(code))
		ErrorPrint(RELAXED(report), pointer, CBD_UNKNOWN_DIVISION,
				   "\"%s{code}\" is not a code of %d{digits} digits", ShortText(code, strlen(code)),
				   digits[level]);
	else if (!DivisionFind(code, division))
		ErrorPrint(RELAXED(report), pointer, CBD_UNKNOWN_DIVISION, "%s{code} is not a known division code",
				   code);
	else if (!division->current && division->successor[0] != '\0')
		ErrorPrint(RELAXED(report), pointer, CBD_UNKNOWN_DIVISION,
				   "%s{division} is no longer valid; its successor is %s{successor}", CodeAndName(code),
				   CodeAndName(division->successor));
	else if (!division->current)
		ErrorPrint(RELAXED(report), pointer, CBD_UNKNOWN_DIVISION, "%s{division} is no longer valid",
				   CodeAndName(code));
	else if (division->level != level && !(level == 3 && division->level == 2 && place_known &&
										   DistrictDistance(code, report->place.lon, report->place.lat) >= 0))
		ErrorPrint(RELAXED(report), pointer, CBD_UNKNOWN_DIVISION,
				   "%s{division} is a %s{level*}; %s{name} takes a %s{wanted*}", CodeAndName(code),
				   level_names[division->level], field, level_names[level]);
	else
		return true;
	return false;
}

/* Is `upper` the division above `lower` (two levels above when `skip`)? By parent, by prefix where that is
 * not known. */
static bool
Belongs(const Division *lower, const Division *upper, bool skip)
{
	size_t length = strlen(upper->code);

	if (!skip && lower->parent[0] != '\0')
		return strcmp(lower->parent, upper->code) == 0;
	return strncmp(lower->code, upper->code, length) == 0;
}

/* The lower division does not lie in the upper one. */
static void
ErrorHierarchy(EventReport *report, const char *field, const Division *lower, const Division *upper)
{
	ErrorPrint(&report->errors, false, psprintf("/%s", field), CBD_DIVISION_HIERARCHY,
			   "%s{lower} does not belong to %s{upper}", CodeAndName(lower->code), CodeAndName(upper->code));
}

/* The district that the codes claim, and the field that claims it; NULL when none does. */
static const char *
ClaimedDistrict(const Division *district, const Division *street, const Division *community,
				const char **field)
{
	char *prefix;

	if (district != NULL)
	{
		*field = "districtCode";
		return district->code;
	}
	if (street != NULL)
	{
		*field = "streetCode";
		if (street->parent[0] != '\0')
			return street->parent;
		prefix = pnstrdup(street->code, 6);
		return prefix;
	}
	if (community != NULL)
	{
		*field = "communityCode";
		prefix = pnstrdup(community->code, 6);
		return prefix;
	}
	return NULL;
}

/* The claimed district against the point; fills in or corrects report->stored_district. */
static void
CheckDistrictOfPoint(EventReport *report, const char *claimed, const char *field)
{
	char located[DIVISION_CODE_SIZE] = "";
	double lon = report->place.lon;
	double lat = report->place.lat;
	double distance;

	if (claimed != NULL)
	{
		report->stored_district = pstrdup(claimed);
		distance = DistrictDistance(claimed, lon, lat);
		if (distance <= guc_boundary_tolerance)
			return; /* in it, or no boundary to tell (-1) */
		if (!DistrictLocate(lon, lat, guc_boundary_tolerance, located, &(double){0}))
			located[0] = '\0';
		ErrorPrint(RELAXED(report), psprintf("/%s", field), CBD_DISTRICT_MISMATCH,
				   "the point is %.0f{metres} m outside %s{division}%s{located*}", distance,
				   CodeAndName(claimed),
				   located[0] != '\0' ? SaidBoth("; it is in %s{division}", CodeAndName(located)) : "");
		if (located[0] != '\0')
			report->stored_district = pstrdup(located);
	}
	else if (DistrictLocate(lon, lat, guc_boundary_tolerance, located, &distance))
		report->stored_district = pstrdup(located);
}

/* The reported name, else the division's own. */
static char *
NameOf(const char *reported, const char *code)
{
	Division division;

	if (reported != NULL || code == NULL || strlen(code) >= DIVISION_CODE_SIZE)
		return (char *) reported;
	return DivisionFind(code, &division) ? division.name : NULL;
}

void
CheckDivisions(EventReport *report, bool place_known)
{
	Division district_row, street_row, community_row;
	const Division *district = NULL;
	const Division *street = NULL;
	const Division *community = NULL;
	const char *claimed;
	const char *field = NULL;

	if (report->district_code != NULL &&
		CheckCode(report, "districtCode", report->district_code, 3, place_known, &district_row))
		district = &district_row;
	if (report->street_code != NULL &&
		CheckCode(report, "streetCode", report->street_code, 4, place_known, &street_row))
		street = &street_row;
	if (report->community_code != NULL &&
		CheckCode(report, "communityCode", report->community_code, 5, place_known, &community_row))
		community = &community_row;
	if (street != NULL && district != NULL && !Belongs(street, district, false))
		ErrorHierarchy(report, "streetCode", street, district);
	if (community != NULL && street != NULL && !Belongs(community, street, false))
		ErrorHierarchy(report, "communityCode", community, street);
	else if (community != NULL && street == NULL && district != NULL && !Belongs(community, district, true))
		ErrorHierarchy(report, "communityCode", community, district);

	claimed = ClaimedDistrict(district, street, community, &field);
	report->stored_district = claimed != NULL ? pstrdup(claimed) : NULL;
	if (place_known)
		CheckDistrictOfPoint(report, claimed, field);
	/* an unknown code that egova lets pass is better than nothing */
	if (report->stored_district == NULL)
		report->stored_district = report->district_code;
	report->stored_district_name = NameOf(report->stored_district == NULL || report->district_code == NULL ||
												  strcmp(report->stored_district, report->district_code) == 0
											  ? report->district_name
											  : NULL,
										  report->stored_district);
	report->stored_street_name = NameOf(report->street_name, report->street_code);
	report->stored_community_name = NameOf(report->community_name, report->community_code);
}
