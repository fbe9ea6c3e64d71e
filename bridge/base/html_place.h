/*
 * Where in an HTML document a place of a template is, so that a value is only put where escaping makes it
 * harmless: in text, or in an attribute that has quotes. It reads the markup of templates, which we write
 * ourselves: well-formed, without HTML comments. Plain C over (buffer, length).
 */
#ifndef BRIDGE_HTML_PLACE_H
#define BRIDGE_HTML_PLACE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum HtmlPlace
{
	HTML_TEXT,   /* between tags */
	HTML_TAG,    /* between < and >, outside quotes */
	HTML_DOUBLE, /* in an attribute's value, "…" */
	HTML_SINGLE, /* the same, '…' */
	HTML_RAW     /* in <script> or <style>: nothing is escaped there */
} HtmlPlace;

#define HTML_NAME 16 /* longer ones are cut: they are none of those that matter */

/* All zero is the beginning of a document. */
typedef struct HtmlScan
{
	HtmlPlace place;
	char element[HTML_NAME]; /* name of the tag, as far as it fits */
	char name[HTML_NAME];    /* name of the attribute, or the letters since the last blank */
	size_t value;            /* bytes of the attribute's value so far */
	bool closing;            /* </… */
} HtmlScan;

/* Moves the scan over text[0..length). */
extern void HtmlMove(HtmlScan *scan, const char *text, size_t length);

/* Why an escaped value may not stand at this place; NULL: it may. */
extern const char *HtmlRefusesValue(const HtmlScan *scan);

#endif
