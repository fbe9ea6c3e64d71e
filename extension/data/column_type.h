/*
 * What the type of a published column is and what it may be used for, decided by OID. The name of a type says
 * nothing: everybody may have one that is called like a built-in. publish() and every load of an entry ask
 * here.
 */
#ifndef CBD_COLUMN_TYPE_H
#define CBD_COLUMN_TYPE_H

#include "postgres.h"

#include "data/catalogue.h"

/* What a column may be used for, besides being shown; bits. */
typedef enum ColumnUse
{
	USE_KEY = 1,        /* orders the pages; its value stands in cursors */
	USE_TIME = 2,       /* time, timeRange */
	USE_DIVISION = 4,   /* divisionCode */
	USE_PLACE = 8,      /* bbox, crs */
	USE_VERSION = 16,   /* entity tag */
	USE_FILTER = 32,    /* filters and sort */
	USE_TEXT = 64,      /* masks, like */
	USE_FILE = 128,     /* given by URL */
	USE_ARGUMENT = 256, /* parameter of a published function */
	USE_DEGREE = 512    /* longitude or latitude of a place made of two columns */
} ColumnUse;

/* Is the type, or the one under its domains, good for the use? An enumeration is only for filters and
 * arguments. */
extern bool TypeServes(Oid type, ColumnUse use);

/* Is it, or is something that it is made of, in a schema of temporary objects? */
extern bool IsTemporaryType(Oid type);

/* How values of the column are written; *base: the type under all domains. */
extern FieldKind KindOfColumn(Oid type, int32 modifier, Oid *base);

/* The system that the type of a PostGIS column declares; 0: none. */
extern int32 PlaceSrid(Oid type, int32 modifier);

/* What else the type of a PostGIS column says of its values. */
typedef struct PlaceType
{
	int32 srid;     /* 0: each value has its own */
	bool curved;    /* values may have arcs */
	bool has_z;     /* they have heights */
	bool geography; /* not geometry */
} PlaceType;

/* False: it is no column of PostGIS. */
extern bool PlaceTypeOf(Oid type, int32 modifier, PlaceType *place);

#endif
