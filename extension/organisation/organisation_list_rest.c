/*
 * What administrators look through of the organisation: GET /admin/units, /admin/grids,
 * /admin/responsibilities (system administrators) and /admin/posts (security administrators), page by page as
 * in admin/admin_page.h, audited. An item has the members with which it is saved.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "core/spi.h"

/* clang-format off */
/* $1 parent, $2 state, each null: any; $3 after this code, $4 rows */
static SpiQuery units_page = {
	PAGE_OF("'unit', p.unit_code, 'name', p.name, 'parent', p.parent_code, 'divisions', p.divisions,"
		 " 'types', p.event_types, 'contact', p.contact, 'telephone', p.telephone, 'calendar', p.calendar,"
		 " 'state', p.state, 'updatedAt', " SHOWN_TIME("p.updated_at"),
		 "unit_code", "4")
	"(SELECT u.* FROM citybigdata.unit u WHERE ($1 IS NULL OR u.parent_code = $1)"
	"  AND ($2 IS NULL OR u.state = $2) AND u.unit_code > $3 ORDER BY u.unit_code LIMIT $4) p",
	4, {TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL};

/* $1 user name in small letters, of the holder or the delegate, $2 role, $3 unit, $4 state, each null: any;
 * $5 after this number, $6 rows */
static SpiQuery posts_page = {
	PAGE_OF("'postId', p.post_id, 'accountId', p.account_id, 'account', p.user_name, 'role', p.role,"
		 " 'unit', p.unit_code, 'division', p.division_code, 'from', " SHOWN_TIME("p.valid_from")
		 ", 'to', " SHOWN_TIME("p.valid_until")
		 ", 'delegate', p.delegate, 'delegateFrom', " SHOWN_TIME("p.delegate_from")
		 ", 'delegateTo', " SHOWN_TIME("p.delegate_until")
		 ", 'state', p.state, 'inForce', EXISTS (SELECT FROM citybigdata.post_in_force f"
		 "   WHERE f.post_id = p.post_id), 'givenBy', p.given_by",
		 "post_id", "6")
	"(SELECT * FROM (SELECT o.*, a.user_name, d.user_name AS delegate, CASE"
	"   WHEN o.valid_until <= statement_timestamp() THEN 'ended'"
	"   WHEN o.valid_from > statement_timestamp() THEN 'coming' ELSE 'current' END AS state"
	"   FROM citybigdata.post o LEFT JOIN citybigdata.account a ON a.account_id = o.account_id"
	"   LEFT JOIN citybigdata.account d ON d.account_id = o.delegate_id"
	"   WHERE ($1 IS NULL OR lower(a.user_name COLLATE \"C\") = $1 OR lower(d.user_name COLLATE \"C\") = $1)"
	"   AND ($2 IS NULL OR o.role = $2) AND ($3 IS NULL OR o.unit_code = $3) AND o.post_id > $5) l"
	"  WHERE $4 IS NULL OR l.state = $4 ORDER BY l.post_id LIMIT $6) p",
	6, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID, INT4OID}, NULL};

/* $1 division, $2 unit, each null: any; $3 after this code, $4 rows */
static SpiQuery grids_page = {
	PAGE_OF("'grid', p.grid_code, 'name', p.name, 'division', p.division_code, 'inspector', p.user_name,"
		 " 'unit', p.unit_code, 'geometry', @postgis@.ST_AsGeoJSON(p.geom, 9, 0)::json,"
		 " 'updatedAt', " SHOWN_TIME("p.updated_at"),
		 "grid_code", "4")
	"(SELECT g.*, a.user_name FROM citybigdata.duty_grid g"
	"  LEFT JOIN citybigdata.account a ON a.account_id = g.inspector_id"
	"  WHERE ($1 IS NULL OR g.division_code = $1) AND ($2 IS NULL OR g.unit_code = $2)"
	"  AND g.grid_code > $3 ORDER BY g.grid_code LIMIT $4) p",
	4, {TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL};

/* $1 type, $2 division, $3 unit, each null: any; $4, $5 after this type and division; $6 rows. The cursor is
 * division, a slash, type. */
static SpiQuery responsibilities_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object('type', p.event_type_code,"
	" 'division', p.division_code, 'unit', p.unit_code, 'updatedAt', " SHOWN_TIME("p.updated_at")
	") ORDER BY p.event_type_code, p.division_code), '[]'::json), 'nextCursor', CASE WHEN count(*) = $6"
	"  THEN (array_agg(p.division_code || '/' || p.event_type_code"
	"   ORDER BY p.event_type_code, p.division_code))[$6] END)::text"
	" FROM (SELECT r.* FROM citybigdata.responsibility r WHERE ($1 IS NULL OR r.event_type_code = $1)"
	"  AND ($2 IS NULL OR r.division_code = $2) AND ($3 IS NULL OR r.unit_code = $3)"
	"  AND ($4 IS NULL OR (r.event_type_code, r.division_code) > ($4, $5))"
	"  ORDER BY r.event_type_code, r.division_code LIMIT $6) p",
	6, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL};
/* clang-format on */

/* A filter of at most 64 characters, null when absent. */
static Datum
CheckFilter(Call *call, const char *pointer, const char *text, bool *isnull)
{
	const TextRule rule = {pointer, 1, 64, false, false};

	return TextOrNull(CheckText(&call->errors, &rule, text), isnull);
}

/* rest_admin_units(..., parent, state, cursor, page_size) */
static Datum
AdminUnits(Call *call)
{
	ARGUMENTS(ARG_PARENT, ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"parent", "state", "cursor", "pageSize", NULL};
	static const char *const states[] = {"active", "closed", NULL};
	Datum values[4];
	bool nulls[4] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = CheckFilter(call, "/parent", CallText(call, ARG_PARENT), &nulls[0]);
	values[1] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[1]);
	values[2] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), 64));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &units_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_units, "unit.list", AdminUnits);

