/* CQL2 filters as conditions; see cql.h. What is appended to query->where are words of this file and of the
 * engine, quoted identifiers of the catalogue, and $n. */
#include "postgres.h"

#include <math.h>

#include "ogc/cql.h"
#include "ogc/ogc.h"
#include "text/param_parse.h"

#define INT64_END 9223372036854775808.0 /* 2^63, the first that is no bigint */

static void AddCondition(const CqlTask *task, const CqlNode *node);

/* The first child of a node, and the sibling behind one; NULL: there is none. */
static const CqlNode *
First(const CqlTask *task, const CqlNode *node)
{
	return node->first == CQL_NONE ? NULL : &task->filter->nodes[node->first];
}

static const CqlNode *
Next(const CqlTask *task, const CqlNode *node)
{
	return node->next == CQL_NONE ? NULL : &task->filter->nodes[node->next];
}

/* The field of a property; the geometry also by the name that it has in GeoJSON. NULL after an error. */
static ResourceField *
FieldOf(const CqlTask *task, const CqlNode *property)
{
	DataQuery *query = task->query;
	const char *name = task->param->values[0] + property->text;
	ResourceField *field = ResourceFieldByName(query->resource, name, property->length);

	if (field == NULL && property->length == 8 && memcmp(name, "geometry", 8) == 0)
		field = query->resource->geometry;
	if (field != NULL && field->level <= query->level)
		return field;
	CqlAt(task, property);
	QueryError(query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
			   "unknown property \"%.64s{name}\"; known are %s{names}", pnstrdup(name, property->length),
			   QueryableNames(query));
	return NULL;
}

/* The literal that a field is compared with, when it is of another kind; NULL: it fits. */
static const char *
WantedKind(const ResourceField *field, const CqlNode *literal)
{
	switch (field->kind)
	{
		case FIELD_INT2:
		case FIELD_INT4:
		case FIELD_INT8:
		case FIELD_FLOAT4:
		case FIELD_FLOAT8:
		case FIELD_NUMERIC:
			return literal->kind == CQL_NUMBER ? NULL : MESSAGE("a number, for example 42");
		case FIELD_BOOL:
			return literal->kind == CQL_TRUTH ? NULL : MESSAGE("TRUE or FALSE");
		case FIELD_DATE:
		case FIELD_TIMESTAMP:
		case FIELD_TIMESTAMPTZ:
			return literal->kind == CQL_INSTANT || literal->kind == CQL_TEXT
					   ? NULL
					   : MESSAGE("a time, for example TIMESTAMP('2024-01-02T03:04:05Z')");
		default:
			return literal->kind == CQL_TEXT ? NULL : MESSAGE("a text, for example 'LED'");
	}
}

/* The text of a literal, palloc'd. */
static char *
LiteralText(const CqlTask *task, const CqlNode *literal, const ResourceField *field)
{
	const char *text = task->param->values[0];
	char *out = palloc(literal->length + 2);
	double number;

	if (literal->kind == CQL_TRUTH)
		return pstrdup(literal->op ? "true" : "false");
	if (literal->kind == CQL_TEXT)
		out[cql_text(text, literal, out)] = '\0';
	else if (literal->kind == CQL_NUMBER)
		out[cql_number(text + literal->text, literal->length, out)] = '\0';
	else
		out = pnstrdup(text + literal->text, literal->length);
	/* 5.0 and 5e0 are whole numbers too */
	if (literal->kind == CQL_NUMBER && strpbrk(out, ".eE") != NULL &&
		(field->kind == FIELD_INT2 || field->kind == FIELD_INT4 || field->kind == FIELD_INT8) &&
		double_parse(out, strlen(out), &number) && fabs(number) < INT64_END && rint(number) == number)
		return psprintf(INT64_FORMAT, (int64) number);
	return out;
}

/* Adds "(true AND ...)": one filter of /data; a list of one item or more, of which none is read as a list. */
static void
AddFilter(const CqlTask *task, ResourceField *field, const char *op, const char *value)
{
	QueryParam param = *task->param;
	size_t length = strlen(value);

	param.values = &value;
	param.lengths = &length;
	appendStringInfoString(&task->query->where, "(true");
	AddFieldFilter(task->query, &param, field, op, strlen(op));
	appendStringInfoChar(&task->query->where, ')');
}

