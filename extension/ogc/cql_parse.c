/* Conditions of CQL2 text by recursive descent, in plain C; see cql_parse.h. OR binds least, then AND, NOT.
 */
#include "ogc/cql_scan.h"

#include "text/message.h"

#define NO_OPERAND MESSAGE("a property or a value is missing; for example power > 100")
#define NO_TIME                                                                                              \
	MESSAGE("a temporal predicate needs a property and a time; for example T_AFTER(createTime, "             \
			"TIMESTAMP('2024-01-02T03:04:05Z'))")
#define NO_GEOMETRY                                                                                          \
	MESSAGE("a spatial predicate needs a property and a geometry; for example S_INTERSECTS(geometry, "       \
			"BBOX(116.3,39.8,116.5,40.0))")

/* A function that is a predicate: its kind, and its op with the property first and last; -1: it must be
 * first.
 */
typedef struct Predicate
{
	const char *name;
	CqlKind kind;
	int op, flipped;
} Predicate;

static const Predicate predicates[] = {{"S_INTERSECTS", CQL_SPATIAL, CQL_INTERSECTS, CQL_INTERSECTS},
									   {"S_EQUALS", CQL_SPATIAL, CQL_EQUALS, CQL_EQUALS},
									   {"S_DISJOINT", CQL_SPATIAL, CQL_DISJOINT, CQL_DISJOINT},
									   {"S_TOUCHES", CQL_SPATIAL, CQL_TOUCHES, CQL_TOUCHES},
									   {"S_WITHIN", CQL_SPATIAL, CQL_WITHIN, CQL_CONTAINS},
									   {"S_OVERLAPS", CQL_SPATIAL, CQL_OVERLAPS, CQL_OVERLAPS},
									   {"S_CROSSES", CQL_SPATIAL, CQL_CROSSES, CQL_CROSSES},
									   {"S_CONTAINS", CQL_SPATIAL, CQL_CONTAINS, CQL_WITHIN},
									   {"T_AFTER", CQL_TEMPORAL, CQL_AFTER, CQL_BEFORE},
									   {"T_BEFORE", CQL_TEMPORAL, CQL_BEFORE, CQL_AFTER},
									   {"T_DURING", CQL_TEMPORAL, CQL_DURING, -1},
									   {"T_EQUALS", CQL_TEMPORAL, CQL_T_EQUALS, CQL_T_EQUALS},
									   {"T_INTERSECTS", CQL_TEMPORAL, CQL_T_INTERSECTS, CQL_T_INTERSECTS},
									   {"T_DISJOINT", CQL_TEMPORAL, CQL_T_DISJOINT, CQL_T_DISJOINT}};
#define PREDICATES (sizeof(predicates) / sizeof(predicates[0]))

static int ReadCondition(CqlReader *reader);

/* Is it yyyy-MM-dd, and behind it nothing (`day`) or a T (`time`)? Its digits are the caller's to judge. */
static bool
IsInstant(const char *text, size_t length, bool day, bool time)
{
	if (length < 10)
		return false;
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return length == 10 ? day : time && text[10] == 'T';
}

/* DATE('...') or TIMESTAMP('...'), whose word is at the reader. */
static int
ReadInstant(CqlReader *reader)
{
	size_t at = reader->at;
	bool day = CqlTakeWord(reader, "DATE");
	const char *wrong = day ? MESSAGE("not a date; for example DATE('2024-01-02')")
							: MESSAGE("not a time; for example TIMESTAMP('2024-01-02T03:04:05Z')");
	CqlNode *node;
	int number;

	if (!day)
		(void) CqlTakeWord(reader, "TIMESTAMP");
	if (!CqlTake(reader, '('))
		return CqlFail(reader, at, wrong);
	CqlBlanks(reader);
	if (reader->at >= reader->length || reader->text[reader->at] != '\'')
		return CqlFail(reader, reader->at, wrong);
	number = CqlQuoted(reader, CQL_INSTANT);
	if (number == CQL_NONE)
		return number;
	node = &reader->filter->nodes[number];
	if (!IsInstant(reader->text + node->text, node->length, day, !day))
		return CqlFail(reader, node->at, wrong);
	if (!CqlTake(reader, ')'))
		return CqlFail(reader, reader->at, MESSAGE("a closing parenthesis is missing"));
	return number;
}

