/*
 * Catalogue: published resources as C sees them, kept per backend.
 *
 * A Resource is the current version of a published table, view or set-returning function. It is read once
 * and kept until the catalogue, the relation or the function changes. Relations are read as the role that
 * published them (engineering.md 21), never as the extension's owner.
 */
#ifndef CBD_CATALOGUE_H
#define CBD_CATALOGUE_H

#include "postgres.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/ilist.h"
#include "utils/hsearch.h"

#include "core/status.h"

/* Bytes of a resource's code with its terminator. */
#define RESOURCE_CODE_SIZE 65
#define MAX_KEYS           8 /* key columns of a resource, check constraint of the catalogue */

/* How a column becomes text. */
typedef enum FieldKind
{
	FIELD_INT2,
	FIELD_INT4,
	FIELD_INT8,
	FIELD_FLOAT4,
	FIELD_FLOAT8,
	FIELD_NUMERIC,
	FIELD_BOOL,
	FIELD_TEXT,
	FIELD_BPCHAR,
	FIELD_NAME,
	FIELD_UUID,
	FIELD_DATE,
	FIELD_TIMESTAMP,
	FIELD_TIMESTAMPTZ,
	FIELD_ENUM,
	FIELD_JSON,
	FIELD_JSONB,
	FIELD_ARRAY,
	FIELD_COMPOSITE,
	FIELD_POINT,
	FIELD_GEOMETRY,
	FIELD_FILE,
	FIELD_OTHER
} FieldKind;

/* A column that a resource shows: what it is called, how it is read and written, who sees it. */
typedef struct ResourceField
{
	char *name;     /* JSON name */
	char *title;    /* English, or what the publisher had */
	char *title_zh; /* Chinese */
	char *json_key; /* "name": */
	int json_key_len;
	char *column;   /* quoted identifier */
	char *compared; /* r.column as operators take it: of a domain over an enumeration, its base type */
	char *digits;   /* the same, ordered bytewise: for ranges of division codes */
	char *pattern;  /* the same as text, for LIKE */
	char *place;    /* r.column, or the point that two columns of degrees make */
	char *column_name;
	Oid type;          /* base type, domains resolved */
	Oid declared_type; /* as the column has it */
	FieldKind kind;
	FmgrInfo output; /* kinds without a writer of their own */
	int level;
	char *code_table; /* NULL: none */
	char *mask;       /* NULL: left out */
	bool filterable;
	bool sortable;
	bool not_null;
	/* FIELD_POINT, FIELD_GEOMETRY */
	int32 srid;     /* of the column's type; 0: each value has its own */
	bool curved;    /* values may have arcs, which GeoJSON has not */
	bool has_z;     /* points have heights */
	bool geography; /* PostGIS's geography: cast to geometry */
	/* FIELD_FILE; each may be NULL */
	char *file_type;        /* content type */
	char *file_type_column; /* quoted: the column that tells it */
	char *file_name_column;
} ResourceField;

/* A parameter that the publisher named: a condition on a column, or an argument of the function. */
typedef struct ResourceParameter
{
	char *name;
	char *column;         /* quoted: the column or the function's argument */
	ResourceField *field; /* NULL: argument of the function */
	Oid type;             /* base type */
	Oid declared_type;
	char *op;
	bool required;
	char *default_value; /* NULL: none */
} ResourceParameter;

/* A published resource with all that a request needs of it. Read once, held by requests (users), dropped when
 * what it was read from changes (stale). */
typedef struct Resource
{
	char code[RESOURCE_CODE_SIZE];
	int version;
	Oid relation; /* table, view or function; changes of it drop the entry */
	List *parts;  /* partitions and children of a table: changes of them drop it too; NIL: none */
	bool is_function;
	Oid publisher;
	char *title_zh;
	char *source;  /* quoted, qualified name */
	char *postgis; /* quoted schema of PostGIS */
	char *layer;
	char *industry; /* NULL: none */
	int level;
	int nfields;
	ResourceField *fields;
	int nparameters;
	ResourceParameter *parameters;
	int nkeys;
	ResourceField *keys[MAX_KEYS];
	ResourceField *time; /* NULL: none; so the next two */
	ResourceField *division;
	ResourceField *geometry;
	ResourceField *version_field; /* its values tell the state of the data; NULL: none */
	int division_digits;          /* 0: mixed */
	int srid;
	int latency_budget; /* ms */
	uint8 cursor_key[32];
	int32 sunset; /* DateADT; first day that it is not served */
	bool has_sunset;
	HTAB *plans; /* text of the query -> kept plan; NULL: none yet */
	dlist_node planned;
	MemoryContext context;
	bool stale;
	bool detached; /* found no more; freed with its last user */
	int users;     /* requests that hold it */
	bool details;  /* the words of errors of its relation may go to who asks now: he may read all of it */
} Resource;

/*
 * The current version of a resource. NULL with *status NO_SUCH_RESOURCE, RESOURCE_BROKEN or UNAVAILABLE
 * (somebody changes the relation; only when not `patient`), and *reason
 * (palloc'd, for the server's log) why. Needs an SPI connection and the owner's rights. A resource found must
 * be given back by ResourceRelease(), also after an error.
 */
extern Resource *ResourceFind(const char *code, bool patient, CbdStatus *status, char **reason);
extern void ResourceRelease(Resource *resource);

extern ResourceField *ResourceFieldByName(const Resource *resource, const char *name, size_t length);

/* The plan for `sql`, kept with the resource. To be called as the publisher. */
extern SPIPlanPtr ResourcePlan(Resource *resource, const char *sql, int nargs, Oid *types,
							   int cursor_options);

/* Drops them: the resource is freed, or asked in too many shapes. */
extern void ResourceForgetPlans(Resource *resource);

#endif
