"""The statistical functions beside esda, pymannkendall, statsmodels and scipy: the vectors of the SQL test `statistics` are what these
libraries make today, and longer random data agree too, from the platform's database."""
# /// script
# dependencies = ["esda~=2.9", "libpysal~=4.14", "pymannkendall~=1.4.3", "statsmodels~=0.15.0", "scipy", "numpy", "pandas"]
# ///
import math
import os
import subprocess
import sys

import numpy
import pymannkendall
import pytest
import scipy.stats
from esda import G_Local
from libpysal.weights import lat2W
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.multitest import multipletests

ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "statistics", "oracle.py")


def rows(platform, statement, *values):
    """As an analyst."""
    return platform.sql(statement, *(v.ravel().tolist() if isinstance(v, numpy.ndarray) else v for v in values), role="citybigdata_analyst")


def close(ours, theirs):
    return numpy.allclose(numpy.array(ours, float), numpy.array(theirs, float), rtol=1e-9, atol=1e-9)


def test_vectors_are_what_the_libraries_make():
    found = subprocess.run([sys.executable, "-W", "ignore", ORACLE, "--check"], capture_output=True, text=True, check=False)
    assert (found.stdout + found.stderr, found.returncode) == ("", 0)


@pytest.mark.parametrize("seed", range(20))
def test_trend(platform, seed):
    random = numpy.random.default_rng(seed)
    series = random.poisson(5 + seed % 3 * numpy.arange(60) / 20).astype(float)
    (s, variance, z, p, tau), = rows(platform, "SELECT * FROM citybigdata.mann_kendall(%s::float8[])", series)
    (slope, intercept, lower, upper, _), = rows(platform, "SELECT * FROM citybigdata.sen_slope(%s::float8[])", series)
    theirs = pymannkendall.original_test(series)
    assert close([s, variance, z, p, tau, intercept], [theirs.s, theirs.var_s, theirs.z, theirs.p, theirs.Tau, theirs.intercept])
    assert close([slope, lower, upper], [getattr(scipy.stats.theilslopes(series, numpy.arange(60)), name) for name in ("slope", "low_slope", "high_slope")])


@pytest.mark.parametrize("seed", range(10))
def test_hot_spots(platform, seed):
    random = numpy.random.default_rng(seed)
    values = random.poisson(4, (20, 30)).astype(float)
    values[3:6, 4:8] += 6
    i, j = numpy.mgrid[:20, :30]
    ours = rows(platform, "SELECT z, p FROM citybigdata.gi_star(%s, %s, %s::float8[]) ORDER BY place", i, j, values)
    w = lat2W(20, 30, rook=False)
    z = G_Local(values.ravel(), w, transform="B", star=True, permutations=0).Zs
    p = 2 * scipy.stats.norm.sf(abs(z))
    assert close([row[0] for row in ours], z) and close([row[1] for row in ours], p)
    for dependent, method in ((False, "fdr_bh"), (True, "fdr_by")):
        (discovered, adjusted), = rows(platform, "SELECT citybigdata.false_discovery(%s::float8[], 0.05, %s), citybigdata.adjusted_p(%s::float8[], %s)", p, dependent, p, dependent)
        rejected, corrected, _, _ = multipletests(p, 0.05, method)
        assert discovered == list(rejected) and close(adjusted, corrected)


@pytest.mark.parametrize("seed", range(10))
def test_closing_time(platform, seed):
    random = numpy.random.default_rng(seed)
    durations, ended = random.exponential(40, 300).round(1), random.random(300) < 0.6
    ours = rows(platform, "SELECT duration, survival, error FROM citybigdata.kaplan_meier(%s::float8[], %s)", durations, ended)
    theirs = SurvfuncRight(durations, ended.astype(int))
    kept = numpy.array(theirs.n_events) > 0
    assert close([row[:2] for row in ours], numpy.column_stack([theirs.surv_times, theirs.surv_prob])[kept])
    assert all(math.isclose(row[2], error, rel_tol=1e-9) for row, error in zip(ours, numpy.array(theirs.surv_prob_se)[kept]) if row[1] > 0)