/* A property or a literal. */
static int
ReadOperand(CqlReader *reader)
{
	Span word = CqlWord(reader);
	size_t at = reader->at;
	Span number;
	double value;
	int node;

	if (at < reader->length && (reader->text[at] == '\'' || reader->text[at] == '"'))
		return CqlQuoted(reader, reader->text[at] == '\'' ? CQL_TEXT : CQL_PROPERTY);
	if (CqlNumber(reader, &number, &value))
	{
		node = CqlAdd(reader, CQL_NUMBER, 0, at);
		if (node != CQL_NONE)
		{
			reader->filter->nodes[node].text = at;
			reader->filter->nodes[node].length = number.length;
		}
		return node;
	}
	if (word.length == 0 || SpanIsAnyCase(word, "AND") || SpanIsAnyCase(word, "OR") ||
		SpanIsAnyCase(word, "NOT"))
		return CqlFail(reader, at, NO_OPERAND);
	if (CqlIsCall(reader, word) && (SpanIsAnyCase(word, "DATE") || SpanIsAnyCase(word, "TIMESTAMP")))
		return ReadInstant(reader);
	if (CqlIsCall(reader, word))
		return CqlFail(
			reader, at,
			MESSAGE("unknown function; known are S_INTERSECTS, S_EQUALS, S_DISJOINT, S_TOUCHES, S_WITHIN, "
					"S_OVERLAPS, S_CROSSES, S_CONTAINS, T_AFTER, T_BEFORE, T_DURING, T_EQUALS, "
					"T_INTERSECTS, T_DISJOINT, DATE, TIMESTAMP, INTERVAL, BBOX"));
	reader->at += word.length;
	if (SpanIsAnyCase(word, "TRUE") || SpanIsAnyCase(word, "FALSE"))
		return CqlAdd(reader, CQL_TRUTH, SpanIsAnyCase(word, "TRUE"), at);
	node = CqlAdd(reader, CQL_PROPERTY, 0, at);
	if (node != CQL_NONE)
	{
		reader->filter->nodes[node].text = at;
		reader->filter->nodes[node].length = word.length;
	}
	return node;
}

/* Takes a comparison operator; -1: there is none. */
static int
TakeComparison(CqlReader *reader)
{
	if (CqlTake(reader, '='))
		return CQL_EQ;
	if (CqlTake(reader, '<'))
		return CqlTake(reader, '>') ? CQL_NE : CqlTake(reader, '=') ? CQL_LE : CQL_LT;
	if (CqlTake(reader, '>'))
		return CqlTake(reader, '=') ? CQL_GE : CQL_GT;
	return -1;
}

/* property op literal, or literal op property, whose left side was read. */
static int
ReadComparison(CqlReader *reader, int left, int op)
{
	static const CqlComparison flipped[] = {CQL_EQ, CQL_NE, CQL_GT, CQL_LT, CQL_GE, CQL_LE};
	CqlNode *nodes = reader->filter->nodes;
	int right = ReadOperand(reader);
	int node;
	int last = CQL_NONE;

	if (right == CQL_NONE)
		return right;
	if (nodes[left].kind == CQL_PROPERTY && nodes[right].kind == CQL_PROPERTY)
		return CqlFail(
			reader, nodes[right].at,
			MESSAGE("two properties are compared; one side must be a value, for example power > 100"));
	if (nodes[left].kind != CQL_PROPERTY && nodes[right].kind != CQL_PROPERTY)
		return CqlFail(
			reader, nodes[left].at,
			MESSAGE("two values are compared; one side must be a property, for example power > 100"));
	node = CqlAdd(reader, CQL_COMPARE, nodes[left].kind == CQL_PROPERTY ? op : (int) flipped[op],
				  nodes[left].at);
	if (node == CQL_NONE)
		return node;
	CqlAppend(reader, node, &last, nodes[left].kind == CQL_PROPERTY ? left : right);
	CqlAppend(reader, node, &last, nodes[left].kind == CQL_PROPERTY ? right : left);
	return node;
}

