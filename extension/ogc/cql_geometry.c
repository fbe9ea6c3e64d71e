/* Geometries of CQL2: WKT (OGC 06-103r4) and BBOX, in plain C; see cql_parse.h. A third number of a point,
 * its height, is read and left out. */
#include "ogc/cql_scan.h"

#include "text/message.h"

#define NO_PARENTHESIS MESSAGE("a parenthesis is missing; for example POLYGON((0 0, 1 0, 1 1, 0 0))")

/* A shape by its name, and the shape of its parts; 0: points. */
typedef struct ShapeName
{
	const char *name;
	CqlShape shape;
	int parts;
} ShapeName;

static const ShapeName shapes[] = {{"POINT", CQL_POINT, 0},
								   {"LINESTRING", CQL_LINE, 0},
								   {"POLYGON", CQL_POLYGON, 0},
								   {"MULTIPOINT", CQL_MULTIPOINT, CQL_POINT},
								   {"MULTILINESTRING", CQL_MULTILINE, CQL_LINE},
								   {"MULTIPOLYGON", CQL_MULTIPOLYGON, CQL_POLYGON},
								   {"GEOMETRYCOLLECTION", CQL_COLLECTION, CQL_COLLECTION},
								   {"BBOX", CQL_BOX, 0},
								   {"ENVELOPE", CQL_BOX, 0}};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static int ReadShape(CqlReader *reader, int shape, size_t at);

int
CqlShapeNamed(Span word)
{
	for (size_t i = 0; i < SHAPES; i++)
		if (SpanIsAnyCase(word, shapes[i].name))
			return (int) shapes[i].shape;
	return 0;
}

/* Reads one number into *value; false after an error. */
static bool
ReadNumber(CqlReader *reader, double *value)
{
	Span number;
	size_t at = reader->at;

	if (CqlNumber(reader, &number, value))
		return true;
	(void) CqlFail(reader, at,
				   MESSAGE("a number is missing; a point has two numbers with a blank between them"));
	return false;
}

/* Keeps a point; false after an error. */
static bool
KeepPoint(CqlReader *reader, double x, double y)
{
	CqlFilter *filter = reader->filter;

	if (filter->nnumbers + 2 > CQL_NUMBERS)
	{
		(void) CqlFail(reader, reader->at, MESSAGE("more than 2048 points in the geometries of a filter"));
		return false;
	}
	filter->numbers[filter->nnumbers++] = x;
	filter->numbers[filter->nnumbers++] = y;
	return true;
}

/* x y, or x y z. */
static bool
ReadPoint(CqlReader *reader)
{
	double x, y, z;
	Span number;

	if (!ReadNumber(reader, &x) || !ReadNumber(reader, &y))
		return false;
	(void) CqlNumber(reader, &number, &z);
	return KeepPoint(reader, x, y);
}

/* Points in parentheses, joined by commas, as many as a point, a line or a ring has. */
static int
ReadPoints(CqlReader *reader, int shape)
{
	CqlFilter *filter = reader->filter;
	size_t at = reader->at;
	int node = CqlAdd(reader, CQL_POINTS, 0, at);
	const double *numbers;
	int points = 0;
	int last;

	if (node == CQL_NONE || !CqlTake(reader, '('))
		return node == CQL_NONE ? node : CqlFail(reader, at, NO_PARENTHESIS);
	filter->nodes[node].number = filter->nnumbers;
	do
	{
		if (!ReadPoint(reader))
			return CQL_NONE;
		points++;
	} while (shape != CQL_POINT && CqlTake(reader, ','));
	if (!CqlTake(reader, ')'))
		return CqlFail(reader, reader->at, NO_PARENTHESIS);
	filter->nodes[node].points = points;
	if (shape == CQL_LINE && points < 2)
		return CqlFail(reader, at, MESSAGE("a line has two points or more"));
	numbers = filter->numbers + filter->nodes[node].number;
	last = (points - 1) * 2;
	if (shape == CQL_POLYGON &&
		(points < 4 || numbers[0] != numbers[last] || numbers[1] != numbers[last + 1]))
		return CqlFail(reader, at, MESSAGE("a ring has four points or more, and ends where it begins"));
	return node;
}

