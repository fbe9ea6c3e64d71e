/*
 * Algorithms: functions that are interfaces (clause 4, 算法服务).
 *
 *   register_algorithm() --algorithm_sql.c, sql/code/89-analysis.sql--> rows of table algorithm
 *   a request: AlgorithmFind()     algorithm_load.c  what is registered, and is it still its publisher's?
 *          --> AlgorithmRead()     parameter.c       parameters --> values, or all that is wrong with them
 *          --> AlgorithmRun()      run.c             as the publisher, read-only, within its limits
 *          --> AlgorithmDocument() document.c        the reply, stamped with data version and code hash
 *
 * Words. The publisher is the role that owns the function: it runs with its rights and no others. The
 * document is the reply of the service: algorithm, parameters, dataVersion, codeHash, computedAt, result. The
 * canonical parameters are a JSON object of all of them, defaults filled in, each written in one way only.
 *
 * Everything here is palloc'd for one call; nothing is kept between calls.
 */
#ifndef CBD_ALGORITHM_H
#define CBD_ALGORITHM_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "core/error_list.h"
#include "core/status.h"
#include "data/catalogue.h"

#define ALGORITHM_CODE_SIZE 65
#define ALGORITHM_ARGUMENTS 64 /* parameters of one algorithm */

/* A parameter: an argument of the function. */
typedef struct AlgorithmParameter
{
	char *name;     /* in requests */
	char *argument; /* quoted */
	Oid type;       /* of the argument */
	Oid element;    /* of the values: of an array its element's, else the type */
	bool is_array;
	bool is_geometry; /* PostGIS: given as GeoJSON */
	char *least;      /* as canonical values are written; of texts a number of characters; NULL: none */
	char *greatest;
	char *code_table; /* NULL: none */
	int choice_count;
	char **choices;
	bool required;
	char *default_value; /* JSON; NULL: none */
	bool own_default;    /* the function has one */
} AlgorithmParameter;

/* A column of a result that is a table. */
typedef struct AlgorithmColumn
{
	char *column; /* quoted */
	char *title;
	char *title_zh;
	char *unit;          /* NULL: none */
	const char *shown;   /* name of its type in the manual */
	ResourceField field; /* name, type, kind and how values are written */
} AlgorithmColumn;

/* A registered algorithm. */
typedef struct Algorithm
{
	char code[ALGORITHM_CODE_SIZE];
	Oid function;
	Oid publisher;
	bool shipped;
	char *source; /* quoted, qualified name of the function */
	bool is_table;
	int level;
	bool always_job;
	int timeout;   /* ms */
	int cache_for; /* seconds */
	int keep_days;
	int relation_count;     /* of dataVersion; 0: by function, or the snapshot */
	char **relations;       /* quoted, qualified */
	char *version_function; /* the same; NULL: none */
	char *code_hash;
	int parameter_count;
	AlgorithmParameter *parameters;
	int column_count;
	AlgorithmColumn *columns;
} Algorithm;

/* Values of a request: Datums of the arguments, in the order of the parameters, and the canonical parameters.
 */
typedef struct AlgorithmValues
{
	bool given[ALGORITHM_ARGUMENTS]; /* else the function's own default */
	bool isnull[ALGORITHM_ARGUMENTS];
	Datum values[ALGORITHM_ARGUMENTS];
	char *canonical;
} AlgorithmValues;

/* What a run made. */
typedef struct AlgorithmOutcome
{
	CbdStatus status; /* CBD_OK: body and data_version are there */
	bool interrupted; /* by somebody who cancelled the statement, not for its time */
	char *message;    /* both languages (SaidBoth()), for the caller; NULL: that of the status */
	StringInfoData body;
	char *data_version;
	double seconds;
	TimestampTz computed_at;
} AlgorithmOutcome;

/*
 * The algorithm, in the current memory context. NULL with *status CBD_NO_SUCH_RESOURCE (not registered, or
 * suspended) or CBD_RESOURCE_BROKEN, and *reason, of both languages, for the server's log and the publisher.
 * SPI is connected; the rights are the owner's. `registering`: suspended ones too, and of a function of the
 * extension the owner is not asked, which is settled only by the grants.
 */
extern Algorithm *AlgorithmFind(const char *code, bool registering, CbdStatus *status, char **reason);

/* Is the type one that a parameter may have? *element, *is_geometry as in AlgorithmParameter. */
extern bool ParameterType(Oid type, Oid *element, bool *is_array, bool *is_geometry);

/*
 * Reads parameters by name, each as often as it was given; what is wrong is in `errors`, all of it, with
 * pointers. False: something was. SPI is connected; all is palloc'd in the current context.
 */
extern bool AlgorithmRead(const Algorithm *algorithm, int n, char **names, char **texts,
						  AlgorithmValues *values, ErrorList *errors);

/* Is what was registered of the parameters (defaults, ranges, choices) itself valid? False: errors has what
 * is not. */
extern bool AlgorithmCheck(const Algorithm *algorithm, ErrorList *errors);

/*
 * Runs it for at most `milliseconds`. Raises what is of the server (shut down, disk full …); what is of the
 * algorithm is in the outcome. SPI is connected. Nothing that it wrote stays, whatever its code does.
 */
extern void AlgorithmRun(const Algorithm *algorithm, const AlgorithmValues *values, int milliseconds,
						 AlgorithmOutcome *outcome);

/* The document of a good outcome, palloc'd. */
extern char *AlgorithmDocument(const Algorithm *algorithm, const AlgorithmValues *values,
							   const AlgorithmOutcome *outcome);

/* SHA-256 of what decides the document: code, code hash, canonical parameters; a bytea. */
extern Datum AlgorithmDigest(const Algorithm *algorithm, const AlgorithmValues *values);

struct _DestReceiver;

/* Writes the rows, or the one value, into `out` as JSON; raises CBD_RESULT_TOO_LARGE, CBD_RESOURCE_BROKEN. */
extern struct _DestReceiver *ResultReceiver(const Algorithm *algorithm, StringInfo out);

#endif
