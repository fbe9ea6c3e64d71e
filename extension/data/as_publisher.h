/*
 * The rights of a publisher: everything that can run code of a published relation or of a dataset's table
 * runs between TakePublisherRights() and DropPublisherRights(), as the relation's owner in a
 * security-restricted operation: views, functions, triggers, domains, casts, the input and output functions
 * of types that are not built in.
 */
#ifndef CBD_AS_PUBLISHER_H
#define CBD_AS_PUBLISHER_H

#include "postgres.h"
#include "fmgr.h"
#include "nodes/pg_list.h"

/* What to go back to afterwards. */
typedef struct PublisherRights
{
	Oid user; /* who it was before */
	int context;
	int guc_level;
	bool read_only;
	Oid acting_as; /* of an outer one, InvalidOid: none */
} PublisherRights;

/* Settings made meanwhile end with them. An error puts all back by the abort of the (sub)transaction. */
extern void TakePublisherRights(PublisherRights *rights, Oid role, bool read_only);
extern void DropPublisherRights(const PublisherRights *rights);

/* In a session of the bridge: advisory locks that code of a publisher took for the session end with the
 * request, also after an error. Sessions of people keep theirs. */
extern void EndPublisherLocks(void);

/* The text of a value by its type's output function, its JSON by array_to_json() or row_to_json(). Internal
 * errors outside. */
extern char *PublishedText(const FmgrInfo *output, Datum value);
extern Datum PublishedJson(Oid function, Datum value);

/* Whose relation or function is it? InvalidOid: there is none. */
extern Oid OwnerOfObject(Oid object, bool is_function);

/*
 * Would code run with all rights? The owner is a superuser, citybigdata.superuser_code is off, and what he
 * owns is a view, a function or a foreign table, or (`written`) a table with triggers. A plain table runs
 * nothing when it is read.
 */
extern bool RunsAsSuperuser(Oid object, bool is_function, bool written);

/*
 * Does the table and do all its partitions and children belong to the role? Code of them, too, runs with its
 * rights. *strange: one that does not. *parts: partitions and children, NIL: none; NULL: not wanted.
 */
extern bool OwnsWholeTable(Oid relation, Oid role, Oid *strange, List **parts);

/* May the role read the relation itself, all its rows and columns? Its owner, and who has SELECT where that
 * is the whole truth. */
extern bool ReadsWholeTable(Oid relation, Oid role);

#endif
