/* Between config.c, which reads settings, and config_check.c, which knows what they must not be. */
#ifndef BRIDGE_CONFIG_CHECK_H
#define BRIDGE_CONFIG_CHECK_H

#include "base/config.h"

/* What follows from the settings. False: one is wrong, or they do not go together; it was said. */
extern bool ConfigDerive(Config *config);

/* Says what is wrong: on a reload into the log, else to the operator. Returns false. */
extern bool ConfigWrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
