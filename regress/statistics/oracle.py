"""Writes vectors.json: what libraries of others make of given data, for the SQL test `statistics`.

usage: oracle.py            prints the vectors
       oracle.py --check    prints what differs from vectors.json by more than 1e-9; exit code 0: nothing

Needs PyPI's esda, libpysal, pymannkendall, statsmodels, scipy, numpy, pandas: the packages of regress/clients/test_statistics.py, which runs
the check. Where an oracle is known to be wrong, or defines something else, the difference stands at its place here and in
docs/statistics.md. The data come from a generator of this file, so that no version of a library changes them.
"""
import json
import math
import os
import sys

import numpy
import pandas
import pymannkendall
import scipy.optimize
import scipy.sparse.csgraph
import scipy.stats
import statsmodels.stats.multitest
from esda import G_Local
from libpysal.weights import W
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIDENCE = 0.95
Z = scipy.stats.norm.ppf(0.975)

# What holt_winters() finds, as inputs: the oracle computes with them, and judges by a global search whether they are the best.
FOUND = json.load(open(os.path.join(HERE, "holt_winters_found.json"), encoding="utf-8"))


class Chance:
    """Park and Miller's generator."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = self.state * 48271 % 2147483647
        return self.state / 2147483647

    def normal(self):
        return math.sqrt(-2 * math.log(self.uniform())) * math.cos(2 * math.pi * self.uniform())

    def poisson(self, mean):
        count, left = 0, math.exp(-mean)
        product = self.uniform()
        while product > left:
            product *= self.uniform()
            count += 1
        return count


def series_of(seed, count, slope=0.0, noise=1.0, digits=2, season=None):
    chance = Chance(seed)
    return [round(10 + slope * i + noise * chance.normal() + (season[i % len(season)] if season else 0), digits) for i in range(count)]


def counts_of(seed, means):
    chance = Chance(seed)
    return [chance.poisson(mean) for mean in means]


WEEK = [3, 1, 0, -1, 0, 2, -5]
TREND = {
    "no ties": series_of(1, 30, 0.1, 1, 6), "ties": series_of(2, 40, 0.02, 1, 0), "falling": series_of(3, 25, -0.5, 2), "constant": [4.0] * 12,
    "three": [1, 3, 2], "long": series_of(4, 300, 0.003), "counts": counts_of(5, [3] * 52), "one step up": [0] * 10 + [1] * 10,
}


def mann_kendall(name, series):
    test = pymannkendall.original_test(series)
    return {"function": "mann_kendall", "name": name, "series": series,
            "s": int(test.s), "variance": test.var_s, "z": test.z, "p": test.p, "tau": test.Tau}


def sen_slope(name, series):
    slope, _, lower, upper = scipy.stats.theilslopes(series, numpy.arange(len(series)), CONFIDENCE)
    return {"function": "sen_slope", "name": name, "series": series, "slope": slope,
            "intercept": pymannkendall.original_test(series).intercept, "lower": lower, "upper": upper}


def seasonal_naive(name, series, season, horizon):
    """Hyndman and Athanasopoulos, Forecasting: principles and practice, 5.2, 5.5."""
    values = numpy.array(series, float)
    sigma = math.sqrt(numpy.mean((values[season:] - values[:-season]) ** 2))
    value = [values[len(values) - season + h % season] for h in range(horizon)]
    half = [Z * sigma * math.sqrt(h // season + 1) for h in range(horizon)]
    return {"function": "seasonal_naive", "name": name, "series": series, "season": season, "horizon": horizon, "value": value,
            "lower": [v - d for v, d in zip(value, half)], "upper": [v + d for v, d in zip(value, half)]}


def beginning(series, season):
    """State before the first value: the line through the means of two seasons, deviations from it."""
    stretch = season if season > 1 else min(len(series) // 2, 10)
    first, second = numpy.mean(series[:stretch]), numpy.mean(series[stretch:2 * stretch])
    trend = (second - first) / stretch
    level = first - trend * (stretch + 1) / 2
    seasonal = [((series[i] - level - trend * (i + 1)) + (series[i + season] - level - trend * (i + season + 1))) / 2 for i in range(season)] if season > 1 else []
    return level, trend, seasonal


def squares_of(series, season, damped, parameters):
    """Sum of the squared one-step errors: parameters as a point of the cube, as the extension has them."""
    level, trend, seasonal = beginning(series, season)
    alpha, beta = (0.0001 + p * 0.9998 for p in parameters[:2])
    gamma = parameters[2] * (1 - alpha) if season > 1 else 0
    phi = 0.8 + parameters[-1] * 0.18 if damped else 1
    total = 0
    for i, value in enumerate(series):
        ahead = level + phi * trend
        error = value - ahead - (seasonal[i % season] if season > 1 else 0)
        total += error * error
        level = ahead + alpha * error
        trend = phi * trend + alpha * beta * error
        if season > 1:
            seasonal[i % season] += gamma * error
    return total


def holt_winters(name, series, season, horizon, damped):
    """statsmodels with the same beginning and parameters, the sum of squares of ExponentialSmoothing and the forecast of ETSModel: that of
    ExponentialSmoothing leaves the last value out of its place in the season (it overwrites that state with the one a season before).
    Its own search holds beta (of Holt, not of the state space form) below alpha; the global search is scipy's."""
    level, trend, seasonal = beginning(series, season)
    found = FOUND[name]
    known = {"initialization_method": "known", "initial_level": level, "initial_trend": trend}
    if season > 1:
        known.update(seasonal="add", seasonal_periods=season, initial_seasonal=seasonal)
    model = ExponentialSmoothing(numpy.array(series, float), trend="add", damped_trend=damped, **known)
    fixed = {"smoothing_level": found["alpha"], "smoothing_trend": found["beta"], "optimized": False}
    if season > 1:
        fixed["smoothing_seasonal"] = found["gamma"]
    if damped:
        fixed["damping_trend"] = found["phi"]
    fit = model.fit(**fixed)
    sigma = math.sqrt(fit.sse / (len(series) - 2 - (season > 1) - damped))
    # the variance of each step, in units of sigma^2: the state space form of statsmodels
    ets_known = {"initialization_method": "known", "initial_level": level, "initial_trend": trend}
    if season > 1:
        ets_known.update(seasonal="add", seasonal_periods=season, initial_seasonal=seasonal)
    ets = ETSModel(pandas.Series(series, dtype=float), error="add", trend="add", damped_trend=damped, **ets_known)
    by_name = {"smoothing_level": found["alpha"], "smoothing_trend": found["alpha"] * found["beta"], "smoothing_seasonal": found["gamma"], "damping_trend": found["phi"],
               "initial_level": level, "initial_trend": trend} | {f"initial_seasonal.{i}": s for i, s in enumerate(reversed(seasonal))}
    smoothed = ets.smooth([by_name[p] for p in ets.param_names])
    prediction = smoothed.get_prediction(start=len(series), end=len(series) + horizon - 1)
    value = list(prediction.predicted_mean)
    half = [Z * sigma * math.sqrt(v / (smoothed.sse / smoothed.nobs)) for v in prediction.forecast_variance]
    dimensions = 2 + (season > 1) + damped
    best = scipy.optimize.differential_evolution(lambda p: squares_of(series, season, damped, p), [(0, 1)] * dimensions, seed=1, tol=1e-10, maxiter=300, polish=True)
    return {"function": "holt_winters", "name": name, "series": series, "season": season, "horizon": horizon, "damped": damped, "squares": fit.sse, "least_squares": best.fun,
            "begin_level": level, "begin_trend": trend, "begin_seasonal": seasonal, "value": value,
            "lower": [v - d for v, d in zip(value, half)], "upper": [v + d for v, d in zip(value, half)], **found}