/* The next operand as a child of `node`, which must be a literal; false after an error. */
static bool
ReadLiteral(CqlReader *reader, int node, int *last, const char *wrong)
{
	size_t at = reader->at;
	int literal = ReadOperand(reader);

	if (literal != CQL_NONE && reader->filter->nodes[literal].kind == CQL_PROPERTY)
		literal = CqlFail(reader, at, wrong);
	if (literal != CQL_NONE)
		CqlAppend(reader, node, last, literal);
	return literal != CQL_NONE;
}

/* LIKE, BETWEEN, IN behind a property, and their NOT. CQL_NONE without an error: none of them follows. */
static int
ReadAdvanced(CqlReader *reader, int property)
{
	bool negated = CqlTakeWord(reader, "NOT");
	size_t at = reader->filter->nodes[property].at;
	CqlKind kind = CqlTakeWord(reader, "LIKE")      ? CQL_LIKE
				   : CqlTakeWord(reader, "BETWEEN") ? CQL_BETWEEN
				   : CqlTakeWord(reader, "IN")      ? CQL_IN
													: CQL_NOT;
	int node = kind == CQL_NOT ? CQL_NONE : CqlAdd(reader, kind, 0, at);
	int last = CQL_NONE;
	int outer;
	const char *wrong =
		kind == CQL_LIKE ? MESSAGE("LIKE needs a text; for example name LIKE 'a%'")
		: kind == CQL_IN
			? MESSAGE("IN needs values in parentheses; for example type IN ('a', 'b')")
			: MESSAGE("BETWEEN needs two values joined by AND; for example power BETWEEN 10 AND 20");

	if (node == CQL_NONE)
		return negated ? CqlFail(reader, reader->at, MESSAGE("NOT needs LIKE, BETWEEN or IN behind it"))
					   : node;
	CqlAppend(reader, node, &last, property);
	if (kind == CQL_IN && !CqlTake(reader, '('))
		return CqlFail(reader, reader->at, wrong);
	if (!ReadLiteral(reader, node, &last, wrong))
		return CQL_NONE;
	if (kind == CQL_LIKE && reader->filter->nodes[last].kind != CQL_TEXT)
		return CqlFail(reader, reader->filter->nodes[last].at, wrong);
	if (kind == CQL_BETWEEN && !CqlTakeWord(reader, "AND"))
		return CqlFail(reader, reader->at, wrong);
	if (kind == CQL_BETWEEN && !ReadLiteral(reader, node, &last, wrong))
		return CQL_NONE;
	while (kind == CQL_IN && CqlTake(reader, ','))
		if (!ReadLiteral(reader, node, &last, wrong))
			return CQL_NONE;
	if (kind == CQL_IN && !CqlTake(reader, ')'))
		return CqlFail(reader, reader->at, wrong);
	if (!negated)
		return node;
	outer = CqlAdd(reader, CQL_NOT, 0, at);
	last = CQL_NONE;
	if (outer != CQL_NONE)
		CqlAppend(reader, outer, &last, node);
	return outer;
}

/* IS [NOT] NULL behind a property, whose IS was taken. */
static int
ReadIsNull(CqlReader *reader, int property)
{
	bool negated = CqlTakeWord(reader, "NOT");
	int node;
	int outer;
	int last = CQL_NONE;

	if (!CqlTakeWord(reader, "NULL"))
		return CqlFail(reader, reader->at, MESSAGE("IS needs NULL or NOT NULL behind it"));
	node = CqlAdd(reader, CQL_IS_NULL, 0, reader->filter->nodes[property].at);
	if (node == CQL_NONE)
		return node;
	CqlAppend(reader, node, &last, property);
	if (!negated)
		return node;
	outer = CqlAdd(reader, CQL_NOT, 0, reader->filter->nodes[property].at);
	last = CQL_NONE;
	if (outer != CQL_NONE)
		CqlAppend(reader, outer, &last, node);
	return outer;
}

