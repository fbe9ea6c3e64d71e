/* What the documents about a layer have in common: its parameters in addresses, and where a map begins. */
#include "postgres.h"

#include <math.h>

#include "map/layer.h"
#include "text/percent.h"

#define ZOOM_SHOWN 14 /* the finest zoom that a map opens with */

int
ExtentZoom(const LayerExtent *extent)
{
	const DegreeBox *bounds = &extent->bounds;
	double width = Max(bounds->east - bounds->west, bounds->north - bounds->south);
	int zoom = ZOOM_SHOWN;

	while (zoom > 0 && width * ldexp(1, zoom) > 360)
		zoom--;
	return zoom;
}

void
WriteMiddle(StringInfo out, const LayerExtent *extent)
{
	const DegreeBox *bounds = &extent->bounds;

	appendStringInfo(out, "[%.6f,%.6f", (bounds->west + bounds->east) / 2,
					 (bounds->south + bounds->north) / 2);
}

/* Parameters that do not belong into an address that is shown: credentials, and what is not the tiles'. */
static bool
StaysOut(const char *name)
{
	static const char *const names[] = {"accessToken", "appCode", "authCode", "v", "lang"};

	for (int i = 0; i < lengthof(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* A text as it stands in a query. */
static void
WriteEncoded(StringInfo out, const char *text)
{
	size_t length = strlen(text);
	char *encoded = palloc(length * 3 + 1);

	appendBinaryStringInfo(out, encoded, (int) PercentText(text, length, "", encoded));
	pfree(encoded);
}

char *
LayerQuery(const DocumentWork *work)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < work->n; i++)
	{
		if (StaysOut(work->names[i]))
			continue;
		appendStringInfoChar(&out, out.len > 0 ? '&' : '?');
		WriteEncoded(&out, work->names[i]);
		appendStringInfoChar(&out, '=');
		WriteEncoded(&out, work->values[i]);
	}
	return out.data;
}