P_VALUES = {
    "one carries others": [0.001, 0.03, 0.031, 0.032, 0.5, 0.045, 0.049], "none": [0.3, 0.5, 0.9, 0.04, 0.2], "ties": [0.01, 0.01, 0.02, 0.02, 0.6, 0.6, 0.05],
    "hundred": [round(Chance(6 + i).uniform() ** 3, 6) for i in range(100)],
}


def false_discovery(name, p):
    out = {"function": "false_discovery", "name": name, "p": p, "q": 0.05}
    for method, key in (("fdr_bh", ""), ("fdr_by", "_dependent")):
        rejected, adjusted, _, _ = statsmodels.stats.multitest.multipletests(p, 0.05, method)
        out["discovered" + key], out["adjusted" + key] = [bool(r) for r in rejected], list(adjusted)
    return out


def neighbours_of(cells, grid, reach):
    """By distance between centres: no numbering of neighbours takes part."""
    if grid == "square":
        return [[k for k, other in enumerate(cells) if max(abs(c[0] - other[0]), abs(c[1] - other[1])) <= reach] for c in cells]
    centre = [(math.sqrt(0.75) * i, j + 0.5 * (i % 2)) for i, j in cells]
    # within one step all are at distance 1, within two steps at most 2, and the next are at 2.65
    return [[k for k, b in enumerate(centre) if math.hypot(a[0] - b[0], a[1] - b[1]) <= reach + 1e-6] for a in centre]


