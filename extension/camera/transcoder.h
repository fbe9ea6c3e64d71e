/* Transcoders of a provider's media servers: how many streams are made H.264 of H.265 at a time (play.h). */
#ifndef CBD_TRANSCODER_H
#define CBD_TRANSCODER_H

#include "postgres.h"

/*
 * Is one left for the stream of that camera (uuid), or does it have one? `claiming`: locks the provider until
 * the end of the transaction, so that two do not take the last one.
 */
extern bool TranscoderFree(const char *provider, const char *camera, int stream_type, bool claiming);

#endif
