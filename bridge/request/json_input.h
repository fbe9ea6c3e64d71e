/* JSON that a client has sent: is it to be taken? */
#ifndef BRIDGE_JSON_INPUT_H
#define BRIDGE_JSON_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/json_check.h"

/* Chooses the seed of the table of names, which nobody outside may know; once, before the first request. */
extern bool JsonInputStart(void);

/*
 * Status code of a text in UTF-8 without U+0000: CBD_OK, or why it is not taken, with the problem. The bounds
 * are above whatever an endpoint function accepts; they are for texts that no function gets to see.
 */
extern int JsonInputCheck(const char *text, size_t length, JsonProblem *problem);

#endif
