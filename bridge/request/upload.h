/*
 * Who may send a large body: the first UNKNOWN_BODY bytes are taken from anybody, the rest once its sender
 * was looked at (rest_may_upload). The sender is who the header says; else the code or token in the query or
 * in what has come of the body; else, where addresses are grants, the address. What is found here decides
 * about the rest of the body alone: the request is read and authorised as ever when it is complete.
 */
#ifndef BRIDGE_UPLOAD_H
#define BRIDGE_UPLOAD_H

#include "request/request.h"

/* The caller to be asked about. False: there is none, and the request is refused. */
extern bool UploadCaller(Request *request, Caller *caller);

/* The value of that name in what has come of the body; `complete`: nothing more comes. False: it is not
 * there. */
extern bool BodyValue(Request *request, const char *name, bool complete, Span *value);

#endif
