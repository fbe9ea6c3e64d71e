/*
 * Between the two files that parse CQL2: cql_parse.c has conditions and literals, cql_geometry.c the
 * geometries in them. A reader goes over the text once; the first error ends it.
 */
#ifndef CBD_CQL_SCAN_H
#define CBD_CQL_SCAN_H

#include "ogc/cql_parse.h"
#include "text/span.h"

/* A text that is being parsed. */
typedef struct CqlReader
{
	const char *text;
	size_t length;
	size_t at;
	int depth;
	CqlFilter *filter;
	const char *error; /* NULL: none yet */
	size_t error_at;
} CqlReader;

/* Ends the reading with an error at a byte; returns CQL_NONE. */
static inline int
CqlFail(CqlReader *reader, size_t at, const char *message)
{
	if (reader->error == NULL)
	{
		reader->error = message;
		reader->error_at = at;
	}
	return CQL_NONE;
}

static inline void
CqlBlanks(CqlReader *reader)
{
	while (reader->at < reader->length &&
		   (reader->text[reader->at] == ' ' || reader->text[reader->at] == '\t' ||
			reader->text[reader->at] == '\n' || reader->text[reader->at] == '\r'))
		reader->at++;
}

/* Takes the character when it is the next one behind blanks. */
static inline bool
CqlTake(CqlReader *reader, char c)
{
	CqlBlanks(reader);
	if (reader->at >= reader->length || reader->text[reader->at] != c)
		return false;
	reader->at++;
	return true;
}

/* A new node that begins at a byte; CQL_NONE: there are too many, which is an error. */
extern int CqlAdd(CqlReader *reader, CqlKind kind, int op, size_t at);

/* Puts a child behind the last one of its parent; *last: CQL_NONE before the first. */
extern void CqlAppend(CqlReader *reader, int parent, int *last, int child);

/* The word at the reader, behind blanks: letters, digits, _ : . and what is no ASCII; empty: none. It is not
 * taken. */
extern Span CqlWord(CqlReader *reader);

/* Takes the word when it is the next one, in upper or lower case. */
extern bool CqlTakeWord(CqlReader *reader, const char *word);

/* Does a parenthesis follow this word at the reader? */
extern bool CqlIsCall(const CqlReader *reader, Span word);

/* A node of what is between two quotes, which begin at the reader. */
extern int CqlQuoted(CqlReader *reader, CqlKind kind);

/* A number with its sign, taken; false: there is none. */
extern bool CqlNumber(CqlReader *reader, Span *number, double *value);

/* The shape of that name; 0: none. */
extern int CqlShapeNamed(Span word);

/* The geometry whose name is the next word; CQL_NONE after an error. */
extern int CqlGeometry(CqlReader *reader);

#endif
