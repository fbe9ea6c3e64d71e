/*
 * The open data interface on the side of HTTP (clauses 5.3, 5.4): what a request says that the extension need
 * not know.
 *
 *   data_call.c   parameters: a pair is one parameter as it was given, name and value. The extension gets all
 *                 of them in order, from query and body alike, in two arrays; what they mean it decides
 * alone. data.c        the kind: lane, bytes, headers of a page download.c    all pages in one reply
 */
#ifndef BRIDGE_DATA_CALL_H
#define BRIDGE_DATA_CALL_H

#include "request/kind.h"

/* Rows of a page of a download; the extension's limit. */
#define DOWNLOAD_ROWS "1000"

/* request->own */
typedef struct DataCall
{
	bool format_given;
	bool has_size; /* pageSize is given */
	bool has_cursor;
	bool bom;
	bool whole;    /* download=true */
	bool worded;   /* the reply has words in a language: titles, or the name of a file */
	bool has_lang; /* lang is given */
	bool download; /* all pages in one reply */
	/* array literals of a download's parameters; the arena's */
	Span names;
	char *values;
	size_t values_base; /* bytes of them that are the same for every page */
	size_t values_length;
	size_t values_capacity; /* bytes */
} DataCall;

/* The call of the request; made when there is none. */
extern DataCall *DataCallOf(Request *request);

/* Kind.other: a field that is none of the route's own. It stays until the reply is made. */
extern void DataField(Request *request, Field *field);

/* Kind.begin: all fields are read, what the headers have decided joins them. */
extern void DataBegin(Request *request);

/* The cursor of the page behind the frame's; no bytes: that is the last one. */
extern Span DataCursor(const Frame *frame);

#endif
