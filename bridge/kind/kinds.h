/*
 * What the route table (server/route_table.c) can name: the kinds of reply, each the file of its name in this
 * folder, and the local parts of single routes. The kinds of the manual are manual/manual.h's.
 */
#ifndef BRIDGE_KINDS_H
#define BRIDGE_KINDS_H

#include "request/fields.h"
#include "request/kind.h"
#include "request/request.h"

extern const Kind kind_envelope;  /* what the function or the local part has answered, in the envelope */
extern const Kind kind_vendor;    /* the envelope, always JSON, with HTTP 200 for every application outcome */
extern const Kind kind_asked;     /* the envelope, of what another system is asked for */
extern const Kind kind_artemis;   /* cameras at the vendor's paths: {code, msg, data} */
extern const Kind kind_logout;    /* the same, and the browser forgets its session */
extern const Kind kind_oauth;     /* JSON of OAuth 2.0, without the envelope */
extern const Kind kind_page;      /* the log-in and consent page */
extern const Kind kind_sealed;    /* opens a sealed address: the reply is that of what is inside */
extern const Kind kind_data;      /* published data, in five formats, page by page or all at once */
extern const Kind kind_analysis;  /* results of algorithms, and the jobs that make them */
extern const Kind kind_tile;      /* vector tiles, and the cache of them */
extern const Kind kind_tile_text; /* what a map needs to know of a layer: TileJSON, style */
extern const Kind kind_media;     /* bytes of pictures, videos, files */
extern const Kind kind_reference; /* reference data: tagged */
extern const Kind kind_table;     /* a table of reference data: as CSV and NDJSON too */
extern const Kind kind_xsd;       /* XML schema of a resource */
extern const Kind kind_ready;     /* whether the platform can work */
extern const Kind kind_open311;   /* arrays of Open311 GeoReport v2, as XML or JSON */
extern const Kind kind_ogc;       /* documents of OGC API Features, as JSON or HTML */
extern const Kind kind_ogc_features;    /* its features */
extern const Kind kind_ogc_landing;     /* where it begins */
extern const Kind kind_ogc_conformance; /* which classes of the standard it keeps to */
extern const Kind kind_ogc_api;         /* its description, with the caller's collections */
extern const Kind kind_gateway; /* what gateways of other systems report: any fields, arrays of them */
extern const Kind kind_metrics; /* counters as text for Prometheus */

/* Local parts (Route.local). */
extern void LocalStatusCodes(Request *request); /* the unified status code table (5.4.3) */
extern void LocalHealth(Request *request);      /* alive */
extern void OauthMetadata(Request *request);
extern void Open311Discovery(Request *request);

#endif
