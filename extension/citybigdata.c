/* citybigdata: the library's entry. What it does lives in the chapters; see docs/architecture.md. */
#include "postgres.h"
#include "fmgr.h"

#include "utils/builtins.h"

#include "callback/callback.h"
#include "camera/camera.h"
#include "core/compat.h"
#include "core/guc.h"
#include "core/own_statement.h"
#include "data/data_file.h"
#include "event/case_media.h"
#include "fetch/fetch.h"
#include "indicator/case_fact.h"
#include "process/step.h"
#include "rule/rule.h"
#include "sms/sms.h"
#include "sms/sms_report.h"

PG_MODULE_MAGIC;

extern void _PG_init(void);

void
_PG_init(void)
{
	DefineSettings();
	InstallStatementHiding();
	/* in this order: the last one has all resources that the others have not */
	MediaRegister(&event_media_source);
	MediaRegister(&resource_file_source);
	FetchInstall();
	FactsInstall();
	StepsInstall();
	CallbacksInstall();
	CallbackNoticesInstall();
	SmsReportsInstall();
	CamerasInstall();
	RulesInstall();
	SmsInstall();
}

/* The version of the loaded library, to compare with that of the SQL objects. */
PG_FUNCTION_INFO_V1(cbd_library_version);
extern Datum cbd_library_version(PG_FUNCTION_ARGS);

Datum
cbd_library_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(CBD_VERSION));
}
