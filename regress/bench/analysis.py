"""Times of the statistical functions and of their Python peers on the same data: analysis.py HOST PORT DATABASE; rows for bench.sh, `what|value|unit|aim`.

Each pair is measured by turns, five times, and the least counts. A peer's time is its work alone: the data lie in arrays. Ours is that of the
statement, which reads the same data from a table. esda's weights are made within its time, as ours finds the neighbours within its own.
"""
import sys
import time

import numpy
import psycopg2
import pymannkendall
import scipy.stats
from esda import G_Local
from libpysal.weights import lat2W
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.multitest import multipletests
from statsmodels.tsa.holtwinters import ExponentialSmoothing

TURNS = 5
connection = psycopg2.connect(host=sys.argv[1], port=sys.argv[2], dbname=sys.argv[3], user="postgres")
cursor = connection.cursor()


def column(statement):
    cursor.execute(statement)
    return numpy.array([row[0] for row in cursor.fetchall()], float)


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def asked(statement):
    cursor.execute(statement)
    return cursor.fetchall()


def pair(what, statement, peer, name, aim=""):
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(seconds(lambda: asked(statement)))
        theirs.append(seconds(peer))
    print(f"{what}|{min(ours) * 1000:.1f}|ms|{aim}")
    print(f"  {name}|{min(theirs) * 1000:.1f}|ms|")
    print(f"  {name} : ours|{min(theirs) / min(ours):.1f}|x|>= 1", flush=True)


cells = column("SELECT value FROM bench_analysis.cell ORDER BY i, j")
series = column("SELECT value FROM bench_analysis.series ORDER BY t")
took, ended = column("SELECT took FROM bench_analysis.duration ORDER BY n"), column("SELECT ended::integer FROM bench_analysis.duration ORDER BY n")
x, y = column("SELECT x FROM bench_analysis.point ORDER BY n"), column("SELECT y FROM bench_analysis.point ORDER BY n")
slices = [column(f"SELECT value FROM bench_analysis.slice WHERE s = {s} ORDER BY i, j") for s in range(1, 13)]
ARRAYS = "(SELECT array_agg(i ORDER BY i, j) AS i, array_agg(j ORDER BY i, j) AS j, array_agg(value ORDER BY i, j) AS v FROM bench_analysis.cell) a"
SERIES = "(SELECT array_agg(value ORDER BY t) AS v FROM bench_analysis.series WHERE t < {}) s"


def esda_hot_spots():
    z = G_Local(cells, lat2W(100, 100, rook=False), transform="B", star=True, permutations=0).Zs
    multipletests(2 * scipy.stats.norm.sf(abs(z)), 0.05, "fdr_bh")


def esda_emerging():
    w, zs = lat2W(100, 100, rook=False), []
    for values in slices:
        z = G_Local(values, w, transform="B", star=True, permutations=0).Zs
        multipletests(2 * scipy.stats.norm.sf(abs(z)), 0.05, "fdr_bh")
        zs.append(z)
    for course in numpy.array(zs).T:
        pymannkendall.original_test(course)


def kernel():
    """The same quartic kernel over the same cells with numpy, a row of cells at a time: scikit-learn has none."""
    centres = numpy.arange(-450, 20500, 100) + 50.0
    for row in centres:
        near = abs(y - row) < 500
        squared = (centres[:, None] - x[near][None, :]) ** 2 + (row - y[near])[None, :] ** 2
        u = 1 - squared / 500 ** 2
        (3 / (numpy.pi * 500 ** 2) * numpy.where(u > 0, u, 0) ** 2).sum(axis=1)


pair("hot-spots, Gi* and false discovery of 10,000 cells", f"SELECT g.z, g.p, d.found FROM {ARRAYS}, LATERAL (SELECT array_agg(g.z ORDER BY g.place) AS z, array_agg(g.p ORDER BY g.place) AS p FROM "
     "citybigdata.gi_star(a.i, a.j, a.v) g) g, LATERAL (SELECT citybigdata.false_discovery(g.p) AS found) d", esda_hot_spots, "esda + statsmodels", "<= 1000")
pair("emerging hot-spots, 10,000 cells, 12 slices", "SELECT e.class FROM (SELECT array_agg(i ORDER BY i, j) AS i, array_agg(j ORDER BY i, j) AS j FROM bench_analysis.cell) a, (SELECT array_agg(value ORDER BY s, i, j) AS v "
     "FROM bench_analysis.slice) v, citybigdata.emerging_hot_spots(a.i, a.j, v.v) e", esda_emerging, "esda + pymannkendall")
for length in (52, 1000):
    part = series[:length]
    pair(f"trend, Mann-Kendall and Sen of {length} values", f"SELECT * FROM {SERIES.format(length)}, citybigdata.mann_kendall(s.v), citybigdata.sen_slope(s.v)",
         lambda: (pymannkendall.original_test(part), scipy.stats.theilslopes(part)), "pymannkendall + scipy")
pair("Holt-Winters, fitted to 1000 values, season 7", f"SELECT * FROM {SERIES.format(1000)}, citybigdata.holt_winters(s.v, 7, 14)",
     lambda: ExponentialSmoothing(series, trend="add", seasonal="add", seasonal_periods=7).fit().forecast(14), "statsmodels")
pair("closing time, Kaplan-Meier of 100,000 cases", "SELECT k.* FROM (SELECT array_agg(took ORDER BY n) AS t, array_agg(ended ORDER BY n) AS e FROM bench_analysis.duration) d, citybigdata.survival_quantile(d.t, d.e) k",
     lambda: SurvfuncRight(took, ended.astype(int)).quantile(0.5), "statsmodels")
pair("density, 20,000 points, 100 m cells, 500 m bandwidth", "SELECT k.* FROM (SELECT array_agg(x ORDER BY n) AS x, array_agg(y ORDER BY n) AS y FROM bench_analysis.point) p, citybigdata.kernel_density(p.x, p.y, 100, 500) k",
     kernel, "numpy")
