/*
 * Saving rules; see rule_store.h. A version is one row that is never changed again (kept_rows.h). Whoever
 * saves holds a lock until the end of the transaction, so that the numbers of rows are in the order of their
 * commits and a backend reads only what is new (rule_cache.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/interval.h"
#include "core/own_lock.h"
#include "core/spi.h"
#include "rule/rule_store.h"
#include "rule/rule_version.h"

/* clang-format off */
/* The versions of a rule ($1), oldest first; $2: the content that is saved. */
static SpiQuery versions_query = {
	"SELECT r.rule_no, r.version, r.ended, r.valid_from, coalesce(r.valid_to, 'infinity'), r.definition = $2::jsonb"
	" FROM citybigdata.rule r WHERE r.rule_code = $1 ORDER BY r.rule_no",
	2, {TEXTOID, TEXTOID}, NULL, true};
/* $1 code, $2 version, $3 order, $4 from, $5 to, $6 ended, $7 definition, $8 place, $9 its box, $10 by whom */
static SpiQuery insert_query = {
	"INSERT INTO citybigdata.rule (rule_code, version, rule_order, valid_from, valid_to, ended, definition, geom, area, saved_by)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, CAST($8 AS @postgis@.geometry), $9, $10)",
	10, {TEXTOID, INT4OID, INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, BOOLOID, TEXTOID, BYTEAOID, FLOAT8ARRAYOID, TEXTOID}};
/* clang-format on */

void
RuleExamine(const JsonNode *root, ErrorList *errors, RuleDraft *draft)
{
	RuleReading reading = {errors, true, CurrentMemoryContext, NULL};
	StringInfoData text;
	int before = errors->count;

	memset(draft, 0, sizeof(*draft));
	draft->rule = RuleRead(root, &reading);
	initStringInfo(&text);
	JsonWrite(&text, root);
	draft->text = text.data;
	/* a place is read when all else is right: a resource may be large */
	if (errors->count == before && draft->rule != NULL && draft->rule->terms.has_within)
		draft->place = RuleReadPlace(draft->rule, errors);
}

void
RulePrepare(RuleDraft *draft)
{
	Rule *rule = draft->rule;
	TimestampTz now = GetCurrentTimestamp();

	rule->from = rule->ended                              ? Max(rule->given_until, now)
				 : TIMESTAMP_IS_NOBEGIN(rule->given_from) ? now
														  : rule->given_from;
	rule->to = rule->ended ? DT_NOEND : rule->given_until;
	if (draft->place == NULL)
		return;
	/* ShapeMake() changes what it is given */
	{
		bytea *copy = DatumGetByteaPCopy(PointerGetDatum(draft->place));

		rule->shape = ShapeMake((unsigned char *) VARDATA_ANY(copy), VARSIZE_ANY_EXHDR(copy));
	}
	if (rule->shape != NULL)
		rule->box = BoxWidened(ShapeBoxOf(rule->shape), rule->terms.metres);
}

/* The versions of the rule, SPI being connected; the newest, or NULL. *same: it has the content. */
static Rule *
ReadVersions(const RuleDraft *draft, bool *same)
{
	Datum values[2] = {CStringGetTextDatum(draft->rule->code), CStringGetTextDatum(draft->text)};
	uint64 count = SpiRun(&versions_query, values, NULL, SPI_OK_SELECT, 0);
	Rule *newest = NULL;

	*same = false;
	for (uint64 i = 0; i < count; i++)
	{
		Rule *rule = palloc0(sizeof(Rule));

		rule->no = SpiInt64(i, 1);
		rule->version = SpiInt32(i, 2);
		rule->ended = SpiBool(i, 3);
		rule->from = SpiInt64(i, 4);
		rule->to = SpiInt64(i, 5);
		rule->older = newest;
		RuleFollow(rule, newest);
		newest = rule;
		*same = SpiBool(i, 6);
	}
	return newest;
}

/* What keeps the rule from being the next version. */
static void
CheckVersions(const Rule *rule, const Rule *newest, ErrorList *errors)
{
	const Rule *overlap = RuleOverlap(rule, newest);

	if (rule->ended && newest == NULL)
		ErrorPrint(errors, false, "/code", CBD_NO_SUCH_RULE, "there is no rule \"%s{rule}\" to end",
				   rule->code);
	else if (!rule->ended && rule->to <= rule->from)
		ErrorAdd(errors, "/validTo", CBD_FIELD_OUT_OF_RANGE, "the time is over already");
	else if (overlap != NULL)
	{
		char from[15];

		FormatTimePoint(overlap->from, from);
		ErrorPrint(
			errors, false, "/validFrom", CBD_RULE_OVERLAP,
			"version %d{version} begins at %s{time}: validFrom comes after that, or validTo not after it",
			overlap->version, from);
	}
}

/* The box of the shape without its metres, as float8[]. */
static Datum
BoxArray(const Shape *shape)
{
	const ShapeBox *box = ShapeBoxOf(shape);
	Datum edges[4] = {Float8GetDatum(box->west), Float8GetDatum(box->east), Float8GetDatum(box->south),
					  Float8GetDatum(box->north)};

	return PointerGetDatum(construct_array(edges, 4, FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* The row. */
static void
Insert(const RuleDraft *draft, int version, const char *saved_by)
{
	const Rule *rule = draft->rule;
	Datum values[10] = {CStringGetTextDatum(rule->code),
						Int32GetDatum(version),
						Int32GetDatum(rule->order),
						TimestampTzGetDatum(rule->from),
						TimestampTzGetDatum(rule->to),
						BoolGetDatum(rule->ended),
						CStringGetTextDatum(draft->text),
						PointerGetDatum(draft->place),
						rule->shape == NULL ? (Datum) 0 : BoxArray(rule->shape),
						CStringGetTextDatum(saved_by)};
	bool nulls[10] = {
		[4] = TIMESTAMP_IS_NOEND(rule->to), [7] = draft->place == NULL, [8] = rule->shape == NULL};

	SpiRun(&insert_query, values, nulls, SPI_OK_INSERT, 0);
}

SavedRule
RuleSave(RuleDraft *draft, const char *saved_by, ErrorList *errors)
{
	SavedRule saved = {pstrdup(draft->rule->code), 1, false};
	int before = errors->count;
	Rule *newest;

	OwnLock(OwnLockKey("rules"));
	RulePrepare(draft);
	if (draft->place != NULL && draft->rule->shape == NULL)
	{
		ErrorPrint(errors, false, "/when/within", CBD_INVALID_AREA, "the geometry cannot be used: %s{why}",
				   ShapeMessage());
		return saved;
	}
	SpiBegin();
	newest = ReadVersions(draft, &saved.same);
	if (newest != NULL)
		saved.version = newest->version + (saved.same ? 0 : 1);
	if (!saved.same)
		CheckVersions(draft->rule, newest, errors);
	if (!saved.same && errors->count == before)
		Insert(draft, saved.version, saved_by);
	SpiEnd();
	ShapeFree(draft->rule->shape);
	draft->rule->shape = NULL;
	return saved;
}
