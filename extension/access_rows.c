/* The rows that every request is judged by; see access_rows.h. */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/inet.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access_rows.h"
#include "status.h"

#define COLUMNS_MAX 10

/* A table, its index, and the columns that are read here, found by name once per backend. */
typedef struct KeyedTable
{
	const char *table;
	const char *index;
	const char *columns[COLUMNS_MAX];	/* NULL-terminated unless full; numbered by the enums below */
	Oid			relid;			/* the relation that `numbers` is about */
	AttrNumber	numbers[COLUMNS_MAX];
} KeyedTable;

enum
{
	TOKEN_DIGEST, TOKEN_APP, TOKEN_ACCOUNT, TOKEN_RESOURCES, TOKEN_LEVEL, TOKEN_ADDRESS, TOKEN_ISSUED, TOKEN_USED, TOKEN_EXPIRES,
	TOKEN_REVOKED
};
static KeyedTable token_table = {"access_token", "access_token_pkey",
	{"token_digest", "app_id", "account_id", "resources", "level", "client_addr", "issued_at", "last_used_at", "expires_at",
		"revoked_at"}, InvalidOid};

enum
{
	ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_STATE, ACCOUNT_ROLE, ACCOUNT_UNTIL, ACCOUNT_PASSWORD_CHANGED
};
static KeyedTable account_table = {"account", "account_pkey",
	{"account_id", "user_name", "state", "admin_role", "valid_until", "password_changed_at"}, InvalidOid};

enum
{
	APP_ID, APP_CODE, APP_ACCOUNT, APP_METHODS, APP_RANGES, APP_PROFILE, APP_LEVEL, APP_UNTIL, APP_STATE
};
#define APP_COLUMNS \
	{"app_id", "app_code", "account_id", "methods", "ip_ranges", "profile", "level", "valid_until", "state"}
static KeyedTable application_table = {"application", "application_pkey", APP_COLUMNS, InvalidOid};
static KeyedTable app_code_table = {"application", "application_app_code_key", APP_COLUMNS, InvalidOid};

enum
{
	GRANT_APP, GRANT_RESOURCE, GRANT_LEVEL, GRANT_UNTIL, GRANT_STATE, GRANT_RATE, GRANT_BURST, GRANT_QUOTA
};
static KeyedTable grant_table = {"app_grant", "app_grant_pkey",
	{"app_id", "resource", "level", "valid_until", "state", "rate_per_second", "rate_burst", "daily_quota"}, InvalidOid};

enum
{
	SENDER_CODE, SENDER_APP
};
static KeyedTable sender_table = {"sender", "sender_pkey", {"sender_code", "app_id"}, InvalidOid};

/* One row found by its key. */
typedef struct RowScan
{
	const KeyedTable *table;
	Relation	rel;
	SysScanDesc scan;
	HeapTuple	tuple;
} RowScan;

/* A key on one column, or on two; `column` as in the table's enum. */
typedef struct RowKey
{
	int			column;
	RegProcedure equal;
	Oid			collation;		/* that of the index, for text */
	Datum		value;
} RowKey;

static void
FindColumns(KeyedTable *table, Oid relid)
{
	table->relid = InvalidOid;
	for (int i = 0; i < COLUMNS_MAX && table->columns[i] != NULL; i++)
	{
		table->numbers[i] = get_attnum(relid, table->columns[i]);
		if (table->numbers[i] == InvalidAttrNumber)
			elog(ERROR, "citybigdata.%s has no column %s: library and tables are of different versions",
				 table->table, table->columns[i]);
	}
	table->relid = relid;
}

static bool
RowOpen(RowScan *row, KeyedTable *table, const RowKey *keys, int count)
{
	Oid			schema = get_namespace_oid("citybigdata", false);
	Oid			index = get_relname_relid(table->index, schema);
	Oid			relid = get_relname_relid(table->table, schema);
	ScanKeyData scan_keys[2];

	if (!OidIsValid(index) || !OidIsValid(relid))
		elog(ERROR, "citybigdata.%s or its index %s does not exist", table->table, table->index);
	row->table = table;
	row->rel = table_open(relid, AccessShareLock);
	if (table->relid != relid)
		FindColumns(table, relid);
	for (int i = 0; i < count; i++)
		ScanKeyEntryInitialize(&scan_keys[i], 0, table->numbers[keys[i].column], BTEqualStrategyNumber, InvalidOid,
							   keys[i].collation, keys[i].equal, keys[i].value);
	row->scan = systable_beginscan(row->rel, index, true, GetActiveSnapshot(), count, scan_keys);
	row->tuple = systable_getnext(row->scan);
	return HeapTupleIsValid(row->tuple);
}