def esda_z(cells, values, grid, reach):
    """esda: star and transform B, else weights are rescaled by rows and the formula is another one. Its p_norm is one-sided, so that
    0.05 there is 0.1; the two-sided p is taken of z. An isolated cell gets a z there: here it gets none."""
    lists = neighbours_of(cells, grid, reach)
    w = W({k: others for k, others in enumerate(lists)}, silence_warnings=True)
    z = G_Local(numpy.array(values, float), w, transform="B", star=True, permutations=0).Zs
    return [None if len(others) < 2 else float(value) for others, value in zip(lists, z)], [len(others) - 1 for others in lists]


def gi_star(name, cells, values, grid, reach):
    z, neighbours = esda_z(cells, values, grid, reach)
    return {"function": "gi_star", "name": name, "i": [c[0] for c in cells], "j": [c[1] for c in cells], "value": values, "grid": grid, "reach": reach,
            "z": z, "p": [None if v is None else 2 * scipy.stats.norm.sf(abs(v)) for v in z], "neighbours": neighbours}


def class_of(marks, trend_z, trend_p, significance=0.05):
    """The definitions of docs/statistics.md, written down once more."""
    last, total = marks[-1], len(marks)
    for sign, word in ((1, "hot-"), (-1, "cold-")):
        same = marks.count(sign)
        if last != sign:
            if same >= 0.9 * total:
                return word + "historical"
            continue
        if same >= 0.9 * total:
            if trend_p > significance:
                return word + "persistent"
            return word + ("intensifying" if trend_z * sign > 0 else "diminishing")
        if -sign in marks:
            return word + "oscillating"
        if same == 1:
            return word + "new"
        return word + ("consecutive" if all(m == sign for m in marks[-same:]) else "sporadic")
    return "none"


def emerging(name, cells, slices, grid):
    marks, zs = [], []
    for values in slices:
        z = [0.0] * len(cells) if len(set(values)) == 1 else [0.0 if v is None else v for v in esda_z(cells, values, grid, 1)[0]]
        p = [2 * scipy.stats.norm.sf(abs(v)) for v in z]
        rejected = statsmodels.stats.multitest.multipletests(p, 0.05, "fdr_bh")[0] if any(z) else [False] * len(cells)
        marks.append([(1 if v > 0 else -1) if r else 0 for r, v in zip(rejected, z)])
        zs.append(z)
    rows = []
    for k in range(len(cells)):
        course, mark = [z[k] for z in zs], [m[k] for m in marks]
        test = pymannkendall.original_test(course)
        rows.append({"class": class_of(mark, test.z, test.p), "hot": mark.count(1), "cold": mark.count(-1), "last_z": course[-1], "trend_z": float(test.z), "trend_p": float(test.p)})
    return {"function": "emerging_hot_spots", "name": name, "i": [c[0] for c in cells], "j": [c[1] for c in cells], "value": [v for values in slices for v in values], "grid": grid, "cells": rows}


def density(name, x, y, size, bandwidth):
    """Each cell against each point."""
    rows = []
    for i in range(math.floor((min(x) - bandwidth) / size), math.floor((max(x) + bandwidth) / size) + 1):
        for j in range(math.floor((min(y) - bandwidth) / size), math.floor((max(y) + bandwidth) / size) + 1):
            u = [((size * (i + 0.5) - a) ** 2 + (size * (j + 0.5) - b) ** 2) / bandwidth ** 2 for a, b in zip(x, y)]
            value = sum(3 / (math.pi * bandwidth ** 2) * (1 - v) ** 2 for v in u if v < 1)
            if value > 0:
                rows.append([i, j, value])
    # scipy's Silverman factor n^(-1/6) is for a normal kernel; 460.8^(1/6) makes it one for the quartic
    factor = scipy.stats.gaussian_kde(numpy.array([x, y])).silverman_factor()
    silverman = 460.8 ** (1 / 6) * factor * math.sqrt((numpy.var(x, ddof=1) + numpy.var(y, ddof=1)) / 2)
    return {"function": "kernel_density", "name": name, "x": x, "y": y, "size": size, "bandwidth": bandwidth, "cells": rows, "silverman": silverman}