/*
 * Adds the comparison of a whole number with one that its type has not: 2.5, or one beyond its range. False:
 * it has it, or there is no whole number. What is null stays unknown.
 */
static bool
AddBetweenWholes(const CqlTask *task, ResourceField *field, const char *op, const CqlNode *literal)
{
	/* the first power of two that is too great */
	double limit = ldexp(1, field->kind == FIELD_INT2 ? 15 : field->kind == FIELD_INT4 ? 31 : 63);
	bool less = op[0] == 'l';
	bool greater = op[0] == 'g';
	double number;
	int64 whole;
	char *text;
	bool holds;

	if ((field->kind != FIELD_INT2 && field->kind != FIELD_INT4 && field->kind != FIELD_INT8) ||
		literal->kind != CQL_NUMBER)
		return false;
	text = LiteralText(task, literal, field);
	if (!double_parse(text, strlen(text), &number) ||
		(integer_parse(text, strlen(text), &whole) && number >= -limit && number < limit) ||
		(field->kind == FIELD_INT8 && integer_parse(text, strlen(text), &whole)))
		return false;
	if (number >= -limit && number < limit && (less || greater))
	{
		AddFilter(task, field, less ? "le" : "gt", psprintf("%.0f", floor(number)));
		return true;
	}
	holds = strcmp(op, "ne") == 0 || (less && number > 0) || (greater && number < 0);
	appendStringInfo(&task->query->where, "(%s %s %s)", field->compared, holds ? "=" : "<>", field->compared);
	return true;
}

/* Adds a comparison of the field with a literal, or with it and all its siblings. */
static void
AddCompared(const CqlTask *task, ResourceField *field, const char *op, const CqlNode *literal, bool siblings)
{
	StringInfoData list;

	CqlAt(task, literal);
	if (!siblings && AddBetweenWholes(task, field, op, literal))
		return;
	initStringInfo(&list);
	appendStringInfoChar(&list, '[');
	for (const CqlNode *at = literal; at != NULL; at = siblings ? Next(task, at) : NULL)
	{
		const char *wanted = WantedKind(field, at);
		char *text;

		if (wanted != NULL)
		{
			CqlAt(task, at);
			QueryError(task->query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
					   "\"%s{name}\" takes %s{what*}", field->name, wanted);
			return;
		}
		text = LiteralText(task, at, field);
		if (at != literal)
			appendStringInfoChar(&list, ',');
		WriteJsonText(&list, text, strlen(text));
	}
	appendStringInfoChar(&list, ']');
	CqlAt(task, literal);
	AddFilter(task, field, op, list.data);
}

/* LIKE. */
static void
AddLike(const CqlTask *task, ResourceField *field, const CqlNode *literal)
{
	if (field->kind != FIELD_TEXT && field->kind != FIELD_BPCHAR && field->kind != FIELD_NAME)
	{
		QueryError(task->query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
				   "LIKE is for texts, and \"%s{name}\" is none", field->name);
		return;
	}
	CqlAt(task, literal);
	AddFilter(task, field, "like", LiteralText(task, literal, field));
}

/* BETWEEN: both ends belong to it. */
static void
AddBetween(const CqlTask *task, ResourceField *field, const CqlNode *lower)
{
	appendStringInfoChar(&task->query->where, '(');
	AddCompared(task, field, "ge", lower, false);
	appendStringInfoString(&task->query->where, " AND ");
	AddCompared(task, field, "le", Next(task, lower), false);
	appendStringInfoChar(&task->query->where, ')');
}

/* An end of an interval: the comparison, or what an open end makes of it. */
static void
AddEnd(const CqlTask *task, ResourceField *field, const char *op, const CqlNode *end, bool open)
{
	if (end->kind == CQL_OPEN)
		appendStringInfoString(&task->query->where, open ? "true" : "false");
	else
		AddCompared(task, field, op, end, false);
}

