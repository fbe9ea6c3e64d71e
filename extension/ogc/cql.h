/*
 * CQL2 filters as conditions of a query (OGC API Features part 3): the tree of cql_parse.h through the same
 * functions that filters of /data go through, so that types, codes, levels and indexes are theirs.
 *
 *   text --cql_parse()--> tree --AddCqlFilter()--> query->where with $n, query->args
 *
 * A property that the caller may not see is as unknown to him as one that is not there.
 */
#ifndef CBD_CQL_H
#define CBD_CQL_H

#include "postgres.h"

#include "data/query.h"
#include "ogc/cql_parse.h"

/* What a filter is made into while it is: positions of errors are in `text`. */
typedef struct CqlTask
{
	DataQuery *query;
	const QueryParam *param;
	const CqlFilter *filter;
	const RequestCrs *crs; /* of the geometries in it */
} CqlTask;

/* Adds the condition of a filter; errors are the query's, with the place in the text. SPI is connected. */
extern void AddCqlFilter(DataQuery *query, const QueryParam *param, const RequestCrs *crs);

/* The next errors are at this node. */
static inline void
CqlAt(const CqlTask *task, const CqlNode *node)
{
	task->query->position = (int) cql_position(task->param->values[0], node->at);
}

/* cql_place.c */
/* Adds "(place stands to the geometry as the predicate says)". */
extern void AddCqlSpatial(const CqlTask *task, const CqlNode *node, const ResourceField *field);

#endif