/* One end of an interval: 'yyyy-MM-dd', a date-time, '..', or DATE() and TIMESTAMP(). */
static int
ReadEnd(CqlReader *reader)
{
	const char *wrong = MESSAGE(
		"an interval has two ends, of which one may be open; for example INTERVAL('2024-01-02', '..')");
	CqlNode *node;
	int number;

	CqlBlanks(reader);
	if (reader->at >= reader->length || reader->text[reader->at] != '\'')
	{
		Span word = CqlWord(reader);

		return SpanIsAnyCase(word, "DATE") || SpanIsAnyCase(word, "TIMESTAMP")
				   ? ReadInstant(reader)
				   : CqlFail(reader, reader->at, wrong);
	}
	number = CqlQuoted(reader, CQL_INSTANT);
	if (number == CQL_NONE)
		return number;
	node = &reader->filter->nodes[number];
	if (SpanIs((Span){reader->text + node->text, node->length}, ".."))
		node->kind = CQL_OPEN;
	else if (!IsInstant(reader->text + node->text, node->length, true, true))
		return CqlFail(reader, node->at, wrong);
	return number;
}

/* INTERVAL(from, to), whose word was taken. */
static int
ReadInterval(CqlReader *reader, size_t at)
{
	const char *wrong = MESSAGE(
		"an interval has two ends, of which one may be open; for example INTERVAL('2024-01-02', '..')");
	int node = CqlAdd(reader, CQL_INTERVAL, 0, at);
	int last = CQL_NONE;

	if (node == CQL_NONE)
		return node;
	for (int i = 0; i < 2; i++)
	{
		int end = CqlTake(reader, i == 0 ? '(' : ',') ? ReadEnd(reader) : CqlFail(reader, reader->at, wrong);

		if (end == CQL_NONE)
			return end;
		CqlAppend(reader, node, &last, end);
	}
	if (!CqlTake(reader, ')') || (reader->filter->nodes[last].kind == CQL_OPEN &&
								  reader->filter->nodes[reader->filter->nodes[node].first].kind == CQL_OPEN))
		return CqlFail(reader, reader->at, wrong);
	return node;
}

/* An argument of a spatial or temporal predicate: a property, a geometry, an instant, an interval. */
static int
ReadArgument(CqlReader *reader, CqlKind kind)
{
	Span word = CqlWord(reader);
	size_t at = reader->at;

	if (kind == CQL_SPATIAL && CqlIsCall(reader, word))
		return CqlGeometry(reader);
	if (kind == CQL_TEMPORAL && CqlIsCall(reader, word) && CqlTakeWord(reader, "INTERVAL"))
		return ReadInterval(reader, at);
	return ReadOperand(reader);
}

/* Is the node what the predicate compares a property with? */
static bool
IsOther(const Predicate *predicate, const CqlNode *node)
{
	if (predicate->kind == CQL_SPATIAL)
		return node->kind == CQL_GEOMETRY;
	return (node->kind == CQL_INSTANT && predicate->op != CQL_DURING) ||
		   (node->kind == CQL_INTERVAL && predicate->op != CQL_T_EQUALS);
}

/* A spatial or temporal predicate, whose name was taken. */
static int
ReadPredicate(CqlReader *reader, const Predicate *predicate, size_t at)
{
	const char *wrong =
		predicate->kind == CQL_SPATIAL ? NO_GEOMETRY
		: predicate->op == CQL_DURING
			? MESSAGE("T_DURING needs a property and an interval; for example T_DURING(createTime, "
					  "INTERVAL('2024-01-01', '2024-02-01'))")
			: NO_TIME;
	CqlNode *nodes = reader->filter->nodes;
	int sides[2];
	int last = CQL_NONE;
	int node;
	bool flipped;

	for (int i = 0; i < 2; i++)
	{
		if (!CqlTake(reader, i == 0 ? '(' : ','))
			return CqlFail(reader, reader->at, wrong);
		sides[i] = ReadArgument(reader, predicate->kind);
		if (sides[i] == CQL_NONE)
			return CQL_NONE;
	}
	if (!CqlTake(reader, ')'))
		return CqlFail(reader, reader->at, MESSAGE("a closing parenthesis is missing"));
	flipped = nodes[sides[0]].kind != CQL_PROPERTY;
	if (nodes[sides[flipped ? 1 : 0]].kind != CQL_PROPERTY ||
		!IsOther(predicate, &nodes[sides[flipped ? 0 : 1]]) || (flipped && predicate->flipped < 0))
		return CqlFail(reader, at, wrong);
	node = CqlAdd(reader, predicate->kind, flipped ? predicate->flipped : predicate->op, at);
	if (node == CQL_NONE)
		return node;
	CqlAppend(reader, node, &last, sides[flipped ? 1 : 0]);
	CqlAppend(reader, node, &last, sides[flipped ? 0 : 1]);
	return node;
}