/* The field's time and an interval. */
static void
AddInterval(const CqlTask *task, ResourceField *field, CqlTemporal op, const CqlNode *from)
{
	StringInfo where = &task->query->where;
	const CqlNode *to = Next(task, from);
	bool inside = op == CQL_DURING; /* the ends do not belong to it */

	if (op == CQL_AFTER)
		AddEnd(task, field, "gt", to, false);
	else if (op == CQL_BEFORE)
		AddEnd(task, field, "lt", from, false);
	else
	{
		appendStringInfoString(where, op == CQL_T_DISJOINT ? "NOT (" : "(");
		AddEnd(task, field, inside ? "gt" : "ge", from, true);
		appendStringInfoString(where, " AND ");
		AddEnd(task, field, inside ? "lt" : "le", to, true);
		appendStringInfoChar(where, ')');
	}
}

/* A temporal predicate: times of the table are instants, of a second or a day. */
static void
AddTemporal(const CqlTask *task, const CqlNode *node, ResourceField *field)
{
	const CqlNode *property = First(task, node);
	const CqlNode *time = Next(task, property);

	if (field->kind != FIELD_DATE && field->kind != FIELD_TIMESTAMP && field->kind != FIELD_TIMESTAMPTZ)
		QueryError(task->query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
				   "\"%s{name}\" is no time", field->name);
	else if (time->kind == CQL_INTERVAL)
		AddInterval(task, field, (CqlTemporal) node->op, First(task, time));
	else
		AddCompared(task, field,
					node->op == CQL_AFTER        ? "gt"
					: node->op == CQL_BEFORE     ? "lt"
					: node->op == CQL_T_DISJOINT ? "ne"
												 : "eq",
					time, false);
}

/* A predicate, whose first child is a property. */
static void
AddPredicate(const CqlTask *task, const CqlNode *node)
{
	static const char *const comparisons[] = {"eq", "ne", "lt", "gt", "le", "ge"};
	const CqlNode *property = First(task, node);
	const CqlNode *literal = Next(task, property);
	ResourceField *field = FieldOf(task, property);

	if (field == NULL)
		return;
	CqlAt(task, property);
	/* what is no filter is told at the property: the engine would at the value */
	if (node->kind == CQL_SPATIAL)
		AddCqlSpatial(task, node, field);
	else if (node->kind == CQL_IS_NULL)
		AddFilter(task, field, "isNull", "true");
	else if (!field->filterable)
		QueryError(task->query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
				   "\"%s{name}\" is not offered as a filter", field->name);
	else if (node->kind == CQL_COMPARE)
		AddCompared(task, field, comparisons[node->op], literal, false);
	else if (node->kind == CQL_LIKE)
		AddLike(task, field, literal);
	else if (node->kind == CQL_BETWEEN)
		AddBetween(task, field, literal);
	else if (node->kind == CQL_IN)
		AddCompared(task, field, "in", literal, true);
	else
		AddTemporal(task, node, field);
}

/* Any condition. The parser has bounded its depth. */
static void
AddCondition(const CqlTask *task, const CqlNode *node)
{
	StringInfo where = &task->query->where;
	const char *joint = node->kind == CQL_AND ? " AND " : " OR ";

	switch (node->kind)
	{
		case CQL_AND:
		case CQL_OR:
			appendStringInfoChar(where, '(');
			for (const CqlNode *child = First(task, node); child != NULL; child = Next(task, child))
			{
				AddCondition(task, child);
				if (child->next != CQL_NONE)
					appendStringInfoString(where, joint);
			}
			appendStringInfoChar(where, ')');
			break;
		case CQL_NOT:
			appendStringInfoString(where, "(NOT ");
			AddCondition(task, First(task, node));
			appendStringInfoChar(where, ')');
			break;
		case CQL_CONSTANT:
			appendStringInfoString(where, node->op ? "true" : "false");
			break;
		default:
			AddPredicate(task, node);
	}
}

void
AddCqlFilter(DataQuery *query, const QueryParam *param, const RequestCrs *crs)
{
	CqlFilter *filter = palloc(sizeof(CqlFilter));
	CqlTask task = {query, param, filter, crs};
	CqlError error;

	if (!cql_parse(param->values[0], param->lengths[0], filter, &error))
	{
		query->position = (int) error.position;
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER, "%s{why*}", error.message);
	}
	else
	{
		appendStringInfoString(&query->where, " AND ");
		AddCondition(&task, &filter->nodes[filter->root]);
	}
	query->position = 0;
	pfree(filter);
}
