/*
 * Endpoints that change the organisation: POST /admin/units, /admin/grids, /admin/responsibilities (system
 * administrators), POST /admin/posts (security administrators: a post is access, and never one's own).
 *
 * A request has the fields of one item, or many in items, in csv, or (grids) as GeoJSON in features. All
 * errors are told at once, and then nothing is stored.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "access/admin.h"
#include "core/spi.h"
#include "organisation/organisation_item.h"

#define ERRORS_READ 1000 /* rows of errors that are looked at */

/* $1 kind, $2 items, $3 CSV, $4 account and $5 user name of who saves, $6 the same for people */
static SpiQuery save_query = {
	"SELECT s.n, s.line, s.member, s.status_code, s.message, s.changed, array_to_json(s.post_ids)::text"
	" FROM citybigdata.organisation_save($1, $2::jsonb, $3, $4, $5, $6) s",
	6,
	{TEXTOID, TEXTOID, TEXTOID, INT8OID, TEXTOID, TEXTOID}};

/* Columns of save_query. */
enum
{
	COLUMN_ITEM = 1,
	COLUMN_LINE,
	COLUMN_MEMBER,
	COLUMN_STATUS,
	COLUMN_MESSAGE,
	COLUMN_CHANGED,
	COLUMN_POSTS
};

/* One kind of things that are saved. */
typedef struct ItemKind
{
	const char *name; /* of citybigdata.organisation_columns() */
	int roles;
	const char *const *fields; /* those of an item, in the order of the arguments */
	int lists;                 /* a bit for each that is a text[] */
	int items, csv, features;  /* numbers of these arguments; -1: none */
} ItemKind;

/* Adds what row `row` of the last result says is wrong. */
static void
AddRow(ErrorList *errors, const Items *items, uint64 row)
{
	char *member = SpiText(row, COLUMN_MEMBER);
	char *message = SpiText(row, COLUMN_MESSAGE);
	CbdStatus status = SpiInt32(row, COLUMN_STATUS);

	if (SpiIsNull(row, COLUMN_LINE))
		ErrorSay(errors, ItemErrorPointer(items, SpiInt64(row, COLUMN_ITEM), member), status, message);
	else if (member == NULL || member[0] == '\0')
		ErrorSay(errors, ItemErrorPointer(items, 0, NULL), status,
				 Said("line %d{line}: %s{message}", SpiInt32(row, COLUMN_LINE), message));
	else
		ErrorSay(errors, ItemErrorPointer(items, 0, NULL), status,
				 Said("line %d{line}, column %s{column}: %s{message}", SpiInt32(row, COLUMN_LINE), member,
					  message));
}

/* Stores the items; the JSON of the reply, or NULL after errors. */
static char *
StoreItems(Call *call, const ItemKind *kind, const Items *items)
{
	Datum values[6] = {CStringGetTextDatum(kind->name)};
	bool nulls[6] = {false};
	char *posts = NULL;
	int changed = 0;
	uint64 count;

	values[1] = TextOrNull(items->json, &nulls[1]);
	values[2] = TextOrNull(items->csv, &nulls[2]);
	values[3] = Int64GetDatum(call->caller.account_id);
	values[4] = values[5] = CStringGetTextDatum(ReviewerName(&call->caller));
	SpiBegin();
	count = SpiRun(&save_query, values, nulls, SPI_OK_SELECT, ERRORS_READ);
	for (uint64 i = 0; i < count; i++)
		if (SpiInt32(i, COLUMN_STATUS) != 0)
			AddRow(&call->errors, items, i);
		else
		{
			changed = SpiInt32(i, COLUMN_CHANGED);
			posts = SpiText(i, COLUMN_POSTS);
		}
	SpiEnd();
	if (call->errors.count > 0)
		return NULL;
	call->detail = psprintf("%d changed", changed);
	return posts == NULL ? psprintf("{\"changed\":%d}", changed)
						 : psprintf("{\"changed\":%d,\"postIds\":%s}", changed, posts);
}

