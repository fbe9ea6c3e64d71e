/*
 * The owner's rights: the catalogue belongs to a role that nobody logs in as. Functions that must know who
 * calls them are not SECURITY DEFINER, and turn into that role while they read or write the catalogue.
 */
#ifndef CBD_OWNER_RIGHTS_H
#define CBD_OWNER_RIGHTS_H

#include "postgres.h"

/* The role that owns the catalogue; C functions that are not SECURITY DEFINER turn into it to read or write
 * it. */
extern Oid CatalogueOwner(void);

/*
 * The owner's rights for a function that is not SECURITY DEFINER because it must know its caller: the
 * immediate one, not the session's user, who may only be running the caller's code. search_path is fixed
 * meanwhile. An error puts all back by itself.
 */
typedef struct OwnerRights
{
	Oid role; /* who called */
	int context;
	int guc_level;
} OwnerRights;

extern void TakeOwnerRights(OwnerRights *rights);
extern void DropOwnerRights(const OwnerRights *rights);

/* May the role administer what others published or defined? */
extern bool AdministersPlatform(Oid role);

#endif
