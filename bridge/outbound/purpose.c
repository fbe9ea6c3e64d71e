/* The purposes that this bridge has. */
#include "outbound/purpose.h"

#include <string.h>

static const Purpose *const purposes[] = {&purpose_callback, &purpose_camera, &purpose_gateway,
										  &purpose_media};

const Purpose *
PurposeOf(const char *name)
{
	for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++)
		if (strcmp(purposes[i]->name, name) == 0)
			return purposes[i];
	return NULL;
}
