/*
 * Paths of rules: SQL/JSON paths (ISO 19075-6) over the document of a report, compiled once, within bounds
 * that keep their cost linear in the size of the document, which is bounded too (rule_subject.c).
 *
 * A path may step through everything but: .** and variables; in a filter the whole document ($) instead of
 * the element (@); two paths in one comparison, which would compare everything with everything. A pattern of
 * like_regex has no references back, no counts and no looking around, so that PostgreSQL's automaton reads a
 * text once.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonpath.h"

#include "process/process_members.h"
#include "rule/rule.h"
#include "rule/rule_guard.h"

#define PATH_CHARACTERS    1000
#define PATH_ITEMS         40
#define PATH_DEPTH         16
#define PATTERN_CHARACTERS 100

/* A path that is looked through. */
typedef struct Look
{
	int items;
	const char *wrong; /* what is not allowed; NULL: nothing */
} Look;

/* What was found in an expression. */
typedef struct Found
{
	bool path; /* it steps through the document */
} Found;

static Found LookThrough(Look *look, JsonPathItem *item, bool in_filter, int depth);

/* Is it a comparison, whose sides are sequences? */
static bool
IsComparison(JsonPathItemType type)
{
	return (type >= jpiEqual && type <= jpiGreaterOrEqual) || type == jpiStartsWith;
}

/* Is it an expression that is true or false? */
static bool
IsPredicate(JsonPathItemType type)
{
	return (type >= jpiAnd && type <= jpiGreaterOrEqual) || type == jpiExists || type == jpiStartsWith ||
		   type == jpiLikeRegex;
}

/* Both sides of an operator. */
static Found
LookAtSides(Look *look, JsonPathItem *item, bool in_filter, int depth)
{
	JsonPathItem side;
	Found left, right;

	jspGetLeftArg(item, &side);
	left = LookThrough(look, &side, in_filter, depth);
	jspGetRightArg(item, &side);
	right = LookThrough(look, &side, in_filter, depth);
	if (IsComparison(item->type) && left.path && right.path)
		look->wrong = MESSAGE("a comparison of two paths: one side is a value");
	return (Found){(left.path || right.path) && !IsPredicate(item->type)};
}

/* A pattern of like_regex. */
static void
LookAtPattern(Look *look, const JsonPathItem *item)
{
	const char *pattern = item->content.like_regex.pattern;
	int length = item->content.like_regex.patternlen;

	if (length > PATTERN_CHARACTERS)
		look->wrong = MESSAGE("a pattern of more than 100 bytes");
	for (int i = 0; i < length && (item->content.like_regex.flags & JSP_REGEX_QUOTE) == 0; i++)
		if (pattern[i] == '{' || (pattern[i] == '(' && i + 1 < length && pattern[i + 1] == '?') ||
			(pattern[i] == '\\' && i + 1 < length && pattern[i + 1] >= '0' && pattern[i + 1] <= '9'))
			look->wrong = MESSAGE("a pattern with counts, groups that begin with ?, or references back");
}

/* What an item has inside. */
static Found
LookInside(Look *look, JsonPathItem *item, bool in_filter, int depth)
{
	JsonPathItem inner;

	switch (item->type)
	{
		case jpiNot:
		case jpiIsUnknown:
		case jpiExists:
			jspGetArg(item, &inner);
			(void) LookThrough(look, &inner, in_filter, depth);
			return (Found){false};
		case jpiPlus:
		case jpiMinus:
			jspGetArg(item, &inner);
			return LookThrough(look, &inner, in_filter, depth);
		case jpiFilter:
			jspGetArg(item, &inner);
			(void) LookThrough(look, &inner, true, depth);
			return (Found){true};
		case jpiLikeRegex:
			jspInitByBuffer(&inner, item->base, item->content.like_regex.expr);
			(void) LookThrough(look, &inner, in_filter, depth);
			LookAtPattern(look, item);
			return (Found){false};
		case jpiIndexArray:
			for (int i = 0; i < item->content.array.nelems; i++)
			{
				JsonPathItem from, to;
				bool range = jspGetArraySubscript(item, &from, &to, i);

				if (LookThrough(look, &from, in_filter, depth).path ||
					(range && LookThrough(look, &to, in_filter, depth).path))
					look->wrong = MESSAGE("a subscript that is a path");
			}
			return (Found){true};
		default:
			if (item->type >= jpiAnd && item->type <= jpiMod && item->type != jpiNot)
				return LookAtSides(look, item, in_filter, depth);
			return item->type == jpiStartsWith ? LookAtSides(look, item, in_filter, depth) : (Found){false};
	}
}

/* A chain of items. */
static Found
LookThrough(Look *look, JsonPathItem *item, bool in_filter, int depth)
{
	JsonPathItem current = *item;
	JsonPathItem next;
	Found found = {false};

	if (depth > PATH_DEPTH)
		look->wrong = MESSAGE("more than 16 levels");
	while (look->wrong == NULL)
	{
		Found inside = LookInside(look, &current, in_filter, depth + 1);

		if (++look->items > PATH_ITEMS)
			look->wrong = MESSAGE("more than 40 parts");
		else if (current.type == jpiAny)
			look->wrong = MESSAGE(".**: name the member");
		else if (current.type == jpiVariable)
			look->wrong = MESSAGE("a variable");
		else if (current.type == jpiKeyValue)
			look->wrong = MESSAGE("the method .keyvalue()");
		else if (current.type == jpiRoot && in_filter)
			look->wrong = MESSAGE("$ in a filter: the element is @");
		found.path = found.path || inside.path || current.type == jpiKey || current.type == jpiAnyKey ||
					 current.type == jpiAnyArray || current.type == jpiRoot || current.type == jpiCurrent;
		if (!jspGetNext(&current, &next))
			break;
		current = next;
	}
	return found;
}

/* jsonpath_in(), whose errors are caught. */
static CbdStatus
Compile(void *state, char **message)
{
	Datum *path = state;

	*path = DirectFunctionCall1(jsonpath_in, *path);
	return CBD_OK;
}

void
RuleReadPath(const JsonNode *node, RuleReading *reading)
{
	RuleTerms *terms = &reading->rule->terms;
	ErrorList *errors = reading->errors;
	Look look = {0};
	JsonPathItem root;
	Datum path;
	char *message;

	if (!MemberKind(node, JSON_STRING, MESSAGE("an SQL/JSON path, for example $.mediaNum > 0"), errors))
		return;
	if (node->length > PATH_CHARACTERS)
	{
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TOO_LONG, "at most %d{limit} bytes",
				   PATH_CHARACTERS);
		return;
	}
	path = CStringGetDatum(node->text);
	if (RuleGuarded(Compile, &path, &message) != CBD_OK)
	{
		ErrorPrint(errors, false, JsonPointer(node), CBD_RULE_PATH, "no SQL/JSON path: %s{why}", message);
		return;
	}
	jspInit(&root, DatumGetJsonPathP(path));
	if (reading->check)
		(void) LookThrough(&look, &root, false, 0);
	if (look.wrong != NULL)
	{
		ErrorPrint(errors, false, JsonPointer(node), CBD_RULE_PATH, "not in a rule: %s{what*}", look.wrong);
		return;
	}
	terms->path_is_predicate = IsPredicate(root.type) && !jspHasNext(&root);
	terms->path = PointerGetDatum(MemoryContextAlloc(reading->keep, VARSIZE_ANY(DatumGetPointer(path))));
	memcpy(DatumGetPointer(terms->path), DatumGetPointer(path), VARSIZE_ANY(DatumGetPointer(path)));
}
