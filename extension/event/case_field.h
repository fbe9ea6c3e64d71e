/*
 * The fields of a case, in the order in which a reply has them: their JSON names, their numbers (levels are
 * kept by number, event_level.h), and the columns of CASE_COLUMNS (event_case.h) that they come from.
 */
#ifndef CBD_CASE_FIELD_H
#define CBD_CASE_FIELD_H

#include "postgres.h"

/* Most fields of a case. */
#define CASE_FIELDS_MAX 60

/* What follows the fixed columns: places in CASE_COLUMNS. */
enum
{
	COL_REC_ID = 1,
	COL_TASK_NUM = 2,
	COL_SENDER = 3,
	COL_LON = 9,
	COL_LAT = 10,
	COL_DISTRICT = 11,
	COL_STREET = 13,
	COL_COMMUNITY = 15,
	COL_STATE = 25,
	COL_VERSION = 27,
	COL_PROCESS = 28,
	COL_UNIT = 32,
	COL_HUMAN_NAME = 36,
	COL_CELLPHONE = 37,
	COL_WARNINGS = 41,
	COL_MEDIA_COUNT = 42,
	COL_STEP_COUNT = 43,
	COL_PERSONAL = 44
};

/* Fields that are no columns of the event: places in case_fields. */
enum
{
	FIELD_MEDIA_NAME = 40,
	FIELD_MEDIA_URL,
	FIELD_STEP_BY,
	FIELD_STEP_NOTE,
	FIELD_STEP_REASON,
	FIELD_STEP_TO,
	FIELD_WARNINGS
};
#define CASE_COLUMN_FIELDS FIELD_MEDIA_NAME

/* How a field is read from the row; COLUMN_ELSEWHERE: it is made of other rows. */
typedef enum ColumnKind
{
	COLUMN_ELSEWHERE,
	COLUMN_TEXT,
	COLUMN_INT,
	COLUMN_REAL,
	COLUMN_TIME,
	COLUMN_BOOL,
	COLUMN_LON,
	COLUMN_LAT,
	COLUMN_STATE_NAME, /* of no column: the name of the state */
	COLUMN_HUMAN_NAME, /* or what is sealed in personal */
	COLUMN_CELLPHONE
} ColumnKind;

/* A field of a case, in the order in which it is shown. */
typedef struct CaseField
{
	const char *name; /* list.member for what is in a list */
	ColumnKind kind;
} CaseField;

/* The fields; those before CASE_COLUMN_FIELDS are column n + 1 of CASE_COLUMNS. */
extern const CaseField case_fields[];

/* The number of the field; -1: there is none of that name. */
extern int CaseFieldNumber(const char *name);

#endif
