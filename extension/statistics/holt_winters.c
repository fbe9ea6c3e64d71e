/* Holt-Winters: state, search of the parameters, forecast; see forecast_math.h. */
#include "statistics/forecast_math.h"

#include <math.h>
#include <string.h>

/* Bounds of the parameters. */
#define LEAST_SHARE 0.0001
#define MOST_SHARE  0.9999
#define LEAST_PHI   0.8
#define MOST_PHI    0.98

/* The search: places of the grid it goes on from, and evaluations of each at most. */
#define STARTS      3
#define EVALUATIONS 400
#define DIMENSIONS  4

/* Of the unit cube: alpha, beta, gamma as a share of 1 - alpha, phi. Without a season the third, without
 * damping the fourth has no effect. */
typedef struct Place
{
	double at[DIMENSIONS];
	double squares;
} Place;

/* What is searched. */
typedef struct Search
{
	const double *series;
	int count;
	const HoltWinters *begin;
	int active[DIMENSIONS]; /* the dimensions that have an effect */
	int dimensions;
} Search;

void
holt_winters_begin(const double *series, int count, int season, HoltWinters *state)
{
	/* without a season: two stretches of up to ten values take its place */
	int stretch = season > 1 ? season : count / 2 < 10 ? count / 2 : 10;
	double first = mean_of(series, (size_t) stretch);
	double second = mean_of(series + stretch, (size_t) stretch);

	state->season = season;
	state->trend = (second - first) / stretch;
	state->level = first - state->trend * (stretch + 1) / 2;
	for (int i = 0; i < season && season > 1; i++)
	{
		double early = series[i] - (state->level + state->trend * (i + 1));
		double late = series[i + season] - (state->level + state->trend * (i + season + 1));

		state->seasonal[i] = (early + late) / 2;
	}
}

double
holt_winters_run(const double *series, int count, HoltWinters *state)
{
	HoltWinters kept;
	double squares = 0;
	int place = 0;

	for (int t = 0; t < count; t++)
	{
		double ahead = state->level + state->phi * state->trend;
		double error = series[t] - ahead - (state->season > 1 ? state->seasonal[place] : 0);

		squares += error * error;
		state->level = ahead + state->alpha * error;
		state->trend = state->phi * state->trend + state->alpha * state->beta * error;
		if (state->season > 1)
		{
			state->seasonal[place] += state->gamma * error;
			place = place + 1 == state->season ? 0 : place + 1;
		}
	}
	if (place > 0)
	{
		kept = *state;
		for (int i = 0; i < state->season; i++)
			state->seasonal[i] = kept.seasonal[(place + i) % state->season];
	}
	return squares;
}

/* The parameters of a place of the cube; what is outside of it counts as its border. */
static void
set_parameters(const Search *search, const Place *place, HoltWinters *state)
{
	double at[DIMENSIONS];

	for (int d = 0; d < DIMENSIONS; d++)
		at[d] = fmin(fmax(place->at[d], 0), 1);
	*state = *search->begin;
	state->alpha = LEAST_SHARE + at[0] * (MOST_SHARE - LEAST_SHARE);
	state->beta = LEAST_SHARE + at[1] * (MOST_SHARE - LEAST_SHARE);
	state->gamma = state->season > 1 ? at[2] * (1 - state->alpha) : 0;
	state->phi = state->damped ? LEAST_PHI + at[3] * (MOST_PHI - LEAST_PHI) : 1;
}

static void
judge(const Search *search, Place *place)
{
	HoltWinters state;

	set_parameters(search, place, &state);
	place->squares = holt_winters_run(search->series, search->count, &state);
	/* a series near the largest number: any finite place is better */
	if (!isfinite(place->squares))
		place->squares = HUGE_VAL;
}

/* Puts a place among the best, which are in order. */
static void
keep_best(Place *best, int *kept, const Place *place)
{
	int at = *kept;

	while (at > 0 && place->squares < best[at - 1].squares)
		at--;
	if (at == STARTS)
		return;
	for (int i = *kept < STARTS ? *kept : STARTS - 1; i > at; i--)
		best[i] = best[i - 1];
	best[at] = *place;
	*kept += *kept < STARTS;
}

/* The best places of a grid. */
static int
search_grid(const Search *search, StatisticsPause pause, Place *best)
{
	static const double alphas[] = {0.05, 0.15, 0.3, 0.5, 0.7, 0.9};
	static const double shares[] = {0.01, 0.1, 0.3, 0.6};
	static const double phis[] = {0.25, 0.65, 0.95};
	int kept = 0;

	for (int a = 0; a < 6; a++)
		for (int b = 0; b < 4; b++)
			for (int g = 0; g < (search->begin->season > 1 ? 4 : 1); g++)
				for (int p = 0; p < (search->begin->damped ? 3 : 1); p++)
				{
					Place place = {{alphas[a], shares[b], shares[g], phis[p]}, 0};

					pause();
					judge(search, &place);
					keep_best(best, &kept, &place);
				}
	return kept;
}

