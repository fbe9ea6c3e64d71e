/*
 * CQL2 text (OGC 21-065r2) in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL header, so
 * that sanitizers and fuzzers see it. What names mean and whether values fit them is for cql.c to say.
 *
 *   text --cql_parse()--> CqlFilter: a tree of nodes, and the numbers of its geometries
 *
 * Understood are basic-cql2 (and, or, not, =, <>, <, >, <=, >=, IS NULL, TRUE, FALSE), LIKE, BETWEEN, IN,
 * all spatial predicates with WKT or BBOX, and of the temporal ones T_AFTER, T_BEFORE, T_DURING, T_EQUALS,
 * T_INTERSECTS and T_DISJOINT. A predicate compares one property with literals; whichever side the property
 * is written on, it comes first in the tree.
 *
 * A text of any kind costs little: nodes, depth and numbers are bounded, and each byte is read once or twice.
 */
#ifndef CBD_CQL_PARSE_H
#define CBD_CQL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CQL_NODES   400  /* of one filter */
#define CQL_DEPTH   32   /* parentheses and NOT inside each other, and GEOMETRYCOLLECTION */
#define CQL_NUMBERS 4096 /* coordinates of all its geometries: two each */
#define CQL_NONE    (-1) /* no node */

/* What a node is, and its children in their order. */
typedef enum CqlKind
{
	CQL_AND, /* two or more conditions */
	CQL_OR,
	CQL_NOT,      /* one condition */
	CQL_CONSTANT, /* TRUE or FALSE: op */
	CQL_COMPARE,  /* op CqlComparison: property, literal */
	CQL_LIKE,     /* property, text */
	CQL_BETWEEN,  /* property, literal, literal */
	CQL_IN,       /* property, one literal or more */
	CQL_IS_NULL,  /* property */
	CQL_SPATIAL,  /* op CqlSpatial: property, geometry */
	CQL_TEMPORAL, /* op CqlTemporal: property, instant or interval */
	CQL_PROPERTY, /* the text: its name */
	CQL_TEXT,     /* what is between the quotes; '' stands for one quote */
	CQL_NUMBER,
	CQL_TRUTH,    /* op: 0 or 1 */
	CQL_INSTANT,  /* the text of DATE('...') or TIMESTAMP('...') */
	CQL_OPEN,     /* '..', an end of an interval */
	CQL_INTERVAL, /* two of the last two kinds, not both open */
	CQL_GEOMETRY, /* op CqlShape: geometries, or CQL_POINTS */
	CQL_POINTS    /* points of a point, line or ring, without children */
} CqlKind;

typedef enum CqlComparison
{
	CQL_EQ,
	CQL_NE,
	CQL_LT,
	CQL_GT,
	CQL_LE,
	CQL_GE
} CqlComparison;

typedef enum CqlSpatial
{
	CQL_INTERSECTS,
	CQL_EQUALS,
	CQL_DISJOINT,
	CQL_TOUCHES,
	CQL_WITHIN,
	CQL_OVERLAPS,
	CQL_CROSSES,
	CQL_CONTAINS
} CqlSpatial;

typedef enum CqlTemporal
{
	CQL_AFTER,
	CQL_BEFORE,
	CQL_DURING,
	CQL_T_EQUALS,
	CQL_T_INTERSECTS,
	CQL_T_DISJOINT
} CqlTemporal;

/* The numbers of WKB; a box has two points, the lower and the upper corner. */
typedef enum CqlShape
{
	CQL_POINT = 1,
	CQL_LINE,
	CQL_POLYGON,
	CQL_MULTIPOINT,
	CQL_MULTILINE,
	CQL_MULTIPOLYGON,
	CQL_COLLECTION,
	CQL_BOX
} CqlShape;

/* A node; texts lie in the buffer that was parsed. */
typedef struct CqlNode
{
	CqlKind kind;
	int op;
	size_t at; /* where it begins, in bytes */
	size_t text, length;
	int first, next; /* child and sibling; CQL_NONE */
	int points;      /* CQL_POINTS: how many, from number `number` on */
	int number;
} CqlNode;

/* A filter; 60 kB: not for the stack. */
typedef struct CqlFilter
{
	CqlNode nodes[CQL_NODES];
	int nnodes;
	double numbers[CQL_NUMBERS]; /* x and y in turn, as they are written */
	int nnumbers;
	int root;
} CqlFilter;

/* Why a text is none. */
typedef struct CqlError
{
	size_t position;     /* in characters, from 1 */
	const char *message; /* a constant message: what is wrong, and what would be right */
} CqlError;

extern bool cql_parse(const char *text, size_t length, CqlFilter *filter, CqlError *error);

/* The place of a byte in characters, from 1. */
extern size_t cql_position(const char *text, size_t at);

/* Copies the text of a CQL_TEXT node, with one quote for two, into out (room for its length); returns the
 * bytes. */
extern size_t cql_text(const char *text, const CqlNode *node, char *out);

/* The same of a number as other readers take it: without +, and with a digit before the point; out has room
 * for one byte more than its length. */
extern size_t cql_number(const char *text, size_t length, char *out);

#endif
