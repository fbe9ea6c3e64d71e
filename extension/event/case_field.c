/* The fields of a case; see case_field.h. */
#include "postgres.h"

#include "event/case_field.h"

const CaseField case_fields[] = {{"recID", COLUMN_INT},
								 {"taskNum", COLUMN_TEXT},
								 {"senderCode", COLUMN_TEXT},
								 {"otherTaskNum", COLUMN_TEXT},
								 {"eventDesc", COLUMN_TEXT},
								 {"address", COLUMN_TEXT},
								 {"coordinateX", COLUMN_REAL},
								 {"coordinateY", COLUMN_REAL},
								 {"longitude", COLUMN_LON},
								 {"latitude", COLUMN_LAT},
								 {"districtCode", COLUMN_TEXT},
								 {"districtName", COLUMN_TEXT},
								 {"streetCode", COLUMN_TEXT},
								 {"streetName", COLUMN_TEXT},
								 {"communityCode", COLUMN_TEXT},
								 {"communityName", COLUMN_TEXT},
								 {"eventSrcID", COLUMN_INT},
								 {"recTypeID", COLUMN_INT},
								 {"eventLevelID", COLUMN_INT},
								 {"eventTypeCode", COLUMN_TEXT},
								 {"mainTypeCode", COLUMN_TEXT},
								 {"subTypeCode", COLUMN_TEXT},
								 {"createTime", COLUMN_TIME},
								 {"receiveTime", COLUMN_TIME},
								 {"state", COLUMN_INT},
								 {"stateName", COLUMN_STATE_NAME},
								 {"version", COLUMN_INT},
								 {"process", COLUMN_TEXT},
								 {"processVersion", COLUMN_INT},
								 {"stage", COLUMN_TEXT},
								 {"baseState", COLUMN_INT},
								 {"unit", COLUMN_TEXT},
								 {"holder", COLUMN_TEXT},
								 {"conditionCode", COLUMN_TEXT},
								 {"partCode", COLUMN_TEXT},
								 {"humanName", COLUMN_HUMAN_NAME},
								 {"cellphone", COLUMN_CELLPHONE},
								 {"suspendedUntil", COLUMN_TIME},
								 {"supervised", COLUMN_BOOL},
								 {"reworkCount", COLUMN_INT},
								 {"medias.mediaName"},
								 {"medias.url"},
								 {"steps.by"},
								 {"steps.note"},
								 {"steps.reason"},
								 {"steps.to"},
								 {"warnings"}};

StaticAssertDecl(lengthof(case_fields) <= CASE_FIELDS_MAX, "event_level.c has a place for every field");

int
CaseFieldNumber(const char *name)
{
	for (int i = 0; i < lengthof(case_fields); i++)
		if (strcmp(case_fields[i].name, name) == 0)
			return i;
	return -1;
}