/* The place beyond the centre, seen from the worst one, by that factor. */
static Place
beyond(const Search *search, const Place *worst, const double *centre, double factor)
{
	Place place = *worst;

	for (int k = 0; k < search->dimensions; k++)
	{
		int d = search->active[k];

		place.at[d] = centre[d] + factor * (centre[d] - worst->at[d]);
	}
	judge(search, &place);
	return place;
}

static void
sort_simplex(Place *simplex, int count)
{
	for (int i = 1; i < count; i++)
	{
		Place place = simplex[i];
		int at = i;

		for (; at > 0 && place.squares < simplex[at - 1].squares; at--)
			simplex[at] = simplex[at - 1];
		simplex[at] = place;
	}
}

/* All corners but the best one move half way to it. Returns the evaluations. */
static int
shrink(const Search *search, Place *simplex)
{
	for (int i = 1; i <= search->dimensions; i++)
	{
		for (int k = 0; k < search->dimensions; k++)
		{
			int d = search->active[k];

			simplex[i].at[d] = simplex[0].at[d] + (simplex[i].at[d] - simplex[0].at[d]) / 2;
		}
		judge(search, &simplex[i]);
	}
	return search->dimensions;
}

/* One step of Nelder and Mead's method on a simplex in order. Returns the evaluations. */
static int
simplex_step(const Search *search, Place *simplex)
{
	int last = search->dimensions;
	double centre[DIMENSIONS] = {0};
	Place reflected;
	Place other;

	for (int i = 0; i < last; i++)
		for (int k = 0; k < last; k++)
			centre[search->active[k]] += simplex[i].at[search->active[k]] / last;
	reflected = beyond(search, &simplex[last], centre, 1);
	if (reflected.squares < simplex[0].squares)
	{
		other = beyond(search, &simplex[last], centre, 2);
		simplex[last] = other.squares < reflected.squares ? other : reflected;
		return 2;
	}
	if (reflected.squares < simplex[last - 1].squares)
	{
		simplex[last] = reflected;
		return 1;
	}
	other = beyond(search, &simplex[last], centre, reflected.squares < simplex[last].squares ? 0.5 : -0.5);
	if (other.squares < fmin(reflected.squares, simplex[last].squares))
	{
		simplex[last] = other;
		return 2;
	}
	return 2 + shrink(search, simplex);
}

/* Makes a place better, until the corners are alike or the evaluations used up. */
static void
refine(const Search *search, StatisticsPause pause, Place *place)
{
	Place simplex[DIMENSIONS + 1];
	int used = 0;

	simplex[0] = *place;
	for (int k = 0; k < search->dimensions; k++)
	{
		int d = search->active[k];

		simplex[k + 1] = *place;
		simplex[k + 1].at[d] += place->at[d] < 0.5 ? 0.1 : -0.1;
		judge(search, &simplex[k + 1]);
	}
	while (used < EVALUATIONS)
	{
		sort_simplex(simplex, search->dimensions + 1);
		if (simplex[search->dimensions].squares - simplex[0].squares <= 1e-12 * simplex[0].squares)
			break;
		pause();
		used += simplex_step(search, simplex);
	}
	sort_simplex(simplex, search->dimensions + 1);
	*place = simplex[0];
}

void
holt_winters_fit(const double *series, int count, int season, bool damped, StatisticsPause pause,
				 HoltWintersFit *fit)
{
	Search search = {series, count, &fit->begin, {0, 1}, 2};
	Place best[STARTS];
	int starts;
	int chosen = 0;

	memset(fit, 0, sizeof(*fit));
	fit->begin.damped = damped;
	holt_winters_begin(series, count, season, &fit->begin);
	if (season > 1)
		search.active[search.dimensions++] = 2;
	if (damped)
		search.active[search.dimensions++] = 3;
	starts = search_grid(&search, pause, best);
	for (int i = 0; i < starts; i++)
	{
		refine(&search, pause, &best[i]);
		if (best[i].squares < best[chosen].squares)
			chosen = i;
	}
	set_parameters(&search, &best[chosen], &fit->end);
	fit->begin = fit->end;
	fit->squares = holt_winters_run(series, count, &fit->end);
	fit->sigma = sqrt(fit->squares / (count - search.dimensions));
}

void
holt_winters_forecast(const HoltWintersFit *fit, int horizon, double confidence, const Forecast *out)
{
	const HoltWinters *end = &fit->end;
	double z = normal_quantile(0.5 + confidence / 2);
	double variance = 1; /* in units of sigma^2 */
	double steps = 0;    /* phi + ... + phi^h */
	double power = 1;    /* phi^h */

	for (int h = 1; h <= horizon; h++)
	{
		double half = z * fit->sigma * sqrt(variance);
		double weight;

		power *= end->phi;
		steps += power;
		out->value[h - 1] = end->level + steps * end->trend;
		if (end->season > 1)
			out->value[h - 1] += end->seasonal[(h - 1) % end->season];
		out->lower[h - 1] = out->value[h - 1] - half;
		out->upper[h - 1] = out->value[h - 1] + half;
		weight = end->alpha + end->alpha * end->beta * steps;
		if (end->season > 1 && h % end->season == 0)
			weight += end->gamma;
		variance += weight * weight;
	}
}
