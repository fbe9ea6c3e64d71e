/*
 * What is to be saved, as a request has it: one item in fields of its own, or many in an array, or a CSV.
 * The items become a JSON array of objects whose values are texts, arrays of texts or null, which the
 * functions of sql/code/73 check.
 */
#ifndef CBD_ORGANISATION_ITEM_H
#define CBD_ORGANISATION_ITEM_H

#include "postgres.h"
#include "access/endpoint.h"

/* Most items of one request; more are loaded in SQL. */
#define ITEMS_MAX 5000

/* Where the items come from: what pointers to errors look like. */
typedef enum ItemSource
{
	ITEM_FIELDS,  /* one, whose fields are the request's: /name */
	ITEM_ARRAY,   /* /items/0/name */
	ITEM_FEATURES /* /features/0/name */
} ItemSource;

/* What a request is to save; both NULL after errors. */
typedef struct Items
{
	ItemSource source;
	char *json; /* the array */
	char *csv;
} Items;

/* The names of an item's fields, in the order of the endpoint's arguments; NULL-terminated. */
typedef const char *const *ItemFields;

/*
 * Reads what is to be saved. `lists`: a bit for each field that is a text[]. `items`, `csv`, `features`: the
 * numbers of these arguments (features -1: there is none). Errors are added to the call's.
 */
extern void ReadOrganisationItems(Call *call, ItemFields fields, int lists, int items, int csv, int features,
								  Items *read);

/* The same where an item has no fields of its own in the request. */
extern void ReadManyItems(Call *call, ItemFields fields, int items, int csv, int features, Items *read);

/* The pointer to a member of item `n` (from 1). */
extern char *ItemErrorPointer(const Items *items, int64 n, const char *member);

#endif