/* The four or six numbers of a box, as the two points of its corners. */
static int
ReadBox(CqlReader *reader, int node)
{
	const char *wrong = MESSAGE("BBOX has four or six numbers; for example BBOX(116.3,39.8,116.5,40.0)");
	CqlFilter *filter = reader->filter;
	double box[6];
	int last = CQL_NONE;
	int n = 0;
	int points;

	if (!CqlTake(reader, '('))
		return CqlFail(reader, reader->at, wrong);
	do
	{
		if (n == 6)
			return CqlFail(reader, reader->at, wrong);
		if (!ReadNumber(reader, &box[n++]))
			return CQL_NONE;
	} while (CqlTake(reader, ','));
	if (!CqlTake(reader, ')') || (n != 4 && n != 6))
		return CqlFail(reader, reader->at, wrong);
	points = CqlAdd(reader, CQL_POINTS, 0, filter->nodes[node].at);
	if (points == CQL_NONE)
		return points;
	filter->nodes[points].number = filter->nnumbers;
	filter->nodes[points].points = 2;
	CqlAppend(reader, node, &last, points);
	return KeepPoint(reader, box[0], box[1]) && KeepPoint(reader, box[n / 2], box[n / 2 + 1]) ? node
																							  : CQL_NONE;
}

/* One part of a geometry of several: points without their name, or a geometry with it. */
static int
ReadPart(CqlReader *reader, int shape)
{
	size_t at;
	Span word;

	if (shape == CQL_COLLECTION)
		return CqlGeometry(reader);
	CqlBlanks(reader);
	at = reader->at;
	/* MULTIPOINT(0 0, 1 1), as many write it */
	if (shape == CQL_POINT && at < reader->length && reader->text[at] != '(')
	{
		int node = CqlAdd(reader, CQL_GEOMETRY, CQL_POINT, at);
		int points = node == CQL_NONE ? node : CqlAdd(reader, CQL_POINTS, 0, at);
		int last = CQL_NONE;

		if (points == CQL_NONE)
			return points;
		reader->filter->nodes[points].number = reader->filter->nnumbers;
		reader->filter->nodes[points].points = 1;
		CqlAppend(reader, node, &last, points);
		return ReadPoint(reader) ? node : CQL_NONE;
	}
	word = CqlWord(reader);
	return word.length > 0 ? CqlFail(reader, at, NO_PARENTHESIS) : ReadShape(reader, shape, at);
}

/* What follows the name of a shape. */
static int
ReadShape(CqlReader *reader, int shape, size_t at)
{
	int node = CqlAdd(reader, CQL_GEOMETRY, shape, at);
	int parts = 0;
	int last = CQL_NONE;

	if (node == CQL_NONE || shape == CQL_BOX)
		return node == CQL_NONE ? node : ReadBox(reader, node);
	for (size_t i = 0; i < SHAPES; i++)
		if ((int) shapes[i].shape == shape)
			parts = shapes[i].parts;
	if (shape == CQL_POINT || shape == CQL_LINE)
	{
		int points = ReadPoints(reader, shape);

		if (points == CQL_NONE)
			return points;
		CqlAppend(reader, node, &last, points);
		return node;
	}
	if (!CqlTake(reader, '('))
		return CqlFail(reader, reader->at, NO_PARENTHESIS);
	do
	{
		int part;

		CqlBlanks(reader);
		part = shape == CQL_POLYGON ? ReadPoints(reader, CQL_POLYGON) : ReadPart(reader, parts);
		if (part == CQL_NONE)
			return part;
		CqlAppend(reader, node, &last, part);
	} while (CqlTake(reader, ','));
	return CqlTake(reader, ')') ? node : CqlFail(reader, reader->at, NO_PARENTHESIS);
}

int
CqlGeometry(CqlReader *reader)
{
	Span word = CqlWord(reader);
	size_t at = reader->at;
	int shape = CqlShapeNamed(word);
	int node;

	if (shape == 0)
		return CqlFail(reader, at,
					   MESSAGE("unknown geometry; known are POINT, LINESTRING, POLYGON, MULTIPOINT, "
							   "MULTILINESTRING, MULTIPOLYGON, GEOMETRYCOLLECTION and BBOX"));
	if (++reader->depth > CQL_DEPTH)
		return CqlFail(reader, at, MESSAGE("more than 32 parentheses or NOT inside each other"));
	reader->at += word.length;
	node = ReadShape(reader, shape, at);
	reader->depth--;
	return node;
}