def kaplan_meier(name, durations, ended):
    """statsmodels' quantile asks for S < 1 - q where the definition has <=: with S exactly 1 - q it is one step late; the first time at
    which S <= 1 - q is taken of its curve. Where S falls to 0 its variance is unknown: the upper bound that statsmodels takes there is none."""
    fit = SurvfuncRight(numpy.array(durations, float), numpy.array(ended, int))
    curve = [(float(t), float(s), float(e), int(n), int(d)) for t, s, e, n, d in zip(fit.surv_times, fit.surv_prob, fit.surv_prob_se, fit.n_risk, fit.n_events) if d > 0]
    rows = []
    for t, s, e, n, d in curve:
        width = Z * e / (s * math.log(s)) if 0 < s < 1 else None
        rows.append({"time": t, "at_risk": n, "events": d, "survival": s, "error": e if s > 0 else None,
                     "lower": None if width is None else s ** math.exp(-width), "upper": None if width is None else s ** math.exp(width)})
    quantiles = []
    for q in (0.25, 0.5, 0.75):
        value = next((r["time"] for r in rows if r["survival"] <= 1 - q + 1e-12), None)
        lower, upper = fit.quantile_ci(q, alpha=0.05, method="cloglog")
        if any(r["survival"] == 0 and r["time"] == upper for r in rows):
            upper = math.inf
        quantiles.append({"quantile": q, "value": value, "lower": None if not math.isfinite(lower) else float(lower), "upper": None if not math.isfinite(upper) else float(upper)})
    return {"function": "kaplan_meier", "name": name, "durations": durations, "ended": ended, "steps": rows, "quantiles": quantiles}


def cusum(name, series, mean, sigma, k, h):
    """Montgomery, Introduction to statistical quality control, 9.1, as in the book: sums with their counters."""
    rows, high, low, high_steps, low_steps = [], 0.0, 0.0, 0, 0
    for place, value in enumerate(series, 1):
        z = (value - mean) / sigma
        high, low = max(0.0, z - k + high), max(0.0, -z - k + low)
        high_steps, low_steps = (high_steps + 1 if high > 0 else 0), (low_steps + 1 if low > 0 else 0)
        row = {"high": high, "low": low, "signal": 1 if high > h else -1 if low > h else 0, "begun": None, "level": None}
        if row["signal"]:
            total, steps = (high, high_steps) if row["signal"] > 0 else (low, low_steps)
            row["begun"], row["level"] = place - steps + 1, mean + row["signal"] * sigma * (k + total / steps)
            high = low = 0.0
            high_steps = low_steps = 0
        rows.append(row)
    return {"function": "cusum", "name": name, "series": series, "mean": mean, "sigma": sigma, "k": k, "h": h, "steps": rows}


def change_points(name, series, baseline):
    """The sums of cusum(), begun anew at each change."""
    found, at = [], 0
    while at + baseline < len(series):
        mean = sum(series[at:at + baseline]) / baseline
        sigma = math.sqrt(max(mean, 1 / baseline))
        steps = cusum("", series[at + baseline:], mean, sigma, 0.5, 5)["steps"]
        signal = next((k for k, row in enumerate(steps) if row["signal"]), None)
        if signal is None:
            break
        change = at + baseline + steps[signal]["begun"] - 1
        found.append({"change": change + 1, "signal": at + baseline + signal + 1, "before": mean, "sigma": sigma, "after": steps[signal]["level"]})
        at = change
    return {"function": "change_points", "name": name, "series": series, "baseline": baseline, "changes": found}


def connected_groups(name, items, pairs):
    graph = numpy.zeros((items, items))
    for a, b in pairs:
        graph[a - 1, b - 1] = 1
    labels = scipy.sparse.csgraph.connected_components(graph, directed=False)[1]
    return {"function": "connected_groups", "name": name, "items": items, "a": [a for a, _ in pairs], "b": [b for _, b in pairs],
            "groups": [1 + min(k for k in range(items) if labels[k] == label) for label in labels]}


# Montgomery, table 9.1: the published result is C+ = 5.28 at the 29th value, 7 steps, new level 11.25; the change came before the 21st.
MONTGOMERY = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38,
              11.62, 11.31, 10.52]


def planted(seed, width, height, slices=1):
    """Counts of cells, 2 in the mean, with a hot block; over slices it appears in the second half, and a cold one stays."""
    chance = Chance(seed)
    cells = [(i, j) for i in range(width) for j in range(height)]
    out = []
    for s in range(slices):
        hot = slices == 1 or s >= slices // 2
        out.append([chance.poisson(9 if hot and 2 <= i <= 4 and 2 <= j <= 4 else 0.1 if i >= width - 3 and j >= height - 3 else 2) for i, j in cells])
    return cells, out


