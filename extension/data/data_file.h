/* Files of published resources: the source that GET /media/{id} reads them from. */
#ifndef CBD_DATA_FILE_H
#define CBD_DATA_FILE_H

#include "media/media.h"

/* To be registered behind all others (MediaRegister): it has the media of every published resource. */
extern const MediaSource resource_file_source;

#endif