/* rest_admin_posts(..., account, role, unit, state, cursor, page_size) */
static Datum
AdminPosts(Call *call)
{
	ARGUMENTS(ARG_ACCOUNT, ARG_ROLE, ARG_UNIT, ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"account", "role", "unit", "state", "cursor", "pageSize", NULL};
	static const char *const states[] = {"current", "coming", "ended", NULL};
	static const TextRule name_rule = {"/account", 1, 64, false, false};
	const char *name;
	Datum values[6];
	bool nulls[6] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SECURITY, filters, &refusal))
		return refusal;
	name = CheckText(&call->errors, &name_rule, CallText(call, ARG_ACCOUNT));
	values[0] = TextOrNull(name == NULL ? NULL : FoldAscii(name), &nulls[0]);
	values[1] = CheckFilter(call, "/role", CallText(call, ARG_ROLE), &nulls[1]);
	values[2] = CheckFilter(call, "/unit", CallText(call, ARG_UNIT), &nulls[2]);
	values[3] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[3]);
	values[4] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[5] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &posts_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_posts, "post.list", AdminPosts);

/* rest_admin_grids(..., division, unit, cursor, page_size) */
static Datum
AdminGrids(Call *call)
{
	ARGUMENTS(ARG_DIVISION, ARG_UNIT, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"division", "unit", "cursor", "pageSize", NULL};
	Datum values[4];
	bool nulls[4] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = CheckFilter(call, "/division", CallText(call, ARG_DIVISION), &nulls[0]);
	values[1] = CheckFilter(call, "/unit", CallText(call, ARG_UNIT), &nulls[1]);
	values[2] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), 64));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &grids_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_grids, "grid.list", AdminGrids);

/* rest_admin_responsibilities(..., type, division, unit, cursor, page_size) */
static Datum
AdminResponsibilities(Call *call)
{
	ARGUMENTS(ARG_TYPE, ARG_DIVISION, ARG_UNIT, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"type", "division", "unit", "cursor", "pageSize", NULL};
	const char *cursor;
	const char *slash;
	Datum values[6];
	bool nulls[6] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = CheckFilter(call, "/type", CallText(call, ARG_TYPE), &nulls[0]);
	values[1] = CheckFilter(call, "/division", CallText(call, ARG_DIVISION), &nulls[1]);
	values[2] = CheckFilter(call, "/unit", CallText(call, ARG_UNIT), &nulls[2]);
	cursor = CheckTextCursor(call, CallText(call, ARG_CURSOR), 80);
	slash = strchr(cursor, '/');
	if (cursor[0] != '\0' && slash == NULL)
		ErrorAdd(&call->errors, "/cursor", CBD_FIELD_OUT_OF_RANGE, "nextCursor of the page before");
	values[3] = TextOrNull(slash == NULL ? NULL : slash + 1, &nulls[3]);
	values[4] = CStringGetTextDatum(slash == NULL ? "" : pnstrdup(cursor, slash - cursor));
	values[5] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &responsibilities_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_responsibilities, "responsibility.list", AdminResponsibilities);