/* A predicate, a constant, or a condition in parentheses. */
static int
ReadPrimary(CqlReader *reader)
{
	Span word = CqlWord(reader);
	size_t at = reader->at;
	CqlNode *nodes = reader->filter->nodes;
	int node;
	int op;

	for (size_t i = 0; i < PREDICATES && CqlIsCall(reader, word); i++)
		if (SpanIsAnyCase(word, predicates[i].name))
		{
			reader->at += word.length;
			return ReadPredicate(reader, &predicates[i], at);
		}
	if (CqlTake(reader, '('))
	{
		if (++reader->depth > CQL_DEPTH)
			return CqlFail(reader, at, MESSAGE("more than 32 parentheses or NOT inside each other"));
		node = ReadCondition(reader);
		reader->depth--;
		return node == CQL_NONE || CqlTake(reader, ')')
				   ? node
				   : CqlFail(reader, reader->at, MESSAGE("a closing parenthesis is missing"));
	}
	node = ReadOperand(reader);
	if (node == CQL_NONE)
		return node;
	op = TakeComparison(reader);
	if (op >= 0)
		return ReadComparison(reader, node, op);
	if (nodes[node].kind == CQL_TRUTH)
	{
		nodes[node].kind = CQL_CONSTANT;
		return node;
	}
	if (nodes[node].kind != CQL_PROPERTY)
		return CqlFail(reader, at, NO_OPERAND);
	if (CqlTakeWord(reader, "IS"))
		return ReadIsNull(reader, node);
	node = ReadAdvanced(reader, node);
	if (node != CQL_NONE || reader->error != NULL)
		return node;
	return CqlFail(
		reader, reader->at,
		MESSAGE("a comparison is missing; for example power > 100, name LIKE 'a%', checkedAt IS NULL"));
}

/* A primary with any number of NOT in front. */
static int
ReadFactor(CqlReader *reader)
{
	Span word = CqlWord(reader);
	size_t at = reader->at;
	int child;
	int node;
	int last = CQL_NONE;

	if (!SpanIsAnyCase(word, "NOT"))
		return ReadPrimary(reader);
	reader->at += word.length;
	if (++reader->depth > CQL_DEPTH)
		return CqlFail(reader, at, MESSAGE("more than 32 parentheses or NOT inside each other"));
	child = ReadFactor(reader);
	reader->depth--;
	node = child == CQL_NONE ? CQL_NONE : CqlAdd(reader, CQL_NOT, 0, at);
	if (node != CQL_NONE)
		CqlAppend(reader, node, &last, child);
	return node;
}

/* Parts joined by one word. */
static int
ReadJoined(CqlReader *reader, CqlKind kind, const char *word, int (*part)(CqlReader *))
{
	int first = part(reader);
	int last = CQL_NONE;
	int node;

	if (first == CQL_NONE || !CqlTakeWord(reader, word))
		return first;
	node = CqlAdd(reader, kind, 0, reader->filter->nodes[first].at);
	if (node == CQL_NONE)
		return node;
	CqlAppend(reader, node, &last, first);
	do
	{
		int next = part(reader);

		if (next == CQL_NONE)
			return next;
		CqlAppend(reader, node, &last, next);
	} while (CqlTakeWord(reader, word));
	return node;
}

static int
ReadTerm(CqlReader *reader)
{
	return ReadJoined(reader, CQL_AND, "AND", ReadFactor);
}

/* A whole condition. */
static int
ReadCondition(CqlReader *reader)
{
	return ReadJoined(reader, CQL_OR, "OR", ReadTerm);
}

bool
cql_parse(const char *text, size_t length, CqlFilter *filter, CqlError *error)
{
	CqlReader reader = {.text = text, .length = length, .filter = filter};

	filter->nnodes = 0;
	filter->nnumbers = 0;
	filter->root = ReadCondition(&reader);
	CqlBlanks(&reader);
	if (reader.error == NULL && reader.at < length)
		(void) CqlFail(
			&reader, reader.at,
			MESSAGE("something is left over behind the condition; conditions are joined by AND or OR"));
	if (reader.error == NULL)
		return true;
	error->message = reader.error;
	error->position = cql_position(text, reader.error_at);
	return false;
}
