/* find_duplicates(): candidates from SQL; see duplicate.h. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/say.h"
#include "core/text_check.h"
#include "duplicate/duplicate.h"
#include "event/event.h"

/* The report as a subject; raises what is wrong with it when it has no type or place. */
static void
SubjectOfReport(const char *text, size_t length, DuplicateSubject *subject)
{
	EventReport report;

	ValidateEvent(text, length, true, &report);
	if (report.event_type_code == NULL || !PlaceKnown(&report))
	{
		ErrorsRaise(&report.errors, Said("A report of table A.4 with a type and a place is needed."));
		RaiseStatus(CBD_VALIDATION_FAILED, Said("The report has no type or no place."));
	}
	*subject = (DuplicateSubject){0,
								  0,
								  report.place,
								  report.create_time != 0 ? report.create_time : report.now,
								  report.event_type_code,
								  NULL,
								  report.event_desc};
}

/* The argument: a taskNum, or a report. */
static void
SubjectArgument(Datum argument, DuplicateSubject *subject)
{
	text *value = DatumGetTextPP(argument);
	const char *data = VARDATA_ANY(value);
	size_t length = VARSIZE_ANY_EXHDR(value);
	size_t blanks = 0;
	char *task_num;
	int32 rec_id;

	while (blanks < length && strchr(" \t\r\n", data[blanks]) != NULL)
		blanks++;
	if (blanks < length && data[blanks] == '{')
	{
		SubjectOfReport(data, length, subject);
		return;
	}
	task_num = pnstrdup(data, length);
	rec_id = TaskNumRecId(task_num);
	if (rec_id == 0 || !DuplicateSubjectOf(rec_id, subject))
		RaiseStatus(CBD_NO_SUCH_EVENT,
					Said("There is no case with taskNum \"%s{case}\".", ShortText(task_num, length)));
}

/* The names of the reasons as text[]. */
static Datum
Reasons(int reasons)
{
	Datum names[DUPLICATE_REASONS];
	int count = 0;

	for (int i = 0; i < DUPLICATE_REASONS; i++)
		if ((reasons >> i & 1) != 0)
			names[count++] = CStringGetTextDatum(DuplicateReasonName(i));
	return PointerGetDatum(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(cbd_find_duplicates);
extern Datum cbd_find_duplicates(PG_FUNCTION_ARGS);

/* find_duplicates(text), find_duplicates(json) */
Datum
cbd_find_duplicates(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	DuplicateSubject subject;
	Duplicate *found;
	int count;

	SubjectArgument(PG_GETARG_DATUM(0), &subject);
	InitMaterializedSRF(fcinfo, 0);
	count = DuplicatesFind(&subject, &found);
	for (int i = 0; i < count; i++)
	{
		Datum values[5] = {CStringGetTextDatum(found[i].task_num),
						   Float8GetDatum(rint(found[i].score * 1000) / 1000),
						   Float8GetDatum(rint(found[i].distance * 10) / 10), Int32GetDatum(found[i].minutes),
						   Reasons(found[i].reasons)};
		bool nulls[5] = {false};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