static void
RowClose(RowScan *row)
{
	systable_endscan(row->scan);
	table_close(row->rel, NoLock);	/* the lock stays until the transaction ends, as the executor's would */
}

static Datum
Column(const RowScan *row, int column, bool *isnull)
{
	return heap_getattr(row->tuple, row->table->numbers[column], RelationGetDescr(row->rel), isnull);
}

static int64
ColumnInt64(const RowScan *row, int column)
{
	bool		isnull;
	Datum		value = Column(row, column, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

static int32
ColumnInt32(const RowScan *row, int column)
{
	bool		isnull;
	Datum		value = Column(row, column, &isnull);

	return isnull ? 0 : DatumGetInt32(value);
}

static double
ColumnFloat8(const RowScan *row, int column)
{
	bool		isnull;
	Datum		value = Column(row, column, &isnull);

	return isnull ? 0 : DatumGetFloat8(value);
}

static char *
ColumnText(const RowScan *row, int column)
{
	bool		isnull;
	Datum		value = Column(row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Is the text column exactly this? */
static bool
ColumnIs(const RowScan *row, int column, const char *expected)
{
	bool		isnull;
	Datum		value = Column(row, column, &isnull);
	text	   *found;

	if (isnull)
		return false;
	found = DatumGetTextPP(value);
	return VARSIZE_ANY_EXHDR(found) == strlen(expected) && memcmp(VARDATA_ANY(found), expected, strlen(expected)) == 0;
}

/* A time that may be absent. */
static bool
ColumnTime(const RowScan *row, int column, TimestampTz *time)
{
	bool		isnull;
	Datum		value = Column(row, column, &isnull);

	*time = isnull ? 0 : DatumGetTimestampTz(value);
	return !isnull;
}

static RowKey
TextKey(int column, const char *text)
{
	return (RowKey) {column, F_TEXTEQ, DEFAULT_COLLATION_OID, CStringGetTextDatum(text)};
}

static RowKey
Int32Key(int column, int32 value)
{
	return (RowKey) {column, F_INT4EQ, InvalidOid, Int32GetDatum(value)};
}

/* Is the text among the elements of the text[]? */
static bool
Contains(Datum array, const char *wanted)
{
	Datum	   *elements;
	int			count;
	size_t		length = strlen(wanted);

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		text	   *element = DatumGetTextPP(elements[i]);

		if (VARSIZE_ANY_EXHDR(element) == length && memcmp(VARDATA_ANY(element), wanted, length) == 0)
			return true;
	}
	return false;
}

/* The token was not narrowed to resources, or to this one among others. */
static bool
InScope(const RowScan *scan, const char *resource)
{
	bool		isnull;
	Datum		resources = Column(scan, TOKEN_RESOURCES, &isnull);

	return isnull || (resource != NULL && Contains(resources, resource));
}

/* The token was not bound to an address, or to this one. */
static bool
AddressFits(const RowScan *scan, Datum client_addr)
{
	bool		isnull;
	Datum		bound = Column(scan, TOKEN_ADDRESS, &isnull);

	return isnull || (client_addr != (Datum) 0 && DatumGetBool(DirectFunctionCall2(network_eq, bound, client_addr)));
}

bool
ReadToken(Datum digest, const char *resource, Datum client_addr, TokenRow *row)
{
	RowScan		scan;
	RowKey		key = {TOKEN_DIGEST, F_BYTEAEQ, InvalidOid, digest};
	bool		found;
	TimestampTz revoked_at;

	found = RowOpen(&scan, &token_table, &key, 1);
	if (found)
	{
		row->app_id = ColumnInt32(&scan, TOKEN_APP);
		row->account_id = ColumnInt64(&scan, TOKEN_ACCOUNT);
		row->in_scope = InScope(&scan, resource);
		row->level = ColumnInt32(&scan, TOKEN_LEVEL);
		row->address_fits = AddressFits(&scan, client_addr);
		ColumnTime(&scan, TOKEN_ISSUED, &row->issued_at);
		if (!ColumnTime(&scan, TOKEN_USED, &row->last_use))
			row->last_use = row->issued_at;
		ColumnTime(&scan, TOKEN_EXPIRES, &row->expires_at);
		row->revoked = ColumnTime(&scan, TOKEN_REVOKED, &revoked_at);
	}
	RowClose(&scan);
	return found;
}

static int
AdminRole(const RowScan *scan)
{
	if (ColumnIs(scan, ACCOUNT_ROLE, "sysadmin"))
		return ADMIN_SYSTEM;
	if (ColumnIs(scan, ACCOUNT_ROLE, "secadmin"))
		return ADMIN_SECURITY;
	return ColumnIs(scan, ACCOUNT_ROLE, "auditor") ? ADMIN_AUDITOR : 0;
}

bool
ReadAccount(int64 account_id, AccountRow *row)
{
	RowScan		scan;
	RowKey		key = {ACCOUNT_ID, F_INT8EQ, InvalidOid, Int64GetDatum(account_id)};
	bool		found;

	found = RowOpen(&scan, &account_table, &key, 1);
	if (found)
	{
		row->user_name = ColumnText(&scan, ACCOUNT_NAME);
		row->active = ColumnIs(&scan, ACCOUNT_STATE, "active");
		row->admin_role = AdminRole(&scan);
		row->has_end = ColumnTime(&scan, ACCOUNT_UNTIL, &row->valid_until);
		ColumnTime(&scan, ACCOUNT_PASSWORD_CHANGED, &row->password_changed_at);
	}
	RowClose(&scan);
	return found;
}

/* Does the address lie in one of the ranges? *bound tells whether there are any. */
static bool
InRanges(Datum ranges, Datum client_addr, bool *bound)
{
	ArrayType  *array = DatumGetArrayTypeP(ranges);
	Datum	   *elements;
	int			count;

	*bound = ARR_NDIM(array) > 0;
	if (!*bound || client_addr == (Datum) 0)
		return false;
	deconstruct_array(array, CIDROID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		if (DatumGetBool(DirectFunctionCall2(network_subeq, client_addr, elements[i])))
			return true;
	return false;
}

static bool
ReadApplicationBy(KeyedTable *table, RowKey key, Datum client_addr, ApplicationRow *row)
{
	RowScan		scan;
	bool		found = RowOpen(&scan, table, &key, 1);
	bool		isnull;

	if (found)
	{
		row->app_id = ColumnInt32(&scan, APP_ID);
		row->app_code = ColumnText(&scan, APP_CODE);
		row->account_id = ColumnInt64(&scan, APP_ACCOUNT);
		row->by_address = Contains(Column(&scan, APP_METHODS, &isnull), "ip");
		row->in_range = InRanges(Column(&scan, APP_RANGES, &isnull), client_addr, &row->bound);
		row->egova = ColumnIs(&scan, APP_PROFILE, "egova");
		row->level = ColumnInt32(&scan, APP_LEVEL);
		row->has_end = ColumnTime(&scan, APP_UNTIL, &row->valid_until);
		row->active = ColumnIs(&scan, APP_STATE, "active");
	}
	RowClose(&scan);
	return found;
}

bool
ReadApplication(int32 app_id, Datum client_addr, ApplicationRow *row)
{
	return ReadApplicationBy(&application_table, Int32Key(APP_ID, app_id), client_addr, row);
}

bool
ReadApplicationByCode(const char *app_code, Datum client_addr, ApplicationRow *row)
{
	return ReadApplicationBy(&app_code_table, TextKey(APP_CODE, app_code), client_addr, row);
}

bool
ReadGrant(int32 app_id, const char *resource, GrantRow *row)
{
	RowScan		scan;
	RowKey		keys[2] = {Int32Key(GRANT_APP, app_id), TextKey(GRANT_RESOURCE, resource)};
	bool		found = RowOpen(&scan, &grant_table, keys, 2);

	if (found)
	{
		row->level = ColumnInt32(&scan, GRANT_LEVEL);
		row->has_end = ColumnTime(&scan, GRANT_UNTIL, &row->valid_until);
		row->active = ColumnIs(&scan, GRANT_STATE, "active");
		row->limit.per_second = ColumnFloat8(&scan, GRANT_RATE);
		row->limit.burst = ColumnInt32(&scan, GRANT_BURST);
		row->limit.daily_quota = ColumnInt32(&scan, GRANT_QUOTA);
	}
	RowClose(&scan);
	return found;
}

int32
ReadSender(const char *sender_code)
{
	RowScan		scan;
	RowKey		key = TextKey(SENDER_CODE, sender_code);
	int32		app_id = 0;

	if (RowOpen(&scan, &sender_table, &key, 1))
		app_id = ColumnInt32(&scan, SENDER_APP);
	RowClose(&scan);
	return app_id;
}
