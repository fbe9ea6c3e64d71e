/* Emerging hot-spots; see hotspot_math.h. */
#include "statistics/hotspot_math.h"

#include <math.h>

#include "statistics/trend_math.h"

/* After so many cells, pause. */
#define PAUSE_CELLS 256

/* In so large a share of the slices at least, a cell is hot for good. */
#define LASTING_SHARE 0.9

/* z and marks of one slice. */
static void
mark_slice(const double *values, const Neighbours *neighbours, double significance, double *z, int8_t *marks,
		   const EmergingScratch *scratch)
{
	GridVerdict verdict = gi_star(values, neighbours, z);

	for (int32_t i = 0; i < neighbours->count; i++)
		scratch->p[i] = normal_two_sided(z[i]);
	(void) false_discovery(scratch->p, neighbours->count, significance, false, scratch->ranked,
						   scratch->discovered);
	for (int32_t i = 0; i < neighbours->count; i++)
	{
		bool judged = verdict == GRID_JUDGED && !isnan(z[i]);

		marks[i] = (int8_t) (!judged || !scratch->discovered[i] ? 0 : z[i] > 0 ? 1 : -1);
		z[i] = judged ? z[i] : 0;
	}
}

/* The class of the hot ones of the marks, `sign` 1, or of the cold ones, -1; 0: none. */
static int
class_of_sign(const int8_t *marks, int slices, int sign, double trend_z, bool trend)
{
	bool last = marks[slices - 1] == sign;
	int same = 0;
	int opposite = 0;
	int run = 0; /* slices without a break up to the last one */
	bool lasting;

	for (int s = 0; s < slices; s++)
	{
		same += marks[s] == sign;
		opposite += marks[s] == -sign;
		run = marks[s] == sign ? run + 1 : 0;
	}
	lasting = same >= LASTING_SHARE * slices;
	if (!last)
		return lasting ? EMERGING_HISTORICAL : EMERGING_NONE;
	if (lasting)
		return !trend               ? EMERGING_PERSISTENT
			   : trend_z * sign > 0 ? EMERGING_INTENSIFYING
									: EMERGING_DIMINISHING;
	if (opposite > 0)
		return EMERGING_OSCILLATING;
	if (same == 1)
		return EMERGING_NEW;
	return run == same ? EMERGING_CONSECUTIVE : EMERGING_SPORADIC;
}

int
emerging_class(const int8_t *marks, int slices, double trend_z, double trend_p, double significance)
{
	bool trend = trend_p <= significance;
	int hot = class_of_sign(marks, slices, 1, trend_z, trend);

	return hot != EMERGING_NONE ? hot : -class_of_sign(marks, slices, -1, trend_z, trend);
}

void
emerging_cells(const double *values, int slices, const Neighbours *neighbours, double significance, double *z,
			   int8_t *marks, const EmergingScratch *scratch, StatisticsPause pause, EmergingCell *out)
{
	size_t count = (size_t) neighbours->count;

	for (int s = 0; s < slices; s++)
	{
		pause();
		mark_slice(values + s * count, neighbours, significance, z + s * count, marks + s * count, scratch);
	}
	for (size_t i = 0; i < count; i++)
	{
		MannKendall trend;

		if (i % PAUSE_CELLS == 0)
			pause();
		out[i] = (EmergingCell){0};
		for (int s = 0; s < slices; s++)
		{
			scratch->series[s] = z[s * count + i];
			scratch->course[s] = marks[s * count + i];
			out[i].hot += scratch->course[s] > 0;
			out[i].cold += scratch->course[s] < 0;
		}
		mann_kendall(scratch->series, slices, scratch->sorted, pause, &trend);
		out[i].last_z = scratch->series[slices - 1];
		out[i].trend_z = trend.z;
		out[i].trend_p = trend.p;
		out[i].cls = emerging_class(scratch->course, slices, trend.z, trend.p, significance);
	}
}