def vectors():
    out = []
    for name, series in TREND.items():
        out += [mann_kendall(name, series), sen_slope(name, series)]
    weekly, plain = series_of(7, 70, 0.05, 1, 2, WEEK), series_of(8, 40, 0.3, 1)
    out += [seasonal_naive("weekly", weekly, 7, 16), seasonal_naive("no season", plain, 1, 5)]
    out += [holt_winters("weekly", weekly, 7, 16, False), holt_winters("weekly damped", weekly, 7, 16, True), holt_winters("no season", plain, 1, 5, False),
            holt_winters("counts", counts_of(9, [6 + WEEK[i % 7] for i in range(84)]), 7, 7, False)]
    out += [false_discovery(name, p) for name, p in P_VALUES.items()]
    cells, (values,) = planted(10, 10, 9)
    # a cell far from all others is isolated
    out += [gi_star("square", cells + [(50, 50)], values + [7], "square", 1), gi_star("square, two steps", cells, values, "square", 2),
            gi_star("hexagon", cells + [(50, 51)], values + [7], "hexagon", 1), gi_star("hexagon, two steps", [(i - 5, j - 4) for i, j in cells], values, "hexagon", 2)]
    cells, slices = planted(11, 8, 8, 12)
    slices[3] = [1] * len(cells)
    out += [emerging("square", cells, slices, "square"), emerging("hexagon", cells, slices, "hexagon")]
    chance = Chance(12)
    out.append(density("cloud", [round(500 + 300 * chance.normal(), 1) for _ in range(40)], [round(-200 + 200 * chance.normal(), 1) for _ in range(40)], 100.0, 250.0))
    chance = Chance(13)
    durations = [round(-50 * math.log(chance.uniform())) for _ in range(80)]
    out += [kaplan_meier("ties and censored", durations, [chance.uniform() < 0.7 for _ in durations]), kaplan_meier("all ended", [1, 2, 3, 4, 5, 6, 7, 8], [True] * 8),
            kaplan_meier("few ended", [1, 2, 3, 4, 5, 6], [False, True, False, False, False, False])]
    out += [cusum("Montgomery 9.1", MONTGOMERY, 10, 1, 0.5, 5), cusum("both ways", series_of(14, 60, 0.08) + series_of(15, 40, -0.1), 10, 1, 0.5, 5)]
    out += [change_points("planted", counts_of(16, [4] * 40 + [9] * 40 + [3] * 40), 20), change_points("noise", counts_of(17, [5] * 60), 20), change_points("zeros", [0] * 30 + [1, 0, 2, 3, 2, 4, 3], 20)]
    chance = Chance(18)
    out.append(connected_groups("sparse", 60, [(1 + int(60 * chance.uniform()), 1 + int(60 * chance.uniform())) for _ in range(40)]))
    return out


def plain(value):
    """numpy's types as Python's; what is no number as null."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    if isinstance(value, (float, numpy.floating)):
        return None if not math.isfinite(value) else int(value) if value == int(value) and abs(value) < 1e9 else float(value)
    return int(value) if isinstance(value, numpy.integer) else value


def differences(made, kept, place=""):
    """Places at which two vectors differ; least_squares is of a search, and right to 1e-6."""
    if isinstance(made, dict) and isinstance(kept, dict) and made.keys() == kept.keys():
        return [d for key in made for d in differences(made[key], kept[key], f"{place}/{key}")]
    if isinstance(made, list) and isinstance(kept, list) and len(made) == len(kept):
        return [d for key, (a, b) in enumerate(zip(made, kept)) for d in differences(a, b, f"{place}/{key}")]
    if all(isinstance(v, (int, float)) for v in (made, kept)):
        tolerance = 1e-6 if place.endswith("least_squares") else 1e-9
        return [] if abs(made - kept) <= tolerance * max(1, abs(kept)) else [f"{place}: {made}, kept {kept}"]
    return [] if made == kept else [f"{place}: {made}, kept {kept}"]


def main():
    made = json.loads(json.dumps(plain(vectors())))
    if sys.argv[1:] == ["--check"]:
        with open(os.path.join(HERE, "vectors.json"), encoding="utf-8") as file:
            found = differences(made, json.load(file))
        print(*found, sep="\n", end="\n" if found else "")
        return 1 if found else 0
    print("[\n" + ",\n".join(json.dumps(v, separators=(",", ":")) for v in made) + "\n]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
