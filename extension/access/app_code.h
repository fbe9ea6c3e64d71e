/* appCode 应用识别码: platform code, 8-digit serial, ISO 7064 MOD 37,36 check character (clause 5.3.3). */
#ifndef CBD_APP_CODE_H
#define CBD_APP_CODE_H

#include "postgres.h"

#define APP_CODE_MIN 11 /* 2 + 8 + 1 */
#define APP_CODE_MAX 21 /* 12 + 8 + 1 */

/* Is it a well-formed appCode with the right check character? Asks no table. */
extern bool AppCodeWellFormed(const char *app_code);

/* The appCode of application `app_id`, palloc'd. */
extern char *MakeAppCode(const char *platform_code, int32 app_id);

#endif
