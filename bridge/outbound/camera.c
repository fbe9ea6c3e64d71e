/* Cameras of upstream platforms: the extension makes and signs the request; preview addresses are short, a
 * page of a list has hundreds of cameras. */
#include "outbound/purpose.h"

static const char *const headers[] = {NULL};

const Purpose purpose_camera = {.name = "camera",
								.reply_headers = headers,
								.reply_told = 4 * 1024 * 1024,
								.reply_limit = 4 * 1024 * 1024};
