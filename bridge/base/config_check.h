/* What follows from the settings, and what they must not be; config.c reads them and says what is wrong. */
#ifndef BRIDGE_CONFIG_CHECK_H
#define BRIDGE_CONFIG_CHECK_H

#include "base/config.h"

/*
 * Fills what follows from the settings. False: one is wrong, or they do not go together; `wrong`, of `room`
 * bytes, says which and how.
 */
extern bool ConfigDerive(Config *config, char *wrong, size_t room);

#endif
