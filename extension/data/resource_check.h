/*
 * Is what a catalogue entry names still what was published, its owner's, and of types and levels that fit?
 * Asked at each load, because relations, types and owners change, and of each query, because a name in it may
 * lead elsewhere by then. Reasons are palloc'd and for the server's log.
 */
#ifndef CBD_RESOURCE_CHECK_H
#define CBD_RESOURCE_CHECK_H

#include "postgres.h"

#include "data/catalogue.h"
#include "data/column_type.h"

/* Does the column still have the type of that name? `seen`: its type by the snapshot of the load. */
extern bool ColumnStands(const Resource *resource, const char *column, Oid seen, const char *published,
						 char **reason);

/* May a field play its role, by its type and, where all that may use the resource see what it orders or
 * selects by, its level; NULL plays no role. */
extern bool FieldServes(const Resource *resource, const ResourceField *field, ColumnUse use,
						bool resource_level, char **reason);

/* Filters, order, masks, files and keys. */
extern bool FieldsServe(const Resource *resource, char **reason);

/* Why nothing has the name that was published. `bound`: the OID that publish() saw; InvalidOid: not known. */
extern char *MissingObject(const Resource *resource, Oid bound);

/* Is it the object that was published, and all of it its publisher's? Notes its partitions and children. */
extern bool IsPublishersOwn(Resource *resource, Oid bound, char **reason);

/* Raises class UD when the plan's query reads another object. */
extern void CheckSource(const Resource *resource, SPIPlanPtr plan);

#endif
