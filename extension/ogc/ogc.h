/*
 * OGC API Features (17-069r4, 18-058r1, 19-079r2): published resources with a place as collections of
 * features.
 *
 *   rest_ogc_collections, _collection   --ogc_document.c, ogc_extent.c-->  what there is, and where it lies
 *   rest_ogc_queryables                 --ogc_fields.c-->                  by what it can be asked
 *   rest_ogc_items, rest_ogc_item       --ogc_params.c--> conditions --data/query_run.c--> features
 *                                       --ogc_rest.c-->                    a document of them
 *
 * Words: a collection is a resource, its id the code; a queryable is a field that the caller may filter by.
 * The base is the address that all links begin with: https://host/ogc, or that of a sealed address. What a
 * caller gets of a collection is what GET /data/{resource} gives him: right, level, masks, budget are the
 * engine's.
 */
#ifndef CBD_OGC_H
#define CBD_OGC_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "data/query.h"

#define CRS_URI_CRS84  "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
#define CRS_URI_CRS84H "http://www.opengis.net/def/crs/OGC/0/CRS84h"
#define CRS_URI_EPSG   "http://www.opengis.net/def/crs/EPSG/0/"
#define CRS_LISTED     8 /* systems of one collection, CRS84 not counted */

/* A request for features, as it came. */
typedef struct OgcRequest
{
	const char *base;
	int n;
	char **names, **values;
} OgcRequest;

/* ogc_crs.c */
/* The systems beside CRS84 that places of the resource are shown in; returns how many. */
extern int ListedCrs(const Resource *resource, int epsg[CRS_LISTED]);
/* Does its definition put latitude or northing first? Of a listed system. */
extern bool NorthingFirst(int epsg);
/* A coordinate system by its URI; false after the error. SPI is connected. */
extern bool ReadCrsUri(DataQuery *query, const QueryParam *param, RequestCrs *crs);
/* The URI of CRS84, with heights where the places have some. */
extern const char *DefaultCrsUri(const Resource *resource);
/* Where the URI of the system is known, that of the stored places; else NULL. */
extern const char *StorageCrsUri(const Resource *resource);
/* The value of Content-Crs, palloc'd. */
extern char *ContentCrsOf(const DataQuery *query);

/* ogc_params.c */
/* Reads the parameters of a request for features, of one alone (`single`) or of a page. Errors are the
 * query's. */
extern void ReadOgcParameters(DataQuery *query, const OgcRequest *request, bool single);

/* ogc_fields.c */
/* May the caller filter by the field? */
extern bool IsQueryable(const DataQuery *query, const ResourceField *field);
/* Is it among the properties of his features: not above his level, or masked? */
extern bool IsShown(const DataQuery *query, const ResourceField *field);
/* The names of these, as far as a message has room. */
extern char *QueryableNames(const DataQuery *query);
extern char *ShownNames(const DataQuery *query);

/* ogc_extent.c */
/* Where and when the features of a collection are, as far as that is cheap to find out. */
typedef struct OgcExtent
{
	bool has_box;
	double box[4]; /* degrees: west, south, east, north */
	char *begin;   /* JSON: a date-time in quotes, or null; NULL: there is no time */
	char *end;
} OgcExtent;
/* Nothing is raised that is about the relation. SPI is connected. */
extern void FindCollectionExtent(DataQuery *query, OgcExtent *extent);

/* ogc_document.c */
/* The query part of an address with the parameters of the request but `cursor`, then the cursor (NULL: none)
 * and the format. */
extern char *QueryPart(const OgcRequest *request, const char *cursor, const char *format);
/* Adds a link as a member of an array. */
extern void AddLink(StringInfo out, const char *href, const char *rel, const char *type, const char *title);
/* The titles and descriptions of a collection, in the language of the caller. */
typedef struct OgcWords
{
	char *title;
	char *description;
} OgcWords;
extern void WriteCollection(StringInfo out, DataQuery *query, const char *base, const OgcWords *words);
/* The same of the description of the interface: id, title and queryables. */
extern void WriteApiCollection(StringInfo out, DataQuery *query, const char *base, const OgcWords *words);
extern void WriteQueryables(StringInfo out, const DataQuery *query, const char *base, const char *title);
/* What stands behind the features of a page: numbers, time, links. */
extern void WritePageEnd(DataQuery *query, const OgcRequest *request);
/* What stands behind the members of one feature: links. */
extern void WriteFeatureEnd(DataQuery *query, const OgcRequest *request, const char *fid);

#endif
