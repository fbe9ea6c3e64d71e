/* CQL2 filters: any text; what is accepted is a tree whose nodes are inside it, once each, and whose texts
 * and points are inside the text and the numbers. */
#include <stdlib.h>
#include <string.h>

#include "ogc/cql_parse.h"
#include "text/param_parse.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Has the node as many children as its kind, and are they good? Returns the nodes of the tree. */
static int
CheckNode(const CqlFilter *filter, const char *text, size_t size, int number, int depth)
{
	const CqlNode *node = &filter->nodes[number];
	int children = 0;
	int nodes = 1;

	CHECK(number >= 0 && number < filter->nnodes && depth < 4 * CQL_DEPTH);
	CHECK(node->at <= size && node->text <= size && node->length <= size - node->text);
	for (int child = node->first; child != CQL_NONE; child = filter->nodes[child].next, children++)
		nodes += CheckNode(filter, text, size, child, depth + 1);
	switch (node->kind)
	{
		case CQL_AND:
		case CQL_OR:
		case CQL_IN:
			CHECK(children >= 2);
			break;
		case CQL_NOT:
		case CQL_IS_NULL:
			CHECK(children == 1);
			break;
		case CQL_BETWEEN:
			CHECK(children == 3);
			break;
		case CQL_COMPARE:
		case CQL_LIKE:
		case CQL_SPATIAL:
		case CQL_TEMPORAL:
			CHECK(children == 2 && filter->nodes[node->first].kind == CQL_PROPERTY);
			break;
		case CQL_INTERVAL:
			CHECK(children == 2);
			break;
		case CQL_GEOMETRY:
			CHECK(children >= 1 && node->op >= CQL_POINT && node->op <= CQL_BOX);
			break;
		case CQL_POINTS:
			CHECK(children == 0 && node->points >= 1 && node->number >= 0 &&
				  node->number + 2 * node->points <= filter->nnumbers);
			break;
		default:
			CHECK(children == 0);
	}
	if (node->kind == CQL_TEXT)
	{
		char *out = malloc(node->length + 1);

		CHECK(cql_text(text, node, out) <= node->length);
		free(out);
	}
	if (node->kind == CQL_NUMBER)
	{
		char *out = malloc(node->length + 1);
		double value;

		CHECK(double_parse(out, cql_number(text + node->text, node->length, out), &value));
		free(out);
	}
	return nodes;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size > 0 ? size : 1); /* exactly as long: reading past the end is seen */
	CqlFilter *filter = malloc(sizeof(CqlFilter));
	CqlError error = {0, NULL};

	if (size > 0)
		memcpy(text, data, size);
	if (cql_parse(text, size, filter, &error))
		CHECK(CheckNode(filter, text, size, filter->root, 0) <= filter->nnodes &&
			  filter->nnumbers <= CQL_NUMBERS);
	else
		CHECK(error.message != NULL && error.position >= 1 && error.position <= size + 1);
	free(filter);
	free(text);
	return 0;
}