/* {changed, postIds}; 401nn, 40304, 40307; 42200 with all errors, or the one. */
static Datum
SaveItems(Call *call, const ItemKind *kind)
{
	CbdStatus status = AuthoriseAdministrator(call, kind->roles);
	Items items;
	char *data = NULL;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ReadOrganisationItems(call, kind->fields, kind->lists, kind->items, kind->csv, kind->features, &items);
	if (items.json != NULL && items.source == ITEM_FIELDS)
		call->object = CallText(call, 0);
	if (call->errors.count == 0)
		data = StoreItems(call, kind, &items);
	return data == NULL ? AnswerErrors(call) : Answer(call, CBD_OK, data);
}

/* rest_unit_save(..., unit, name, parent, divisions, types, contact, telephone, calendar, state, remove,
 * items, csv) */
static Datum
UnitSave(Call *call)
{
	ARGUMENTS(ARG_UNIT, ARG_NAME, ARG_PARENT, ARG_DIVISIONS, ARG_TYPES, ARG_CONTACT, ARG_TELEPHONE,
			  ARG_CALENDAR, ARG_STATE, ARG_REMOVE, ARG_ITEMS, ARG_CSV);
	static const char *const fields[] = {"unit",      "name",     "parent", "divisions", "types", "contact",
										 "telephone", "calendar", "state",  "remove",    NULL};
	static const ItemKind kind = {"units",   ADMIN_SYSTEM, fields, 1 << ARG_DIVISIONS | 1 << ARG_TYPES,
								  ARG_ITEMS, ARG_CSV,      -1};

	return SaveItems(call, &kind);
}

ENDPOINT(cbd_rest_unit_save, "unit.save", UnitSave);

/* rest_post_save(..., account, role, unit, division, from, to, delegate, delegate_from, delegate_to, post_id,
 * remove, items, csv) */
static Datum
PostSave(Call *call)
{
	ARGUMENTS(ARG_ACCOUNT, ARG_ROLE, ARG_UNIT, ARG_DIVISION, ARG_FROM, ARG_TO, ARG_DELEGATE,
			  ARG_DELEGATE_FROM, ARG_DELEGATE_TO, ARG_POST_ID, ARG_REMOVE, ARG_ITEMS, ARG_CSV);
	static const char *const fields[] = {"account",    "role",   "unit",     "division",
										 "from",       "to",     "delegate", "delegateFrom",
										 "delegateTo", "postId", "remove",   NULL};
	static const ItemKind kind = {"posts", ADMIN_SECURITY, fields, 0, ARG_ITEMS, ARG_CSV, -1};

	return SaveItems(call, &kind);
}

ENDPOINT(cbd_rest_post_save, "post.save", PostSave);

/* rest_grid_save(..., grid, name, division, inspector, unit, geometry, remove, items, csv, features) */
static Datum
GridSave(Call *call)
{
	ARGUMENTS(ARG_GRID, ARG_NAME, ARG_DIVISION, ARG_INSPECTOR, ARG_UNIT, ARG_GEOMETRY, ARG_REMOVE, ARG_ITEMS,
			  ARG_CSV, ARG_FEATURES);
	static const char *const fields[] = {"grid", "name",     "division", "inspector",
										 "unit", "geometry", "remove",   NULL};
	static const ItemKind kind = {"grids", ADMIN_SYSTEM, fields, 0, ARG_ITEMS, ARG_CSV, ARG_FEATURES};

	return SaveItems(call, &kind);
}

ENDPOINT(cbd_rest_grid_save, "grid.save", GridSave);

/* rest_responsibility_save(..., type, division, unit, remove, items, csv) */
static Datum
ResponsibilitySave(Call *call)
{
	ARGUMENTS(ARG_TYPE, ARG_DIVISION, ARG_UNIT, ARG_REMOVE, ARG_ITEMS, ARG_CSV);
	static const char *const fields[] = {"type", "division", "unit", "remove", NULL};
	static const ItemKind kind = {"responsibilities", ADMIN_SYSTEM, fields, 0, ARG_ITEMS, ARG_CSV, -1};

	return SaveItems(call, &kind);
}

ENDPOINT(cbd_rest_responsibility_save, "responsibility.save", ResponsibilitySave);
