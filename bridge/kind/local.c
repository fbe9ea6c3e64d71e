/*
 * What the bridge answers by itself, without the database: local parts of rows, whose kind makes the
 * reply.
 */
#include "kind/kinds.h"

void
LocalStatusCodes(Request *request)
{
	Text text = {NULL, 0, 0};

	TextAddString(&text, "{\"items\":[");
	for (int i = 0; i < status_row_count; i++)
	{
		TextPrint(&text,
				  "%s{\"statusCode\":%d,\"httpStatus\":%d,\"name\":\"%s\",\"message\":", i > 0 ? "," : "",
				  status_rows[i].number, status_rows[i].http, status_rows[i].name);
		TextAddJson(&text, status_rows[i].english);
		TextAddString(&text, ",\"messageZh\":");
		TextAddJson(&text, status_rows[i].chinese);
		TextAddString(&text, "}");
	}
	TextAddString(&text, "]}");
	KeepData(request, &text);
}

void
LocalHealth(Request *request)
{
	Text text = {NULL, 0, 0};

	TextAddString(&text, "{\"version\":\"" CBD_VERSION "\"}");
	KeepData(request, &text);
}
