/* Whose rights a function has; see owner_rights.h. */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/guc.h"

#include "core/owner_rights.h"

Oid
CatalogueOwner(void)
{
	return get_role_oid("citybigdata_owner", false);
}

void
TakeOwnerRights(OwnerRights *rights)
{
	GetUserIdAndSecContext(&rights->role, &rights->context);
	rights->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	SetUserIdAndSecContext(CatalogueOwner(), rights->context | SECURITY_LOCAL_USERID_CHANGE);
}

void
DropOwnerRights(const OwnerRights *rights)
{
	SetUserIdAndSecContext(rights->role, rights->context);
	AtEOXact_GUC(true, rights->guc_level);
}

bool
AdministersPlatform(Oid role)
{
	return superuser_arg(role) || is_member_of_role(role, get_role_oid("citybigdata_sysadmin", false));
}
